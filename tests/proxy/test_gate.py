"""The gate: nothing is forwarded that was not allowed and written down, and every call is accounted for."""

import copy
import json

import pytest
from gate_room import LIMIT, POLICY, Asked, GateRoom
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sample_calls import caller
from still_time import NOON

from approver.approvals.queue import NotWaiting
from approver.events import AnswerNotRemembered, CallJudged, QuestionChanged, QuestionEnded, QuestionOpened
from approver.model import Answer, AnswerKind, CounterKey, EntryKind, Outcome, Result, ToolDefinition
from approver.policy.limits import window_start
from approver.proxy import jsonrpc, replies
from approver.proxy.edits import EditRefused
from approver.proxy.rulings import Forward
from approver.standing_model import Lifetime, Reach, Wish

RESULT = b'{"content":[]}'


@pytest.fixture
def room() -> GateRoom:
    return GateRoom()


def outcome_of(asked: Asked) -> tuple[str, str, str]:
    """What the client's model can read about the decision: outcome, rule, text."""
    (ruling,) = asked.rulings
    decision = ruling.result["_meta"]["approver/decision"]
    assert ruling.result["isError"] is True
    assert decision["decision_id"] == asked.call.id
    return decision["outcome"], decision["rule"], asked.text


# -- the call ----------------------------------------------------------------------------------------------------------


def test_a_call_is_frozen_with_all_that_is_sent_but_meta(room) -> None:
    params = {"name": "read", "arguments": {"path": "/a"}, "_meta": {"progressToken": 1}, "task": {"ttl": 1}}
    call = room.gate.freeze(caller(), params)
    assert (call.tool, call.arguments, call.extra) == ("read", {"path": "/a"}, {"task": {"ttl": 1}})
    assert call.digest == jsonrpc.digest(["files", "read", {"path": "/a"}, {"task": {"ttl": 1}}])
    assert call.arrived == room.time.now()


def test_calls_have_names_of_their_own_and_equal_ones_equal_digests(room) -> None:
    params = {"name": "read", "arguments": {"a": 1, "b": 2}}
    first = room.gate.freeze(caller("s1"), params)
    again = room.gate.freeze(caller("s2"), {"arguments": {"b": 2, "a": 1}, "name": "read", "_meta": {"x": 1}})
    assert first.id != again.id
    assert first.digest == again.digest
    assert GateRoom().gate.freeze(caller(), params).id != first.id


def test_a_call_without_arguments_has_none(room) -> None:
    assert room.gate.freeze(caller(), {"name": "read"}).arguments == {}


# -- by policy ---------------------------------------------------------------------------------------------------------


def test_an_allowed_call_is_forwarded_once_it_is_written_down(room) -> None:
    asked = room.judge("read", {"path": "/a", "password": "hunter2"})
    assert (asked.rulings, room.gate.has_rulings) == ([], True)
    room.gate.commit()
    assert asked.forwarded == Forward(asked.call, "")
    assert room.gate.has_rulings is False
    (row,) = room.journal.rows
    assert (row.kind, row.outcome, row.by, row.tool) == (EntryKind.DECISION, "allowed", "policy", "read")
    assert "hunter2" not in row.arguments
    assert row.digest == asked.call.digest
    assert room.heard == [CallJudged(row)]
    assert room.journal.writes == ["kept"]


def test_a_denied_call_is_answered_in_words_the_model_can_read(room) -> None:
    asked = room.call("rm", {"path": "/etc/passwd"})
    outcome, rule, text = outcome_of(asked)
    assert (outcome, rule) == ("denied_by_policy", "/tools/rm/deny_if/args.path-regex")
    assert text.startswith("[POLICY DENIED] ")
    (row,) = room.journal.rows
    assert (row.outcome, row.rule, row.message) == (outcome, rule, text.removeprefix("[POLICY DENIED] "))


@pytest.mark.parametrize(("tool", "rule"), [("unknown", "(default deny)"), ("secret", "(hidden)")])
def test_what_no_rule_allows_is_denied(room, tool, rule) -> None:
    assert outcome_of(room.call(tool))[:2] == ("denied_by_policy", rule)


def test_without_a_policy_every_call_is_denied(room) -> None:
    room.set_policy(None)
    assert outcome_of(room.call("read"))[:2] == ("denied_by_policy", "(no policy)")


def test_while_everything_is_denied_nothing_gets_through_not_even_what_was_approved(room) -> None:
    approved = room.call("write")
    room.time.advance(50)
    room.approve()
    room.around.panic = "The person said stop."
    for asked in (room.call("read"), room.call("write")):
        assert outcome_of(asked) == ("denied_by_policy", "(panic)", "[POLICY DENIED] The person said stop.")
    assert approved.text.startswith("[APPROVAL PENDING] ")


def test_while_asking_is_paused_rules_alone_decide(room) -> None:
    room.around.pause = "Asking is paused."
    assert room.call("read").forwarded is not None
    asked = room.call("write")
    assert outcome_of(asked) == ("denied_by_policy", "(asking paused)", "[POLICY DENIED] Asking is paused.")
    assert room.queue.pending() == ()
    assert [row.by for row in room.journal.rows if row.outcome == "denied_by_policy"] == ["asking is paused"]


def test_what_a_pause_denied_has_drawn_nothing(room) -> None:
    room.around.pause = "Asking is paused."
    room.call("write")
    assert room.used() == 0


