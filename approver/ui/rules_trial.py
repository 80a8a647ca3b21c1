"""Tries a draft on recorded calls: how many of the last ones it would decide otherwise, and which.

    Try ──> (reader's thread) the log's last calls ──replay──> a sentence, and a list that can be shown

Nothing is changed by trying.
"""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from approver.clock import Clock
from approver.configuration_edits import EditRefused, read_grants
from approver.desktop.paths import Paths
from approver.journal.reader import Reader
from approver.journal.records import CallRecord, Filters
from approver.model import Decision, Grant
from approver.policy.replay import Replay, Replayed, judged_by, replay
from approver.policy.rules import Policy
from approver.ui.announcements import announce
from approver.ui.clock_words import moment
from approver.ui.log_reading import LogReading
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible

CALLS = 500
"""How many recorded calls a draft is tried on."""
MOST_SHOWN, LONGEST_ARGUMENTS = 200, 120
_LANE = "trial"

Found = Replay[CallRecord]


class RulesTrial(QWidget):
    """A button, a sentence and a list.

    Attributes:
        calls: The calls that would change or cannot be told, one row each.

    Signals: none of its own.
    """

    def __init__(self, clock: Clock, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._paths = paths
        self._server = ""
        self._draft: Policy | None = None
        self.reading = LogReading(paths.journal, self)
        self.calls = QListWidget()
        self._try = QPushButton(self.tr("Tr&y it"))
        self._words = PlainLabel(role="muted")
        self._show = QPushButton(self.tr("S&how"))
        self._lay_out()
        self._try.clicked.connect(self._run)
        self._show.toggled.connect(self.calls.setVisible)
        self.reading.failed.connect(self._failed)

    def set_draft(self, server: str, draft: Policy | None) -> None:
        """The draft to try; None: there is none without mistakes. What was said of another is taken away."""
        self._try.setEnabled(draft is not None)
        if (server, draft) == (self._server, self._draft):
            return
        self._server, self._draft = server, draft
        self.reading.drop(_LANE)
        self._tell("", [])

    def _run(self) -> None:
        if self._draft is None:
            return
        try:
            grants = read_grants(self._paths)
        except (EditRefused, OSError) as fault:
            self._tell(make_visible(str(fault)), [])
            return
        self._tell(self.tr("Trying…"), [])
        server, draft = self._server, self._draft

        def told(found: Found) -> None:
            if (server, draft) == (self._server, self._draft):
                self._found(found)

        self.reading.ask(_LANE, _work(server, draft, grants), told)

    def _found(self, found: Found) -> None:
        now = self._clock.now()
        told = [call for call in found.calls if call.is_changed or not call.is_decidable]
        self._tell(in_words(found), [call_in_words(call, now) for call in reversed(told)])
        announce(self, self._words.text())

    def _failed(self, lane: str, sentence: str) -> None:
        if lane == _LANE:
            self._tell(make_visible(sentence), [])

    def _tell(self, sentence: str, calls: list[str]) -> None:
        self._words.setText(sentence)
        self.calls.clear()
        self.calls.addItems(calls[:MOST_SHOWN])
        self._show.setChecked(False)
        self._show.setVisible(bool(calls))

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._try.setEnabled(False)
        self._try.setToolTip(self.tr("See which of the last {count} calls would change").format(count=CALLS))
        self._show.setCheckable(True)
        self._show.hide()
        self.calls.hide()
        self.calls.setAccessibleName(self.tr("Calls that would change"))
        self.calls.setProperty("role", "problems")
        self.calls.setFixedHeight(round(unit * 9))
        line = QHBoxLayout()
        line.setSpacing(round(unit * 0.6))
        line.addWidget(self._try)
        line.addWidget(self._words, 1)
        line.addWidget(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.5))
        layout.addLayout(line)
        layout.addWidget(self.calls)


def in_words(found: Found) -> str:
    """What the draft would change, in a sentence or two."""
    count, changed, hidden = len(found.calls), len(found.changed), len(found.undecidable)
    if not count:
        return QCoreApplication.translate("Trial", "The log has no calls that these rules judge.")
    said = QCoreApplication.translate("Trial", "{changed} of the last {count} recorded calls would change.")
    said = said.format(changed=changed, count=count)
    if hidden:
        more = QCoreApplication.translate("Trial", "{hidden} cannot be told: a rule looks at what the log masks.")
        said = f"{said} {more.format(hidden=hidden)}"
    return said


def call_in_words(call: Replayed[CallRecord], now: float) -> str:
    """One call: when, which tool, what then and what now, by which rule, with what arguments."""
    words = {
        Decision.ALLOW: QCoreApplication.translate("Trial", "allowed"),
        Decision.DENY: QCoreApplication.translate("Trial", "denied"),
        Decision.ASK: QCoreApplication.translate("Trial", "asked"),
    }
    either = QCoreApplication.translate("Trial", " or ")
    record = call.record
    shown = (
        record.arguments if len(record.arguments) <= LONGEST_ARGUMENTS else record.arguments[:LONGEST_ARGUMENTS] + "…"
    )
    said = QCoreApplication.translate("Trial", "{time}  {tool}: {before} → {after}  {rule}  {arguments}").format(
        time=moment(record.at, now),
        tool=record.tool,
        before=words[call.before],
        after=either.join(words[decision] for decision in call.after),
        rule=call.rule,
        arguments=shown,
    )
    return make_visible(said)


def _work(server: str, draft: Policy, grants: tuple[Grant, ...]) -> Callable[[Reader], Found]:
    def work(reader: Reader) -> Found:
        with reader.snapshot():
            records = list(reader.every_call(Filters(server=server), CALLS))
        return replay(judged_by(server, records, grants), draft)

    return work
