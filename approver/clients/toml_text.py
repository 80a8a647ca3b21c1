"""A client's TOML file as text that can be changed in places: comments, order and all else stay as they are.

Text goes in; a `TomlText` comes out that knows where each server's statements stand and makes new texts.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approver.clients.json_text import NotReadable
from approver.clients.toml_places import NoStatement, Statement, statements

_BLANK_LINES = re.compile(r"(?<=\n)(?:[ \t]*\r?\n)+\Z")
"""Before a table that goes: they set it apart."""
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass(frozen=True, slots=True)
class TomlText:
    """One text, what it says, and where its statements stand."""

    text: str
    value: dict[str, Any]
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, text: str) -> "TomlText":
        """Read a text. Raises `NotReadable`."""
        try:
            value = tomllib.loads(text)
            return cls(text, value, statements(text))
        except tomllib.TOMLDecodeError as fault:
            raise NotReadable(f"not TOML: {fault}.") from fault
        except (NoStatement, RecursionError) as fault:
            raise NotReadable("it is written in a way that Approver cannot change safely.") from fault

    def extent(self, path: tuple[str, ...]) -> tuple[int, int] | None:
        """Where everything about a server stands, if it stands together; None otherwise."""
        inline = self._pair(path)
        if inline is not None:
            return inline.value_start, inline.value_end
        numbers = [number for number, one in enumerate(self.statements) if one.path[: len(path)] == path]
        if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
            return None
        return self.statements[numbers[0]].start, self.statements[numbers[-1]].end

    def with_members(self, path: tuple[str, ...], members: Mapping[str, Any]) -> str:
        """Set members of the table at the path; those that are None are taken away. Everything else stays."""
        inline = self._pair(path)
        if inline is not None:
            return self._with_inline(inline, path, members)
        text = self
        for key, value in sorted(members.items(), key=lambda member: member[1] is None):
            text = TomlText.of(text._without((*path, key)) if value is None else text._with(path, key, value))
        return text.text

    def with_all(self, changes: Mapping[tuple[str, ...], Mapping[str, Any]]) -> str:
        """Set members of several tables."""
        text = self
        for path, members in changes.items():
            text = TomlText.of(text.with_members(path, members))
        return text.text

    def _pair(self, path: tuple[str, ...]) -> Statement | None:
        return next((one for one in self.statements if one.path == path and not one.is_header), None)

    def _with_inline(self, inline: Statement, path: tuple[str, ...], members: Mapping[str, Any]) -> str:
        table: Any = self.value
        for key in path:
            table = table[key]
        merged = {key: value for key, value in {**table, **members}.items() if value is not None}
        return self.text[: inline.value_start] + dump(merged) + self.text[inline.value_end :]

    def _with(self, path: tuple[str, ...], key: str, value: Any) -> str:
        pair = self._pair((*path, key))
        if pair is not None:
            return self.text[: pair.value_start] + dump(value) + self.text[pair.value_end :]
        if any(one.path[: len(path) + 1] == (*path, key) for one in self.statements):  # a table of its own
            return TomlText.of(self._without((*path, key)))._with(path, key, value)
        own = [one for one in self.statements if one.path[:-1] == path and not one.is_header]
        header = next((one for one in self.statements if one.path == path and one.is_header), None)
        after = own[-1] if own else header
        if after is None:
            raise NotReadable(f"{'.'.join(path)} is written in a way that Approver cannot change safely.")
        prefix = self._prefix_of(after, path) if own else ""
        end = "" if self.text[: after.end].endswith("\n") else "\n"
        line = f"{end}{prefix}{_key(key)} = {dump(value)}{self._newline if not end else ''}"
        return self.text[: after.end] + line + self.text[after.end :]

    def _prefix_of(self, pair: Statement, path: tuple[str, ...]) -> str:
        """What stands before the last part of a key: its indent, and the table's name where pairs are dotted."""
        line_start = self.text.rfind("\n", 0, pair.start) + 1
        written = self.text[pair.start : pair.value_start].rpartition("=")[0].rstrip()
        last = _key(pair.path[-1])
        dotted = written.removesuffix(last) if written.endswith(last) else ""
        return self.text[line_start : pair.start] + dotted

    def _without(self, path: tuple[str, ...]) -> str:
        text = self.text
        for one in reversed([one for one in self.statements if one.path[: len(path)] == path]):
            before = text[: text.rfind("\n", 0, one.start) + 1]
            if one.is_header:
                before = _BLANK_LINES.sub("", before)
            text = before + text[one.end :]
        return text

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


def dump(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)} = {dump(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(dump, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return str(value)  # dates and times, which write themselves as TOML does


def _key(key: str) -> str:
    return key if key and _BARE.issuperset(key) else dump(key)