def test_an_approval_given_before_the_pause_still_admits_its_call(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.approve()
    room.around.pause = "Asking is paused."
    assert room.call("write").forwarded is not None


def test_several_calls_go_out_with_one_write_in_their_order(room) -> None:
    delivered: list[str] = []
    requests = [room.judge(tool) for tool in ("read", "unknown", "count")]
    for request in requests:
        request.deliver = lambda ruling: delivered.append(ruling.call.tool)
    room.gate.commit()
    assert delivered == ["read", "unknown", "count"]
    assert room.journal.writes == ["kept"]


def test_a_decision_waits_only_until_it_is_kept_and_settles_later(room) -> None:
    asked = room.call("read")
    assert asked.forwarded is not None
    room.gate.commit(settle=True)
    room.gate.commit(settle=True)
    assert room.journal.writes == ["kept", "flushed"]


def test_a_limit_counts_what_was_forwarded_and_refuses_the_rest(room) -> None:
    results = [room.call("count") for _ in range(4)]
    assert [asked.forwarded is not None for asked in results] == [True, True, True, False]
    assert outcome_of(results[3])[1] == "/tools/count/limits/calls"
    assert room.used("count") == 3
    assert sum(room.journal.counters.values()) == 3


@pytest.mark.parametrize(
    ("result", "used"),
    [
        (Result.OK, 1),
        (Result.TOOL_ERROR, 1),
        (Result.CANCELLED, 1),
        (Result.RPC_ERROR, 0),
        (Result.UNREACHABLE, 0),
    ],
)
def test_a_call_that_was_not_made_is_not_counted(room, result, used) -> None:
    asked = room.call("count")
    room.gate.settle(asked.forwarded, result, 0.5, None)
    room.gate.commit()
    assert room.used("count") == used
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome, row.latency, row.arguments) == (EntryKind.OUTCOME, result.value, 0.5, "")
    assert row.call == asked.call.id


def test_wire_input_that_is_no_call_is_written_down(room) -> None:
    room.gate.refuse(caller(), "Refused: not valid JSON.", '{"id": 1, "x"\ud800')
    room.gate.commit()
    (row,) = room.journal.rows
    assert (row.kind, row.outcome, row.by) == (EntryKind.REFUSED, "refused", "wire")
    assert (row.session, row.server, row.message) == ("s1", "files", "Refused: not valid JSON.")
    assert json.loads(row.detail) == {"received": '{"id": 1, "x"\ud800'}


# -- a person is asked -------------------------------------------------------------------------------------------------


def test_a_question_is_shown_only_when_it_is_on_the_disk(room) -> None:
    definition = room.around.known["write"] = ToolDefinition("write")
    asked = room.judge("write", {"path": "/a"})
    assert room.heard == []
    room.gate.commit()
    question = room.question()
    assert room.heard[0] == QuestionOpened(question)
    assert (question.call, question.definition, question.reason) == (asked.call, definition, "Writes.")
    assert question.patience_ends == room.time.now() + 50
    assert question.expires == room.time.now() + 600
    assert asked.rulings == []
    assert room.journal.story == [("asked", "asked")]
    assert room.journal.writes == ["durable"]


def test_an_approved_call_is_forwarded(room) -> None:
    asked = room.call("write")
    room.time.advance(7)
    room.approve()
    assert asked.forwarded.approved is True
    assert asked.forwarded.rule == "/tools/write/require_approval/always"
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome, row.by, row.waited) == (EntryKind.DECISION, "approved", "window", 7.0)
    assert row.shown == "f00d"
    assert room.journal.writes[-1] == "durable"
    assert room.used() == 1


@pytest.mark.parametrize(("reason", "text"), [("Not today.", "Not today."), ("", replies.NO_REASON)])
def test_a_call_denied_by_a_person_says_so_and_why(room, reason, text) -> None:
    asked = room.call("write")
    room.deny(reason)
    assert outcome_of(asked) == (
        "denied_by_user", "/tools/write/require_approval/always", f"[DENIED BY USER] {text}"
    )  # fmt: skip
    row = room.journal.rows[-1]
    assert (row.outcome, row.message, row.detail) == ("denied_by_user", reason, '{"x":1}')
    assert room.used() == 0


def test_a_client_is_told_to_wait_before_it_gives_up(room) -> None:
    asked = room.call("write")
    room.time.advance(49)
    assert asked.rulings == []
    room.time.advance(1)
    assert outcome_of(asked)[0] == "pending"
    assert asked.text == f"[APPROVAL PENDING] {replies.PENDING}"
    assert room.journal.story[-1] == ("pending", "pending")
    assert room.question().waiting is False
    assert room.used() == 1, "the question is open, so its place is kept"


def test_progress_is_told_with_rising_numbers_while_the_call_waits(room) -> None:
    asked = room.call("write")
    room.time.advance(16)
    assert asked.progress == [1, 2, 3]
    room.approve()
    room.time.advance(60)
    assert asked.progress == [1, 2, 3]


def test_a_question_that_nobody_answers_expires(room) -> None:
    room.around.patience_seconds = 1000
    asked = room.call("write")
    room.time.advance(600)
    assert outcome_of(asked)[0] == "expired"
    assert asked.text == f"[APPROVAL EXPIRED] {replies.EXPIRED}"
    assert room.used() == 0
    with pytest.raises(NotWaiting):
        room.approve("xxxxx")


def test_a_question_that_is_open_at_the_end_is_shut_down(room) -> None:
    asked = room.call("write")
    room.queue.shut_down()
    assert outcome_of(asked)[0] == "shut_down"
    assert asked.text == f"[APPROVAL EXPIRED] {replies.SHUT_DOWN}"
    assert room.used() == 0


def test_a_client_that_cancels_gets_no_answer_and_its_question_is_over(room) -> None:
    asked = room.call("write")
    assert room.gate.withdraw(asked, "client cancelled") is True
    assert (asked.rulings, room.queue.pending(), room.used()) == ([], (), 0)
    assert room.journal.story[-1] == ("decision", "aborted")
    assert room.gate.withdraw(asked, "client cancelled") is False


def test_a_question_that_is_over_within_its_batch_is_never_shown(room) -> None:
    asked = room.judge("write")
    room.gate.withdraw(asked, "client cancelled")
    room.gate.commit()
    assert [event for event in room.heard if isinstance(event, QuestionOpened)] == []
    assert room.journal.story == [("asked", "asked"), ("decision", "aborted")]


def test_a_client_that_leaves_takes_its_questions_along(room) -> None:
    mine, theirs = room.call("write"), room.call("write", by=caller("s2"))
    room.gate.leave("s1")
    assert (mine.rulings, room.used()) == ([], 1)
    room.approve()
    assert theirs.forwarded is not None


# -- repeats -----------------------------------------------------------------------------------------------------------


