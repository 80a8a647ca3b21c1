"""Whether a person has come to allow a tool's calls by habit: their answers go in, tools that want a rule come out.

Who allows nearly everything reads nothing any more, and a rule says the same at less cost. What the person does not
want to hear of again is kept in a small file. Pure, but for that file.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from approver.catalog.risk import Tier, risk_of
from approver.journal.records import Answered
from approver.own_files import Unreadable, decode, parse_json, write_json

log = logging.getLogger(__name__)

DAYS = 30
"""Answers that are older say nothing of today's habits."""
MOST_ANSWERS = 500
"""Answers that are looked at, the newest."""
LAST, LEAST, SHARE = 48, 20, 0.95
"""Of a tool's last answers, so many at most and at least are counted, and such a share has to be an approval."""
VERSION = 1

Name = tuple[str, str]
"""A server and one of its tools."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A tool whose calls are nearly always allowed."""

    server: str
    tool: str
    allowed: int
    asked: int

    @property
    def name(self) -> Name:
        """Server and tool."""
        return (self.server, self.tool)


def habits(answers: Iterable[Answered]) -> list[Habit]:
    """The habits that show in the answers, which come the newest first; the strongest comes first.

    None of a tool that sounds as if it destroys something: that is worth a look each time.
    """
    seen: dict[Name, list[bool]] = {}
    for answer in answers:
        last = seen.setdefault((answer.server, answer.tool), [])
        if len(last) < LAST:
            last.append(answer.is_allowed)
    found = [
        Habit(server, tool, sum(last), len(last))
        for (server, tool), last in seen.items()
        if len(last) >= LEAST and sum(last) >= SHARE * len(last) and risk_of(tool).tier is not Tier.DESTROYS
    ]
    return sorted(found, key=lambda habit: (-habit.asked, -habit.allowed, habit.name))


class Dismissed:
    """The tools of which the person wants to hear no more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = _read(path)

    def __contains__(self, name: Name) -> bool:
        return name in self._names

    def add(self, name: Name) -> None:
        """Keep one. A disk that is full only costs that it is remembered."""
        self._names.add(name)
        try:
            write_json(self._path, {"version": VERSION, "dismissed": sorted(map(list, self._names))})
        except OSError as fault:
            log.warning("what was dismissed cannot be kept in %s: %s", self._path, fault)


def _read(path: Path) -> set[Name]:
    try:
        found = parse_json(decode(path.read_bytes()))
    except FileNotFoundError:
        return set()
    except (OSError, Unreadable) as fault:
        log.warning("what was dismissed is not known, because %s cannot be read: %s", path, fault)
        return set()
    names = found.get("dismissed") if isinstance(found, dict) else None
    pairs = [name for name in names if isinstance(name, list)] if isinstance(names, list) else []
    return {(name[0], name[1]) for name in pairs if len(name) == 2 and all(isinstance(part, str) for part in name)}
