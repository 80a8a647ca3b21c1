"""How many recorded calls a standing decision would have answered: for the reader's thread; records in, counts out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from approver.approvals.standing import would_cover
from approver.journal.reader import Reader
from approver.journal.records import CallRecord, Filters
from approver.standing_model import Standing

WEEK_SECONDS = 7 * 86400
MOST = 2000
"""Calls that are looked at for one decision."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found for one decision."""

    calls: int
    unsure: int = 0
    """Calls of which the log keeps too little to tell."""
    is_cut: bool = False
    """Whether there were more calls than were looked at."""

    def in_words(self) -> str:
        """In few words."""
        text = f"{self.calls:,}+" if self.is_cut or self.unsure else f"{self.calls:,}"
        if self.calls == 1 and not (self.is_cut or self.unsure):
            return QCoreApplication.translate("RememberedMatches", "1 call")
        return QCoreApplication.translate("RememberedMatches", "{count} calls").format(count=text)


def count_matches(reader: Reader, decisions: Sequence[Standing], now: float) -> dict[str, Matches]:
    """For each decision, how many calls of the last week it would have answered."""
    return {one.id: _count(one, reader.calls(_filters(one, now), MOST)) for one in decisions}


def _filters(standing: Standing, now: float) -> Filters:
    return Filters(
        since=now - WEEK_SECONDS,
        client=standing.client,
        grant=standing.grant,
        server=standing.server,
        tool=standing.tool,
    )


def _count(standing: Standing, records: Iterable[CallRecord]) -> Matches:
    found = [would_cover(standing, record.digest, _arguments(record.arguments)) for record in records]
    return Matches(found.count(True), found.count(None), len(found) == MOST)


def _arguments(text: str) -> dict[str, object]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
