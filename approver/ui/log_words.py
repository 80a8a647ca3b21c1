"""Recorded calls in words: outcomes, who decided, how long it took. Records and values go in, short texts come out."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTime

from approver.approvals.presentation import short_name
from approver.journal.edited_calls import edit_in
from approver.journal.records import CallRecord
from approver.journal.unfinished import CRASH
from approver.model import KEPT_RESULT, EntryKind, Outcome, Result

LONGEST_CELL = 80


@dataclass(frozen=True, slots=True)
class LogRow:
    """What a list shows of a call; small, and its names already made visible and cut."""

    seq: int
    id: str
    at: float
    is_open: bool
    """Whether a later state of the call may take this one's place."""
    client: str
    server: str
    tool: str
    outcome: str
    rule: str
    by: str
    waited: float | None
    result: str | None
    latency: float | None
    is_edited: bool = False
    """Whether a person changed the arguments before it was made."""


def rows_of(records: Iterable[CallRecord]) -> list[LogRow]:
    """Everything that takes time is done here, on the reader's thread."""
    return [row_of(record) for record in records]


def row_of(record: CallRecord) -> LogRow:
    """One record's row."""
    return LogRow(
        seq=record.seq,
        id=record.id,
        at=record.at,
        is_open=record.kind in (EntryKind.ASKED, EntryKind.PENDING),
        client=short_name(record.client, LONGEST_CELL),
        server=short_name(record.server, LONGEST_CELL),
        tool=short_name(record.tool, LONGEST_CELL),
        outcome=record.outcome,
        rule=short_name(record.rule, LONGEST_CELL),
        by=short_name(record.by, LONGEST_CELL),
        waited=record.waited,
        result=record.result,
        latency=record.latency,
        is_edited=edit_in(record.detail) is not None,
    )


def row_outcome_words(row: LogRow) -> str:
    """A row's outcome, with the mark of those that were edited."""
    words = outcome_words(row.outcome)
    if not row.is_edited:
        return words
    return QCoreApplication.translate("LogWords", "{outcome}, edited").format(outcome=words)


def outcome_words(outcome: str) -> str:
    """An `Outcome` value as a word for people."""
    words = {
        Outcome.ALLOWED.value: QCoreApplication.translate("LogWords", "allowed"),
        Outcome.APPROVED.value: QCoreApplication.translate("LogWords", "approved"),
        Outcome.DENIED_BY_POLICY.value: QCoreApplication.translate("LogWords", "denied by rule"),
        Outcome.DENIED_BY_USER.value: QCoreApplication.translate("LogWords", "denied by you"),
        Outcome.PENDING.value: QCoreApplication.translate("LogWords", "waiting"),
        Outcome.EXPIRED.value: QCoreApplication.translate("LogWords", "expired"),
        Outcome.ABORTED.value: QCoreApplication.translate("LogWords", "aborted"),
        Outcome.SHUT_DOWN.value: QCoreApplication.translate("LogWords", "shut down"),
        Outcome.REFUSED.value: QCoreApplication.translate("LogWords", "refused"),
    }
    return words.get(outcome) or short_name(outcome, 40)


def outcome_icon(outcome: str) -> str:
    """The icon whose shape stands for the outcome."""
    icons = {
        Outcome.ALLOWED.value: "allow",
        Outcome.APPROVED.value: "approved",
        Outcome.DENIED_BY_POLICY.value: "deny",
        Outcome.DENIED_BY_USER.value: "denied",
        Outcome.PENDING.value: "waiting",
        Outcome.EXPIRED.value: "expired",
    }
    return icons.get(outcome, "ended")


def result_words(result: str | None) -> str:
    """A `Result` value as words; empty where nothing is known."""
    words = {
        Result.OK.value: QCoreApplication.translate("LogWords", "answered"),
        Result.TOOL_ERROR.value: QCoreApplication.translate("LogWords", "the tool reported an error"),
        Result.RPC_ERROR.value: QCoreApplication.translate("LogWords", "the server answered with an error"),
        Result.UNREACHABLE.value: QCoreApplication.translate("LogWords", "the server was not reached"),
        Result.CANCELLED.value: QCoreApplication.translate("LogWords", "cancelled by the client"),
        Result.UNKNOWN.value: QCoreApplication.translate("LogWords", "not known: Approver ended meanwhile"),
    }
    return "" if result is None else words.get(result) or short_name(result, 40)


def by_words(row: LogRow) -> str:
    """Who or what decided, in a few words."""
    if row.is_open:
        return QCoreApplication.translate("LogWords", "nobody yet")
    if row.by == "policy":
        if row.rule:
            return QCoreApplication.translate("LogWords", "rule {rule}").format(rule=row.rule)
        return QCoreApplication.translate("LogWords", "no rule objected")
    words = {
        "notification": QCoreApplication.translate("LogWords", "you, in a notification"),
        "window": QCoreApplication.translate("LogWords", "you"),
        "time": QCoreApplication.translate("LogWords", "time ran out"),
        KEPT_RESULT: QCoreApplication.translate("LogWords", "an earlier answer"),
        "flood control": QCoreApplication.translate("LogWords", "it asked too often"),
        "asking is paused": QCoreApplication.translate("LogWords", "asking was paused"),
        "wire": QCoreApplication.translate("LogWords", "not a proper call"),
        CRASH: QCoreApplication.translate("LogWords", "an unexpected end of Approver"),
    }
    if row.by.startswith("remembered "):
        name = row.by.removeprefix("remembered ")
        return QCoreApplication.translate("LogWords", "you, remembered as {id}").format(id=name)
    return words.get(row.by, row.by)


def took_words(row: LogRow) -> str:
    """How long it took: a person where one was asked, otherwise the server."""
    if row.waited is not None:
        return QCoreApplication.translate("LogWords", "{time} asked").format(time=length_words(row.waited))
    return "—" if row.latency is None else length_words(row.latency)


def length_words(seconds: float) -> str:
    """A length of time: 2 ms, 0.4 s, 3 min."""
    locale = QLocale()
    if seconds < 0.1:
        return QCoreApplication.translate("LogWords", "{number} ms").format(
            number=locale.toString(seconds * 1000, "f", 0)
        )
    if seconds < 60:
        return QCoreApplication.translate("LogWords", "{number} s").format(number=locale.toString(seconds, "f", 1))
    return QCoreApplication.translate("LogWords", "{number} min").format(number=locale.toString(seconds / 60, "f", 0))


def time_words(at: float, now: float) -> str:
    """When: a time of day to the second, with the day where it is not today."""
    if not 0 <= at < 2**40:  # a time that no clock tells: somebody changed the row
        return f"{at:.0f} s"
    then = QDateTime.fromMSecsSinceEpoch(int(at * 1000))
    second = then.time().toString("HH:mm:ss")
    if then.date() == QDateTime.fromSecsSinceEpoch(int(now)).date():
        return second
    return f"{QLocale().toString(then.date(), QLocale.FormatType.ShortFormat)} {second}"


def midnight(now: float) -> int:
    """When this day began, by the person's clock."""
    return QDateTime(QDateTime.fromSecsSinceEpoch(int(now)).date(), QTime(0, 0)).toSecsSinceEpoch()
