"""The single rules and limits of a tool: read out of a policy one by one, and written back into its text one by one.

    policy, key ──entries──> Entry…        text, key, section, object ──add, change, take_away──> TextEdit…

A tool that has no key of its own gets one first, with what decided about it until then: a glob's rules, or the question
that the default asks. So a rule that is added never lets through what was held up before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from approver.policy.edits import TextEdit, put, put_item, remove, remove_item
from approver.policy.globs import is_glob
from approver.policy.positions import read
from approver.policy.rules import Default, Policy

SECTIONS = ("require", "deny_if", "require_approval", "limits")
"""In the order in which they are evaluated, as far as their own order goes."""
ALWAYS: dict[str, Any] = {"conditions": []}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule or limit, as it is written."""

    section: str
    """One of `SECTIONS`."""
    index: int
    """Its place in the section."""
    value: dict[str, Any]


def entries(policy: Policy, key: str) -> tuple[Entry, ...]:
    """What stands under a key; nothing where it is not listed."""
    rules = policy.document.get("tools", {}).get(key, {})
    return tuple(
        Entry(section, index, value) for section in SECTIONS for index, value in enumerate(rules.get(section) or ())
    )


def starting_rules(policy: Policy, tool: str) -> dict[str, Any]:
    """What a tool's own key has to say at first so that nothing changes, where it has none.

    What the default denies can't be said that way: its key would begin with nothing, which allows.
    """
    tools: dict[str, Any] = policy.document.get("tools", {})
    glob = None if is_glob(tool) else next((glob.text for glob in policy.globs if glob.matches(tool)), None)
    if glob is not None:
        return dict(tools[glob])
    if policy.default is Default.REQUIRE_APPROVAL and not is_glob(tool):
        return {"require_approval": [ALWAYS]}
    return {}


def add(text: str, policy: Policy, key: str, section: str, value: dict[str, Any]) -> tuple[TextEdit, ...]:
    """What to change in a valid policy's text, one after the other, so that the key has this rule or limit as well."""
    if key in policy.document.get("tools", {}):
        return tuple(_append(text, key, section, value))
    rules = starting_rules(policy, key)
    rules[section] = [*rules.get(section, ()), value]
    return tuple(_present(put(read(text), ("tools", key), rules)))


def change(text: str, key: str, entry: Entry, value: dict[str, Any], section: str = "") -> tuple[TextEdit, ...]:
    """What to change so that the entry says `value`, in another section where one is given. The others stay."""
    if not section or section == entry.section:
        return tuple(_present(put_item(read(text), ("tools", key, entry.section), entry.index, value)))
    away = take_away(text, key, entry)
    return (*away, *_append(_after(text, away), key, section, value))


def take_away(text: str, key: str, entry: Entry) -> tuple[TextEdit, ...]:
    """What to change so that the entry is gone. The last of a section takes the section with it."""
    path = ("tools", key, entry.section)
    present = _value_at(text, path)
    if isinstance(present, list) and len(present) == 1:
        return tuple(_present(remove(read(text), path)))
    return tuple(_present(remove_item(read(text), path, entry.index)))


def _append(text: str, key: str, section: str, value: dict[str, Any]) -> Iterator[TextEdit]:
    path = ("tools", key, section)
    present = _value_at(text, path)
    if isinstance(present, list):
        return _present(put_item(read(text), path, len(present), value))
    return _present(put(read(text), path, [value]))


def _after(text: str, edits: tuple[TextEdit, ...]) -> str:
    for edit in edits:
        text = edit.applied(text)
    return text


def _present(edit: TextEdit | None) -> Iterator[TextEdit]:
    if edit is not None:
        yield edit


def _value_at(text: str, path: tuple[str, ...]) -> Any:
    root = read(text).root
    found = root.value if root is not None else None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found
