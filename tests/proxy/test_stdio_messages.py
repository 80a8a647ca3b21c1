"""What a stdio server is to the HTTP side: who fills the part, and that a plain program can."""

import inspect
import json
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from front_room import FrontRoom
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError
from mcp.shared.message import SessionMessage
from sample_calls import caller
from stdio_room import Puppets, as_json, as_sdk
from talk import failure, notification, request, result

from approver.model import StdioServer
from approver.proxy.stdio_messages import Readable, Upstream, UpstreamGone, Writable
from approver.proxy.stdio_requests import SharedUpstream
from approver.proxy.stdio_sessions import SessionRelay
from approver.proxy.stdio_talk import Talk, as_sdk_message

SECONDS = 15.0

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text("abc_", max_size=3), values, max_size=3),
    max_leaves=8,
)  # fmt: skip
MEMBERS = st.dictionaries(st.text("abc", min_size=1, max_size=3), JSON, max_size=3)
IDS = st.integers(0, 2**53) | st.text(st.characters(codec="utf-8"), max_size=5)
MESSAGES = st.one_of(
    st.builds(lambda request_id, params: request(request_id, "tools/call", **params), IDS, MEMBERS),
    st.builds(lambda params: notification("notifications/message", **params), MEMBERS),
    st.builds(lambda request_id, members: result(request_id, **members), IDS, MEMBERS),
    st.builds(
        lambda request_id, text: failure(request_id, message=text), IDS, st.text(max_size=5).filter(str.isprintable)
    ),
)


@given(MESSAGES)
def test_a_line_and_the_message_held_for_it_are_the_same_both_ways(message: Any) -> None:
    held = as_sdk_message(json.dumps(message).encode())
    assert held is not None
    assert json.loads(held.model_dump_json(by_alias=True, exclude_unset=True)) == message


@pytest.mark.anyio
async def test_a_process_behind_the_gate_fills_the_part_of_a_server(tmp_path: Any) -> None:
    talk = Talk(FrontRoom(tmp_path), StdioServer("files", "x"), caller(), tmp_path)
    for name in ("send", "messages", "hang_up"):
        wanted = inspect.signature(getattr(Upstream, name)).parameters
        given_here = inspect.signature(getattr(Talk, name)).parameters
        assert list(given_here) == list(wanted), name
    assert talk.ending == ""


@pytest.mark.anyio
async def test_a_plain_program_can_take_the_place_of_a_server_behind_the_gate() -> None:
    """It reads a line, it writes a line: nothing of the gate's is needed for the HTTP side to talk to it."""
    program = textwrap.dedent(
        """
        import json, sys
        for line in sys.stdin:
            asked = json.loads(line)
            print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {"heard": asked["params"]}}), flush=True)
        """
    )

    class Program:
        ending = "The program has ended."

        def __init__(self, process: anyio.abc.Process) -> None:
            self._process = process

        async def send(self, message: Any) -> None:
            assert self._process.stdin is not None
            await self._process.stdin.send(json.dumps(as_json(message)).encode() + b"\n")

        async def messages(self) -> AsyncIterator[Any]:
            assert self._process.stdout is not None
            async for line in self._process.stdout:  # one short line at a time: it speaks only when asked
                yield as_sdk(json.loads(line))

        def hang_up(self, request_id: str | int) -> bool:
            return False

    @asynccontextmanager
    async def connect(_: str) -> AsyncIterator[Upstream]:
        async with await anyio.open_process([sys.executable, "-S", "-c", program], stderr=None) as process:
            try:
                yield Program(process)
            finally:
                process.kill()

    async def nothing(method: str, params: Any) -> None:
        raise AssertionError(f"told of {method}")

    with anyio.fail_after(SECONDS):
        async with anyio.create_task_group() as group:
            answered = await SharedUpstream(connect, group).request("tools/call", {"name": "a"}, 1, nothing)
            group.cancel_scope.cancel()
    assert answered == {"heard": {"name": "a"}}


@pytest.mark.anyio
async def test_the_sdks_streams_are_what_a_session_reads_and_writes() -> None:
    sends, read = anyio.create_memory_object_stream[SessionMessage | Exception](10)
    write, gets = anyio.create_memory_object_stream[SessionMessage](10)
    readable: Readable = read
    writable: Writable = write
    puppets = Puppets()
    with anyio.fail_after(SECONDS):
        async with sends, read, write, gets, anyio.create_task_group() as group:
            group.start_soon(SessionRelay("s", puppets.connect, readable, writable).run)
            await sends.send(ValueError("a body that is no JSON-RPC"))  # the transport has answered that itself
            await sends.send(SessionMessage(as_sdk(request(1, "ping"))))
            puppet = await puppets.number(1)
            assert await puppet.heard() == request(1, "ping")
            puppet.say(result(1))
            assert as_json((await gets.receive()).message) == result(1)
            sends.close()


@pytest.mark.anyio
async def test_that_a_server_is_gone_is_a_sentence_that_reaches_the_client() -> None:
    puppets = Puppets()
    puppets.fault = UpstreamGone("There is no such program.")

    async def nothing(method: str, params: Any) -> None:
        raise AssertionError(f"told of {method}")

    async with anyio.create_task_group() as group:
        with pytest.raises(MCPError, match=r"^There is no such program\.$"):
            await SharedUpstream(puppets.connect, group).request("ping", None, 1, nothing)