def test_a_repeat_joins_its_question_and_gets_the_answer(room) -> None:
    first = room.call("write", {"path": "/a"})
    room.time.advance(50)
    again = room.call("write", {"path": "/a"}, _meta={"progressToken": 2})
    assert len(room.queue) == 1
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome) == (EntryKind.ASKED, "repeated")
    assert json.loads(row.detail) == {"repeats": first.call.id}
    room.approve()
    assert again.forwarded.call is again.call, "what was judged last is what is sent"
    assert len(first.rulings) == 1
    assert room.used() == 1


def test_a_repeat_of_a_question_that_is_waited_on_is_a_question_of_its_own(room) -> None:
    room.call("write")
    room.call("write")
    assert len(room.queue) == 2
    assert room.used() == 2


def test_the_last_place_of_a_limit_is_not_lost_to_the_repeat_of_its_own_call(room) -> None:
    for _ in range(2):
        room.call("write", {"n": 1})
        room.approve()
    room.call("write", {"n": 2})
    room.time.advance(50)
    again = room.call("write", {"n": 2})
    assert (again.rulings, room.used()) == ([], 3)
    room.approve()
    assert again.forwarded is not None


def test_the_repeat_of_a_question_from_another_hour_counts_in_its_own(room) -> None:
    room.around.open_seconds = 7200
    room.call("write")
    room.time.advance(3600)
    assert room.used() == 1
    room.call("write")
    assert room.used() == 1
    room.deny()
    assert room.used() == 0


def test_a_repeat_is_denied_when_the_policy_denies_it_by_now(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.set_policy({"version": "1", "default": "deny"})
    again = room.call("write")
    assert outcome_of(again)[:2] == ("denied_by_policy", "(default deny)")
    assert (len(room.queue), room.used()) == (0, 0)
    assert ("decision", "aborted") in room.journal.story


def test_a_repeat_is_forwarded_when_the_policy_allows_it_by_now(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.set_policy({**POLICY, "tools": {"write": {"limits": [LIMIT]}}})
    again = room.call("write")
    assert again.forwarded.approved is False
    assert (len(room.queue), room.used()) == (0, 1)


def test_an_approval_that_comes_late_admits_one_identical_call(room) -> None:
    first = room.call("write", {"path": "/a"})
    room.time.advance(60)
    room.approve()
    assert first.text.startswith("[APPROVAL PENDING] ")
    assert room.journal.story[-1] == ("pending", "approved")
    other = room.call("write", {"path": "/b"})
    assert other.rulings == [], "another call is another question"
    again = room.call("write", {"path": "/a"})
    assert again.forwarded.approved is True
    row = room.journal.rows[-1]
    assert (row.outcome, row.by, json.loads(row.detail)) == ("approved", "window", {"repeats": first.call.id})
    assert room.used() == 2
    third = room.call("write", {"path": "/a"})
    assert third.rulings == [], "the approval is used up"


def test_an_approval_that_comes_late_does_not_outrule_a_new_denial(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.approve()
    room.set_policy({"version": "1", "default": "deny"})
    assert outcome_of(room.call("write"))[:2] == ("denied_by_policy", "(default deny)")
    assert room.used() == 0


def test_an_approval_that_nobody_uses_gives_its_place_back(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.approve()
    assert room.used() == 1
    room.time.advance(600)
    assert room.used() == 0
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome, row.by) == (EntryKind.DECISION, "expired", "time")


# -- results that nobody waited for ------------------------------------------------------------------------------------


def approved(room: GateRoom, arguments=None) -> Asked:
    asked = room.call("write", arguments)
    room.approve()
    assert asked.forwarded is not None
    return asked


def settle(room: GateRoom, asked: Asked, result=Result.OK, raw: bytes | None = RESULT, **more) -> None:
    room.gate.settle(asked.forwarded, result, 0.1, raw, **more)
    room.gate.commit()


def test_a_repeat_of_a_call_whose_client_gave_up_gets_its_result_and_nothing_runs_twice(room) -> None:
    first = approved(room)
    room.time.advance(100)
    settle(room, first)
    again = room.call("write")
    assert again.kept == RESULT
    row = room.journal.rows[-1]
    assert (row.outcome, row.by, json.loads(row.detail)) == ("approved", "kept result", {"repeats": first.call.id})
    assert room.used() == 1
    third = room.call("write")
    assert third.rulings == [], "the result is given once: the next call is a new one"


def test_a_repeat_waits_for_the_result_of_the_call_that_still_runs(room) -> None:
    first = approved(room)
    room.time.advance(100)
    again = room.call("write")
    assert (again.rulings, len(room.queue)) == ([], 0)
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome, json.loads(row.detail)) == (
        EntryKind.PENDING, "pending", {"repeats": first.call.id}
    )  # fmt: skip
    settle(room, first)
    assert again.kept == RESULT
    assert room.journal.story[-2:] == [("outcome", "ok"), ("decision", "approved")]


def test_a_repeat_that_waits_long_is_told_that_the_call_runs(room) -> None:
    first = approved(room)
    room.time.advance(100)
    again = room.call("write")
    room.time.advance(50)
    assert outcome_of(again)[::2] == ("pending", f"[APPROVAL PENDING] {replies.STILL_RUNNING}")
    assert room.journal.story[-1] == ("pending", "pending")
    settle(room, first)
    assert room.call("write").kept == RESULT


def test_a_repeat_can_be_cancelled_while_it_waits_for_a_result(room) -> None:
    first = approved(room)
    room.time.advance(100)
    again = room.call("write")
    assert room.gate.withdraw(again, "client cancelled") is True
    settle(room, first)
    assert again.rulings == []
    assert room.call("write").kept == RESULT


def test_a_repeat_of_a_cancelled_call_gets_the_result_that_came_all_the_same(room) -> None:
    first = approved(room)
    room.gate.abandoned(first.forwarded)
    again = room.call("write")
    assert again.rulings == []
    settle(room, first)
    assert again.kept == RESULT


def test_a_cancelled_call_that_its_server_gave_up_is_over_and_a_repeat_is_asked_about(room) -> None:
    first = approved(room)
    room.gate.abandoned(first.forwarded)
    waiting = room.call("write")
    settle(room, first, Result.CANCELLED, None)
    assert outcome_of(waiting)[::2] == ("expired", f"[APPROVAL EXPIRED] {replies.NO_RESULT}")
    room.call("write")
    assert len(room.queue) == 1


def test_repeats_of_a_cancelled_call_that_is_never_answered_are_told_in_the_end(room) -> None:
    room.around.patience_seconds = 1000
    first = approved(room)
    room.gate.abandoned(first.forwarded)
    again = room.call("write")
    room.time.advance(300)
    assert outcome_of(again)[::2] == ("expired", f"[APPROVAL EXPIRED] {replies.NO_RESULT}")
    room.call("write")
    assert len(room.queue) == 1


def test_a_call_that_policy_allowed_may_run_again(room) -> None:
    asked = room.call("read")
    room.gate.abandoned(asked.forwarded)
    settle(room, asked)
    assert room.call("read").forwarded is not None


def test_repeats_of_a_call_that_failed_are_told_so(room) -> None:
    first = approved(room)
    room.time.advance(100)
    again = room.call("write")
    settle(room, first, Result.UNREACHABLE, None)
    assert outcome_of(again)[0] == "expired"
    assert room.used() == 0


def test_a_client_that_left_has_no_results_waiting(room) -> None:
    first = approved(room)
    room.time.advance(100)
    settle(room, first)
    room.gate.leave("s1")
    room.call("write")
    assert len(room.queue) == 1


# -- edited calls ------------------------------------------------------------------------------------------------------

CAREFUL = {
    **POLICY,
    "tools": {
        "write": {
            "require_approval": [{"conditions": [], "reason": "Writes."}],
            "deny_if": [
                {"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc"}], "on_deny": "Not there."}
            ],
            "limits": [
                {"counter": "bytes", "window": "hour", "max": 10, "scope": "grant", "increment_from": "args.size"}
            ],
        }
    },
}
ASKED, EDITED = {"path": "/a", "size": 2}, {"path": "/b", "size": 5}


