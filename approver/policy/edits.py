"""Small changes to a policy's text that leave the rest of it as the person wrote it.

A reading and a path of keys go in; a `TextEdit` comes out: which piece of the text to replace with what. Spaces, order
and everything else outside that piece stay.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from approver.policy.positions import Member, Node, Reading

_INDENT = "  "
_LINE_START = re.compile(r"(?:^|(?<=\n))[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace what stands from `start` to `end`."""

    start: int
    end: int
    text: str

    def applied(self, text: str) -> str:
        """The whole text after it."""
        return text[: self.start] + self.text + text[self.end :]


def put(reading: Reading, path: tuple[str, ...], value: Any) -> TextEdit | None:
    """Set the member at the path, with all objects on the way. None where the text has no place for it."""
    node = reading.root
    if node is None:
        return None
    for depth, key in enumerate(path):
        if not isinstance(node.value, dict):
            return None
        member = _member(node, key)
        if member is None:
            for missing in reversed(path[depth + 1 :]):
                value = {missing: value}
            return _insert(reading.text, node, key, value)
        node = member.node
    return TextEdit(node.start, node.end, _dump(value))


def remove(reading: Reading, path: tuple[str, ...]) -> TextEdit | None:
    """Take the member at the path away. None where there is none."""
    node = _at(reading, path[:-1])
    member = _member(node, path[-1])
    if node is None or member is None:
        return None
    number = node.members.index(member)
    if number > 0:  # with the comma before it
        return TextEdit(node.members[number - 1].node.end, member.node.end, "")
    if len(node.members) > 1:  # with the comma after it
        return TextEdit(member.start, node.members[1].start, "")
    return TextEdit(node.start, node.end, "{}")


def put_item(reading: Reading, path: tuple[str, ...], index: int, value: Any) -> TextEdit | None:
    """Set an item of the list at the path; with its length as index, add one. None where there is no such list."""
    node = _at(reading, path)
    if node is None or not isinstance(node.value, list) or not 0 <= index <= len(node.items):
        return None
    if index < len(node.items):
        return TextEdit(node.items[index].start, node.items[index].end, _dump(value))
    if not node.items:
        return TextEdit(node.start, node.end, f"[{_dump(value)}]")
    last = node.items[-1]
    own_line = _LINE_START.search(reading.text, 0, last.start)
    between = f",\n{own_line.group()}" if own_line else ", "
    return TextEdit(last.end, last.end, between + _dump(value))


def remove_item(reading: Reading, path: tuple[str, ...], index: int) -> TextEdit | None:
    """Take an item of the list at the path away. None where there is none."""
    node = _at(reading, path)
    if node is None or not 0 <= index < len(node.items):
        return None
    if index > 0:  # with the comma before it
        return TextEdit(node.items[index - 1].end, node.items[index].end, "")
    if len(node.items) > 1:  # with the comma after it
        return TextEdit(node.items[0].start, node.items[1].start, "")
    return TextEdit(node.start, node.end, "[]")


def _at(reading: Reading, path: tuple[str, ...]) -> Node | None:
    node = reading.root
    for key in path:
        found = _member(node, key)
        node = found.node if found is not None else None
    return node


def _member(node: Node | None, key: str) -> Member | None:
    members = node.members if node is not None else ()
    return next((member for member in reversed(members) if member.key == key), None)


def _insert(text: str, node: Node, key: str, value: Any) -> TextEdit:
    written = f"{_dump(key)}: {_dump(value)}"
    if not node.members:
        indent = _indent_of_line(text, node.start)
        return TextEdit(node.start, node.end, f"{{\n{indent}{_INDENT}{written}\n{indent}}}")
    last = node.members[-1]
    own_line = _LINE_START.search(text, 0, last.start)
    between = f",\n{own_line.group()}" if own_line else ", "
    return TextEdit(last.node.end, last.node.end, between + written)


def _indent_of_line(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
