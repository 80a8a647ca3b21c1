"""Which field suits which argument: a tool's JSON Schema and the arguments go in, a tree of `Field`s comes out. Pure.

A field shows a value as text and reads that text back. It is only offered where that gives the very same value again:
whatever no field can show so, by its kind or its depth, is left to be edited as JSON. In texts, what cannot be seen
stands as marks (`approver.visible`), which are read back as what they stand for.
"""

import enum
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approver.differences import Path, same
from approver.policy.positions import DIGIT_LIMIT
from approver.policy.positions import read as read_json
from approver.visible import escape_json, make_editable, without_marks

DEEPEST = 3
"""How far objects in objects have fields of their own."""
MOST_FIELDS = 60
"""Members of one object that have fields; of a larger one all is JSON."""
LONGEST_LINE = 80
LONGEST_TEXT = 100_000
MOST_CHOICES = 100
MOST_REFERENCES = 8
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Kind(enum.Enum):
    """How a value is edited."""

    LINE = "line"
    TEXT = "text"
    """Text over several lines."""
    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    LINES = "lines"
    """A list of texts, one a line."""
    NUMBERS = "numbers"
    """A list of numbers, one a line."""
    GROUP = "group"
    """An object whose members have fields."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Field:
    """One argument, or an object of them."""

    path: Path
    kind: Kind
    description: str = ""
    is_required: bool = False
    choices: tuple[Any, ...] = ()
    fields: tuple["Field", ...] = ()
    """Of a group: its members, in the order they were sent."""
    absent: tuple[str, ...] = ()
    """Of a group: what the tool knows besides."""

    @property
    def name(self) -> str:
        """The key that it stands under."""
        return str(self.path[-1]) if self.path else ""


class Unreadable(ValueError):
    """The text in a field is no value of its kind; `kind` says which that would be."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.value)
        self.kind = kind


