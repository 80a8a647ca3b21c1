"""How loudly a call may ask for a person: the rungs of a ladder, and the hours in which none but the first counts.

Pure values. Each rung includes those below it: the tray's badge, a notification, the window, a sound. Whatever the
rung, the call waits in the list; nothing here answers one.
"""

import enum
import re
from dataclasses import dataclass
from datetime import time


class Rung(enum.Enum):
    """How far up the ladder a call goes."""

    BADGE = "badge"
    """The tray's icon and the list, nothing else."""
    NOTIFICATION = "notification"
    WINDOW = "window"
    """The window that asks, without the keyboard."""
    SOUND = "sound"

    def reaches(self, other: "Rung") -> bool:
        """Whether this one includes the other."""
        order = list(Rung)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day, by the person's clock; it may go on over midnight."""

    begin: time
    end: time

    def include(self, at: time) -> bool:
        """Whether it is quiet at this time; the first minute is, the last one named is not."""
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end

    def __str__(self) -> str:
        """As the settings have it."""
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Read `22:00-07:00`; the empty text means that there are none. Raises `ValueError` with what it has to be."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ValueError('must be two times such as "22:00-07:00", or "" for none')
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    begin, end = time(begin_hour, begin_minute), time(end_hour, end_minute)
    if begin == end:
        raise ValueError('must begin and end at different times, such as "22:00-07:00", or be "" for none')
    return QuietHours(begin, end)
