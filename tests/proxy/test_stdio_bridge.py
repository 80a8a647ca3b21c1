"""Stdio servers behind HTTP, without HTTP: a session's relay, and the server that stateless requests share."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY
from mcp_types import JSONRPCError, JSONRPCMessage, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

from approver.proxy import stdio_requests
from approver.proxy.stdio_messages import Connect, Upstream, UpstreamGone
from approver.proxy.stdio_requests import SharedUpstream
from approver.proxy.stdio_sessions import SessionRelay

pytestmark = pytest.mark.anyio


def request(request_id: types.RequestId, method: str = "tools/call", **params: Any) -> JSONRPCRequest:
    return JSONRPCRequest(jsonrpc="2.0", id=request_id, method=method, params=params)


def tells(method: str, **params: Any) -> JSONRPCNotification:
    return JSONRPCNotification(jsonrpc="2.0", method=method, params=params)


def answer(request_id: types.RequestId, **result: Any) -> JSONRPCResponse:
    return JSONRPCResponse(jsonrpc="2.0", id=request_id, result=result)


class Server:
    """A server that says what the test has it say."""

    def __init__(self) -> None:
        self._says, self._said = anyio.create_memory_object_stream[JSONRPCMessage](100)
        self._hears, self._heard = anyio.create_memory_object_stream[JSONRPCMessage](100)
        self.starts = 0
        self.stopped = anyio.Event()
        self.ending = "The server has ended."
        self.holds: set[types.RequestId] = set()
        self.hung_up: list[types.RequestId] = []

    def hang_up(self, request_id: types.RequestId) -> bool:
        self.hung_up.append(request_id)
        return request_id in self.holds

    async def send(self, message: JSONRPCMessage) -> None:
        await self._hears.send(message)

    async def messages(self) -> AsyncIterator[JSONRPCMessage]:
        async for message in self._said:
            yield message

    async def heard(self) -> Any:
        return await self._heard.receive()

    def has_heard_all(self) -> bool:
        return not self._heard.statistics().current_buffer_used

    async def say(self, *messages: JSONRPCMessage) -> None:
        for message in messages:
            await self._says.send(message)

    def end(self) -> None:
        self._says.close()

    def connect(self, session: str = "") -> AbstractAsyncContextManager[Upstream]:
        @asynccontextmanager
        async def connected() -> AsyncIterator[Upstream]:
            if self.starts:  # started again: it says anew
                self._says, self._said = anyio.create_memory_object_stream[JSONRPCMessage](100)
            self.starts += 1
            try:
                yield self
            finally:
                for stream in (self._says, self._said):
                    stream.close()
                self.stopped.set()

        return connected()

    def close(self) -> None:
        for stream in (self._says, self._said, self._hears, self._heard):
            stream.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    one = Server()
    with anyio.fail_after(5):
        yield one
    one.close()


def never(session: str = "") -> AbstractAsyncContextManager[Upstream]:
    @asynccontextmanager
    async def connected() -> AsyncIterator[Upstream]:
        raise UpstreamGone("It could not be started.")
        yield  # a generator all the same

    return connected()


# -- stateless requests ------------------------------------------------------------------------------------------------


class Caller:
    """A stateless client: what it was told meanwhile, and the answer."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.result: Any = None
        self.fault: MCPError | None = None

    async def notify(self, method: str, params: dict[str, Any] | None) -> None:
        self.told.append((method, params))

    async def call(self, shared: SharedUpstream, request_id: types.RequestId, **params: Any) -> None:
        try:
            self.result = await shared.request("tools/call", params, request_id, self.notify)
        except MCPError as fault:
            self.fault = fault


@asynccontextmanager
async def sharing(
    connect: Connect,
) -> AsyncIterator[tuple[SharedUpstream, Any]]:
    async with anyio.create_task_group() as group:
        yield SharedUpstream(connect, group), group
        group.cancel_scope.cancel()


async def test_clients_with_the_same_id_and_token_hear_only_their_own(server: Server) -> None:
    ann, bob = Caller(), Caller()
    async with sharing(server.connect) as (shared, group), anyio.create_task_group() as calls:
        calls.start_soon(lambda: ann.call(shared, 1, name="a", _meta={"progressToken": "p"}))
        of_ann = await server.heard()
        calls.start_soon(lambda: bob.call(shared, 1, name="b", _meta={"progressToken": "p"}))
        of_bob = await server.heard()
        assert of_ann.id != of_bob.id
        for asked, step in ((of_bob, 2), (of_ann, 1)):
            token = asked.params["_meta"]["progressToken"]
            await server.say(tells("notifications/progress", progressToken=token, progress=step))
        await server.say(answer(of_bob.id, whose="bob"), answer(of_ann.id, whose="ann"))
    assert (ann.told, ann.result) == (
        [("notifications/progress", {"progressToken": "p", "progress": 1})],
        {"whose": "ann"},
    )
    assert (bob.told, bob.result) == (
        [("notifications/progress", {"progressToken": "p", "progress": 2})],
        {"whose": "bob"},
    )


