"""A policy as a table: one row a tool or glob, with what becomes of its calls in one word; and back into the text.

    policy, names of tools ──rows──> ToolRow…        text, key, new word or limit ──set_kind, set_limit──> TextEdit…

What no word says is `CUSTOM`: it is shown, and edited as text. An edit leaves the rest of the text as it was written.
"""

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from approver.policy.edits import TextEdit, put, remove
from approver.policy.globs import closest_first, is_glob
from approver.policy.positions import read
from approver.policy.rules import Policy

_LIMIT = re.compile(r"\s*(\d{1,15})\s*(?:/|\bper\b|\ban?\b)?\s*(minute|hour|day)s?\s*", re.IGNORECASE)
_ALWAYS: list[dict[str, Any]] = [{"conditions": []}]
_COUNTER = "calls"


class Kind(enum.Enum):
    """What becomes of a tool's calls."""

    UNLISTED = "unlisted"
    """No key of its own: a glob or the default says it."""
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"
    HIDE = "hide"
    CUSTOM = "custom"
    """Rules that no single word says."""


_RULES: dict[Kind, dict[str, Any]] = {
    Kind.ALLOW: {},
    Kind.ASK: {"require_approval": _ALWAYS},
    Kind.DENY: {"deny_if": _ALWAYS},
}


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool, or one glob."""

    key: str
    kind: Kind
    matches: int | None = None
    """For a glob: how many of the known tools it decides about."""
    by: str = ""
    """The glob that decides about an unlisted or hidden tool; empty: the default, or its own name."""
    limit: tuple[int, str] | None = None
    """At most so many calls a window, for each grant."""
    has_other_limits: bool = False
    """Limits that are more than a number of calls a window."""


def rows(policy: Policy, tools: Iterable[str]) -> tuple[ToolRow, ...]:
    """The keys as they are written, then what is hidden, then the other tools.

    A tool with a star in its name has no row: as a key it would be a glob, and its server chose that name.
    """
    tools = tuple(tools)
    keys = dict.fromkeys([*policy.tools, *policy.document.get("hide", ())])
    others = [tool for tool in tools if tool not in keys and not is_glob(tool)]
    return tuple(_row(policy, key, tools) for key in [*keys, *others])


def set_kind(text: str, key: str, kind: Kind) -> tuple[TextEdit, ...]:
    """What to change in a valid policy's text, one after the other, so that the word holds. Limits stay."""
    if kind is Kind.HIDE:
        hidden = _document(text).get("hide", [])
        return () if key in hidden else tuple(_one(put(read(text), ("hide",), [*hidden, key])))
    edits = tuple(_unhide(text, key))
    for edit in edits:
        text = edit.applied(text)
    if kind is Kind.UNLISTED:
        return (*edits, *_one(remove(read(text), ("tools", key))))
    if kind is Kind.CUSTOM:
        return edits
    limits = _document(text).get("tools", {}).get(key, {}).get("limits")
    rules = _RULES[kind] | ({"limits": limits} if limits else {})
    return (*edits, *_one(put(read(text), ("tools", key), rules)))


def set_limit(text: str, key: str, limit: tuple[int, str] | None) -> tuple[TextEdit, ...]:
    """What to change in a valid policy's text so that the key has this limit on calls, and no other."""
    if limit is None:
        return tuple(_one(remove(read(text), ("tools", key, "limits"))))
    most, window = limit
    entry = {"counter": _COUNTER, "window": window, "max": most, "scope": "grant"}
    return tuple(_one(put(read(text), ("tools", key, "limits"), [entry])))


def parse_limit(words: str) -> tuple[int, str] | None:
    """A limit as a person writes it: `10 per minute`, `10/hour`, `3 a day`. None for anything else."""
    found = _LIMIT.fullmatch(words)
    return (int(found[1]), found[2].lower()) if found else None


def _row(policy: Policy, key: str, tools: tuple[str, ...]) -> ToolRow:
    document = policy.document
    hidden, rules = document.get("hide", ()), document.get("tools", {}).get(key)
    limit, has_other = _limit(rules or {})
    kind, by = Kind.UNLISTED, ""
    hidden_by = "" if key in hidden or is_glob(key) else _closest(filter(is_glob, hidden), key)
    if key in hidden or hidden_by:
        kind, by = Kind.HIDE, hidden_by
    elif rules is not None:
        kind = _kind(rules)
    else:
        by = next((glob.text for glob in policy.globs if glob.matches(key)), "")
    matches = sum(_closest(_deciding(policy, tool, key), tool) == key for tool in tools) if is_glob(key) else None
    return ToolRow(key, kind, matches, by, limit, has_other)


def _deciding(policy: Policy, tool: str, key: str) -> Iterable[str]:
    """The globs among which one decides about the tool; those of `hide` where it is about what `hide` says."""
    hidden = [name for name in policy.document.get("hide", ()) if is_glob(name)]
    if key in hidden:
        return () if tool in policy.document["hide"] else hidden
    return () if tool in policy.tools or policy.hides(tool) else [glob.text for glob in policy.globs]


def _closest(globs: Iterable[str], name: str) -> str:
    return next((glob.text for glob in closest_first(globs) if glob.matches(name)), "")


def _kind(rules: dict[str, Any]) -> Kind:
    said = {name: value for name, value in rules.items() if name != "limits" and value}
    if not said:
        return Kind.ALLOW
    if len(said) == 1:
        ((name, listed),) = said.items()
        if len(listed) == 1 and listed[0]["conditions"] == []:
            return {"require_approval": Kind.ASK, "deny_if": Kind.DENY}.get(name, Kind.CUSTOM)
    return Kind.CUSTOM


def _limit(rules: dict[str, Any]) -> tuple[tuple[int, str] | None, bool]:
    limits = rules.get("limits") or []
    if not limits:
        return None, False
    first = limits[0]
    is_plain = len(limits) == 1 and first["scope"] == "grant" and not {"increment", "increment_from"} & first.keys()
    if is_plain and isinstance(first["max"], int):
        return (first["max"], first["window"]), False
    return None, True


def _unhide(text: str, key: str) -> Iterator[TextEdit]:
    hidden = _document(text).get("hide", [])
    if key in hidden:
        rest = [name for name in hidden if name != key]
        yield from _one(put(read(text), ("hide",), rest) if rest else remove(read(text), ("hide",)))


def _one(edit: TextEdit | None) -> Iterator[TextEdit]:
    if edit is not None:
        yield edit


def _document(text: str) -> dict[str, Any]:
    root = read(text).root
    found: dict[str, Any] = root.value if root is not None else {}
    return found
