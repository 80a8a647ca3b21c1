"""Single rules and limits go into a policy's text and out of it, and the rest of the text stays as it was."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.model import Call, Caller, Decision
from approver.policy.decide import decide
from approver.policy.document import parse
from approver.policy.edits import TextEdit
from approver.policy.limits import Ledger
from approver.policy.rule_edits import ALWAYS, SECTIONS, Entry, add, change, entries, starting_rules, take_away

NOT_ETC = {"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc/"}], "on_deny": "Not there."}
HOURLY = {"counter": "calls", "window": "hour", "max": 5, "scope": "grant"}
TEXT = """{
  "version": "1", "default": "deny",
  "tools": {
    "save":  {
      "deny_if": [
        {"conditions": [], "on_deny": "Never."},
        {"conditions": [{"path": "args.a", "op": "eq", "value": 1.0}]}
      ],
      "limits": []
    },
    "read_*": {"require_approval": [{"conditions": []}],
               "limits": [{"counter": "c", "window": "day", "max": 1, "scope": "server"}]},
    "list": {}
  }
}
"""


def after(text: str, edits: tuple[TextEdit, ...]) -> str:
    for edit in edits:
        text = edit.applied(text)
    return text


def tools_of(text: str) -> dict[str, Any]:
    document = parse(text).document
    return document["tools"]


def test_a_keys_rules_and_limits_are_told_one_by_one_in_the_order_of_their_evaluation() -> None:
    found = entries(parse(TEXT), "save")
    assert [(entry.section, entry.index) for entry in found] == [("deny_if", 0), ("deny_if", 1)]
    assert found[0].value == {"conditions": [], "on_deny": "Never."}
    assert [entry.section for entry in entries(parse(TEXT), "read_*")] == ["require_approval", "limits"]
    assert entries(parse(TEXT), "list") == entries(parse(TEXT), "nowhere") == ()


def test_a_rule_is_added_behind_the_others_in_their_form() -> None:
    text = after(TEXT, add(TEXT, parse(TEXT), "save", "deny_if", NOT_ETC))
    assert text == TEXT.replace("1.0}]}\n", f"1.0}}]}},\n        {json.dumps(NOT_ETC)}\n")


def test_a_first_rule_makes_its_section() -> None:
    text = after(TEXT, add(TEXT, parse(TEXT), "list", "require", NOT_ETC))
    assert tools_of(text)["list"] == {"require": [NOT_ETC]}
    text = after(TEXT, add(TEXT, parse(TEXT), "save", "limits", HOURLY))
    assert text == TEXT.replace('"limits": []', f'"limits": [{json.dumps(HOURLY)}]')


def test_a_tool_without_a_key_of_its_own_takes_its_globs_rules_with_it() -> None:
    text = after(TEXT, add(TEXT, parse(TEXT), "read_file", "deny_if", NOT_ETC))
    tools = tools_of(text)
    assert tools["read_file"] == {**tools["read_*"], "deny_if": [NOT_ETC]}


def test_a_tool_that_the_default_asks_about_is_asked_about_beside_its_new_rule() -> None:
    text = TEXT.replace('"deny",', '"require_approval",')
    assert tools_of(after(text, add(text, parse(text), "new", "deny_if", NOT_ETC)))["new"] == {
        "require_approval": [ALWAYS],
        "deny_if": [NOT_ETC],
    }
    assert starting_rules(parse(text), "glob_*") == {}
    assert starting_rules(parse(TEXT), "new") == {}


def test_a_policy_without_tools_gets_them() -> None:
    text = '{"version": "1", "default": "allow"}'
    assert tools_of(after(text, add(text, parse(text), "a", "deny_if", NOT_ETC))) == {"a": {"deny_if": [NOT_ETC]}}


def test_an_entry_is_changed_in_its_place() -> None:
    entry = entries(parse(TEXT), "save")[1]
    text = after(TEXT, change(TEXT, "save", entry, NOT_ETC))
    assert text == TEXT.replace('{"conditions": [{"path": "args.a", "op": "eq", "value": 1.0}]}', json.dumps(NOT_ETC))
    assert after(TEXT, change(TEXT, "save", entry, NOT_ETC, "deny_if")) == text


def test_an_entry_can_move_to_another_section() -> None:
    entry = entries(parse(TEXT), "save")[0]
    text = after(TEXT, change(TEXT, "save", entry, ALWAYS, "require_approval"))
    assert tools_of(text)["save"]["require_approval"] == [ALWAYS]
    assert len(tools_of(text)["save"]["deny_if"]) == 1
    (asking,) = (entry for entry in entries(parse(text), "save") if entry.section == "require_approval")
    moved_back = after(text, change(text, "save", asking, {"conditions": []}, "deny_if"))
    assert "require_approval" not in tools_of(moved_back)["save"]
    assert len(tools_of(moved_back)["save"]["deny_if"]) == 2


@pytest.mark.parametrize(("index", "left"), [(0, '"args.a"'), (1, '"Never."')])
def test_an_entry_is_taken_away_and_the_others_stay(index: int, left: str) -> None:
    text = after(TEXT, take_away(TEXT, "save", entries(parse(TEXT), "save")[index]))
    (rule,) = tools_of(text)["save"]["deny_if"]
    assert left in json.dumps(rule)


def test_the_last_entry_takes_its_section_with_it() -> None:
    asking, _ = entries(parse(TEXT), "read_*")
    text = after(TEXT, take_away(TEXT, "read_*", asking))
    assert list(tools_of(text)["read_*"]) == ["limits"]


def test_what_is_not_there_is_neither_changed_nor_taken_away() -> None:
    gone = Entry("deny_if", 7, {})
    assert change(TEXT, "save", gone, NOT_ETC) == take_away(TEXT, "save", gone) == ()
    assert take_away("{", "save", gone) == take_away("[]", "save", gone) == ()


RULES = st.sampled_from([ALWAYS, NOT_ETC, {"conditions": [{"path": "args.n", "op": "lt", "value": 3}]}])


@given(
    st.sampled_from(["allow", "deny", "require_approval"]),
    st.sampled_from(["save", "read_file", "list", "other"]),
    st.lists(st.tuples(st.sampled_from(["require", "deny_if"]), RULES), min_size=1, max_size=4),
    st.fixed_dictionaries({}, optional={"path": st.sampled_from(["/etc/x", "/home"]), "n": st.integers(0, 5)}),
)
def test_a_denial_that_is_added_never_lets_through_what_was_held_up(
    default: str, tool: str, added: list[tuple[str, dict[str, Any]]], arguments: dict[str, Any]
) -> None:
    text = TEXT.replace('"deny",', f'"{default}",')
    before = parse(text)
    held_up = [Decision.ALLOW, Decision.ASK, Decision.DENY]
    for section, value in added:
        value = {key: text for key, text in value.items() if key != "reason"}
        text = after(text, add(text, parse(text), tool, section, value))
    caller = Caller(session="s", grant="g", server="files", client="c")
    call = Call("id", caller, tool, arguments, {}, "digest", 0.0)
    decisions = [decide(call, policy, Ledger(), 0.0).decision for policy in (before, parse(text))]
    if before.default.value != "deny" or tool in ("save", "list", "read_file"):
        assert held_up.index(decisions[1]) >= held_up.index(decisions[0])
    assert [entry.section for entry in entries(parse(text), tool)] == sorted(
        (entry.section for entry in entries(parse(text), tool)), key=SECTIONS.index
    )