async def test_what_a_subscription_tells_carries_the_clients_own_id(server: Server) -> None:
    ann = Caller()
    async with sharing(server.connect) as (shared, group), anyio.create_task_group() as calls:
        calls.start_soon(lambda: ann.call(shared, "listen", _meta={}))
        asked = await server.heard()
        meta = {SUBSCRIPTION_ID_META_KEY: asked.id}
        await server.say(tells("notifications/tools/list_changed", _meta=meta), answer(asked.id, _meta=meta))
    mine = {"_meta": {SUBSCRIPTION_ID_META_KEY: "listen"}}
    assert ann.told == [("notifications/tools/list_changed", mine)]
    assert ann.result == mine


async def test_a_closed_stream_cancels_the_request_at_the_server(server: Server) -> None:
    ann = Caller()
    async with sharing(server.connect) as (shared, group):
        async with anyio.create_task_group() as calls:
            calls.start_soon(lambda: ann.call(shared, 7, name="slow"))
            asked = await server.heard()
            calls.cancel_scope.cancel()
        cancelled = await server.heard()
        assert (cancelled.method, cancelled.params["requestId"]) == ("notifications/cancelled", asked.id)


async def test_the_servers_error_reaches_the_client_whole(server: Server) -> None:
    ann = Caller()
    async with sharing(server.connect) as (shared, group), anyio.create_task_group() as calls:
        calls.start_soon(lambda: ann.call(shared, 1))
        asked = await server.heard()
        error = types.ErrorData(code=-32021, message="no", data={"requiredCapabilities": {}})
        await server.say(JSONRPCError(jsonrpc="2.0", id=asked.id, error=error))
    assert ann.fault is not None
    assert ann.fault.error == error


async def test_a_server_that_ends_fails_its_calls_and_the_next_call_starts_it_again(server: Server) -> None:
    ann, bob = Caller(), Caller()
    async with sharing(server.connect) as (shared, group):
        async with anyio.create_task_group() as calls:
            calls.start_soon(lambda: ann.call(shared, 1))
            await server.heard()
            server.end()
        assert ann.fault is not None
        assert ann.fault.code == types.CONNECTION_CLOSED
        async with anyio.create_task_group() as calls:
            calls.start_soon(lambda: bob.call(shared, 2))
            asked = await server.heard()
            await server.say(answer(asked.id, again=True))
    assert (bob.result, server.starts) == ({"again": True}, 2)


async def test_a_server_that_does_not_start_fails_the_call_with_the_reason() -> None:
    ann = Caller()
    async with sharing(never) as (shared, group):
        await ann.call(shared, 1)
        await ann.call(shared, 2)
    assert ann.fault is not None
    assert ann.fault.message == "It could not be started."


