"""Counts what was decided since the windows began: journal entries go in, a sentence comes out."""

from PySide6.QtCore import QCoreApplication

from approver.model import Entry, EntryKind, Outcome

ASKED = {
    Outcome.APPROVED.value,
    Outcome.DENIED_BY_USER.value,
    Outcome.EXPIRED.value,
    Outcome.ABORTED.value,
    Outcome.SHUT_DOWN.value,
}
DENIED = {Outcome.DENIED_BY_POLICY.value, Outcome.DENIED_BY_USER.value}
"""Outcomes of calls that a person was asked about, and of those that were denied."""


class Tally:
    """Three counts."""

    def __init__(self) -> None:
        self.calls = self.asked = self.denied = 0

    def count(self, entry: Entry) -> None:
        """Take note of a decision; rows of other kinds do not count."""
        if entry.kind is not EntryKind.DECISION:
            return
        self.calls += 1
        self.asked += entry.outcome in ASKED
        self.denied += entry.outcome in DENIED

    def in_words(self) -> str:
        """The counts as a sentence; empty while there is nothing to count."""
        if not self.calls:
            return ""
        calls = (
            QCoreApplication.translate("Tally", "1 call")
            if self.calls == 1
            else QCoreApplication.translate("Tally", "{count} calls").format(count=self.calls)
        )
        return QCoreApplication.translate(
            "Tally", "Since Approver started: {calls}, {asked} asked about, {denied} denied."
        ).format(calls=calls, asked=self.asked, denied=self.denied)