def allow_as(room: GateRoom, arguments: object) -> None:
    room.gate.answer(room.question().id, Answer(AnswerKind.ALLOW, "window", shown="f00d", arguments=arguments))


def drawn(room: GateRoom) -> float:
    counter = CounterKey("files", "local", "/tools/write", "bytes", "hour")
    return sum(
        room.ledger.used(counter, start) for start in {window_start("hour", at) for at in (room.time.now(), NOON)}
    )


def test_an_edited_call_is_sent_as_edited_and_the_log_has_both_versions(room) -> None:
    asked = room.call("write", ASKED)
    allow_as(room, EDITED)
    assert asked.forwarded.edit.arguments == EDITED
    assert asked.forwarded.call is asked.call
    row = room.journal.rows[-1]
    assert (row.outcome, row.by, json.loads(row.arguments), row.digest) == (
        "approved",
        "window",
        ASKED,
        asked.call.digest,
    )
    told = json.loads(row.detail)["edited"]
    assert (told["arguments"], told["by"], told["changed"]) == (EDITED, "window", ["/path", "/size"])
    assert told["digest"] == jsonrpc.digest(["files", "write", EDITED, {}])


def test_limits_draw_for_what_is_sent(room) -> None:
    room.set_policy(CAREFUL)
    asked = room.call("write", ASKED)
    assert drawn(room) == 2
    allow_as(room, EDITED)
    assert drawn(room) == 5
    assert sum(each.amount for each in asked.forwarded.reservations) == 5
    settle(room, asked, Result.UNREACHABLE, None)
    assert drawn(room) == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"path": "/etc/x", "size": 1}, "Not there."),
        ({"path": "/b", "size": 11}, "limit"),
        ({"n": float("nan")}, "JSON"),
    ],
)
def test_an_edit_that_the_rules_refuse_leaves_the_question_open(room, arguments, why) -> None:
    room.set_policy(CAREFUL)
    asked = room.call("write", ASKED)
    with pytest.raises(EditRefused, match=why):
        allow_as(room, arguments)
    assert (asked.rulings, len(room.queue), drawn(room)) == ([], 1, 2)
    room.approve()
    assert asked.forwarded.edit is None
    assert drawn(room) == 2


def test_a_denial_carries_no_edit(room) -> None:
    asked = room.call("write", ASKED)
    room.gate.answer(room.question().id, Answer(AnswerKind.DENY, "window", arguments=EDITED))
    assert asked.forwarded is None
    assert "edited" not in room.journal.rows[-1].detail


def test_an_edit_of_a_question_that_is_over_is_refused(room) -> None:
    with pytest.raises(NotWaiting):
        room.gate.answer("gone", Answer(AnswerKind.ALLOW, "window", arguments=EDITED))


def test_a_late_approval_lets_the_identical_repeat_run_as_edited(room) -> None:
    room.set_policy(CAREFUL)
    room.call("write", ASKED)
    room.time.advance(50)
    allow_as(room, EDITED)
    assert json.loads(room.journal.rows[-1].detail)["edited"]["arguments"] == EDITED
    again = room.call("write", ASKED)
    assert again.forwarded.edit.arguments == EDITED
    assert again.forwarded.call.arguments == ASKED
    assert json.loads(room.journal.rows[-1].detail).keys() == {"edited", "repeats"}
    assert drawn(room) == 5
    assert room.call("write", ASKED).rulings == [], "an edit is good for one call"


def test_a_late_approval_of_an_edit_that_the_rules_refuse_by_now_is_denied(room) -> None:
    room.set_policy(CAREFUL)
    room.call("write", ASKED)
    room.time.advance(50)
    allow_as(room, EDITED)
    room.set_policy(
        {
            **CAREFUL,
            "tools": {"write": {"deny_if": [{"conditions": [{"path": "args.path", "op": "eq", "value": "/b"}]}]}},
        }
    )
    again = room.call("write", ASKED)
    assert outcome_of(again)[0] == "denied_by_policy"
    assert json.loads(room.journal.rows[-1].detail)["edited"]["arguments"] == EDITED


def test_an_edited_call_that_is_never_repeated_gives_back_what_it_drew(room) -> None:
    room.set_policy(CAREFUL)
    room.call("write", ASKED)
    room.time.advance(50)
    allow_as(room, EDITED)
    room.time.advance(601)
    assert drawn(room) == 0
    assert json.loads(room.journal.rows[-1].detail)["edited"]["arguments"] == EDITED


