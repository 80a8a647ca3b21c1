"""A client's JSON file as text that can be changed in places: comments, order, spaces and all else stay as they are.

Text goes in; a `JsonText` comes out that knows where each value stands and makes new texts. Comments and trailing
commas are allowed, as most clients allow them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approver.clients.lenient_json import plain_json
from approver.policy.positions import Fault, Member, Node, Reading, read

_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


class NotReadable(ValueError):
    """The text is not what it should be; the message says where and what."""


@dataclass(frozen=True, slots=True)
class JsonText:
    """One text, and the same without what is more than JSON."""

    text: str
    reading: Reading

    @classmethod
    def of(cls, text: str) -> "JsonText":
        """Read a text. Raises `NotReadable`."""
        reading = read(plain_json(text) if text.strip() else "{}")
        faults = [fault for fault in (reading.broken, *reading.duplicates, *reading.odd) if fault is not None]
        if faults:
            raise NotReadable(_sentence(reading, faults[0]))
        if reading.root is None or not isinstance(reading.root.value, dict):
            raise NotReadable("it holds no object at its top.")
        return cls(text, reading)

    @property
    def value(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = self._root.value
        return found

    @property
    def _root(self) -> Node:
        if self.reading.root is None:
            raise NotReadable("it is empty.")
        return self.reading.root

    def extent(self, path: tuple[str, ...]) -> tuple[int, int] | None:
        """Where the value at a path stands; None where there is none."""
        node = self._node(path)
        return (node.start, node.end) if node is not None else None

    def with_members(self, path: tuple[str, ...], members: Mapping[str, Any]) -> str:
        """Set members of the object at the path; those that are None are taken away. Everything else stays."""
        return self.with_all({path: members})

    def with_all(self, changes: Mapping[tuple[str, ...], Mapping[str, Any]]) -> str:
        """Set members of several objects, none of which is inside of another."""
        pieces = sorted((self._changed(path, members) for path, members in changes.items()), reverse=True)
        text = self.text
        for start, end, entry in pieces:  # from the last to the first: what stands before one is where it was
            text = text[:start] + entry + text[end:]
        return text

    def _changed(self, path: tuple[str, ...], members: Mapping[str, Any]) -> tuple[int, int, str]:
        extent = self.extent(path)
        if extent is None:
            raise NotReadable(f"there is no {'.'.join(path)} in it.")
        start, end = extent
        entry = self.text[start:end]
        for key, value in sorted(members.items(), key=lambda member: member[1] is None):
            entry = _without(entry, key) if value is None else _with(entry, key, value, self._indent(start))
        return start, end, entry

    def _node(self, path: tuple[str, ...]) -> Node | None:
        node: Node | None = self._root
        for key in path:
            member = _member(node, key) if node is not None else None
            node = member.node if member is not None else None
        return node

    def _indent(self, start: int) -> str:
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        return line[: len(line) - len(line.lstrip(" \t"))]


def _member(node: Node, key: str) -> Member | None:
    return next((member for member in reversed(node.members) if member.key == key), None)


def _with(entry: str, key: str, value: Any, indent: str) -> str:
    """Set a member; a new one stands last, on a line of its own where the others do."""
    root = read(plain_json(entry)).root
    if root is None or not isinstance(root.value, dict):
        raise NotReadable("an entry in it is no object.")
    written = json.dumps(value, ensure_ascii=False)
    member = _member(root, key)
    if member is not None:
        return entry[: member.node.start] + written + entry[member.node.end :]
    written = f"{json.dumps(key, ensure_ascii=False)}: {written}"
    newline = "\r\n" if "\r\n" in entry else "\n"
    if not root.members:
        inner = entry[1:-1].rstrip()  # comments in it stay
        return f"{{{inner}{newline}{indent}  {written}{newline}{indent}}}" if "\n" in entry else f"{{{written}}}"
    return _appended(entry, root.members[-1], root.end - 1, written, newline)


def _appended(entry: str, last: Member, stop: int, written: str, newline: str) -> str:
    comma = _comma_after(entry, last.node.end, stop)
    end = last.node.end if comma is None else comma + 1
    line_start = entry.rfind("\n", 0, last.start) + 1
    indent = entry[line_start : last.start]
    if not line_start or indent.strip():
        return f"{entry[:end]}{', ' if comma is None else ' '}{written}{entry[end:]}"
    line_end = entry.find("\n", end, stop)
    line_end = end if line_end < 0 else line_end - (newline == "\r\n")
    comment = entry[end:line_end]  # of the last one, with which it stays
    before = entry[:end] + ("," if comma is None else "")
    return f"{before}{comment}{newline}{indent}{written}{'' if comma is None else ','}{entry[line_end:]}"


def _without(entry: str, key: str) -> str:
    """Take a member away with its comma, and with its line where it has one of its own."""
    reading = read(plain_json(entry))
    member = _member(reading.root, key) if reading.root is not None else None
    if reading.root is None or member is None:
        return entry
    number = reading.root.members.index(member)
    start, end = member.start, member.node.end
    comma = _comma_after(entry, end, _next_start(reading.root, number))
    if comma is not None:
        end = comma + 1
    start, end, has_own_line = _whole_lines(entry, start, end)
    entry = entry[:start] + entry[end:]
    if comma is None and number:
        before = reading.root.members[number - 1].node.end
        loose = _comma_after(entry, before, start)
        if loose is not None:
            tail = entry[loose + 1 :] if has_own_line else entry[loose + 1 :].lstrip(" ")
            entry = entry[:loose] + (" " if not has_own_line and entry[loose - 1] == " " else "") + tail
    return entry


def _next_start(root: Node, number: int) -> int:
    following = root.members[number + 1 : number + 2]
    return following[0].start if following else root.end - 1


def _comma_after(text: str, start: int, stop: int) -> int | None:
    """The comma between two offsets, comments left aside."""
    gap = _COMMENTS.sub(lambda comment: " " * len(comment[0]), text[start:stop])
    place = gap.find(",")
    return start + place if place >= 0 else None


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """The same piece, with the line's indent, end and closing comment where nothing else stands on its lines."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    rest = _COMMENTS.sub("", text[end:line_end]) if line_end >= 0 else "?"
    if line_start and not text[line_start:start].strip() and not rest.strip():
        return line_start, line_end + 1, True
    spaces = len(text[end:]) - len(text[end:].lstrip(" "))
    return start, end + spaces, False


def _sentence(reading: Reading, fault: Fault) -> str:
    line, column = reading.locate(fault.offset)
    return f"line {line}, column {column}: {fault.message}." + (f" {fault.hint}" if fault.hint else "")
