"""Looks in the log for what the person allows by habit: answers are heard of, the habit to speak of comes out.

    bridge: somebody answered ──a while later──> reading (a thread) ──habits──> changed ──> bars

One watch serves every bar. A habit goes when a rule has taken over: when the tool's newest call was decided by one.
"""

import json
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from approver.clock import Clock
from approver.desktop.paths import Paths
from approver.habituation import DAYS, MOST_ANSWERS, Dismissed, Habit, habits
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.model import Entry, Outcome
from approver.ui.bridge import Bridge
from approver.ui.log_reading import LogReading

LATER_MILLISECONDS = 3000
ANSWERED = (Outcome.APPROVED.value, Outcome.DENIED_BY_USER.value)
_JUDGED = (*ANSWERED, Outcome.ALLOWED.value, Outcome.DENIED_BY_POLICY.value)
_LANE = "habits"
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A habit, and the arguments of the newest call that showed it."""

    habit: Habit
    arguments: dict[str, Any]


class HabitWatch(QObject):
    """Knows the strongest habit that was not dismissed.

    Attributes:
        offer: What to speak of, or None.

    Signals:
        changed: `offer` is another one.
        rule_wanted: Server, tool and arguments that a rule is to be made from.
    """

    changed = Signal()
    rule_wanted = Signal(str, str, object)

    def __init__(self, bridge: Bridge, clock: Clock, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.offer: Offer | None = None
        self._clock = clock
        self._dismissed = Dismissed(paths.habits)
        self._taken_up: set[tuple[str, str]] = set()
        self.reading = LogReading(paths.journal, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER_MILLISECONDS)
        self._later.timeout.connect(self.look)
        bridge.started.connect(self._later.start)
        bridge.judged.connect(self._judged)

    def look(self) -> None:
        """Count anew."""
        since = self._clock.now() - DAYS * _DAY
        self.reading.ask(_LANE, lambda reader: _offers(reader, since), self._found)

    def make_rule(self) -> None:
        """The person takes the offer up; it is not made again before the next start."""
        if self.offer is not None:
            offer = self.offer
            self._taken_up.add(offer.habit.name)
            self._set(None)
            self.rule_wanted.emit(offer.habit.server, offer.habit.tool, offer.arguments)

    def dismiss(self) -> None:
        """The person wants to hear of this tool no more."""
        if self.offer is not None:
            self._dismissed.add(self.offer.habit.name)
            self._set(None)
            self.look()

    def stop(self) -> None:
        """Read nothing more."""
        self._later.stop()
        self.reading.stop()

    def _judged(self, entry: Entry) -> None:
        is_about_offer = self.offer is not None and self.offer.habit.name == (entry.server, entry.tool)
        if (entry.outcome in ANSWERED or is_about_offer) and not self._later.isActive():
            self._later.start()

    def _found(self, offers: list[Offer]) -> None:
        unheard = (one for one in offers if one.habit.name not in self._taken_up)
        self._set(next((one for one in unheard if one.habit.name not in self._dismissed), None))

    def _set(self, offer: Offer | None) -> None:
        if offer != self.offer:
            self.offer = offer
            self.changed.emit()


def _offers(reader: Reader, since: float) -> list[Offer]:
    """Every habit whose tool is still asked about; on the reader's thread."""
    found = []
    for habit in habits(reader.answers(since, MOST_ANSWERS)):
        newest = reader.calls(Filters(server=habit.server, tool=habit.tool, outcomes=_JUDGED), 1)
        if newest and newest[0].outcome in ANSWERED and not newest[0].by.startswith("remembered "):
            found.append(Offer(habit, _arguments(newest[0].arguments)))
    return found


def _arguments(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}
