"""Rules and limits as sentences."""

from typing import Any

import pytest

from approver.policy.limits import WINDOW_SECONDS
from approver.policy.match import OPERATORS
from approver.policy.rule_edits import SECTIONS, Entry
from approver.ui.rule_words import in_words, operator_words, section_words, window_words


def condition(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"path": f"args.{name}", "op": op, "value": value}


PATH = condition("path", "regex", "^/etc/")


@pytest.mark.parametrize(
    ("section", "value", "words"),
    [
        ("deny_if", {"conditions": [PATH]}, 'Deny when path matches "^/etc/"'),
        (
            "deny_if",
            {"conditions": [PATH, condition("a.b", "lt", 3)], "on_deny": "Not there."},
            'Deny when path matches "^/etc/" and a.b is less than 3 — “Not there.”',
        ),
        ("require", {"conditions": [condition("to", "in", ["x", 1])]}, 'Deny unless to is one of ["x", 1]'),
        ("require_approval", {"conditions": [], "reason": "Costs money."}, "Always ask — “Costs money.”"),
        ("deny_if", {"conditions": []}, "Always deny"),
        ("require", {"conditions": []}, "Needs nothing"),
        ("deny_if", {"conditions": [condition("x", "exists", True)]}, "Deny when x is given"),
        ("deny_if", {"conditions": [condition("x", "exists", False)]}, "Deny when x is not given"),
        ("deny_if", {"conditions": [condition("x", "eq", "a\u202eb")]}, 'Deny when x is "a⟨U+005C⟩u202eb"'),
        (
            "limits",
            {"counter": "calls", "window": "minute", "max": 10, "scope": "grant"},
            "At most 10 calls per minute (counter calls)",
        ),
        (
            "limits",
            {"counter": "eur", "window": "day", "max": 2.5, "scope": "server", "increment_from": "args.price"},
            "At most 2.5 of price per day, of all clients together (counter eur)",
        ),
        (
            "limits",
            {"counter": "c", "window": "hour", "max": 10, "scope": "grant", "increment": 3},
            "At most 10 per hour, each call counts 3 (counter c)",
        ),
    ],
)
def test_each_says_what_it_does(section: str, value: dict[str, Any], words: str) -> None:
    assert in_words(Entry(section, 0, value)) == words.replace("⟨U+005C⟩", "\\")


def test_every_word_of_the_format_has_words() -> None:
    assert len({operator_words(op) for op in OPERATORS}) == len(OPERATORS)
    assert len({section_words(section) for section in SECTIONS if section != "limits"}) == 3
    assert len({window_words(window) for window in WINDOW_SECONDS}) == 3
