"""Conversations between a client and a server: a line goes in, and what the other end hears is compared."""

import json

import pytest
from gate_room import GateRoom
from hypothesis import example, given
from hypothesis import strategies as st
from sample_calls import caller
from talk import Talk, encoded, failure, notification, request, result, tool_call

from approver.model import Answer, AnswerKind, EntryKind
from approver.proxy import jsonrpc, replies

INFO = {"name": "claude-ai", "version": "1"}
DECISION = "approver/decision"


@pytest.fixture
def room() -> GateRoom:
    return GateRoom()


@pytest.fixture
def talk(room: GateRoom) -> Talk:
    return Talk(room)


def text_of(message: dict) -> str:
    assert message["result"]["isError"] is True
    assert message["result"]["_meta"][DECISION]["decision_id"]
    return message["result"]["content"][0]["text"]


# -- what passes untouched ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_id", [0, 1, -1, 2**53, 10**30, "", "a", "1", "\u20ac \n \u2028 \U0001f600", "\ud800", 1.5, -0.5]
)
@pytest.mark.parametrize("method", ["ping", "tools/call"])
def test_ids_of_all_kinds_survive_both_ways(talk, request_id, method) -> None:
    message = tool_call(request_id, "read") if method == "tools/call" else request(request_id, method)
    talk.client(message)
    if method == "tools/call" and isinstance(request_id, float):
        assert "needs an id" in talk.answer()["error"]["message"]
        return
    assert talk.sent() == [message]
    talk.server(result(request_id, ok=True))
    assert talk.heard() == [(1, result(request_id, ok=True))]


@pytest.mark.parametrize(
    "message",
    [
        request(1, "initialize", protocolVersion="2025-11-25", capabilities={"x": [1]}, clientInfo=INFO),
        request(1, "server/discover"),
        request(1, "resources/read", uri="file:///a"),
        request(1, "prompts/get", name="p", _meta={"a/b": {"c": None}}),
        request(1, "completion/complete", ref={}, argument={}),
        request(1, "logging/setLevel", level="debug"),
        request(1, "tasks/get", taskId="t"),
        request(1, "subscriptions/listen"),
        request(1, "method/from/tomorrow", anything=[1.5, {"deep": True}, None]),
        request(None, "ping"),
        {"jsonrpc": "2.0", "id": 1, "method": "x", "params": [1, 2], "extension": {"y": 1}},
        {"id": 1, "method": "no version"},
    ],
)
def test_requests_of_every_kind_pass_as_they_are(talk, room, message) -> None:
    talk.client(message)
    assert talk.sent() == [message]
    answer = result(message["id"], anything=[1, {"a": None}], _meta={"x": 1})
    talk.server(answer)
    assert [heard for _, heard in talk.heard()] == [answer]
    assert room.journal.rows == []


@pytest.mark.parametrize(
    "message",
    [
        notification("notifications/initialized"),
        notification("notifications/progress", progressToken=1, progress=0.5),
        notification("notifications/roots/list_changed"),
        notification("notifications/of/tomorrow", x=1),
        result("server-1", roots=[]),
        failure("server-2", -1, "The person declined."),
    ],
)
def test_what_needs_no_answer_passes_and_its_line_is_settled(talk, message) -> None:
    talk.client(message)
    assert talk.sent() == [message]
    assert talk.heard() == [(1, None)]


@pytest.mark.parametrize(
    "line",
    [
        b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"\\u00e9"}}',
        b'{ "jsonrpc" : "2.0", "id" : "s1", "method" : "sampling/createMessage", "params" : {"a": 1.50} }',
        b'{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{}}',
        b'{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}',
        b'{"jsonrpc":"2.0","id":99,"result":{"nobody":"asked"}}',
        b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}}',
    ],
)
def test_what_the_server_says_of_itself_passes_byte_for_byte(talk, line) -> None:
    talk.server(line)
    assert talk.raw == [line]
    assert talk.heard()[0][0] is None


def test_an_answer_passes_byte_for_byte(talk) -> None:
    talk.client(tool_call(1, "read"), request(2, "ping"))
    lines = [
        rb'{"jsonrpc":"2.0","result":{"content":[],"n":1.50,"t":"\ud83d"},"id":1}',
        b'{ "jsonrpc":"2.0","id":2, "result":{} }',
    ]
    talk.server(*lines)
    assert talk.raw == lines
    assert [number for number, _ in talk.heard()] == [1, 2]