def test_a_kept_result_goes_to_who_asked_the_same_not_to_who_asks_what_was_sent(room) -> None:
    asked = room.call("write", ASKED)
    allow_as(room, EDITED)
    room.time.advance(100)
    settle(room, asked)
    assert room.call("write", EDITED).rulings == []
    assert room.call("write", ASKED).kept == RESULT


def test_the_further_round_of_an_edited_call_is_sent_as_edited(room) -> None:
    room.set_policy(CAREFUL)
    asked = room.call("write", ASKED)
    allow_as(room, EDITED)
    room.gate.settle(asked.forwarded, Result.OK, 0.1, b'{"requestState":"s"}', rounds=True)
    second = room.call("write", ASKED, requestState="s", inputResponses={})
    assert second.forwarded.edit.arguments == EDITED
    assert drawn(room) == 5
    assert json.loads(room.journal.rows[-1].detail)["edited"]["arguments"] == EDITED


def test_the_further_round_of_an_edited_call_is_judged_as_it_is_sent(room) -> None:
    asked = room.call("write", ASKED)
    allow_as(room, {"path": "/etc/x"})
    room.gate.settle(asked.forwarded, Result.OK, 0.1, b'{"requestState":"s"}', rounds=True)
    room.set_policy(CAREFUL)
    assert outcome_of(room.call("write", ASKED, requestState="s"))[2].endswith("Not there.")


# -- further rounds of one call ----------------------------------------------------------------------------------------


def test_a_further_round_of_an_approved_call_is_neither_asked_about_nor_counted_again(room) -> None:
    first = approved(room, {"path": "/a"})
    settle(room, first, rounds=True)
    second = room.call("write", {"path": "/a"}, requestState="opaque", inputResponses={"q": {"action": "accept"}})
    assert second.forwarded.approved is False
    assert second.forwarded.reservations == ()
    assert room.used() == 1
    settle(room, second, rounds=True)
    assert room.call("write", {"path": "/a"}, inputResponses={}).forwarded is not None


def test_only_as_many_further_rounds_as_the_server_asked_for(room) -> None:
    settle(room, approved(room), rounds=True)
    settle(room, approved(room), rounds=True)
    assert room.call("write", requestState="1").forwarded is not None
    assert room.call("write", requestState="2").forwarded is not None
    assert room.call("write", requestState="3").rulings == []


@pytest.mark.parametrize(
    "other",
    [{"arguments": {"path": "/b"}}, {"tool": "count"}, {"by": caller("s2")}, {"task": {"ttl": 1}}],
)
def test_another_call_does_not_pass_for_a_further_round(room, other) -> None:
    room.set_policy({"version": "1", "default": "require_approval"})
    settle(room, approved(room, {"path": "/a"}), rounds=True)
    asked = room.call(**{"tool": "write", "arguments": {"path": "/a"}, "requestState": "opaque", **other})
    assert (asked.rulings, len(room.queue)) == ([], 1)


def test_a_plain_repeat_is_no_further_round(room) -> None:
    settle(room, approved(room), rounds=True)
    assert room.call("write").rulings == []


def test_a_further_round_is_denied_when_the_policy_denies_the_call_by_now(room) -> None:
    settle(room, approved(room), rounds=True)
    room.set_policy({"version": "1", "default": "deny"})
    assert outcome_of(room.call("write", requestState="opaque"))[:2] == ("denied_by_policy", "(default deny)")


def test_a_limit_that_is_used_up_does_not_stop_a_call_half_way(room) -> None:
    first = room.call("count")
    room.call("count")
    room.call("count")
    settle(room, first, rounds=True)
    assert room.call("count", requestState="opaque").forwarded is not None
    assert room.used("count") == 3


def test_a_client_that_left_has_no_rounds_left(room) -> None:
    room.set_policy({"version": "1", "default": "require_approval"})
    settle(room, approved(room), rounds=True)
    settle(room, approved(room, {"path": "/b"}), rounds=True)
    other = room.call("write", by=caller("s2"))
    room.approve()
    settle(room, other, rounds=True)
    room.gate.leave("s1")
    assert room.call("write", requestState="opaque").rulings == []
    assert room.call("write", by=caller("s2"), requestState="opaque").forwarded is not None


# -- the journal cannot be written -------------------------------------------------------------------------------------

UNWRITTEN = ("denied_by_policy", "(log unwritable)", f"[POLICY DENIED] {replies.UNWRITTEN}")


def test_what_cannot_be_written_down_does_not_happen(room) -> None:
    room.journal.fails = lambda: True
    allowed, denied, limited = room.judge("read"), room.judge("unknown"), room.judge("count")
    room.gate.commit()
    assert [outcome_of(asked) for asked in (allowed, denied, limited)] == [UNWRITTEN] * 3
    assert (room.used("count"), room.journal.rows, room.heard) == (0, [], [])
    assert room.problems == ["The log cannot be written, so every call is denied: database or disk is full"]


def test_calls_go_on_when_the_journal_can_be_written_again(room) -> None:
    room.journal.fails = lambda: True
    room.call("count")
    room.journal.fails = lambda: False
    assert room.call("count").forwarded is not None
    assert room.problems[-1] is None
    assert sum(room.journal.counters.values()) == room.used("count") == 1


def test_a_question_that_cannot_be_written_down_is_not_asked(room) -> None:
    room.journal.fails = lambda: True
    asked = room.call("write")
    assert outcome_of(asked) == UNWRITTEN
    assert (len(room.queue), room.used(), room.time.waiting) == (0, 0, 0)
    assert not any(isinstance(event, QuestionOpened) for event in room.heard)


def test_a_question_whose_opening_failed_and_whose_end_could_be_written_is_over_all_the_same(room) -> None:
    failures = iter([True, False])
    room.journal.fails = lambda: next(failures)
    asked = room.call("write")
    assert outcome_of(asked) == UNWRITTEN
    assert room.journal.story == [("decision", "aborted")]


