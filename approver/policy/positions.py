"""Reads JSON text and keeps where in the text everything stands, so that a mistake can be shown at its place.

Text goes in; out comes a tree of `Node`s with offsets, and every `Fault` of the text itself: duplicate keys, values
that JSON or Approver does not take (NaN, unpaired surrogates), and the first place where the text stops being JSON.
Nothing here knows what a policy is. There is no recursion, so no depth of nesting can exhaust the stack.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from approver.policy.wording import quote

DEPTH_LIMIT = 100
SIZE_LIMIT = 4 * 1024 * 1024
"""Characters. A policy of ten thousand tools fits; a wrong file given by mistake does not stall the engine."""
DIGIT_LIMIT = 400
"""Digits of a whole number: more than the largest finite number of JSON's usual arithmetic has."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+"')
_IN_STRING = re.compile(r'\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]|[\\\x00-\x1f]')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"-?[A-Za-z_$][A-Za-z0-9_$]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONSTANTS = {"true": True, "false": False, "null": None}
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_WRITTEN_ELSEWHERE = {
    "'": "JSON puts text in double quotes.",
    "“": "These are typographic quotes; JSON takes the plain double quote.",
    "”": "These are typographic quotes; JSON takes the plain double quote.",
    "/": "JSON has no comments.",
    "#": "JSON has no comments.",
    "+": "JSON writes numbers without a plus sign.",
    ".": "JSON wants a digit before the point.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake of the text, with the place it was found at."""

    pointer: str
    message: str
    hint: str
    offset: int


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON value and the part of the text it was read from."""

    value: Any
    """As Python holds it; of duplicate keys the last one."""
    start: int
    end: int
    items: tuple["Node", ...] = ()
    """A list's elements."""
    members: tuple["Member", ...] = ()
    """An object's members as they are written, duplicates included."""


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, and its value."""

    key: str
    start: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one text."""

    text: str
    root: Node | None
    """None where the text is not JSON; `broken` then says why."""
    broken: Fault | None = None
    duplicates: tuple[Fault, ...] = ()
    """Keys that stand in one object twice."""
    odd: tuple[Fault, ...] = ()
    """Values that can be read but not relied on: NaN, infinities, unpaired surrogates."""

    def locate(self, offset: int) -> tuple[int, int]:
        """The line and the column, both counted from 1."""
        line = self.text.count("\n", 0, offset)
        return line + 1, offset - (self.text.rfind("\n", 0, offset) + 1) + 1


def read(raw: str | bytes) -> Reading:
    """Read one JSON document. Never raises: what is wrong is in the answer."""
    text, fault = _decode(raw)
    if fault is not None:
        return Reading(text, None, fault)
    reader = _Reader(text)
    try:
        root = reader.document()
    except _NotJson as stop:
        return Reading(text, None, stop.fault, tuple(reader.duplicates), tuple(reader.odd))
    return Reading(text, root, None, tuple(reader.duplicates), tuple(reader.odd))


def spans(root: Node) -> dict[str, tuple[int, int]]:
    """For each JSON pointer the offsets of its value, for an editor to underline; of duplicate keys the last one."""
    found = {}
    waiting = [("", root)]
    while waiting:
        pointer, node = waiting.pop()
        found[pointer] = (node.start, node.end)
        waiting.extend((f"{pointer}/{index}", item) for index, item in enumerate(node.items))
        waiting.extend((f"{pointer}/{escape(member.key)}", member.node) for member in reversed(node.members))
    return found


def escape(key: str) -> str:
    """A key as it stands in a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def _decode(raw: str | bytes) -> tuple[str, Fault | None]:
    text, fault = (raw, None) if isinstance(raw, str) else _decode_bytes(raw)
    if fault is None and text.startswith("\ufeff"):
        message = "the text begins with a byte order mark"
        fault = Fault("", message, "Save the file as UTF-8 without a byte order mark (BOM).", 0)
    if fault is None and len(text) > SIZE_LIMIT:
        message = f"the text is longer than {SIZE_LIMIT} characters"
        fault = Fault("", message, "Is this the right file?", SIZE_LIMIT)
    return text, fault


def _decode_bytes(raw: bytes) -> tuple[str, Fault | None]:
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = len(raw[: error.start].decode("utf-8"))
        is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        hint = "It looks like UTF-16: save it as UTF-8." if is_wide else "Save the file as UTF-8."
        message = f"the text is not UTF-8: byte {raw[error.start]:#04x}"
        return raw.decode("utf-8", "replace"), Fault("", message, hint, before)


class _NotJson(Exception):
    """The text stops being JSON here."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class _Open:
    """A list or an object whose end has not been reached yet."""

    start: int
    closer: str
    items: list[Node] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    key: tuple[str, int, int] = ("", 0, 0)

    @property
    def step(self) -> str:
        """Where in it the reader is, as a part of a JSON pointer."""
        return escape(self.key[0]) if self.closer == "}" else str(len(self.items))

    def add(self, node: Node) -> None:
        if self.closer == "}":
            self.members.append(Member(*self.key, node))
        else:
            self.items.append(node)

    def close(self, end: int) -> Node:
        if self.closer == "}":
            value: Any = {member.key: member.node.value for member in self.members}
        else:
            value = [item.value for item in self.items]
        return Node(value, self.start, end, tuple(self.items), tuple(self.members))


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[_Open] = []
        self.duplicates: list[Fault] = []
        self.odd: list[Fault] = []

    def document(self) -> Node:
        while True:
            node = self._begin()
            while node is not None:
                if not self._open:
                    if self._peek():
                        self._stop("there is more text after the end of the JSON value")
                    return node
                node = self._attach(node)

    def _begin(self) -> Node | None:
        """A whole value, or None after the beginning of a list or an object that is not empty."""
        character = self._peek()
        if character not in ("{", "["):
            return self._scalar(character)
        if len(self._open) == DEPTH_LIMIT:
            self._stop(f"lists and objects are nested more than {DEPTH_LIMIT} deep")
        container = _Open(self._at, "}" if character == "{" else "]")
        self._at += 1
        if self._peek() == container.closer:
            self._at += 1
            return container.close(self._at)
        self._open.append(container)
        if container.closer == "}":
            self._key(container)
        return None

    def _attach(self, node: Node) -> Node | None:
        """Put a finished value where it belongs; the list or object itself, if that ends here."""
        container = self._open[-1]
        container.add(node)
        character = self._peek()
        if character == container.closer:
            self._at += 1
            return self._open.pop().close(self._at)
        if character != ",":
            self._stop(f'expected "," or "{container.closer}"')
        comma = self._at
        self._at += 1
        if self._peek() == container.closer:
            self._at = comma
            self._stop("a comma stands before the end", "Remove the comma: JSON allows none after the last element.")
        if container.closer == "}":
            self._key(container)
        return None

    def _key(self, container: _Open) -> None:
        if self._peek() != '"':
            self._stop("expected a key in double quotes")
        start = self._at
        key = self._string()
        container.key = (key, start, self._at)
        pointer = self._pointer()
        if key in container.keys:
            message = f"the key {quote(key)} stands here a second time"
            hint = "Readers of JSON differ in which one they take: remove or merge one of them."
            self.duplicates.append(Fault(pointer, message, hint, start))
        container.keys.add(key)
        self._refuse_surrogates(key, start)
        if self._peek() != ":":
            self._stop('expected ":" after the key')
        self._at += 1

    def _scalar(self, character: str) -> Node:
        start = self._at
        if character == '"':
            text = self._string()
            self._refuse_surrogates(text, start)
            return Node(text, start, self._at)
        if word := _WORD.match(self._text, start):
            return self._constant(word.group())
        if number := _NUMBER.match(self._text, start):
            return self._number(number)
        return self._no_value(character)

    def _no_value(self, character: str) -> NoReturn:
        if not character:
            self._stop("the text ends too early", "A closing bracket or brace is missing.")
        self._stop(f"expected a value, not {quote(character)}")

    def _constant(self, word: str) -> Node:
        start = self._at
        if word in _NOT_FINITE:
            self._at += len(word)
            self._note_odd(f"{word} is not a number that JSON has", "Write a number.", start)
            return Node(_NOT_FINITE[word], start, self._at)
        if word not in _CONSTANTS:
            lower = {"True": "true", "False": "false", "None": "null", "undefined": "null"}.get(word, word.lower())
            hint = f"Did you mean {lower}?" if lower in _CONSTANTS else "Text stands in double quotes."
            self._stop(f"{word} is not JSON", hint)
        self._at += len(word)
        return Node(_CONSTANTS[word], start, self._at)

    def _number(self, found: re.Match[str]) -> Node:
        start, text = self._at, found.group()
        self._at = found.end()
        following = self._text[self._at : self._at + 1]
        if following.isalnum() or following in ("_", "."):
            self._at = start
            self._stop("this is no JSON number", "Write it in decimal, such as 10, 0.5 or 1e3, with no zeros in front.")
        if not any(found.groups()):
            if len(text) > DIGIT_LIMIT:
                self._note_odd("the number is too large", f"At most {DIGIT_LIMIT} digits can be read.", start)
                return Node(-math.inf if text.startswith("-") else math.inf, start, self._at)
            return Node(int(text), start, self._at)
        if math.isinf(value := float(text)):
            self._note_odd("the number is too large", "The largest is about 1.8e308.", start)
        return Node(value, start, self._at)

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if found is None:
            self._stop_in_string()
        self._at = found.end()
        literal = found.group()
        return str(json.loads(literal)) if "\\" in literal else literal[1:-1]

    def _stop_in_string(self) -> NoReturn:
        start = self._at
        for found in _IN_STRING.finditer(self._text, start + 1):
            mark = found.group()
            if mark == "\\":
                self._at = found.start()
                self._stop("a backslash begins no escape that JSON has", "A backslash itself is written twice: \\\\.")
            if len(mark) == 1:
                self._at = found.start()
                self._stop("a line break or control character stands inside text", "Is the closing quote missing?")
        self._stop("text begins here and has no closing quote")

    def _refuse_surrogates(self, text: str, start: int) -> None:
        if _SURROGATE.search(text):
            self._note_odd("the text has half of a surrogate pair, which is no character", "Remove the escape.", start)

    def _peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _pointer(self) -> str:
        return "".join(f"/{container.step}" for container in self._open)

    def _note_odd(self, message: str, hint: str, offset: int) -> None:
        self.odd.append(Fault(self._pointer(), message, hint, offset))

    def _stop(self, message: str, hint: str = "") -> NoReturn:
        hint = hint or _WRITTEN_ELSEWHERE.get(self._text[self._at : self._at + 1], "")
        raise _NotJson(Fault("", f"not JSON: {message}", hint, self._at))