def test_answers_in_another_order_reach_their_own_lines(talk) -> None:
    talk.client(request("a", "x"), notification("n"), tool_call("b", "read"), request("c", "tools/list"))
    talk.heard()
    talk.server(result("c", tools=[]), result("b"), result("a"))
    assert [number for number, _ in talk.heard()] == [4, 3, 1]


def test_what_the_client_sent_first_reaches_the_server_first(talk) -> None:
    lines = [
        tool_call(1, "read"),
        notification("n"),
        tool_call(2, "read"),
        request(3, "x"),
        result("s1"),
        request(4, "y"),
    ]
    talk.client(*lines)
    assert talk.sent() == lines


def test_an_answer_given_twice_passes_the_second_time_as_nobodys(talk) -> None:
    talk.client(request(1, "x"))
    talk.server(result(1), result(1))
    assert [number for number, _ in talk.heard()] == [1, None]


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "request_id"),
    [
        (b"hello", None),
        (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"read","name":"rm"}}', 5),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None),
        (tool_call(5, ""), 5),
        ({"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "read"}}, None),
        ({"jsonrpc": "2.0", "id": 5, "method": ["tools/call"]}, 5),
        ({"jsonrpc": "2.0", "id": 5, "method": None}, 5),
        ({"jsonrpc": "2.0", "id": [5], "method": 7}, None),
        ({"jsonrpc": "2.0", "id": 5, "Method": "tools/call", "params": {"name": "rm"}}, 5),
        ({"jsonrpc": "2.0", "id": 5, "result": {}, "method": "tools/call", "params": {"name": "read"}}, 5),
    ],
)
def test_a_refused_line_is_answered_written_down_and_never_passed(talk, room, line, request_id) -> None:
    talk.client(line)
    ((number, answer),) = talk.heard()
    assert (number, answer["id"]) == (1, request_id)
    assert answer["error"]["message"].startswith("Refused: ")
    assert talk.sent() == []
    (row,) = room.journal.rows
    assert (row.kind, row.message) == (EntryKind.REFUSED, answer["error"]["message"])
    assert json.loads(row.detail)["received"]


def test_of_a_long_refused_line_the_beginning_is_kept(talk, room) -> None:
    talk.client(b"x" * 1000)
    assert json.loads(room.journal.rows[0].detail)["received"] == "x" * 300 + "… (1,000 bytes)"


def test_a_line_that_was_too_long_to_be_read_is_refused_too(talk, room) -> None:
    talk.session.refuse(7, jsonrpc.too_long(b'{"id":3,'), b"")
    assert talk.answer()["id"] == 3
    room.gate.commit()
    assert "longer than 16 MiB (16,777,216 bytes)" in room.journal.rows[0].message


@given(st.binary(max_size=60))
@example(b"{}")
@example(b'{"method":"x","id":true}')
@example(b'{"method":"x","id":{"a":1}}')
@example(b'{"method":"x","id":[1]}')
@example(b'{"method":"tools/list","id":false}')
@example(b'{"method":"notifications/cancelled","params":[1]}')
@example(b'{"method":"notifications/cancelled","params":{"requestId":{}}}')
@example(b'{"method":"initialize","id":1,"params":[]}')
@example(b'{"method":"initialize","id":1,"params":{"clientInfo":5}}')
@example(b'{"method":"initialize","id":1,"params":{"clientInfo":{"name":5}}}')
@example(b'{"id":"\\ud800","method":7}')
def test_whatever_a_client_writes_it_is_passed_or_refused_with_an_error(line: bytes) -> None:
    talk = Talk(GateRoom())
    talk.client(line)
    heard, sent = talk.heard(), talk.sent()
    if sent:
        assert sent == [json.loads(line)]
        assert heard in ([], [(1, None)])
    else:
        ((number, answer),) = heard
        assert number == 1
        assert "error" in answer
        assert talk.room.journal.rows[0].kind is EntryKind.REFUSED


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([
    b"[]", b"[1]", b'[{"jsonrpc":"2.0","method":"x"}]', b'{"jsonrpc":"2.0","id":1}', b'{"jsonrpc":"2.0","id":[1]}',
    b'{"jsonrpc":"2.0","id":2,"result":{"tools":[1,{"name":5},{"name":"secret"}]}}', b"[" * 100_000,
    b'{"jsonrpc":"2.0","id":3,"result":7}', b'{"jsonrpc":"2.0","id":"approver:tools","result":{}}',
    b'{"jsonrpc":"2.0","id":4,"result":{"isError":true}}',
])), max_size=6))  # fmt: skip
def test_whatever_a_server_writes_the_session_goes_on(lines: list[bytes]) -> None:
    talk = Talk(GateRoom())
    talk.client(request(1, "x"), request(2, "tools/list"), tool_call(3, "read"), tool_call(4, "write"))
    talk.sent()
    talk.server(*lines)
    talk.heard()
    talk.client(request("after", "ping"))
    assert talk.sent() == [request("after", "ping")]
    assert len(talk.room.queue) == 1, "a held call is not the server's to answer"


