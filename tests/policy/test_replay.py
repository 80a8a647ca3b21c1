"""A draft judged by what the log recorded: what changes, what does not, and what nobody can tell."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from approver.model import Decision, Grant
from approver.policy.document import Policy
from approver.policy.replay import Replay, Replayed, judged_by, replay

ALLOW, DENY, ASK = Decision.ALLOW, Decision.DENY, Decision.ASK
MINUTE = 1795348800.0
MASK = "••• (7 characters hidden)"
Make = Callable[..., Policy]


@dataclass(frozen=True)
class Row:
    """A record as far as a replay looks at it."""

    tool: str = "t"
    arguments: str = "{}"
    outcome: str = "allowed"
    at: float = MINUTE
    rule: str = ""
    by: str = "policy"
    result: str | None = "ok"
    grant: str = "g"
    server: str = "s"


def row(arguments: Any = None, **fields: Any) -> Row:
    return Row(arguments=json.dumps({} if arguments is None else arguments), **fields)


def only(found: Replay[Row]) -> Replayed[Row]:
    (call,) = found.calls
    return call


@pytest.mark.parametrize(
    ("outcome", "before"),
    [
        ("allowed", ALLOW),
        ("denied_by_policy", DENY),
        ("approved", ASK),
        ("denied_by_user", ASK),
        ("pending", ASK),
        ("expired", ASK),
        ("aborted", ASK),
        ("shut_down", ASK),
    ],
)
def test_the_outcome_tells_what_the_policy_of_that_time_said(policy_of: Make, outcome: str, before: Decision) -> None:
    call = only(replay([row(outcome=outcome)], policy_of(default="allow")))
    assert (call.before, call.after) == (before, (ALLOW,))
    assert call.is_changed == (before is not ALLOW)


@pytest.mark.parametrize(
    "record",
    [
        row(outcome="refused"),
        row(outcome="repeated"),
        row(outcome="denied_by_policy", rule="(panic)"),
        row(outcome="denied_by_policy", rule="(log unwritable)"),
        row(outcome="approved", by="kept result"),
        Row(arguments=""),
        Row(arguments="[]"),
        Row(arguments="[" * 100_000),
    ],
)
def test_what_no_policy_decided_or_nobody_can_read_is_skipped(policy_of: Make, record: Row) -> None:
    found = replay([record, row()], policy_of(default="deny"))
    assert (len(found.calls), found.skipped) == (1, 1)


def test_changes_name_the_draft_s_rule_and_message(policy_of: Make) -> None:
    rules = {"deny_if": [{"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc/"}], "on_deny": "No."}]}
    draft = policy_of(tools={"t": rules})
    found = replay([row({"path": "/etc/x"}), row({"path": "/tmp"})], draft)
    (changed,) = found.changed
    assert (changed.rule, changed.message) == ("/tools/t/deny_if/args.path-regex", "No.")
    assert [call.is_changed for call in found.calls] == [True, False]


def test_a_grant_s_calls_are_judged_by_the_policy_that_it_names() -> None:
    grants = [Grant("own", "s"), Grant("other", "s", policy="strict"), Grant("far", "elsewhere", policy="s")]
    records = [row(grant=grant) for grant in ("own", "other", "local")] + [row(grant="far", server="elsewhere")]
    assert [record.grant for record in judged_by("s", records, grants)] == ["own", "local", "far"]


# -- counters ----------------------------------------------------------------------------------------------------------


def limited(policy_of: Make, **more: Any) -> Policy:
    limit = {"counter": "c", "window": "minute", "max": 2, "scope": "grant"}
    return policy_of(tools={"t": {"limits": [limit], **more}})


def decisions(found: Replay[Row]) -> list[Decision]:
    return [call.after[0] for call in found.calls]


def test_counters_begin_empty_and_count_in_the_order_of_time(policy_of: Make) -> None:
    records = [row(at=MINUTE + second) for second in (3, 1, 2, 61)]
    found = replay(records, limited(policy_of))
    assert [call.record.at - MINUTE for call in found.calls] == [1, 2, 3, 61]
    assert decisions(found) == [ALLOW, ALLOW, DENY, ALLOW]
    assert found.changed[0].rule == "/tools/t/limits/c"


def test_each_grant_has_counters_of_its_own(policy_of: Make) -> None:
    records = [row(grant=grant) for grant in ("g", "g", "h", "h", "g")]
    assert decisions(replay(records, limited(policy_of))) == [ALLOW, ALLOW, ALLOW, ALLOW, DENY]


@pytest.mark.parametrize("result", ["unreachable", "rpc_error"])
def test_a_call_that_its_server_never_took_counts_nothing(policy_of: Make, result: str) -> None:
    records = [row(result=result), row(result=result), row(), row(), row()]
    assert decisions(replay(records, limited(policy_of)))[-2:] == [ALLOW, DENY]


def test_an_asked_call_counts_unless_the_person_then_did_not_allow_it(policy_of: Make) -> None:
    draft = limited(policy_of, require_approval=[{"conditions": []}])
    refused = [row(outcome=outcome) for outcome in ("denied_by_user", "expired", "pending")]
    asked = [*refused, row(outcome="approved"), row(), row()]
    assert decisions(replay(asked, draft)) == [ASK, ASK, ASK, ASK, ASK, DENY]


def test_a_call_that_the_draft_simply_allows_counts_whatever_a_person_said_of_it_then(policy_of: Make) -> None:
    records = [row(outcome="denied_by_user"), row(outcome="expired"), row()]
    assert decisions(replay(records, limited(policy_of))) == [ALLOW, ALLOW, DENY]


# -- what is not kept --------------------------------------------------------------------------------------------------


def rule(section: str, op: str = "regex", value: Any = "^a", path: str = "args.token", *also: Any) -> dict[str, Any]:
    return {section: [{"conditions": [{"path": path, "op": op, "value": value}, *also]}]}


@pytest.mark.parametrize(
    ("rules", "after"),
    [
        ({}, (ALLOW,)),
        (rule("deny_if"), (ALLOW, DENY)),
        (rule("require"), (ALLOW, DENY)),
        (rule("require_approval"), (ALLOW, ASK)),
        (rule("deny_if") | rule("require_approval"), (ALLOW, DENY, ASK)),
        (rule("deny_if") | {"require_approval": [{"conditions": []}]}, (DENY, ASK)),
        (rule("require_approval") | {"deny_if": [{"conditions": []}]}, (DENY,)),
        (rule("require") | {"deny_if": [{"conditions": []}]}, (DENY,)),
        (rule("deny_if", "exists", True), (DENY,)),
        (rule("deny_if", "exists", False), (ALLOW,)),
        (rule("deny_if", "eq", 1, "args.other"), (ALLOW,)),
        (rule("deny_if", "eq", 1, "args.token.inner"), (ALLOW, DENY)),
        (rule("deny_if", "exists", True, "args.token.inner"), (ALLOW, DENY)),
        (rule("deny_if", "eq", 1, "args.plain.inner"), (ALLOW,)),
        (rule("deny_if", "eq", 1, "args.count.inner"), (ALLOW,)),
        (rule("deny_if", "regex", "^a", "args.token", {"path": "args.plain", "op": "eq", "value": "y"}), (ALLOW,)),
        (rule("deny_if", "regex", "^a", "args.token", {"path": "args.plain", "op": "eq", "value": "x"}), (ALLOW, DENY)),
    ],
)
def test_a_masked_argument_leaves_open_what_only_it_decides(
    policy_of: Make, rules: dict[str, Any], after: tuple[Decision, ...]
) -> None:
    found = replay([row({"token": MASK, "plain": "x", "count": 1})], policy_of(tools={"t": rules}))
    assert only(found).after == after
    assert found.undecidable == (found.calls if len(after) > 1 else ())
    assert only(found).is_changed == (after == (DENY,))


@pytest.mark.parametrize(
    "value",
    [
        "curl -H 'Authorization: Bearer ••• (20 characters hidden)'",
        "••• (hidden)",
        ["x", [MASK]],
        {"deep": {"er": MASK}},
        "long… (+12,345 characters)",
        ["a", "… (+3 elements)"],
        "… (nested more deeply than is kept)",
        {"a": 1, "…": "(+7 members)"},
    ],
)
def test_whatever_the_log_leaves_out_leaves_the_decision_open(policy_of: Make, value: Any) -> None:
    draft = policy_of(tools={"t": rule("deny_if", "contains", "x", "args.value")})
    assert only(replay([row({"value": value})], draft)).after == (ALLOW, DENY)


def test_members_that_were_not_kept_may_be_the_ones_a_rule_looks_at(policy_of: Make) -> None:
    draft = policy_of(tools={"t": rule("require", "exists", True, "args.reason")})
    assert only(replay([row({"a": 1, "…": "(+7 members)"})], draft)).after == (ALLOW, DENY)


def test_a_masked_amount_leaves_a_spend_limit_open(policy_of: Make) -> None:
    limits = [
        {"counter": "sum", "window": "day", "max": 9, "scope": "grant", "increment_from": "args.pin"},
        {"counter": "calls", "window": "day", "max": 9, "scope": "grant"},
    ]
    draft = policy_of(tools={"t": {"limits": limits}})
    assert only(replay([row({"pin": "••• (4 characters hidden)"})], draft)).after == (ALLOW, DENY)
