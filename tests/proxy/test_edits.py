"""Edited calls: what is sent is what was edited and nothing else, and the log has both versions."""

import json
import math

import pytest
from sample_calls import call
from sample_standing import wish

from approver.model import Answer, AnswerKind, Edit
from approver.proxy import jsonrpc
from approver.proxy.edits import (
    LONGEST_ARGUMENTS,
    MOST_CHANGES,
    EditRefused,
    described,
    edit_of,
    made,
    message_to_send,
    recorded,
)
from approver.proxy.rulings import Forward


def allowed(arguments: object) -> Answer:
    return Answer(AnswerKind.ALLOW, "window", arguments=arguments)


def test_an_edit_is_a_copy_with_the_digest_that_such_a_call_would_have() -> None:
    asked, arguments = call("write", {"path": "/a"}, extra={"task": {}}), {"path": "/b", "n": [-0.0, 1.0, 10**30]}
    edit = edit_of(asked, allowed(arguments))
    arguments["n"].append(4)
    assert json.dumps(edit.arguments) == '{"path": "/b", "n": [-0.0, 1.0, 1000000000000000000000000000000]}'
    assert edit.digest == call("write", edit.arguments, extra={"task": {}}).digest
    assert edit.by == "window"


@pytest.mark.parametrize(
    "arguments",
    [{"a": math.nan}, {"a": math.inf}, {"a": (1,)}, {1: 2}, [1], "text", {"a": "x" * jsonrpc.MAX_LINE}],
)
def test_what_json_cannot_carry_exactly_is_refused_in_a_sentence(arguments) -> None:
    with pytest.raises(EditRefused, match=r"^The edited call cannot be sent.*\.$"):
        edit_of(call(), allowed(arguments))


def test_an_edited_call_says_nothing_of_later_ones() -> None:
    with pytest.raises(EditRefused, match="later calls would come unedited"):
        edit_of(call(), Answer(AnswerKind.ALLOW, "window", arguments={"a": 1}, wish=wish()))


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: object = 1
    for _ in range(jsonrpc.MAX_NESTING):
        deep = [deep]
    with pytest.raises(EditRefused, match="nested"):
        edit_of(call(), allowed({"a": deep}))


def test_a_call_is_made_as_edited_and_keeps_all_else() -> None:
    asked = call("write", {"path": "/a"})
    edit = Edit({"path": "/b"}, "d1", "window")
    made_call = made(asked, edit)
    assert (made_call.id, made_call.tool, made_call.caller) == (asked.id, "write", asked.caller)
    assert (made_call.arguments, made_call.digest) == ({"path": "/b"}, "d1")
    assert made(asked, None) is asked


def test_the_message_changes_in_its_arguments_alone() -> None:
    message = {
        "id": 7,
        "x": {"unknown": 1},
        "params": {"_meta": {"progressToken": 1}, "arguments": {"path": "/a"}, "name": "write", "later": [1]},
    }
    before = json.dumps(message)
    ruling = Forward(call(), "", edit=Edit({"path": "/b"}, "", ""))
    assert json.dumps(message_to_send(message, ruling)) == before.replace("/a", "/b")
    assert json.dumps(message) == before
    assert message_to_send(message, Forward(call(), "")) is message


def test_the_log_has_what_was_sent_who_changed_it_and_where_but_no_secrets() -> None:
    asked = call("write", {"path": "/a", "password": "hunter2", "deep": {"x/y": 1}})
    edit = Edit({"path": "/b", "password": "swordfish", "deep": {"x/y": 2}}, "d1", "window")
    text = described(asked, edit, '{"repeats":"c1"}')
    assert "swordfish" not in text
    assert text.startswith('{"edited":')
    told = json.loads(text)
    assert told["repeats"] == "c1"
    assert told["edited"]["arguments"] == {"path": "/b", "password": "••• (9 characters hidden)", "deep": {"x/y": 2}}
    assert told["edited"]["changed"] == ["/path", "/password", "/deep/x~1y"]
    assert (told["edited"]["digest"], told["edited"]["by"]) == ("d1", "window")


def test_without_an_edit_the_detail_is_what_it_was() -> None:
    assert described(call(), None, "x") == "x"
    assert described(call(), None) == ""


def test_what_the_log_keeps_is_bounded() -> None:
    many = {f"k{number}": number for number in range(MOST_CHANGES + 5)}
    told = json.loads(described(call(arguments={"a": 1}), Edit(many, "", "")))
    assert len(told["edited"]["changed"]) == MOST_CHANGES
    assert len(jsonrpc.encode(recorded({"text": "x" * (LONGEST_ARGUMENTS + 1)}))) < LONGEST_ARGUMENTS
