"""One client before many servers: what goes to which, what is merged, and what comes back under which name."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from front_room import until
from many_room import ManyRoom
from talk import failure, notification, request, tool_call
from talk import result as answer_to

from approver.model import StdioServer
from approver.proxy.many_names import public_name

pytestmark = pytest.mark.anyio

NewRoom = Callable[..., ManyRoom]

ALONE = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ManyRoom]:
    room = ManyRoom(tmp_path, monkeypatch, "a", "b")
    yield room
    await room.many.stop()


async def call(room: ManyRoom, request_id: Any, tool: str, **more: Any) -> Any:
    return await room.settled(room.client(tool_call(request_id, tool, **more)))


# -- calls -------------------------------------------------------------------------------------------------------------


async def test_a_call_goes_to_its_server_under_its_own_name_and_is_written_down_so(room: ManyRoom) -> None:
    await room.greet(clientInfo={"name": "Claude"})
    answer = await call(room, 7, "b__read", arguments={"n": 1})
    assert (answer["id"], answer["result"]["by"]) == (7, "b")
    assert answer["result"]["params"]["name"] == "read"
    row = next(row for row in room.journal.rows if row.tool)
    assert (row.server, row.tool, row.client, row.outcome) == ("b", "read", "Claude", "allowed")
    assert room.servers["a"].asked("tools/call") == []


async def test_what_a_server_hides_is_hidden_and_what_is_denied_never_reaches_it(room: ManyRoom) -> None:
    room.around.hidden = {"secret"}
    await room.greet()
    listed = await room.ask(1, "tools/list")
    assert [tool["name"] for tool in listed["result"]["tools"]] == ["a__read", "b__read"]
    denied = await call(room, 2, "a__rm", arguments={"path": "/etc"})
    assert denied["result"]["isError"] and denied["result"]["content"][0]["text"].startswith("[POLICY DENIED]")
    assert room.servers["a"].asked("tools/call") == []


async def test_a_held_call_waits_for_its_answer_and_others_go_on(room: ManyRoom) -> None:
    await room.greet()
    held = room.client(tool_call(1, "a__write", _meta={"progressToken": "t"}))
    question = await room.next_question()
    assert (question.call.caller.server, question.call.tool) == ("a", "write")
    room.time.advance(5)
    assert room.told("notifications/progress")[0]["params"]["progressToken"] == "t"
    assert (await call(room, 2, "b__read"))["result"]["by"] == "b"
    room.approve()
    answer = await room.settled(held)
    assert answer is not None and answer["result"]["by"] == "a"


async def test_a_held_call_that_is_cancelled_is_withdrawn_and_a_running_one_is_told(room: ManyRoom) -> None:
    room.servers["b"].on["tools/call"] = lambda server, message: None
    await room.greet()
    held, running = room.client(tool_call(1, "a__write")), room.client(tool_call(2, "b__read"))
    room.client(notification("notifications/cancelled", requestId=1))
    assert await room.settled(held) is None and room.queue.pending() == ()
    room.client(notification("notifications/cancelled", requestId=2))
    assert room.servers["b"].asked("notifications/cancelled")[0]["params"]["requestId"] == 2
    assert room.servers["a"].asked("notifications/cancelled") == []
    room.servers["b"].say(answer_to(2))
    assert (await room.settled(running)) == answer_to(2)
    room.client(notification("notifications/cancelled", requestId=99))
    room.client(notification("notifications/cancelled"))


async def test_a_client_that_hangs_up_withdraws_what_is_held(room: ManyRoom) -> None:
    room.servers["b"].on["tools/call"] = lambda server, message: None
    await room.greet()
    room.client(tool_call(1, "a__write"))
    room.client(tool_call(2, "b__read"))
    assert [room.many.hang_up(request_id) for request_id in (1, 2, 3)] == [True, False, False]
    assert room.queue.pending() == ()
    assert (await call(room, 1, "b__write__"))["id"] == 1


async def test_a_shortened_name_is_understood_before_it_was_listed(room: ManyRoom) -> None:
    long = "x" * 90
    room.servers["a"].lists["tools/list"] = [{"name": long, "inputSchema": {}}]
    await room.greet()
    name = public_name("a", long)
    assert len(name) == 64
    assert (await call(room, 2, name))["result"]["isError"]
    assert [row.tool for row in room.journal.rows if row.tool] == [long]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("tools/call", {"name": "c__read"}, -32602),
        ("prompts/get", {"name": "none"}, -32602),
        ("resources/read", {"uri": "x://none"}, -32002),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "none"}}, -32602),
        ("tasks/get", {"taskId": "none"}, -32602),
        ("no/such", {}, -32601),
    ],
)
async def test_what_no_server_has_is_refused(room: ManyRoom, method: str, params: Any, code: int) -> None:
    await room.greet()
    assert (await room.ask(1, method, **params))["error"]["code"] == code
    refused = [row for row in room.journal.rows if row.kind.value == "refused"]
    assert len(refused) == (method == "tools/call")


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("ping", {}, -32601),
        ("logging/setLevel", {"level": "info"}, -32601),
        ("resources/subscribe", {"uri": "x://none"}, -32601),
        ("tasks/list", {}, -32601),
        ("tasks/result", {"taskId": "none"}, -32601),
        ("resources/read", {"uri": "x://none"}, -32602),
    ],
)
async def test_requests_that_stand_alone_are_refused_as_their_revision_has_it(
    room: ManyRoom, method: str, params: Any, code: int
) -> None:
    room.many.start()
    for server in room.servers.values():
        server.lists["resources/list"] = []
    answer = await room.ask(1, method, _meta=ALONE, **params)
    assert answer["error"]["code"] == code
    assert not any(server.asked(method) for server in room.servers.values())


async def test_a_task_that_no_list_has_is_asked_of_every_server(room: ManyRoom) -> None:
    room.many.start()
    unknown: Any = {"error": {"code": -32601, "message": "Method not found"}}
    room.servers["a"].on["tasks/get"] = lambda *_: unknown
    room.servers["b"].on["tasks/get"] = lambda *_: {"result": {"taskId": "t", "status": "working"}}
    assert (await room.ask(1, "tasks/get", taskId="t", _meta=ALONE))["result"]["status"] == "working"
    await room.ask(2, "tasks/cancel", taskId="t", _meta=ALONE)  # whose it is, is known from then on
    assert [len(server.asked("tasks/cancel")) for server in room.servers.values()] == [0, 1]
    room.servers["b"].on["tasks/get"] = lambda *_: {"error": {"code": -32602, "message": "Unknown task"}}
    assert (await room.ask(3, "tasks/get", taskId="u", _meta=ALONE))["error"]["message"] == "Unknown task"
    room.servers["b"].on["tasks/get"] = lambda *_: unknown
    assert (await room.ask(4, "tasks/get", taskId="u", _meta=ALONE))["error"]["code"] == -32601


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        request(1, "tools/call", name=5),
        {"jsonrpc": "2.0", "id": 1, "method": 7},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    ],
)
async def test_malformed_lines_are_refused_and_written_down(room: ManyRoom, line: Any) -> None:
    await room.greet()
    answer = await room.settled(room.client(line))
    assert answer is not None and answer["error"]["code"] in (-32700, -32600, -32602)
    assert room.journal.rows[-1].kind.value == "refused" and room.journal.rows[-1].server == "*"


async def test_an_id_that_is_in_flight_is_refused(room: ManyRoom) -> None:
    room.servers["a"].on["tools/call"] = lambda server, message: None
    await room.greet()
    room.client(tool_call(1, "a__read"))
    answer = await room.settled(room.client(tool_call(1, "b__read")))
    assert answer is not None and "still in flight" in answer["error"]["message"]
    assert room.servers["b"].asked("tools/call") == []


async def test_no_server_can_answer_what_another_was_asked(room: ManyRoom) -> None:
    room.servers["a"].on["tools/call"] = lambda server, message: None
    await room.greet()
    waiting = room.client(tool_call(1, "a__read"))
    room.servers["b"].say(answer_to(1, content="forged"))
    room.servers["b"].say(answer_to("approver:q1", tools=[]))
    assert all(number != waiting for number, _ in room.heard)
    room.servers["a"].say(answer_to(1, content="true"))
    assert await room.settled(waiting) == answer_to(1, content="true")


# -- prompts, resources, tasks -----------------------------------------------------------------------------------------


async def test_prompts_and_completions_go_by_name(room: ManyRoom) -> None:
    room.servers["b"].lists["prompts/list"] = [{"name": "ask"}]
    await room.greet()
    assert (await room.ask(1, "prompts/list"))["result"]["prompts"] == [{"name": "b__ask"}]
    assert (await room.ask(2, "prompts/get", name="b__ask"))["result"]["params"] == {"name": "ask"}
    asked = await room.ask(3, "completion/complete", ref={"type": "ref/prompt", "name": "b__ask"}, argument={})
    assert asked["result"]["params"]["ref"] == {"type": "ref/prompt", "name": "ask"}


async def test_an_address_leads_to_who_listed_it_and_a_shared_one_has_two(room: ManyRoom) -> None:
    for server in room.servers.values():
        server.lists["resources/list"] = [{"uri": "x://1", "name": "n"}]
        server.lists["resources/templates/list"] = [{"uriTemplate": f"{server.name}://{{id}}", "name": "t"}]
        server.on["resources/read"] = lambda one, message: {"result": {"contents": [{"uri": message["params"]["uri"]}]}}
    await room.greet()
    first = await room.ask(1, "resources/read", uri="a://7")
    assert first["result"]["contents"] == [{"uri": "a://7"}] and room.servers["a"].asked("resources/read")
    listed = (await room.ask(2, "resources/list"))["result"]["resources"]
    assert [one["uri"] for one in listed] == ["x://1", "approver://b/x://1"]
    read = await room.ask(3, "resources/read", uri="approver://b/x://1")
    assert room.servers["b"].asked("resources/read")[-1]["params"] == {"uri": "x://1"}
    assert read["result"]["contents"] == [{"uri": "approver://b/x://1"}]
    await room.ask(4, "resources/subscribe", uri="approver://b/x://1")
    assert room.servers["b"].asked("resources/subscribe")[0]["params"] == {"uri": "x://1"}
    room.servers["b"].say(notification("notifications/resources/updated", uri="x://1"))
    room.servers["a"].say(notification("notifications/resources/updated", uri="x://1"))
    told = [message["params"]["uri"] for message in room.told("notifications/resources/updated")]
    assert told == ["approver://b/x://1", "x://1"]


async def test_an_address_that_a_result_links_to_is_known_from_then_on(room: ManyRoom) -> None:
    block = {"type": "resource_link", "uri": "y://new", "name": "n"}
    room.servers["b"].on["tools/call"] = lambda server, message: {"result": {"content": [block]}}
    await room.greet()
    assert (await call(room, 1, "b__read"))["result"]["content"] == [block]
    assert (await room.ask(2, "resources/read", uri="y://new"))["result"]["by"] == "b"


async def test_an_unlisted_address_goes_to_the_only_server_with_resources(room: ManyRoom) -> None:
    room.servers["a"].capabilities = {"tools": {}}
    await room.greet()
    assert (await room.ask(1, "resources/read", uri="z://hidden"))["result"]["by"] == "b"


async def test_a_task_leads_to_the_server_that_made_it(room: ManyRoom) -> None:
    room.servers["b"].on["tools/call"] = lambda server, message: {"result": {"task": {"taskId": "t-1"}}}
    await room.greet()
    await call(room, 1, "b__read", task={})
    assert (await room.ask(2, "tasks/get", taskId="t-1"))["result"]["by"] == "b"


# -- what servers ask and tell -----------------------------------------------------------------------------------------


async def test_servers_ask_the_client_under_ids_of_their_own_and_get_their_answers(room: ManyRoom) -> None:
    await room.greet()
    for server in room.servers.values():
        server.say(request(1, "sampling/createMessage", _meta={"progressToken": 5}, by=server.name))
    first, second = room.told("sampling/createMessage")
    assert first["id"] != second["id"]
    token = second["params"]["_meta"]["progressToken"]
    room.client(notification("notifications/progress", progressToken=token, progress=1))
    assert room.servers["b"].told[-1]["params"]["progressToken"] == 5
    room.client(answer_to(second["id"], text="B"))
    room.client(failure(first["id"]))
    assert room.servers["b"].told[-1] == answer_to(1, text="B")
    assert room.servers["a"].told[-1] == failure(1)
    room.client(answer_to(first["id"], text="twice"))
    assert room.servers["a"].told[-1] == failure(1)


async def test_a_request_that_its_server_takes_back_is_taken_back_from_the_client(room: ManyRoom) -> None:
    await room.greet()
    room.servers["a"].say(request("q", "elicitation/create", message="?"))
    asked = room.told("elicitation/create")[0]
    room.servers["b"].say(notification("notifications/cancelled", requestId="q"))
    assert room.told("notifications/cancelled") == []
    room.servers["a"].say(notification("notifications/cancelled", requestId="q"))
    assert room.told("notifications/cancelled")[0]["params"]["requestId"] == asked["id"]


async def test_changes_that_several_servers_tell_at_once_are_told_once(room: ManyRoom) -> None:
    await room.greet()
    for server in room.servers.values():
        server.say(notification("notifications/tools/list_changed"))
    await until(lambda: room.told("notifications/tools/list_changed"))
    await asyncio.sleep(0)
    assert len(room.told("notifications/tools/list_changed")) == 1


async def test_log_messages_name_their_server_and_the_level_goes_to_all(room: ManyRoom) -> None:
    await room.greet()
    assert (await room.ask(1, "logging/setLevel", level="info"))["result"] == {}
    assert all(server.asked("logging/setLevel") for server in room.servers.values())
    room.servers["a"].say(notification("notifications/message", level="info", data="x"))
    room.servers["b"].say(notification("notifications/message", level="info", logger="db", data="y"))
    assert [one["params"]["logger"] for one in room.told("notifications/message")] == ["a", "b/db"]


async def test_what_a_client_tells_all_is_told_to_all_and_a_ping_is_answered(room: ManyRoom) -> None:
    await room.greet()
    room.client(notification("notifications/roots/list_changed"))
    assert all(server.asked("notifications/roots/list_changed") for server in room.servers.values())
    assert await room.ask(1, "ping") == answer_to(1)


async def test_noise_and_progress_pass_by(room: ManyRoom) -> None:
    await room.greet()
    room.servers["a"].say({"nothing": 1})
    room.servers["a"].say(notification("notifications/progress", progressToken="t", progress=1))
    assert len(room.told("notifications/progress")) == 1


# -- servers that come and go ------------------------------------------------------------------------------------------


async def test_a_server_that_dies_fails_its_own_calls_only_and_comes_back(room: ManyRoom) -> None:
    room.servers["a"].on["tools/call"] = lambda server, message: None
    await room.greet()
    waiting = room.client(tool_call(1, "a__read"))
    room.servers["a"].say(request(9, "roots/list"))
    room.servers["a"].end()
    answer = await room.settled(waiting)
    assert answer is not None and "The server a has ended" in answer["error"]["message"]
    assert len(room.told("notifications/cancelled")) == 1
    await until(lambda: room.told("notifications/tools/list_changed"))
    assert [one["name"] for one in (await room.ask(2, "tools/list"))["result"]["tools"]] == ["b__read", "b__secret"]
    room.many.behind["a"].retry_now()
    await until(lambda: len(room.told("notifications/tools/list_changed")) == 2)
    assert len(room.servers["a"].asked("notifications/initialized")) == 2
    assert len((await room.ask(3, "tools/list"))["result"]["tools"]) == 4


async def test_neither_side_outruns_the_other(room: ManyRoom) -> None:
    await room.greet()
    for name, paused in (("a", True), ("b", True), ("a", False), ("b", False)):
        room.servers[name].pause_client(paused)
    assert room.pauses == [True, False]
    room.many.pause_servers(True)
    assert all(server.paused for server in room.servers.values())


async def test_messages_of_a_batch_go_out_together(room: ManyRoom) -> None:
    await room.greet()
    room.many.begin_batch()
    number = room.client(tool_call(1, "a__read"))
    assert room.servers["a"].asked("tools/call") == []
    room.many.flush()
    assert (await room.settled(number) or {})["result"]["by"] == "a"


async def test_a_server_that_is_added_joins_those_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ManyRoom(tmp_path, monkeypatch, "a", "b")
    both = [StdioServer("a", "x"), StdioServer("b", "x")]
    room.many = room.new_many(both[:1])
    await room.greet()
    room.many.reload(both)
    await until(lambda: room.told("notifications/tools/list_changed"))
    listed = await room.ask(1, "tools/list")
    assert [tool["name"] for tool in listed["result"]["tools"] if "read" in tool["name"]] == ["a__read", "b__read"]
    assert (await call(room, 2, "b__read"))["result"]["by"] == "b"
    assert room.servers["a"].starts == 1
    await room.many.stop()