@pytest.mark.parametrize(
    "first", [request(1, "x"), request(1, "tools/list"), tool_call(1, "read"), tool_call(1, "write")]
)
@pytest.mark.parametrize(
    "second", [request(1, "y"), tool_call(1, "read"), tool_call(1, "write"), request(1, "tools/list")]
)
def test_an_id_in_flight_cannot_be_used_again(talk, room, first, second) -> None:
    talk.client(first)
    passed = talk.sent()
    talk.client(second)
    assert talk.sent() == []
    ((number, answer),) = talk.heard()
    assert (number, answer["id"]) == (2, 1)
    assert "still in flight" in answer["error"]["message"]
    assert room.journal.story[-1] == ("refused", "refused")
    if passed:
        talk.server(result(1, tools=[]))
        assert talk.heard() == [(1, result(1, tools=[]))]
        talk.client(request(1, "z"))
        assert talk.sent() == [request(1, "z")]


# -- tools/call --------------------------------------------------------------------------------------------------------


def test_an_allowed_call_passes_with_everything_that_came_with_it(talk, room) -> None:
    message = tool_call(
        1, "read", {"a": [1, 2.5, None]}, _meta={"progressToken": "t", "x/y": {"z": 1}}, task={"ttl": 5}
    )
    talk.client(message)
    assert talk.sent() == [message]
    talk.server(notification("notifications/progress", progressToken="t", progress=1))
    talk.server(result(1, content=[]))
    assert talk.heard() == [
        (None, notification("notifications/progress", progressToken="t", progress=1)),
        (1, result(1, content=[])),
    ]
    assert talk.commits_wanted == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (result(1, content=[]), "ok"),
        (result(1, content=[], isError=True), "tool_error"),
        (failure(1), "rpc_error"),
        ({"jsonrpc": "2.0", "id": 1}, "rpc_error"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"isError":true,"n":NaN}}', "tool_error"),
    ],
)
def test_what_became_of_a_call_is_written_down(talk, room, answer, outcome) -> None:
    talk.client(tool_call(1, "read"))
    room.time.advance(2)
    talk.server(answer)
    room.gate.commit()
    row = room.journal.rows[-1]
    assert (row.kind, row.outcome, row.latency) == (EntryKind.OUTCOME, outcome, 2.0)


def test_a_denied_call_is_answered_here_and_the_server_never_sees_it(talk, room) -> None:
    talk.client(tool_call("x", "unknown"))
    ((number, answer),) = talk.heard()
    assert (number, answer["id"]) == (1, "x")
    assert text_of(answer).startswith("[POLICY DENIED] ")
    assert answer["result"]["_meta"][DECISION]["rule"] == "(default deny)"
    assert talk.sent() == []


def test_an_approved_call_reaches_the_server_as_it_was_asked(talk, room) -> None:
    message = tool_call(1, "write", {"path": "/a"}, _meta={"x": 1})
    talk.client(message)
    assert (talk.sent(), talk.heard()) == ([], [])
    room.approve()
    assert talk.sent() == [message]
    talk.server(result(1, content=[]))
    assert talk.heard() == [(1, result(1, content=[]))]


