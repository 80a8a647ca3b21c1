"""What a stdio server is to the HTTP side: who fills the part, that a plain program can, and what is a message."""

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
from mcp_types import JSONRPCNotification, JSONRPCRequest, jsonrpc_message_adapter
from pydantic import ValidationError
from sample_calls import caller
from stdio_room import Puppets
from talk import failure, notification, request, result

from approver.model import StdioServer
from approver.proxy.stdio_messages import Message, Upstream, UpstreamGone, is_notification, is_request, is_response
from approver.proxy.stdio_shared import RequestFailed, SharedUpstream
from approver.proxy.stdio_talk import Talk

SECONDS = 15.0
IDS = st.none() | st.integers(0, 9) | st.text(max_size=3) | st.booleans() | st.just(1.5) | st.just([])
ODD = st.fixed_dictionaries(
    {"jsonrpc": st.sampled_from(["2.0", "2.0", "2.0", "1.0"])},
    optional={
        "id": IDS,
        "method": st.sampled_from(["ping", 7, None]),
        "params": st.sampled_from([{}, {"a": 1}, None, [], "x"]),
        "result": st.sampled_from([{}, {"a": 1}, None, []]),
        "error": st.just({"code": -32000, "message": "no"}),
    },
)


@given(ODD)
def test_what_is_taken_for_a_message_the_sdk_takes_for_the_same(message: Any) -> None:
    kinds = [is_request(message), is_notification(message), is_response(message)]
    assert sum(kinds) <= 1
    if not any(kinds):
        return
    read = jsonrpc_message_adapter.validate_python(message, by_name=False)
    assert [isinstance(read, JSONRPCRequest), isinstance(read, JSONRPCNotification)] == kinds[:2]


@pytest.mark.parametrize(
    "message", [request("a", "ping"), notification("notifications/x", a=1), result(7, a=None), failure("a")]
)
def test_messages_of_the_protocol_are_taken(message: Any) -> None:
    assert [is_request(message), is_notification(message), is_response(message)].count(True) == 1


@pytest.mark.parametrize("message", [{"jsonrpc": "2.0", "id": [], "method": "ping"}, {"jsonrpc": "1.0", "result": {}}])
def test_what_the_sdk_takes_for_nothing_is_nothing(message: Any) -> None:
    assert not (is_request(message) or is_notification(message) or is_response(message))
    if "method" not in message:
        with pytest.raises(ValidationError):
            jsonrpc_message_adapter.validate_python(message, by_name=False)


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

        async def send(self, message: Message) -> None:
            assert self._process.stdin is not None
            await self._process.stdin.send(json.dumps(message).encode() + b"\n")

        async def messages(self) -> AsyncIterator[bytes]:
            assert self._process.stdout is not None
            async for line in self._process.stdout:  # one short line at a time: it speaks only when asked
                yield line

        def hang_up(self, request_id: str | int) -> bool:
            return False

    @asynccontextmanager
    async def connect(_: str) -> AsyncIterator[Upstream]:
        async with await anyio.open_process([sys.executable, "-S", "-c", program], stderr=None) as process:
            try:
                yield Program(process)
            finally:
                process.kill()

    with anyio.fail_after(SECONDS):
        shared = SharedUpstream(connect)
        answered = await shared.request("tools/call", {"name": "a"}, 1, nothing)
        await shared.close()
    assert json.loads(answered) == {"heard": {"name": "a"}}


@pytest.mark.anyio
async def test_that_a_server_is_gone_is_a_sentence_that_reaches_the_client() -> None:
    puppets = Puppets()
    puppets.fault = UpstreamGone("There is no such program.")
    with pytest.raises(RequestFailed, match=r"^There is no such program\.$"):
        await SharedUpstream(puppets.connect).request("ping", None, 1, nothing)


async def nothing(line: bytes) -> None:
    raise AssertionError(f"told {line!r}")