async def test_the_shared_server_ends_after_a_time_without_requests(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sharing(server.connect) as (shared, group), anyio.create_task_group() as calls:
        calls.start_soon(lambda: Caller().call(shared, 1))
        asked = await server.heard()
        monkeypatch.setattr(stdio_requests, "IDLE_SECONDS", 0.0)
        assert not server.stopped.is_set()
        await server.say(answer(asked.id))
        await server.stopped.wait()


async def test_a_server_whose_end_fails_harms_nobody_else(server: Server) -> None:
    @asynccontextmanager
    async def breaking(_: str) -> AsyncIterator[Upstream]:
        async with server.connect() as upstream:
            yield upstream
        raise RuntimeError("its end failed")

    ann, bob = Caller(), Caller()
    async with sharing(breaking) as (shared, group):
        for caller in (ann, bob):
            async with anyio.create_task_group() as calls:
                calls.start_soon(lambda caller=caller: caller.call(shared, 1))
                await server.heard()
                server.end()
    assert [one.fault is not None and one.fault.code for one in (ann, bob)] == [types.CONNECTION_CLOSED] * 2


async def test_the_server_may_not_ask_a_stateless_client(server: Server) -> None:
    ann = Caller()
    async with sharing(server.connect) as (shared, group), anyio.create_task_group() as calls:
        calls.start_soon(lambda: ann.call(shared, 1))
        asked = await server.heard()
        await server.say(request(5, "sampling/createMessage"))
        refused = await server.heard()
        await server.say(answer(asked.id))
    assert (refused.id, refused.error.code) == (5, types.INVALID_REQUEST)


# -- sessions ----------------------------------------------------------------------------------------------------------


class Client:
    """The HTTP side of a session: what the client sends, and what goes out to it on which stream."""

    def __init__(self, connect: Connect) -> None:
        self._sends, read = anyio.create_memory_object_stream[SessionMessage | Exception](100)
        write, self._gets = anyio.create_memory_object_stream[SessionMessage](100)
        self._streams = (self._sends, read, write, self._gets)
        self.relay = SessionRelay("s", connect, read, write)
        self.ended_streams: list[types.RequestId] = []

    async def send(self, message: JSONRPCMessage) -> None:
        metadata = ServerMessageMetadata()
        if isinstance(message, JSONRPCRequest):
            request_id = message.id

            async def end_stream() -> None:
                self.ended_streams.append(request_id)

            metadata.on_request_unanswered = end_stream
        await self._sends.send(SessionMessage(message, metadata))

    async def gets(self) -> tuple[Any, types.RequestId | None]:
        """The next message, and the request on whose stream it comes."""
        item = await self._gets.receive()
        metadata = item.metadata
        return item.message, metadata.related_request_id if isinstance(metadata, ServerMessageMetadata) else None

    def leave(self) -> None:
        self._sends.close()

    def close(self) -> None:
        for stream in self._streams:
            stream.close()


@asynccontextmanager
async def session(connect: Connect) -> AsyncIterator[Client]:
    client = Client(connect)
    async with anyio.create_task_group() as group:
        group.start_soon(client.relay.run)
        yield client
        client.leave()
    client.close()


async def test_what_a_server_says_during_a_call_comes_on_the_calls_stream(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await server.heard()
        await server.say(tells("notifications/message", data="x"), request(9, "sampling/createMessage"), answer(1))
        assert [(await client.gets())[1] for _ in range(2)] == [1, 1]
        assert await client.gets() == (answer(1), None)


async def test_progress_comes_on_the_stream_of_the_call_that_gave_the_token(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1, _meta={"progressToken": "one"}))
        await client.send(request(2, _meta={"progressToken": "two"}))
        await server.say(tells("notifications/progress", progressToken="one", progress=1))
        assert (await client.gets())[1] == 1


async def test_a_change_is_told_on_the_standing_stream_where_there_is_one(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await server.heard()
        await server.say(tells("notifications/tools/list_changed"))
        assert (await client.gets())[1] == 1
        client.relay.standing_streams = 1
        await server.say(tells("notifications/tools/list_changed"))
        assert (await client.gets())[1] is None


async def test_ids_pass_as_they_are_both_ways(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request("a-1"))
        assert (await server.heard()).id == "a-1"
        await server.say(request("b-1", "roots/list"))
        assert (await client.gets())[0].id == "b-1"
        await client.send(answer("b-1", roots=[]))
        assert await server.heard() == answer("b-1", roots=[])


async def test_a_cancelled_call_ends_its_stream_and_its_late_answer_goes_nowhere(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await client.send(tells("notifications/cancelled", requestId=1, reason="changed my mind"))
        assert (await server.heard()).id == 1
        assert (await server.heard()).params == {"requestId": 1, "reason": "changed my mind"}
        await client.send(request(2))
        await server.heard()
        assert client.ended_streams == [1]
        await server.say(answer(1, late=True), answer(2))
        assert await client.gets() == (answer(2), None)


async def test_a_servers_own_cancellation_comes_where_it_had_asked(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await server.heard()
        await server.say(request(9, "elicitation/create"))
        assert (await client.gets())[1] == 1
        await client.send(request(2))
        await server.heard()
        await server.say(tells("notifications/cancelled", requestId=9))
        assert (await client.gets())[1] == 1


async def test_a_server_that_ends_leaves_no_call_unanswered(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await server.heard()
        server.end()
        failed, _ = await client.gets()
        assert (failed.id, failed.error.message) == (1, "The server has ended.")


async def test_a_session_whose_server_does_not_start_is_told_why() -> None:
    async with session(never) as client:
        await client.send(request(1, "initialize"))
        failed, _ = await client.gets()
    assert (failed.id, failed.error.message) == (1, "It could not be started.")


async def test_a_session_that_ends_before_its_first_message_starts_no_server(server: Server) -> None:
    async with session(server.connect):
        pass
    assert server.starts == 0
    assert server.has_heard_all()


async def test_a_held_call_whose_client_hangs_up_ends_its_stream(server: Server) -> None:
    server.holds = {1}
    async with session(server.connect) as client:
        assert client.relay.expects(1)
        await client.send(request(1))
        await server.heard()
        await client.relay.hung_up(1)
        assert (client.ended_streams, server.hung_up) == ([1], [1])


async def test_a_running_call_whose_client_hangs_up_runs_on(server: Server) -> None:
    async with session(server.connect) as client:
        await client.send(request(1))
        await server.heard()
        await client.relay.hung_up(1)
        await server.say(answer(1))
        assert await client.gets() == (answer(1), None)
        assert client.ended_streams == []


async def test_a_client_that_hangs_up_before_its_call_is_read_has_hung_up_once_it_is(server: Server) -> None:
    server.holds = {1}
    async with session(server.connect) as client:
        assert client.relay.expects(1)
        await client.relay.hung_up(1)
        await client.send(request(1))
        await client.send(request(2))
        assert [(await server.heard()).id, (await server.heard()).id] == [1, 2]
        assert (client.ended_streams, server.hung_up) == ([1], [1])


async def test_an_id_that_is_under_way_may_not_come_again_however_it_is_written(server: Server) -> None:
    async with session(server.connect) as client:
        assert client.relay.expects(7)
        assert not client.relay.expects("7")
        await client.send(request(7))
        await server.heard()
        assert not client.relay.expects("7")
        await server.say(answer(7))
        await client.gets()
        assert client.relay.expects("7")