def test_a_question_that_was_cancelled_in_the_batch_that_cannot_be_written_gets_no_answer(room) -> None:
    room.journal.fails = lambda: True
    asked = room.judge("write")
    room.gate.withdraw(asked, "client cancelled")
    room.gate.commit()
    assert (asked.rulings, len(room.queue), room.used()) == ([], 0, 0)


def test_an_approval_that_cannot_be_written_down_lets_nothing_through(room) -> None:
    asked = room.call("write")
    room.journal.fails = lambda: True
    room.approve()
    assert outcome_of(asked) == UNWRITTEN
    assert room.used() == 0
    room.journal.fails = lambda: False
    room.call("write")
    assert len(room.queue) == 1, "it is asked about anew"


def test_a_denial_that_cannot_be_written_down_is_still_a_denial(room) -> None:
    asked = room.call("write")
    room.journal.fails = lambda: True
    room.deny()
    assert outcome_of(asked) == UNWRITTEN
    assert room.used() == 0


def test_the_use_of_a_late_approval_that_cannot_be_written_down_lets_nothing_through(room) -> None:
    room.call("write")
    room.time.advance(50)
    room.approve()
    room.journal.fails = lambda: True
    assert outcome_of(room.call("write")) == UNWRITTEN
    assert room.used() == 0


def test_a_call_whose_approval_could_not_be_written_down_is_not_taken_for_one_that_ran(room) -> None:
    room.call("write")
    room.journal.fails = lambda: True
    room.approve()
    room.journal.fails = lambda: False
    room.time.advance(100)
    room.call("write")
    assert len(room.queue) == 1


def test_a_repeat_whose_waiting_could_not_be_written_down_is_on_record_when_it_gets_its_result(room) -> None:
    first = approved(room)
    room.time.advance(100)
    room.journal.fails = lambda: True
    again = room.call("write")
    room.journal.fails = lambda: False
    settle(room, first)
    assert again.kept == RESULT
    assert [row.outcome for row in room.journal.written(again.call.id)] == ["approved"]


def test_a_repeat_that_cannot_be_written_down_waits_on(room) -> None:
    """Its question is on record, so it can still be answered; its own row is only about who waits."""
    room.call("write")
    room.time.advance(50)
    room.journal.fails = lambda: True
    again = room.call("write")
    room.journal.fails = lambda: False
    room.approve()
    assert again.forwarded is not None


# -- whatever happens --------------------------------------------------------------------------------------------------

SESSIONS = st.sampled_from(["s1", "s2"])
TOOLS = st.sampled_from(["read", "count", "write", "write", "write", "rm"])
PATHS = st.sampled_from(["/a", "/b"])
EDITS = st.sampled_from([None, None, {"path": "/c"}, {"path": "/forbidden"}])


EDITABLE = copy.deepcopy(POLICY)
EDITABLE["tools"]["write"]["deny_if"] = [{"conditions": [{"path": "args.path", "op": "eq", "value": "/forbidden"}]}]


class GateMachine(RuleBasedStateMachine):
    """Two clients, a person, a server and a disk, each doing what it likes."""

    @initialize()
    def begin(self) -> None:
        self.room = GateRoom()
        self.room.set_policy(EDITABLE)
        self.edits: dict[str, list[dict[str, str]]] = {}
        self.requests: list[Asked] = []
        self.cancelled: set[int] = set()
        self.running: list[Asked] = []
        self.given_back = 0
        self.approvals: list[str] = []

    @rule(tool=TOOLS, path=PATHS, session=SESSIONS, more=st.sampled_from([{}, {}, {"requestState": "x"}]))
    def call(self, tool, path, session, more) -> None:
        self.requests.append(self.room.judge(tool, {"path": path}, by=caller(session), **more))

    @rule()
    def commit(self) -> None:
        self.room.gate.commit()

    @rule(which=st.integers(0), approve=st.booleans(), edit=EDITS)
    def answer(self, which, approve, edit) -> None:
        self.room.gate.commit()  # only what was shown can be answered
        questions = self.room.queue.pending()
        if questions and approve:
            question = questions[which % len(questions)]
            try:
                self.room.gate.answer(question.id, Answer(AnswerKind.ALLOW, "window", shown="f00d", arguments=edit))
            except EditRefused:
                assert edit == {"path": "/forbidden"} and question.id in {one.id for one in self.room.queue.pending()}
                return
            self.approvals.append(question.call.digest)
            self.edits.setdefault(question.call.digest, []).append(edit)
        elif questions:
            self.room.deny()

    @rule(which=st.integers(0), result=st.sampled_from(list(Result)), rounds=st.booleans())
    def settle(self, which, result, rounds) -> None:
        self.room.gate.commit()
        self.note_forwarded()
        if self.running:
            asked = self.running.pop(which % len(self.running))
            has_result = result in (Result.OK, Result.TOOL_ERROR)
            raw = json.dumps({"of": asked.call.digest}).encode() if has_result else None
            self.room.gate.settle(asked.forwarded, result, 0.1, raw, rounds=rounds and has_result)
            if result in (Result.RPC_ERROR, Result.UNREACHABLE):
                self.given_back += len(asked.forwarded.reservations)

    @rule(which=st.integers(0))
    def cancel(self, which) -> None:
        self.room.gate.commit()
        self.note_forwarded()
        if self.requests:
            number = which % len(self.requests)
            request = self.requests[number]
            if not request.rulings and self.room.gate.withdraw(request, "client cancelled"):
                self.cancelled.add(number)
            elif request in self.running:
                self.room.gate.abandoned(request.forwarded)

    @rule(seconds=st.sampled_from([1.0, 20.0, 50.0, 61.0, 400.0, 3600.0]))
    def pass_time(self, seconds) -> None:
        self.room.time.advance(seconds)

    @precondition(lambda self: hasattr(self, "room"))
    @rule(fails=st.booleans())
    def fill_the_disk(self, fails) -> None:
        self.room.journal.fails = lambda: fails

    @rule(session=SESSIONS)
    def leave(self, session) -> None:
        self.room.gate.commit()
        self.room.gate.leave(session)
        self.cancelled |= {
            number for number, one in enumerate(self.requests) if one.call.caller.session == session and not one.rulings
        }

    def note_forwarded(self) -> None:
        known = {id(one) for one in self.running}
        for asked in self.requests:
            if asked.forwarded and id(asked) not in known and not hasattr(asked, "was_noted"):
                asked.was_noted = True
                self.running.append(asked)

    @invariant()
    def every_request_is_answered_at_most_once_and_never_with_another_clients_answer(self) -> None:
        for number, asked in enumerate(self.requests):
            assert len(asked.rulings) + (number in self.cancelled) <= 1
            for ruling in asked.rulings:
                assert ruling.call is asked.call
            if asked.kept is not None:
                assert json.loads(asked.kept) == {"of": asked.call.digest}

    @invariant()
    def nothing_is_forwarded_that_no_one_allowed_and_nothing_is_approved_twice(self) -> None:
        approved = [asked.call.digest for asked in self.requests if asked.forwarded and asked.forwarded.approved]
        for digest in set(approved):
            assert approved.count(digest) <= self.approvals.count(digest)
        rows = [row for row in self.room.journal.rows if row.kind is EntryKind.DECISION]
        decided = {row.call for row in rows if row.outcome in (Outcome.ALLOWED.value, Outcome.APPROVED.value)}
        for asked in self.requests:
            if asked.forwarded:
                assert asked.call.id in decided
                assert asked.call.tool in ("read", "count", "write", "rm")
                assert asked.call.tool != "write" or asked.forwarded.approved or "requestState" in asked.call.extra

    @invariant()
    def what_is_sent_is_what_was_asked_or_what_a_person_made_of_it(self) -> None:
        for asked in self.requests:
            if asked.forwarded and asked.forwarded.approved:
                edit = asked.forwarded.edit
                sent = None if edit is None else edit.arguments
                assert sent in self.edits[asked.call.digest] and sent != {"path": "/forbidden"}

    def teardown(self) -> None:
        """When everything has ended, the counters hold what was forwarded, and no timer is left."""
        if not hasattr(self, "room"):
            return
        self.room.journal.fails = lambda: False
        self.room.gate.commit()
        self.note_forwarded()
        while self.running:
            self.settle(0, Result.OK, False)
        self.room.queue.shut_down()
        self.room.time.advance(100_000)
        self.room.gate.commit()
        for number, asked in enumerate(self.requests):
            assert asked.rulings or number in self.cancelled, "a request was forgotten"
        counted = sum(len(asked.forwarded.reservations) for asked in self.requests if asked.forwarded)
        assert self.room.used("write") + self.room.used("count") == counted - self.given_back
        assert sum(self.room.journal.counters.values()) == counted - self.given_back
        opened = [event.question.id for event in self.room.heard if isinstance(event, QuestionOpened)]
        ended = [event.id for event in self.room.heard if isinstance(event, QuestionEnded)]
        assert len(set(ended)) == len(ended)
        assert set(opened) <= set(ended)
        assert self.room.time.waiting == 0


GateMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=50)
test_whatever_happens_nothing_gets_through_unapproved_unwritten_or_uncounted = GateMachine.TestCase


# -- answers that stand ------------------------------------------------------------------------------------------------

DEFINITION = ToolDefinition("write", description="Writes.", digest="d1")
ALWAYS, SESSION = Lifetime.ALWAYS, Lifetime.SESSION


def stand(room: GateRoom, kind: AnswerKind = AnswerKind.ALLOW, lifetime: Lifetime = ALWAYS, **more: object) -> str:
    """Have the newest question answered for its tool, to stand; the decision's id."""
    wish = Wish(Reach.TOOL, lifetime, definition="d1", **more)
    reason = "" if kind is AnswerKind.ALLOW else "Never there."
    room.gate.answer(room.question().id, Answer(kind, "window", reason, shown="cafe", wish=wish))
    return next((kept.standing.id for kept in room.remembered.all()), "")


@pytest.fixture
def known(room) -> GateRoom:
    room.around.known["write"] = DEFINITION
    return room


def test_an_approval_that_stands_lets_the_next_call_through_unasked(known) -> None:
    first = known.call("write", {"path": "/a"})
    name = stand(known)
    assert first.forwarded is not None
    second = known.call("write", {"path": "/b"})
    assert second.forwarded == Forward(
        second.call, "/tools/write/require_approval/always", second.forwarded.reservations, approved=True
    )
    row = known.journal.rows[-1]
    assert (row.outcome, row.by, row.shown, row.waited) == ("approved", f"remembered {name}", "cafe", None)
    assert json.loads(row.detail) == {"remembered": name}
    assert known.queue.pending() == ()


def test_a_denial_that_stands_refuses_the_next_call_with_its_reason_and_gives_back_what_it_drew(known) -> None:
    known.call("write")
    name = stand(known, AnswerKind.DENY)
    again = known.call("write", {"path": "/b"})
    assert outcome_of(again)[0] == "denied_by_user"
    assert again.text == "[DENIED BY USER] Never there."
    assert known.journal.rows[-1].by == f"remembered {name}"
    assert known.used() == 0


def test_the_policy_comes_first_what_it_denies_stays_denied(known) -> None:
    known.call("write")
    stand(known)
    known.set_policy({"version": "1", "default": "deny", "tools": {}})
    assert outcome_of(known.call("write"))[0] == "denied_by_policy"
    known.set_policy({"version": "1", "default": "allow"})
    known.call("write")
    assert known.journal.rows[-1].by == "policy", "it did not need to be remembered"


def test_a_denial_that_stands_does_not_refuse_what_the_policy_allows(known) -> None:
    known.call("write")
    stand(known, AnswerKind.DENY)
    known.set_policy({"version": "1", "default": "allow"})
    assert known.call("write").forwarded is not None


def test_limits_count_what_an_approval_that_stands_lets_through(known) -> None:
    known.call("write", {"n": 0})
    stand(known)
    results = [known.call("write", {"n": number}) for number in range(1, 5)]
    assert [one.forwarded is not None for one in results] == [True, True, False, False]
    assert outcome_of(results[-1])[1] == "/tools/write/limits/calls"


