"""The day's counts as one sentence: what the reader counted goes in."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLocale

from approver.journal.records import Tally
from approver.model import Outcome
from approver.ui.log_words import outcome_words


def day_in_words(tallies: Iterable[Tally]) -> str:
    """How many calls there were, and what became of them, the most usual first."""
    counts: dict[str, int] = {}
    for tally in tallies:
        counts[tally.outcome] = counts.get(tally.outcome, 0) + tally.calls
    total = sum(counts.values())
    if not total:
        return QCoreApplication.translate("DayCounts", "Today: no calls yet.")
    order = {outcome.value: place for place, outcome in enumerate(Outcome)}
    known = sorted(counts, key=lambda outcome: order.get(outcome, len(order)))
    locale = QLocale()
    parts = ", ".join(f"{locale.toString(counts[outcome])} {outcome_words(outcome)}" for outcome in known)
    if total == 1:
        return QCoreApplication.translate("DayCounts", "Today: 1 call, {parts}.").format(parts=parts)
    text = QCoreApplication.translate("DayCounts", "Today: {count} calls. {parts}.")
    return text.format(count=locale.toString(total), parts=parts)
