"""Arguments held against a stranger's schema: problems in words, and no schema that can do harm."""

import pytest

from approver.approvals import schema_check
from approver.approvals.schema_check import MOST_PROBLEMS, Checked, check


def plain(context: str, text: str) -> str:
    return text


def problems(schema: object, arguments: object) -> list[tuple[str, str]]:
    checked = check(schema, arguments, plain)
    assert checked.not_checked == ""
    return [(problem.pointer, problem.message) for problem in checked.problems]


def of(name: str, **schema: object) -> dict[str, object]:
    return {"properties": {name: schema}}


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"type": "integer"}, "5", "must be a whole number"),
        ({"type": ["string", "null"]}, 5, "must be text or null"),
        ({"type": "integer"}, True, "must be a whole number"),
        ({"enum": ["a", 1]}, "b", 'must be one of "a", 1'),
        ({"enum": list(range(20))}, "b", "must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"),
        ({"const": "a"}, "b", 'must be "a"'),
        ({"minimum": 3}, 2, "must be at least 3"),
        ({"exclusiveMaximum": 3}, 3, "must be less than 3"),
        ({"minLength": 2}, "a", "must have at least 2 characters"),
        ({"maxItems": 1}, [1, 2], "must have at most 1 elements"),
        ({"pattern": "^a+$"}, "b", 'does not match the pattern "^a+$"'),
        ({"uniqueItems": True}, [{"a": 1}, {"a": 1}], "has an element twice"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "fits none of the forms that the tool takes"),
        ({"not": {}}, 1, "does not fit what the tool takes (not)"),
    ],
)
def test_what_does_not_fit_is_told_in_words(schema, value, sentence) -> None:
    assert problems(of("x", **schema), {"x": value}) == [("/x", sentence)]


def test_what_is_missing_or_unknown_is_named() -> None:
    schema = {"required": ["a"], "additionalProperties": False, "patternProperties": {"^x-": {"type": "string"}}}
    assert problems(schema, {"b/c": 1, "x-y": 2}) == [
        ("/a", "is missing"),
        ("/b~1c", "is not known to the tool"),
        ("/x-y", "must be text"),
    ]
    assert problems({"additionalProperties": {"type": "string"}}, {"a": 1}) == [("/a", "must be text")]
    assert problems({"required": ["a"], "additionalProperties": False, "patternProperties": {}}, [1]) == []


def test_what_fits_has_no_problems() -> None:
    schema = {"$defs": {"n": {"type": "integer"}}, **of("x", items={"$ref": "#/$defs/n"}), "uniqueItems": True}
    assert problems(schema, {"x": [1, 2]}) == []
    assert check({}, {"anything": 1}, plain) == Checked()
    assert problems({"$schema": "http://json-schema.org/draft-07/schema#", "required": ["q"]}, {}) == [
        ("/q", "is missing")
    ]


def test_a_pattern_takes_linear_time_or_is_left_out_and_told() -> None:
    assert problems(of("x", pattern="^(a+)+$"), {"x": "a" * 50_000 + "b"}) == [
        ("/x", 'does not match the pattern "^(a+)+$"')
    ]
    checked = check({**of("x", pattern="(?=a)b"), "patternProperties": {7: {}}}, {"x": "c"}, plain)
    assert checked.problems == ()
    assert checked.not_checked == 'Not checked, of the server\'s description: pattern "(?=a)b", pattern 7.'
    assert "unevaluated" in check({"unevaluatedProperties": False}, {"x": 1}, plain).not_checked


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://169.254.169.254/schema"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
        {"type": 7},
        {"properties": [1]},
        {"properties": {"x": {"multipleOf": 0}}},
        {"allOf": 3},
    ],
)
def test_a_faulty_schema_fetches_nothing_and_is_told(schema, monkeypatch) -> None:
    def fetched(*_: object, **__: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("urllib.request.urlopen", fetched)
    checked = check(schema, {"x": 1}, plain)
    assert checked.problems == ()
    assert "faulty" in checked.not_checked


def test_a_schema_that_wants_too_many_steps_is_given_up() -> None:
    doubling = {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
    costly = {"$defs": {**doubling, "a40": {"type": "string"}}, "$ref": "#/$defs/a0"}
    assert "too large" in check(costly, {}, plain).not_checked
    assert "too large" in check({"enum": ["x" * schema_check.LARGEST_SCHEMA]}, {}, plain).not_checked


def test_only_so_many_problems_are_told() -> None:
    schema_check.warm_up()
    many = {f"k{n}": n for n in range(MOST_PROBLEMS + 10)}
    assert len(problems({"additionalProperties": {"type": "string"}}, many)) == MOST_PROBLEMS