def test_while_everything_is_denied_what_stands_is_too(known) -> None:
    known.call("write")
    stand(known)
    known.around.panic = "Stop."
    assert outcome_of(known.call("write"))[1] == "(panic)"


def test_what_stands_still_answers_while_asking_is_paused(known) -> None:
    known.call("write")
    stand(known)
    known.around.pause = "Asking is paused."
    assert known.call("write", {"n": 2}).forwarded is not None
    assert known.call("write", {"n": 3}, task={"ttl": 1}).text == "[POLICY DENIED] Asking is paused."


def test_what_cannot_be_written_down_does_not_stand_and_the_one_call_is_still_answered(known) -> None:
    asked = known.call("write")
    outcomes = iter([True])
    known.journal.fails = lambda: next(outcomes, False)
    assert stand(known) == ""
    assert any(isinstance(event, AnswerNotRemembered) for event in known.heard)
    assert asked.forwarded is not None
    known.call("write", {"path": "/b"})
    assert known.question().call.arguments == {"path": "/b"}


def test_a_call_that_a_standing_approval_covers_is_denied_where_that_cannot_be_written(known) -> None:
    known.call("write")
    stand(known)
    known.journal.fails = lambda: True
    again = known.call("write", {"path": "/b"})
    assert again.text == f"[POLICY DENIED] {replies.UNWRITTEN}"
    assert known.used() == 1


def test_what_waits_already_is_answered_by_it_too(known) -> None:
    calls = [known.call("write", {"n": number}) for number in range(3)]
    name = stand(known)
    assert all(one.forwarded is not None for one in calls)
    assert [row.by for row in known.journal.rows if row.outcome == "approved"].count(f"remembered {name}") == 2
    assert known.queue.pending() == ()


def test_what_waits_is_not_approved_by_it_where_the_policy_denies_it_by_now(known) -> None:
    known.call("write", {"n": 1})
    known.call("write", {"n": 2})
    known.set_policy({"version": "1", "default": "deny", "tools": {}})
    stand(known)
    assert [one.call.arguments for one in known.queue.pending()] == [{"n": 1}]


def test_one_for_the_session_ends_with_the_session(known) -> None:
    known.call("write")
    stand(known, lifetime=SESSION)
    assert known.call("write", {"n": 2}).forwarded is not None
    known.gate.leave("s1")
    known.gate.commit()
    known.call("write", {"n": 3})
    assert known.question().call.arguments == {"n": 3}
    assert known.remembered.all() == ()


def test_a_changed_definition_asks_again_and_the_question_says_so(known) -> None:
    known.call("write")
    name = stand(known)
    known.around.known["write"] = ToolDefinition("write", description="Writes, and sends.", digest="d2")
    asked = known.call("write", {"n": 2})
    assert asked.rulings == []
    assert known.question().lapsed.id == name


def test_a_definition_that_comes_late_lets_what_stands_answer_the_open_question(known) -> None:
    known.call("write")
    stand(known)
    del known.around.known["write"]
    waiting = known.call("write", {"n": 2})
    assert waiting.rulings == []
    known.gate.reconsider()
    assert waiting.rulings == []
    known.queue.define("files", [DEFINITION])
    known.gate.reconsider()
    assert waiting.forwarded is not None


def test_a_late_definition_that_is_another_shows_what_was_void(known) -> None:
    known.call("write")
    name = stand(known)
    del known.around.known["write"]
    known.call("write", {"n": 2})
    known.queue.define("files", [ToolDefinition("write", digest="d2")])
    known.gate.reconsider()
    assert known.question().lapsed.id == name
    assert [event.question.lapsed is None for event in known.heard if isinstance(event, QuestionChanged)] == [
        True,
        False,
    ]
    known.gate.reconsider()
    assert sum(isinstance(event, QuestionChanged) for event in known.heard) == 2


def test_a_question_from_before_a_change_does_not_void_what_was_approved_after_it(known) -> None:
    """What counts is what the waiting call would meet now, not what its question has shown since it was asked."""
    old = known.call("write", {"n": 1})
    known.around.known["write"] = ToolDefinition("write", description="Writes, and says so.", digest="d2")
    known.call("write", {"n": 2})
    newest = known.queue.pending()[-1]
    wish = Wish(Reach.TOOL, ALWAYS, definition="d2")
    known.gate.answer(newest.id, Answer(AnswerKind.ALLOW, "window", wish=wish))
    assert [kept.state.is_void for kept in known.remembered.all()] == [False]
    assert old.forwarded is not None
    assert known.call("write", {"n": 3}).forwarded is not None


def test_what_a_person_takes_back_is_on_the_disk_at_once(known) -> None:
    known.call("write")
    known.remembered.revoke(stand(known), "terminal")
    assert known.journal.standing == {}
    assert known.journal.writes[-1] == "durable"


def test_a_late_approval_is_not_for_another_server_of_that_name(room) -> None:
    """The server's entry was edited between the question and the repeat, or the grant was made anew."""
    room.call("write")
    room.time.advance(room.around.patience_seconds)
    (question,) = room.queue.pending()
    room.place = "elsewhere"
    assert room.call("write").rulings == [], "asked about anew"
    room.gate.answer(question.id, Answer(AnswerKind.ALLOW, "window"))
    assert room.call("write", {"n": 2}).forwarded is None
    room.place = "here"
    assert room.call("write").forwarded is not None


def test_an_answer_to_nothing_makes_nothing_stand(known) -> None:
    with pytest.raises(NotWaiting):
        known.gate.answer("none", Answer(AnswerKind.ALLOW, "window", wish=Wish(Reach.TOOL, ALWAYS)))
    assert known.remembered.all() == ()


def test_questions_that_end_while_others_are_answered_are_left_alone(known) -> None:
    """The log fails in the middle: what was open is refused, and nothing is answered twice."""
    first, second = known.call("write", {"n": 1}), known.judge("write", {"n": 2})
    known.gate.commit()
    known.call("write", {"n": 3})
    seen: list[str] = []
    known.events.subscribe(lambda event: seen.append(event.id) if isinstance(event, QuestionEnded) else None)
    stand(known)
    assert len(seen) == len(set(seen)) == 3
    assert first.forwarded is not None
    assert second.forwarded is not None
