"""Fields for arguments: each gives back the very value that it shows, and what none can show is JSON."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.approvals.argument_form import Field, Kind, Unreadable, first_value, form_of, read, text_of
from approver.differences import look_up, same

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**20, 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["a\u202eb", "x\r\ny", "⟨U+202E⟩", "␛", "\x1b[2J", "\ud800", "\t", "-0.0", "a\nb"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
SCHEMAS = st.sampled_from(["string", "integer", "number", "boolean", "array", "object", 7, None]).map(
    lambda kind: {"type": kind, "items": {"type": "string"}}
)


def leaves(field: Field) -> list[Field]:
    if field.kind is not Kind.GROUP:
        return [field]
    return [leaf for inner in field.fields for leaf in leaves(inner)]


@given(st.dictionaries(st.text(max_size=4), st.tuples(JSON, SCHEMAS), max_size=4))
@settings(max_examples=120)
def test_every_field_gives_back_the_very_value_that_it_shows(members) -> None:
    value = {key: member for key, (member, _) in members.items()}
    schema = {"properties": {key: inner for key, (_, inner) in members.items()}}
    for field in leaves(form_of(schema, value)):
        found = look_up(value, field.path)
        if field.kind in (Kind.SWITCH, Kind.CHOICE):
            continue
        try:
            assert same(read(field.kind, text_of(field.kind, found)), found)
        except Unreadable:
            assert field.kind is Kind.JSON
            assert "\\ud800" in json.dumps(found)


def kind_of(value: object, **schema: object) -> Kind:
    (field,) = form_of({"properties": {"x": schema}}, {"x": value}).fields
    return field.kind


@pytest.mark.parametrize(
    ("value", "schema", "kind"),
    [
        ("a", {"type": "string"}, Kind.LINE),
        ("a\nb", {}, Kind.TEXT),
        ("a" * 100, {}, Kind.TEXT),
        ("a\r\nb", {}, Kind.TEXT),
        (5, {"type": "integer"}, Kind.WHOLE),
        (5, {"type": "number"}, Kind.NUMBER),
        (10**30, {}, Kind.WHOLE),
        (-0.0, {}, Kind.NUMBER),
        (True, {}, Kind.SWITCH),
        ("a", {"enum": ["a", "b", None]}, Kind.CHOICE),
        ("c", {"enum": ["a", "b"]}, Kind.LINE),
        (1.0, {"enum": [1, 2]}, Kind.NUMBER),
        ("a", {"enum": ["a", {}]}, Kind.LINE),
        (["a", "b"], {}, Kind.LINES),
        (["a\nb"], {}, Kind.LINES),
        ([""], {}, Kind.JSON),
        ([1, 2.5], {}, Kind.NUMBERS),
        ([True], {}, Kind.JSON),
        ([], {"items": {"type": "string"}}, Kind.LINES),
        ([], {"items": {"type": "integer"}}, Kind.NUMBERS),
        ([], {}, Kind.JSON),
        ([1, "a"], {}, Kind.JSON),
        ([[1]], {}, Kind.JSON),
        (None, {}, Kind.JSON),
        ({"a": 1}, {}, Kind.GROUP),
        ("x", {"anyOf": [{"enum": ["x"]}, {"type": "null"}]}, Kind.CHOICE),
        ("x" * 200_000, {}, Kind.JSON),
    ],
)
def test_each_value_has_the_field_that_suits_it(value, schema, kind) -> None:
    assert kind_of(value, **schema) is kind


def test_hostile_text_is_shown_and_kept() -> None:
    text = "a\u202eb\u200b\x1b⟨U+202E⟩\n␛"
    shown = text_of(Kind.TEXT, text)
    assert shown == "a⟨U+202E⟩b⟨U+200B⟩⟨U+001B⟩⟨U+27E8⟩U+202E⟨U+27E9⟩\n⟨U+241B⟩"
    assert read(Kind.TEXT, shown) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.WHOLE, "1.5"),
        (Kind.WHOLE, "٣"),
        (Kind.WHOLE, "01"),
        (Kind.WHOLE, "9" * 500),
        (Kind.NUMBER, "1e999"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBERS, "1\nx"),
        (Kind.JSON, "{"),
        (Kind.JSON, '{"a":1,"a":2}'),
    ],
)
def test_what_is_no_value_of_its_kind_is_told(kind, text) -> None:
    with pytest.raises(Unreadable):
        read(kind, text)


def test_numbers_and_lists_are_read_as_they_are_written() -> None:
    assert [repr(read(Kind.NUMBER, text)) for text in ("1", "1.0", "-0.0", " 1e2 ")] == ["1", "1.0", "-0.0", "100.0"]
    assert (read(Kind.LINES, ""), read(Kind.NUMBERS, "")) == ([], [])
    assert read(Kind.NUMBERS, "1\n2.0") == [1, 2.0]


def test_groups_know_what_is_required_and_what_could_be_added() -> None:
    schema = {
        "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"description": "B it is."}, "c": {}},
        "required": ["b"],
        "$defs": {"A": {"title": "An A", "properties": {"x": {"type": "integer"}, "y": {"type": "string"}}}},
    }
    form = form_of(schema, {"b": "1", "a": {"x": 1}})
    first, second = form.fields
    assert (first.name, first.description, first.is_required) == ("b", "B it is.", True)
    assert (second.kind, second.description, second.is_required, second.absent) == (Kind.GROUP, "An A", False, ("y",))
    assert second.fields[0].path == ("a", "x")
    assert form.absent == ("c",)


def test_what_is_too_deep_or_too_many_is_json() -> None:
    assert leaves(form_of({}, {"a": {"b": {"c": {"d": 1}}}}))[0].path == ("a", "b", "c")
    assert form_of({}, {f"k{n}": n for n in range(100)}).kind is Kind.JSON


@pytest.mark.parametrize("schema", [{"$ref": "#/a"}, {"$ref": "#"}, {"properties": 7, "required": 8}, {"anyOf": [7]}])
def test_a_faulty_schema_is_none(schema) -> None:
    assert form_of({**schema, "a": {"$ref": "#/a"}}, {"x": 1}).fields[0].kind is Kind.WHOLE
    assert form_of({"properties": {"x": schema}, "a": {"$ref": "#/a"}}, {"x": 1}).fields[0].kind is Kind.WHOLE


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"default": 7, "type": "string"}, 7),
        ({"enum": ["a"]}, "a"),
        ({"type": "boolean"}, False),
        ({"type": ["string"]}, ""),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 0),
        (7, ""),
    ],
)
def test_what_is_added_begins_with_the_default_or_empty(schema, value) -> None:
    assert first_value({"properties": {"x": schema}}, ("x",)) == value
    assert first_value({"properties": 7}, ("x",)) == ""
