"""What the person can choose in `config/settings.toml`: text goes in, frozen settings and every mistake come out.

A mistake never stops the reading: the field it is in keeps its default, all mistakes are returned together as
sentences, and the caller decides whether to use the settings (at the first start) or to keep the last good ones.
"""

import dataclasses
import difflib
import enum
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Any

from approver.attention import QuietHours, Rung, parse_quiet_hours

Check = Callable[[Any], Any]
"""Turns a value of the file into the field's own; raises `ValueError` with what it has to be."""


class CommandLineAnswers(enum.Enum):
    """When `approver approve` may answer questions."""

    WITHOUT_WINDOWS = "without_windows"
    ALWAYS = "always"
    NEVER = "never"


class ColorScheme(enum.Enum):
    """The windows' colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Language(enum.Enum):
    """The windows' language."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


def _number(minimum: float, maximum: float) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number from {minimum:g} to {maximum:g}")
        if not minimum <= value <= maximum:
            raise ValueError(f"must be from {minimum:g} to {maximum:g}")
        return float(value)

    return check


def _whole(minimum: int, maximum: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise ValueError(f"must be a whole number from {minimum} to {maximum}")
        return value

    return check


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotes")
    return value


def _one_of(kind: type[enum.Enum]) -> Check:
    allowed = {member.value: member for member in kind}

    def check(value: Any) -> enum.Enum:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError("must be one of " + ", ".join(f'"{word}"' for word in allowed))
        return allowed[value]

    return check


_PATIENCE_SECONDS = _number(0, 86_400)


def _patience(value: Any) -> Mapping[str, float]:
    if not isinstance(value, dict):
        raise ValueError('must be a table of client names and seconds, such as [asking.patience] and "claude-ai" = 230')
    return MappingProxyType({**SHIPPED_PATIENCE, **{client: _PATIENCE_SECONDS(held) for client, held in value.items()}})


def _choice(default: Any, check: Check) -> Any:
    return field(default=default, metadata={"check": check})


SHIPPED_PATIENCE: Mapping[str, float] = MappingProxyType({"claude-ai": 230.0, "claude-code": 1700.0})
"""Claude Desktop gives up after about 240 s; Claude Code after half an hour, if it is told of progress."""


@dataclass(frozen=True, slots=True)
class Asking:
    """`[asking]`: how long calls and questions wait for a person."""

    hold_seconds: float = _choice(50.0, _number(0, 86_400))
    """How long a call is held before its client is told `[APPROVAL PENDING]`; most clients give up after 60."""
    open_seconds: float = _choice(600.0, _number(1, 604_800))
    """How long a question stays open."""
    progress_seconds: float = _choice(5.0, _number(0.1, 3_600))
    """How often a client that asked for progress is told that its call still waits."""
    kept_result_seconds: float = _choice(300.0, _number(0, 86_400))
    """How long a result that nobody waited for is kept for the identical repeat."""
    most_per_minute: int = _choice(60, _whole(0, 100_000))
    """How many questions one client may ask within a minute before it is held off; 0: any number."""
    patience: Mapping[str, float] = field(
        default_factory=lambda: SHIPPED_PATIENCE, metadata={"check": _patience, "entries": _PATIENCE_SECONDS}
    )
    """`[asking.patience]`: client name to seconds, where it differs from `hold_seconds`; adds to what is shipped."""


@dataclass(frozen=True, slots=True)
class Answers:
    """`[answers]`: who may answer."""

    command_line: CommandLineAnswers = _choice(CommandLineAnswers.WITHOUT_WINDOWS, _one_of(CommandLineAnswers))
    """When `approver approve` works; `approver deny` always does."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """`[upstream]`: the servers that Approver starts."""

    start_seconds: float = _choice(30.0, _number(1, 3_600))
    """How long a server may take to start and to answer the first request."""
    stop_seconds: float = _choice(3.0, _number(0, 60))
    """How long a server may take to end by itself before it is made to."""


@dataclass(frozen=True, slots=True)
class Window:
    """`[window]`: how the windows behave."""

    raise_on_ask: bool = _choice(False, _truth)
    """Bring the window to the front when a call starts to wait."""
    guard_milliseconds: int = _choice(500, _whole(500, 10_000))
    """How long a question must have been in view before it can be answered."""
    color_scheme: ColorScheme = _choice(ColorScheme.SYSTEM, _one_of(ColorScheme))
    """Colours."""
    language: Language = _choice(Language.SYSTEM, _one_of(Language))
    """Language. Takes effect when Approver starts."""


def _quiet_hours(value: Any) -> QuietHours | None:
    if not isinstance(value, str):
        raise ValueError('must be two times in quotes, such as "22:00-07:00", or "" for none')
    return parse_quiet_hours(value)


@dataclass(frozen=True, slots=True)
class Attention:
    """`[attention]`: how loudly a call asks for the person, by what its tool sounds like, and when none may."""

    reads: Rung = _choice(Rung.WINDOW, _one_of(Rung))
    """Tools that sound as if they only read. The other tiers are those of `catalog.risk`."""
    changes: Rung = _choice(Rung.WINDOW, _one_of(Rung))
    """Tools that change something."""
    executes: Rung = _choice(Rung.WINDOW, _one_of(Rung))
    """Tools that execute something, and those whose name says nothing."""
    sends_out: Rung = _choice(Rung.WINDOW, _one_of(Rung))
    """Tools that send something out."""
    destroys: Rung = _choice(Rung.SOUND, _one_of(Rung))
    """Tools that destroy something."""
    quiet_hours: QuietHours | None = _choice(None, _quiet_hours)
    """When calls only wait, and nothing but the tray's badge says so."""

    def rung(self, tier: str, at: time) -> Rung:
        """How far up the ladder a call of this tier goes at this time of the day."""
        if self.quiet_hours is not None and self.quiet_hours.include(at):
            return Rung.BADGE
        return self.rung_by_day(tier)

    def rung_by_day(self, tier: str) -> Rung:
        """How far up the ladder a call of this tier goes where no quiet hours are."""
        rung: Rung = getattr(self, tier)
        return rung


@dataclass(frozen=True, slots=True)
class Http:
    """`[http]`: the address for clients that speak HTTP."""

    enabled: bool = _choice(True, _truth)
    """Whether to listen at all."""
    port: int = _choice(8787, _whole(0, 65_535))
    """The port on 127.0.0.1; 0: any that is free. Takes effect when Approver starts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in the file; what it does not name has its default."""

    asking: Asking = field(default_factory=Asking)
    answers: Answers = field(default_factory=Answers)
    upstream: Upstream = field(default_factory=Upstream)
    window: Window = field(default_factory=Window)
    attention: Attention = field(default_factory=Attention)
    http: Http = field(default_factory=Http)

    def patience_of(self, client: str) -> float:
        """Tell how many seconds a client's call may be held."""
        wanted = client.casefold()
        named = (held for name, held in self.asking.patience.items() if name.casefold() == wanted)
        return next(named, self.asking.hold_seconds)


def parse(text: str) -> tuple[Settings, tuple[str, ...]]:
    """Read the file's text; return the settings and a sentence for each mistake."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # a number of 5,000 digits, a list nested as deeply
        return Settings(), (f"not valid TOML: {fault}.",)
    return _Reading(_lines_of_keys(text)).settings(document)


class _Reading:
    """One reading of one document, collecting its mistakes."""

    def __init__(self, lines: Mapping[tuple[str, ...], int]) -> None:
        self._lines = lines
        self._mistakes: list[tuple[int, str]] = []

    def settings(self, document: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
        sections = {section.name: section for section in dataclasses.fields(Settings)}
        read: dict[str, Any] = {}
        for name, content in document.items():
            if name not in sections:
                self._mistake((name,), f"unknown section [{name}]{_suggestion(name, sections)}")
            elif not isinstance(content, dict):
                self._mistake((name,), f"{name} must be a section: write [{name}] on a line of its own.")
            else:
                read[name] = self._section(name, sections[name].default_factory, content)
        sentences = (text for _, text in sorted(self._mistakes, key=lambda mistake: mistake[0]))
        return Settings(**read), tuple(sentences)

    def _section(self, name: str, kind: Any, content: Mapping[str, Any]) -> Any:
        known = {entry.name: entry for entry in dataclasses.fields(kind)}
        read: dict[str, Any] = {}
        for key, value in content.items():
            if key not in known:
                self._mistake((name, key), f"unknown key {name}.{key}{_suggestion(key, known)}")
                continue
            metadata = known[key].metadata
            if "entries" in metadata and isinstance(value, dict):
                value = dict(self._good_entries((name, key), value, metadata["entries"]))
            for checked in self._checked((name, key), value, metadata["check"]):
                read[key] = checked
        return kind(**read)

    def _good_entries(
        self, place: tuple[str, ...], table: Mapping[str, Any], check: Check
    ) -> Iterator[tuple[str, Any]]:
        for key, value in table.items():
            for checked in self._checked((*place, key), value, check):
                yield key, checked

    def _checked(self, place: tuple[str, ...], value: Any, check: Check) -> Iterator[Any]:
        try:
            yield check(value)
        except ValueError as fault:
            self._mistake(place, f"{'.'.join(place)} {fault}; it is {_shown(value)}.")

    def _mistake(self, place: tuple[str, ...], sentence: str) -> None:
        line = self._lines.get(place, 0)
        self._mistakes.append((line, f"line {line}: {sentence}" if line else sentence))


def _suggestion(word: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f'. Did you mean "{close[0]}"?' if close else "."


def _shown(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


_HEADER = re.compile(r"^\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"""^\s*(?P<key>"[^"]*"|'[^']*'|[A-Za-z0-9_.-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=""")
_PART = re.compile(r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^.\s]+))\s*(?:\.|$)""")


def _lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    """Where sections and keys stand. A scan of lines, good for pointing a person to one; tomllib tells no places."""
    lines: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = _parts(header["name"])
            lines.setdefault(section, number)
        elif key := _KEY.match(line):
            lines.setdefault((*section, *_parts(key["key"])), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part["double"] or part["single"] or part["bare"] or "" for part in _PART.finditer(dotted))