def test_a_call_denied_by_a_person_never_reaches_the_server(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    room.deny("No.")
    assert text_of(talk.answer()) == "[DENIED BY USER] No."
    assert talk.sent() == []


def test_a_call_that_waits_is_answered_when_patience_ends_and_its_repeat_gets_the_answer(talk, room) -> None:
    talk.client(tool_call(1, "write", {"path": "/a"}))
    room.time.advance(50)
    assert text_of(talk.answer()).startswith("[APPROVAL PENDING] ")
    talk.client(tool_call(2, "write", {"path": "/a"}))
    room.approve()
    assert talk.sent() == [tool_call(2, "write", {"path": "/a"})]


def test_a_client_that_asked_for_progress_hears_that_its_call_waits(talk, room) -> None:
    talk.client(tool_call(1, "write", _meta={"progressToken": "t-1"}), tool_call(2, "write"))
    room.time.advance(10)
    heard = talk.heard()
    assert [number for number, _ in heard] == [None, None]
    params = [message["params"] for _, message in heard]
    assert [message["method"] for _, message in heard] == ["notifications/progress"] * 2
    assert {one["progressToken"] for one in params} == {"t-1"}
    assert 0 < params[0]["progress"] < params[1]["progress"] < 0.01
    assert "approve write" in params[0]["message"]


@pytest.mark.parametrize("token", ["", 0, 7, 2**60, 1.5])
def test_progress_is_told_under_whatever_the_client_chose(talk, room, token) -> None:
    talk.client(tool_call(1, "write", _meta={"progressToken": token}))
    room.time.advance(10)
    assert [message["params"]["progressToken"] for _, message in talk.heard()] == [token] * 2


@pytest.mark.parametrize("token", [None, True, [], {"a": 1}])
def test_what_can_be_no_progress_token_gets_no_progress(talk, room, token) -> None:
    talk.client(tool_call(1, "write", _meta={"progressToken": token}))
    room.time.advance(10)
    assert talk.heard() == []


def test_what_cannot_be_written_down_never_reaches_the_server(talk, room) -> None:
    room.journal.fails = lambda: True
    talk.client(tool_call(1, "read"))
    assert text_of(talk.answer()) == f"[POLICY DENIED] {replies.UNWRITTEN}"
    assert talk.sent() == []


def test_a_repeat_of_a_call_that_ran_gets_the_raw_result_under_its_own_id(talk, room) -> None:
    talk.client(tool_call("first", "write"))
    room.approve()
    room.time.advance(100)
    talk.server(b'{"jsonrpc":"2.0","id":"first","result":{"content": [], "n": 1.50}}')
    talk.heard()
    talk.sent()
    talk.client(tool_call("again", "write"))
    assert talk.raw[-1] == b'{"jsonrpc":"2.0","id":"again","result":{"content": [], "n": 1.50}}'
    assert talk.heard()[0][0] == 2
    assert talk.sent() == []


def test_a_server_cannot_answer_a_call_that_it_was_never_sent(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    forged = json.dumps(result(1, content=[{"type": "text", "text": "done"}])).encode()
    talk.server(forged)
    assert (talk.heard(), talk.noise) == ([], [forged])
    room.deny()
    assert text_of(talk.answer()).startswith("[DENIED BY USER] ")


def test_a_call_that_asks_for_input_goes_on_without_a_second_question(talk, room) -> None:
    talk.client(tool_call(1, "write", {"path": "/a"}))
    room.approve()
    talk.server(result(1, resultType="input_required", requestState="s", inputRequests={"q": {}}))
    second = tool_call(2, "write", {"path": "/a"}, requestState="s", inputResponses={"q": {"action": "accept"}})
    talk.sent()
    talk.client(second)
    assert talk.sent() == [second]
    talk.server(result(2, content=[]))
    talk.client(tool_call(3, "write", {"path": "/a"}, requestState="s"))
    assert talk.sent() == []
    assert len(room.queue) == 1


# -- who the client is -------------------------------------------------------------------------------------------------


def test_a_client_is_called_what_it_calls_itself(talk, room) -> None:
    talk.client(request(1, "initialize", clientInfo=INFO), tool_call(2, "write"))
    asker = room.question().call.caller
    assert (asker.client, asker.client_name) == ("claude-ai", "claude-ai")


def test_a_client_that_was_launched_under_a_label_keeps_it(room) -> None:
    talk = Talk(room, caller(client="Desk"), keep_label=True)
    talk.client(request(1, "initialize", clientInfo=INFO), tool_call(2, "write"))
    asker = room.question().call.caller
    assert (asker.client, asker.client_name) == ("Desk", "claude-ai")


def test_without_a_handshake_a_client_is_known_by_what_each_call_says(talk, room) -> None:
    talk.client(tool_call(1, "write", _meta={"io.modelcontextprotocol/clientInfo": INFO}))
    assert room.question().call.caller.client_name == "claude-ai"


@pytest.mark.parametrize("named", [{}, {"io.modelcontextprotocol/clientInfo": {"name": ""}}])
def test_a_call_that_stands_alone_and_says_no_name_is_not_the_last_ones(talk, room, named) -> None:
    revision = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    before = talk.session.caller
    talk.client(tool_call(1, "read", _meta={**revision, "io.modelcontextprotocol/clientInfo": INFO}))
    talk.client(tool_call(2, "read", _meta={**revision, **named}))
    assert [row.client for row in room.journal.rows] == ["claude-ai", before.client]
    assert talk.session.caller is before


def test_a_malformed_call_that_stands_alone_is_written_down_under_its_own_name(talk, room) -> None:
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": INFO}
    talk.client(
        request(1, "tools/call", _meta=meta),
        request(2, "tools/call", _meta={**meta, "io.modelcontextprotocol/clientInfo": None}),
    )
    assert [row.client for row in room.journal.rows] == ["claude-ai", talk.session.caller.client]


@pytest.mark.parametrize(
    "params", [{}, {"clientInfo": None}, {"clientInfo": {"name": ""}}, {"clientInfo": {"name": 5}}]
)
def test_a_client_that_does_not_say_who_it_is_stays_who_it_was(talk, params) -> None:
    before = talk.session.caller
    talk.client(request(1, "initialize", **params))
    assert talk.session.caller is before


# -- cancellation ------------------------------------------------------------------------------------------------------


def cancelled(request_id) -> dict:
    return notification("notifications/cancelled", requestId=request_id, reason="changed my mind")


def test_a_held_call_that_is_cancelled_is_no_question_any_more_and_gets_no_answer(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    talk.client(cancelled(1))
    assert talk.heard() == [(1, None), (2, None)]
    assert (talk.sent(), len(room.queue)) == ([], 0)
    talk.client(tool_call(1, "read"))
    assert talk.sent() == [tool_call(1, "read")], "its id is free again"


def test_a_call_cancelled_in_the_same_breath_is_never_asked_about(talk, room) -> None:
    talk.client(tool_call(1, "write"), cancelled(1))
    assert (talk.sent(), len(room.queue)) == ([], 0)
    assert room.journal.story == [("asked", "asked"), ("decision", "aborted")]


def test_a_denied_call_cancelled_in_the_same_breath_is_answered_once(talk, room) -> None:
    talk.client(tool_call(1, "unknown"), cancelled(1))
    assert [number for number, _ in talk.heard()] == [1, 2]


def test_an_allowed_call_cancelled_in_the_same_breath_reaches_the_server_before_its_cancellation(talk, room) -> None:
    talk.client(tool_call(1, "read"), cancelled(1))
    assert talk.sent() == [tool_call(1, "read"), cancelled(1)]


@pytest.mark.parametrize(
    ("answer", "outcome"), [(failure(1, 0, "Request cancelled"), "cancelled"), (result(1, content=[]), "ok")]
)
def test_the_cancellation_of_a_running_call_is_the_servers_business(talk, room, answer, outcome) -> None:
    talk.client(tool_call(1, "read"))
    talk.client(cancelled(1))
    assert talk.sent() == [tool_call(1, "read"), cancelled(1)]
    talk.server(answer)
    assert talk.heard() == [(2, None), (1, answer)]
    room.gate.commit()
    assert room.journal.rows[-1].outcome == outcome


@pytest.mark.parametrize(
    "message", [cancelled(1), cancelled("unknown"), cancelled(None), cancelled([1]), cancelled(1.5)]
)
def test_other_cancellations_pass(talk, message) -> None:
    talk.client(request(1, "resources/read"), message)
    assert talk.sent()[1:] == [message]


def test_a_cancelled_repeat_leaves_the_call_it_repeats_alone(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    room.approve()
    room.time.advance(100)
    talk.client(tool_call(2, "write"))
    talk.client(cancelled(2))
    talk.sent()
    talk.server(result(1, content=[]))
    talk.client(tool_call(3, "write"))
    assert talk.sent() == []
    assert talk.heard()[-1] == (4, result(3, content=[]))


def test_the_repeat_of_a_cancelled_call_gets_the_result_that_comes_all_the_same(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    room.approve()
    talk.client(cancelled(1), tool_call(2, "write"))
    assert talk.sent() == [tool_call(1, "write"), cancelled(1)]
    talk.heard()
    talk.server(result(1, content=[]))
    assert talk.heard() == [(1, result(1, content=[])), (3, result(2, content=[]))]


def test_a_held_call_whose_client_hung_up_is_no_question_any_more(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    assert talk.session.hang_up(1) is True
    assert (talk.heard(), len(room.queue)) == ([], 0)
    assert talk.session.hang_up(1) is False


def test_the_result_of_a_call_whose_client_hung_up_is_kept_for_its_repeat(talk, room) -> None:
    talk.client(tool_call(1, "write"), request(2, "x"))
    room.approve()
    assert talk.session.hang_up(1) is False
    assert talk.session.hang_up(2) is False
    talk.server(result(1, content=[]))
    talk.heard()
    talk.client(tool_call(3, "write"))
    assert talk.heard() == [(3, result(3, content=[]))]


# -- tools/list --------------------------------------------------------------------------------------------------------

READ = {"name": "read", "title": "Read", "description": "Reads.", "inputSchema": {"type": "object"}, "x-more": [1.5]}
SECRET = {"name": "secret", "description": "Hidden."}


def test_hidden_tools_are_taken_out_and_nothing_else_changes(talk, room) -> None:
    room.around.hidden = {"secret"}
    talk.client(request(1, "tools/list"))
    assert talk.sent() == [request(1, "tools/list")]
    talk.server(result(1, tools=[READ, SECRET], nextCursor="2", _meta={"ttl": 5}))
    assert talk.heard() == [(1, result(1, tools=[READ], nextCursor="2", _meta={"ttl": 5}))]


def test_every_page_of_a_list_is_filtered_and_remembered(talk, room) -> None:
    room.around.hidden = {"secret"}
    for number, tools in enumerate([[SECRET], [READ]]):
        talk.client(request(number, "tools/list", cursor=str(number)))
        talk.server(result(number, tools=tools))
    assert [message["result"]["tools"] for _, message in talk.heard()] == [[], [READ]]
    assert [tool.name for tool in talk.catalog.of("files")] == ["secret", "read"]
    assert [(server, [one.name for one in tools]) for server, tools in talk.learned] == [
        ("files", ["secret"]), ("files", ["read"])
    ]  # fmt: skip


def test_a_list_without_hidden_tools_passes_byte_for_byte(talk) -> None:
    talk.client(request(1, "tools/list"))
    line = b'{"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "read", "n": 1.50}, 5]}}'
    talk.server(line)
    assert talk.raw == [line]


def test_hidden_tools_stay_hidden_in_a_list_that_is_written_sloppily(talk, room) -> None:
    room.around.hidden = {"secret"}
    talk.client(request(1, "tools/list"))
    talk.server(
        rb'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"read","description":"\ud83d"},{"name":"secret"}]}}'
    )
    assert [tool["name"] for tool in talk.answer()["result"]["tools"]] == ["read"]


@pytest.mark.parametrize(
    "answer", [failure(1), result(1), result(1, tools={"read": {}}), result(1, tools=None), result(1, tools="secret")]
)
def test_what_is_no_list_of_tools_passes(talk, room, answer) -> None:
    room.around.hidden = {"secret"}
    talk.client(request(1, "tools/list"))
    talk.server(answer)
    assert talk.answer() == answer


def test_the_tools_are_asked_for_once_on_our_own_account_and_the_client_hears_nothing(talk) -> None:
    meta = {"progressToken": 1, "io.modelcontextprotocol/clientInfo": INFO}
    talk.client(tool_call(1, "write", _meta=meta))
    talk.session.ask_for_tools()
    talk.session.ask_for_tools()
    (asked,) = talk.sent()
    assert (asked["method"], asked["id"]) == ("tools/list", "approver:tools")
    assert asked["params"] == {"_meta": {"io.modelcontextprotocol/clientInfo": INFO}}
    talk.server(result("approver:tools", tools=[READ]))
    assert talk.heard() == []
    assert talk.catalog.find("files", "read").description == "Reads."


def test_our_own_question_goes_on_to_the_last_page(talk) -> None:
    talk.session.ask_for_tools()
    talk.server(result("approver:tools", tools=[READ], nextCursor="2"))
    assert [asked["params"] for asked in talk.sent()] == [{}, {"cursor": "2"}]
    talk.server(result("approver:tools", tools=[{"name": "write"}]))
    assert (talk.heard(), talk.sent()) == ([], [])
    assert talk.catalog.find("files", "read") and talk.catalog.find("files", "write")


def test_our_own_question_for_the_tools_may_fail(talk) -> None:
    talk.session.ask_for_tools()
    assert talk.sent()[0]["params"] == {}
    talk.server(failure("approver:tools"))
    assert (talk.heard(), talk.learned) == ([], [])


def test_an_answer_to_a_question_of_ours_that_we_never_asked_passes(talk) -> None:
    talk.server(result("approver:tools", tools=[READ]))
    assert talk.heard() == [(None, result("approver:tools", tools=[READ]))]


# -- what is no message ------------------------------------------------------------------------------------------------


def test_a_servers_batch_is_taken_apart(talk, room) -> None:
    talk.client(request(1, "x"), tool_call(2, "read"))
    log = notification("notifications/message", level="info")
    talk.server([result(2, content=[]), log, result(1)])
    assert talk.heard() == [(2, result(2, content=[])), (None, log), (1, result(1))]


@pytest.mark.parametrize(
    "line", [b"starting...", b"", b"[]", b"[1, 2]", b"[", b'[{"jsonrpc":"2.0","method":"x"}, 5]', b"null", b"\xff\xfe"]
)
def test_noise_of_the_server_is_kept_from_the_client(talk, line) -> None:
    talk.server(line)
    assert (talk.heard(), talk.noise) == ([], [line])
    assert talk.session.has_heard_server is False


def test_a_server_that_speaks_is_known_to_have_spoken(talk) -> None:
    talk.server(notification("x"))
    assert talk.session.has_heard_server is True


# -- endings -----------------------------------------------------------------------------------------------------------


def test_when_the_server_dies_what_is_in_flight_fails_and_so_does_what_comes(talk, room) -> None:
    talk.client(request(1, "x"), tool_call(2, "read"), request(3, "tools/list"))
    talk.sent()
    talk.is_running = False
    talk.session.server_gone("The server files has ended: status 3.")
    heard = talk.heard()
    assert [number for number, _ in heard] == [1, 2, 3]
    for number, message in heard:
        assert message["id"] == number
        assert message["error"] == {"code": -32000, "message": "The server files has ended: status 3."}
    talk.client(request(4, "ping"), notification("n"), tool_call(5, "read"))
    heard = talk.heard()
    assert sorted((number, message and message["error"]["message"]) for number, message in heard) == [
        (4, "The server files has ended: status 3."), (5, None), (6, "The server files has ended: status 3.")
    ]  # fmt: skip
    room.gate.commit()
    assert [row.outcome for row in room.journal.rows if row.kind is EntryKind.OUTCOME] == ["unreachable"] * 2


def test_what_a_call_drew_is_given_back_when_the_server_is_not_there(talk, room) -> None:
    talk.client(tool_call(1, "count"))
    talk.is_running = False
    talk.session.server_gone("Gone.")
    talk.client(tool_call(2, "count"))
    assert room.used("count") == 0
    assert talk.commits_wanted >= 2, "the outcome is not left lying"


def test_a_call_that_is_held_when_the_server_dies_can_still_be_denied(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    talk.is_running = False
    talk.session.server_gone("Gone.")
    assert (talk.heard(), len(room.queue)) == ([], 1)
    room.deny()
    assert text_of(talk.answer()).startswith("[DENIED BY USER]")


def test_a_call_that_is_approved_after_the_server_died_fails(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    talk.is_running = False
    talk.session.server_gone("Gone.")
    room.approve()
    assert talk.answer()["error"]["message"] == "Gone."
    assert room.used() == 0


def test_repeats_that_wait_for_a_call_are_told_when_its_server_dies(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    room.approve()
    room.time.advance(100)
    talk.client(tool_call(2, "write"))
    talk.session.server_gone("Gone.")
    room.gate.commit()
    heard = dict(talk.heard())
    assert heard[1]["error"]["message"] == "Gone."
    assert text_of(heard[2]).startswith("[APPROVAL EXPIRED] ")


def test_a_request_that_ends_without_an_answer_is_told_and_written_down(talk, room) -> None:
    talk.client(request(1, "x"), tool_call(2, "count"), request("c", "tools/list"))
    talk.sent()
    for request_id in (1, 2, "c"):
        talk.session.request_ended(request_id, encoded(failure(request_id)))
    room.gate.commit()
    assert talk.heard() == [(1, failure(1)), (2, failure(2)), (3, failure("c"))]
    assert [row.outcome for row in room.journal.rows if row.kind is EntryKind.OUTCOME] == ["unreachable"]
    assert room.used("count") == 0
    assert talk.commits_wanted >= 1
    talk.client(request(1, "x"))  # the id is free again
    assert talk.sent() == [request(1, "x")]


def test_a_call_whose_cancellation_ended_it_gets_no_answer(talk, room) -> None:
    talk.client(tool_call(1, "read"), notification("notifications/cancelled", requestId=1))
    talk.heard()
    talk.session.request_ended(1, b"")
    room.gate.commit()
    assert talk.heard() == [(1, None)]
    assert [row.outcome for row in room.journal.rows if row.kind is EntryKind.OUTCOME] == ["cancelled"]


def test_a_held_call_does_not_end_with_another_of_its_id(talk, room) -> None:
    talk.client(tool_call(1, "write"))
    talk.session.request_ended(1, encoded(failure(1)))
    assert (talk.heard(), len(room.queue)) == ([], 1)


def test_a_request_of_our_own_that_ends_concerns_nobody(talk) -> None:
    talk.session.request_ended("approver:tools", encoded(failure("approver:tools")))
    assert talk.heard() == []


@pytest.mark.parametrize("request_id", ["unknown", None, 7])
def test_a_request_that_is_not_known_is_told_as_it_ends(talk, request_id) -> None:
    talk.session.request_ended(request_id, encoded(failure(request_id)))
    assert talk.heard() == [(None, failure(request_id))]
    talk.session.request_ended(request_id, b"")
    assert talk.heard() == []


def test_a_client_that_leaves_takes_its_questions_along_and_hears_nothing_more(talk, room) -> None:
    talk.client(tool_call(1, "write"), tool_call(2, "read"), request(3, "x"))
    talk.heard()
    room.time.advance(3)
    talk.session.client_gone()
    room.gate.commit()
    assert (len(room.queue), talk.heard()) == (0, [])
    last = {row.call: (row.outcome, row.latency) for row in room.journal.rows}
    assert sorted(last.values(), key=str) == [("aborted", None), ("cancelled", 3.0)]


def test_rulings_that_come_after_the_client_left_send_nothing(talk, room) -> None:
    talk.session.client_line(1, json.dumps(tool_call(1, "count")).encode())
    talk.session.client_line(2, json.dumps(tool_call(2, "unknown")).encode())
    talk.session.client_gone()
    room.gate.commit()
    room.gate.commit()
    assert (talk.sent(), talk.heard(), room.used("count")) == ([], [], 0)
    assert room.journal.story[-1] == ("outcome", "unreachable")


def test_two_conversations_never_hear_each_others_answers(room) -> None:
    one, other = Talk(room, caller("s1")), Talk(room, caller("s2"))
    for talk in (one, other):
        talk.client(tool_call(1, "write", {"path": "/a"}))
    first, second = room.queue.pending()
    room.approve(second.id)
    assert (one.sent(), other.sent()) == ([], [tool_call(1, "write", {"path": "/a"})])
    room.time.advance(50)
    one.client(tool_call(2, "write", {"path": "/a"}))
    room.approve(first.id)
    assert (one.sent(), other.sent()) == ([tool_call(2, "write", {"path": "/a"})], [])
    other.server(result(1, who="other"))
    one.server(result(2, who="one"))
    assert one.heard()[-1][1]["result"] == {"who": "one"}
    assert [message for _, message in other.heard()] == [result(1, who="other")]


def test_an_edited_call_goes_out_with_nothing_else_changed(talk, room) -> None:
    message = tool_call(1, "write", {"path": "/a", "n": 1.0}, _meta={"progressToken": 7, "a/b": {}}, later=[1])
    talk.client(message)
    arguments = {"path": "/b", "n": -0.0, "big": 10**30}
    room.gate.answer(room.question().id, Answer(AnswerKind.ALLOW, "window", arguments=arguments))
    (sent,) = talk.sent()
    assert json.dumps(sent) == json.dumps({**message, "params": {**message["params"], "arguments": arguments}})
    assert json.dumps(sent["params"]["arguments"]) == json.dumps(arguments)
