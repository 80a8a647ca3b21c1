"""Rules to begin with, and counts that are what the policy itself decides."""

import pytest

from approver.first_run.start_rules import Preview, StartRules, is_marked_safe, policy_for, preview
from approver.policy.document import policy_from_object

TOOLS = ("read_file", "list_jobs", "write_file", "delete_all", "mystery")


def test_tools_whose_names_say_that_they_only_read_run_and_the_others_ask() -> None:
    document = policy_for(StartRules.ASK, TOOLS)
    assert document["tools"] == {"list_jobs": {}, "read_file": {}}
    assert preview(document, TOOLS) == Preview(run=2, ask=3)
    assert preview(document, ["never_seen"]) == Preview(ask=1)


def test_watching_lets_everything_run_and_says_until_when() -> None:
    document = policy_for(StartRules.WATCH, TOOLS, "2026-11-29")
    assert preview(document, TOOLS) == Preview(run=5)
    assert "until 2026-11-29" in document["description"]


def test_what_a_policy_denies_is_counted_as_blocked() -> None:
    document = {"version": "1", "default": "deny", "tools": {"read_file": {}}}
    assert preview(document, TOOLS) == Preview(run=1, blocked=4)
    limited = {"version": "1", "default": "allow", "all_tools": {"limits": [
        {"counter": "c", "window": "hour", "max": 0, "scope": "grant"}]}}  # fmt: skip
    assert preview(limited, TOOLS) == Preview(blocked=5)


@pytest.mark.parametrize("tools", [(), TOOLS, ("*", "read_*", "")])
def test_whatever_tools_a_server_has_the_policy_loads(tools: tuple[str, ...]) -> None:
    for rules in StartRules:
        policy_from_object(policy_for(rules, tools, "2026-11-29"))


def test_a_name_with_a_star_is_never_safe_for_it_would_match_others() -> None:
    assert is_marked_safe("read_file") and not is_marked_safe("read_*")
    assert not is_marked_safe("mystery")


def test_counts_add_up() -> None:
    assert Preview(1, 2, 3).plus(Preview(4, 5, 6)) == Preview(5, 7, 9)
