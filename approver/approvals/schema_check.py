"""Holds edited arguments against the tool's own JSON Schema: both go in, problems in words come out. Pure.

The schema is a stranger's. Nothing it refers to is fetched, its patterns are searched by RE2 or not at all, and what
takes too many steps, or is no schema after all, is given up: then the person is told that it was not checked.
"""

import functools
import importlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from approver.approvals.presentation import Translate
from approver.differences import pointer
from approver.policy.match import OperandWrong, compile_test
from approver.policy.problems import Problem
from approver.policy.wording import quote

MOST_STEPS = 10_000
MOST_PROBLEMS = 50
LARGEST_SCHEMA = 256 * 1024
"""Characters of JSON."""

_steps: ContextVar[int] = ContextVar("steps")
_skipped: ContextVar[set[str]] = ContextVar("skipped")

Keyword = Callable[[Any, Any, Any, Any], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it."""

    problems: tuple[Problem, ...] = ()
    not_checked: str = ""
    """A sentence about what of the schema was left out; empty where all of it was heeded."""


class _TooCostly(Exception):
    """The schema wants more steps than anybody would wait for."""


def check(schema: Mapping[str, Any], arguments: Any, translate: Translate) -> Checked:
    """Hold the arguments against the schema. Never raises, whatever the schema is."""
    if not schema:
        return Checked()
    _steps.set(0)
    _skipped.set(set())
    problems: list[Problem] = []
    try:
        if len(json.dumps(schema)) > LARGEST_SCHEMA:
            raise _TooCostly
        for error in _validator(schema).iter_errors(arguments):
            problems.append(_problem(error, translate))
            if len(problems) == MOST_PROBLEMS:
                break
    except _TooCostly:
        return Checked((), translate("SchemaCheck", "What the server says of the arguments is too large to check by."))
    except Exception:  # a stranger's text drives the library: whatever it stumbles over, the person is told
        return Checked((), translate("SchemaCheck", "What the server says of the arguments is faulty: not checked."))
    return Checked(tuple(problems), _left_out(translate))


def _left_out(translate: Translate) -> str:
    if not (skipped := _skipped.get()):
        return ""
    text = translate("SchemaCheck", "Not checked, of the server's description: {rules}.")
    return text.format(rules=", ".join(sorted(skipped)))


@functools.cache
def warm_up() -> None:
    """Import the library in a thread, once: it takes a moment, and somebody may want it soon."""
    threading.Thread(target=_classes, name="schema library", daemon=True).start()


def _validator(schema: Mapping[str, Any]) -> Any:
    classes, registry = _classes()
    dialect = schema.get("$schema")
    is_old = isinstance(dialect, str) and "draft-0" in dialect
    return classes["old" if is_old else "new"](schema, registry=registry)


@functools.cache
def _classes() -> tuple[dict[str, Any], Any]:
    """The validators, and a registry that knows nothing and fetches nothing."""
    validators = importlib.import_module("jsonschema.validators")
    registry = importlib.import_module("referencing").Registry()
    bases = {"old": validators.Draft7Validator, "new": validators.Draft202012Validator}
    made = {}
    for name, base in bases.items():
        keywords = {**base.VALIDATORS, **_OWN_KEYWORDS}
        counted = {keyword: _counted(function) for keyword, function in keywords.items()}
        made[name] = validators.extend(base, counted)
    return made, registry


def _errors() -> ModuleType:
    return importlib.import_module("jsonschema.exceptions")


def _counted(function: Keyword) -> Keyword:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        steps = _steps.get() + 1
        _steps.set(steps)
        if steps > MOST_STEPS:
            raise _TooCostly
        return function(validator, value, instance, schema) or iter(())

    return counted


# -- keywords of our own -----------------------------------------------------------------------------------------------


def _search(pattern: Any) -> Callable[[str], bool | None]:
    """A search by RE2; one that it does not know is left out and told."""
    try:
        return compile_test("regex", pattern)
    except OperandWrong:
        _skipped.get().add(f"pattern {quote(pattern)}")
        return lambda text: None


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, str) and _search(pattern)(instance) is False:
        yield _errors().ValidationError("")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, Mapping):
        for pattern, inner in patterns.items():
            matches = _search(pattern)
            for key, value in instance.items():
                if matches(key):
                    yield from validator.descend(value, inner, path=key, schema_path=pattern)


def _additional(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if not isinstance(instance, Mapping):
        return
    patterns = [_search(pattern) for pattern in schema.get("patternProperties", {})]
    for key, value in instance.items():
        if key in schema.get("properties", {}) or any(matches(key) is not False for matches in patterns):
            continue
        if allowed is False:
            yield _errors().ValidationError("", path=[key])
        else:
            yield from validator.descend(value, allowed, path=key)


def _required(validator: Any, names: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, Mapping):
        for name in names:
            if name not in instance:
                yield _errors().ValidationError("", path=[name])


def _unique(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if wanted and isinstance(instance, list):
        written = [json.dumps(item, sort_keys=True) for item in instance]
        if len(set(written)) < len(written):
            yield _errors().ValidationError("")


def _unevaluated(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
    _skipped.get().add("unevaluatedProperties, unevaluatedItems")
    return iter(())


_OWN_KEYWORDS: dict[str, Keyword] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "required": _required,
    "uniqueItems": _unique,
    "unevaluatedProperties": _unevaluated,
    "unevaluatedItems": _unevaluated,
}


# -- words -------------------------------------------------------------------------------------------------------------


def _problem(error: Any, translate: Translate) -> Problem:
    return Problem(pointer(tuple(error.absolute_path)), _sentence(error.validator, error.validator_value, translate))


def _sentence(keyword: str, wanted: Any, translate: Translate) -> str:
    """What is wrong, by the keyword that says so."""
    if keyword == "type":
        return _type_sentence(wanted, translate)
    if keyword == "enum" and isinstance(wanted, list):
        text = translate("SchemaCheck", "must be one of {values}")
        return text.format(
            values=", ".join(quote(value) for value in wanted[:12]) + (", …" if len(wanted) > 12 else "")
        )
    templates = {
        "required": translate("SchemaCheck", "is missing"),
        "additionalProperties": translate("SchemaCheck", "is not known to the tool"),
        "const": translate("SchemaCheck", "must be {value}"),
        "minimum": translate("SchemaCheck", "must be at least {value}"),
        "maximum": translate("SchemaCheck", "must be at most {value}"),
        "exclusiveMinimum": translate("SchemaCheck", "must be more than {value}"),
        "exclusiveMaximum": translate("SchemaCheck", "must be less than {value}"),
        "multipleOf": translate("SchemaCheck", "must be a multiple of {value}"),
        "minLength": translate("SchemaCheck", "must have at least {value} characters"),
        "maxLength": translate("SchemaCheck", "must have at most {value} characters"),
        "minItems": translate("SchemaCheck", "must have at least {value} elements"),
        "maxItems": translate("SchemaCheck", "must have at most {value} elements"),
        "pattern": translate("SchemaCheck", "does not match the pattern {value}"),
        "uniqueItems": translate("SchemaCheck", "has an element twice"),
        "anyOf": translate("SchemaCheck", "fits none of the forms that the tool takes"),
        "oneOf": translate("SchemaCheck", "fits not exactly one of the forms that the tool takes"),
    }
    other = translate("SchemaCheck", "does not fit what the tool takes ({keyword})")
    return templates.get(keyword, other).format(value=quote(wanted), keyword=keyword)


def _type_sentence(wanted: Any, translate: Translate) -> str:
    words = {
        "string": translate("SchemaCheck", "text"),
        "integer": translate("SchemaCheck", "a whole number"),
        "number": translate("SchemaCheck", "a number"),
        "boolean": translate("SchemaCheck", "true or false"),
        "array": translate("SchemaCheck", "a list"),
        "object": translate("SchemaCheck", "an object"),
        "null": translate("SchemaCheck", "null"),
    }
    kinds = [words.get(kind, quote(kind)) for kind in (wanted if isinstance(wanted, list) else [wanted])]
    text = translate("SchemaCheck", "must be {kinds}")
    return text.format(kinds=translate("SchemaCheck", " or ").join(kinds))
