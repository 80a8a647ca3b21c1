"""Counters: what has been drawn from each in which calendar window, and how much a limit leaves.

`decide` asks a `Usage` what is used and says what a call would take; the caller books that in the `Ledger`, gives it
back if the call is not made, and hands the ledger's changes to the journal. Everything is in memory and exact: amounts
add up as the decimals they were written as, so that 0.1 three times is 0.3, and giving back restores what was before.
"""

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Protocol

from approver.model import CounterKey, Reservation

WINDOW_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}
"""Calendar-aligned in UTC, where every day has as many seconds."""

_EXACT = Context(prec=1200)
"""Digits enough to add the largest and the smallest number there is without rounding."""

Amount = int | Decimal


class Usage(Protocol):
    """Knows what has been used."""

    def used(self, counter: CounterKey, start: int) -> float:
        """What was drawn from the counter in the window that begins at `start`."""
        ...


def window_start(window: str, now: float) -> int:
    """The first second of the window that `now` lies in."""
    length = WINDOW_SECONDS[window]
    return int(now // length) * length


def exact(amount: float) -> Amount:
    """The number as it was written, to calculate with."""
    if isinstance(amount, int):
        return amount
    return int(amount) if amount.is_integer() else Decimal(repr(amount))


def total(first: Amount, second: Amount) -> Amount:
    """The exact sum."""
    if isinstance(first, int) and isinstance(second, int):
        return first + second
    added = _EXACT.add(Decimal(first), Decimal(second))
    whole = int(added)
    return whole if whole == added else added


class Ledger:
    """All counters of an engine. Not for several threads at once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[CounterKey, int], Amount] = {}
        self._changed: dict[tuple[CounterKey, int], None] = {}

    def used(self, counter: CounterKey, start: int) -> float:
        """What was drawn from the counter in the window that begins at `start`."""
        amount = self._rows.get((counter, start), 0)
        return amount if isinstance(amount, int) else float(amount)

    def reserve(self, reservations: Iterable[Reservation]) -> None:
        """Book what a verdict said that its call takes."""
        for reservation in reservations:
            row = (reservation.counter, reservation.start)
            self._rows[row] = total(self._rows.get(row, 0), exact(reservation.amount))
            self._changed[row] = None

    def release(self, reservations: Iterable[Reservation]) -> None:
        """Give back what was booked for a call that was not made. A window that is over is left alone."""
        for reservation in reservations:
            row = (reservation.counter, reservation.start)
            if row in self._rows:
                self._rows[row] = max(0, total(self._rows[row], -exact(reservation.amount)))
                self._changed[row] = None

    def load(self, rows: Iterable[tuple[CounterKey, int, float]]) -> None:
        """Take over what the journal kept."""
        for counter, start, amount in rows:
            self._rows[counter, start] = exact(amount)

    def take_changes(self) -> list[tuple[CounterKey, int, float]]:
        """The rows that changed since this was last asked, with what is used in them now."""
        changes = [(counter, start, float(self._rows[counter, start])) for counter, start in self._changed]
        self._changed.clear()
        return changes

    def forget_before(self, now: float) -> None:
        """Drop the windows that are over. Changes in them that were not taken yet are dropped as well."""
        over = [row for row in self._rows if row[1] + WINDOW_SECONDS[row[0].window] <= now]
        for row in over:
            del self._rows[row]
            self._changed.pop(row, None)