def form_of(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Field:
    """The fields for a call's arguments; the outermost is a group, or JSON where there are too many."""
    return _field((), schema, schema, value, required=False)


def text_of(kind: Kind, value: Any) -> str:
    """How the value stands in its field."""
    if kind in (Kind.LINE, Kind.TEXT):
        return make_editable(value, newlines=kind is Kind.TEXT)
    if kind is Kind.LINES:
        return "\n".join(make_editable(item) for item in value)
    if kind is Kind.NUMBERS:
        return "\n".join(json.dumps(item) for item in value)
    if kind in (Kind.WHOLE, Kind.NUMBER):
        return json.dumps(value)
    return as_json(value)


def read(kind: Kind, text: str) -> Any:
    """The value that stands in a field. Raises `Unreadable`."""
    if kind in (Kind.LINE, Kind.TEXT):
        return without_marks(text)
    if kind is Kind.LINES:
        return [without_marks(line) for line in text.split("\n")] if text else []
    if kind is Kind.NUMBERS:
        return [_number(line, _NUMBER, kind) for line in text.split("\n")] if text else []
    if kind in (Kind.WHOLE, Kind.NUMBER):
        return _number(text, _WHOLE if kind is Kind.WHOLE else _NUMBER, kind)
    reading = read_json(text)
    if reading.root is None or reading.duplicates or reading.odd:
        raise Unreadable(Kind.JSON)
    return reading.root.value


def as_json(value: Any) -> str:
    """A value as JSON over several lines, with escapes for what cannot be seen."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=2))


def first_value(schema: Mapping[str, Any], path: Path) -> Any:
    """What an argument begins with that is put in: the default that the tool names, or something empty."""
    inner: Any = schema
    for step in path:
        members = _resolved(inner, schema).get("properties")
        inner = members.get(step, {}) if isinstance(members, Mapping) else {}
    inner = _resolved(inner, schema)
    if "default" in inner:
        return inner["default"]
    if isinstance(choices := inner.get("enum"), list) and choices:
        return choices[0]
    empty: dict[str, Any] = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}, "null": None}
    kind = inner.get("type")
    return empty.get(kind, "") if isinstance(kind, str) else ""


def _number(text: str, shape: re.Pattern[str], kind: Kind) -> Any:
    text = text.strip()
    if not shape.fullmatch(text) or len(text) > DIGIT_LIMIT:
        raise Unreadable(kind)
    value = json.loads(text)
    if value in (float("inf"), float("-inf")):
        raise Unreadable(kind)
    return value


# -- choosing ----------------------------------------------------------------------------------------------------------


def _field(path: Path, schema: Any, whole: Mapping[str, Any], value: Any, *, required: bool) -> Field:
    inner = _resolved(schema, whole)
    said = inner.get("description") or inner.get("title")
    description = said if isinstance(said, str) else ""
    if isinstance(value, Mapping) and len(path) < DEEPEST and len(value) <= MOST_FIELDS:
        return _group(path, inner, whole, value, description, required)
    if choices := _choices(inner, value):
        return Field(path, Kind.CHOICE, description, required, choices)
    kind = _kind(inner, value)
    return Field(path, kind if _comes_back(kind, value) else Kind.JSON, description, required)


def _group(
    path: Path, schema: Mapping[str, Any], whole: Mapping[str, Any], value: Mapping[str, Any], said: str, required: bool
) -> Field:
    known = schema.get("properties")
    known = known if isinstance(known, Mapping) else {}
    names = schema.get("required")
    needed = names if isinstance(names, list) else []
    fields = [
        _field((*path, key), known.get(key, {}), whole, member, required=key in needed) for key, member in value.items()
    ]
    absent = tuple(key for key in list(known)[:MOST_FIELDS] if key not in value)
    return Field(path, Kind.GROUP, said, required, (), tuple(fields), absent)


def _resolved(schema: Any, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, behind references within the same text, and behind «or null»."""
    for _ in range(MOST_REFERENCES):
        if not isinstance(schema, Mapping):
            return {}
        reference, forms = schema.get("$ref"), schema.get("anyOf")
        if isinstance(reference, str) and reference.startswith("#/"):
            schema = _at(whole, reference)
        elif isinstance(forms, list) and len(real := [one for one in forms if one != {"type": "null"}]) == 1:
            schema = {**schema, "anyOf": None, **(real[0] if isinstance(real[0], Mapping) else {})}
        else:
            return schema
    return {}


def _at(whole: Any, reference: str) -> Any:
    for piece in reference.split("/")[1:]:
        key = piece.replace("~1", "/").replace("~0", "~")
        whole = whole.get(key) if isinstance(whole, Mapping) else None
    return whole


def _choices(schema: Mapping[str, Any], value: Any) -> tuple[Any, ...]:
    choices = schema.get("enum")
    if not isinstance(choices, list) or not 0 < len(choices) <= MOST_CHOICES:
        return ()
    plain = all(choice is None or isinstance(choice, str | int | float) for choice in choices)
    return tuple(choices) if plain and any(same(choice, value) for choice in choices) else ()


def _kind(schema: Mapping[str, Any], value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.SWITCH
    if isinstance(value, int):
        return Kind.NUMBER if schema.get("type") == "number" else Kind.WHOLE
    if isinstance(value, float):
        return Kind.NUMBER
    if isinstance(value, str):
        return Kind.TEXT if "\n" in value or len(value) > LONGEST_LINE else Kind.LINE
    if isinstance(value, list):
        return _list_kind(schema, value)
    return Kind.JSON


def _list_kind(schema: Mapping[str, Any], value: list[Any]) -> Kind:
    items = schema.get("items")
    kind = items.get("type") if isinstance(items, Mapping) else None
    if value and all(isinstance(item, str) for item in value):
        return Kind.LINES
    if value and all(isinstance(item, int | float) and not isinstance(item, bool) for item in value):
        return Kind.NUMBERS
    if not value and kind in ("string", "integer", "number"):
        return Kind.LINES if kind == "string" else Kind.NUMBERS
    return Kind.JSON


def _comes_back(kind: Kind, value: Any) -> bool:
    if kind is Kind.SWITCH:
        return True
    try:
        text = text_of(kind, value)
        return len(text) <= LONGEST_TEXT and same(read(kind, text), value)
    except (ValueError, RecursionError):
        return False
