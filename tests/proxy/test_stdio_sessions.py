"""HTTP sessions of the handshake revisions, each before a stdio server of its own: what goes on which stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from front_room import SECONDS, until
from stdio_room import Puppet, Puppets, Visit, Web
from talk import notification, request, result, tool_call

from approver.proxy import stdio_sessions as module
from approver.proxy.jsonrpc import INVALID_REQUEST, UNAVAILABLE
from approver.proxy.stdio_messages import UpstreamGone
from approver.proxy.stdio_sessions import HandshakeSessions

pytestmark = pytest.mark.anyio

INITIALIZE = request(
    0, "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo={"name": "x", "version": "1"}
)
WELCOME = result(0, protocolVersion="2025-11-25", capabilities={}, serverInfo={"name": "x", "version": "1"})


class Room:
    """Sessions, their servers, and who visits them."""

    def __init__(self, web: Web, puppets: Puppets, sessions: HandshakeSessions) -> None:
        self.web = web
        self.puppets = puppets
        self.sessions = sessions

    async def begin(self) -> "Opened":
        """Open a session."""
        number = len(self.puppets.all) + 1
        visit = self.web.say(INITIALIZE)
        puppet = await self.puppets.number(number)
        assert await puppet.heard() == INITIALIZE
        puppet.say(WELCOME)
        heard = await visit.hear()
        assert heard.message == WELCOME
        assert heard.headers["mcp-session-id"] == puppet.session
        return Opened(self, puppet)


class Opened:
    """A session as its client has it."""

    def __init__(self, room: Room, puppet: Puppet) -> None:
        self._web = room.web
        self.puppet = puppet
        self.headers = {"Mcp-Session-Id": puppet.session, "MCP-Protocol-Version": "2025-11-25"}

    def say(self, message: Any = None, method: str = "POST", **headers: str) -> Visit:
        return self._web.say(message, method, headers=self.headers | headers)

    async def ask(self, message: Any = None, method: str = "POST", **headers: str) -> Any:
        return await self.say(message, method, **headers).hear()

    async def call(self, request_id: Any, **meta: Any) -> Visit:
        """Make a call, and see it reach the server."""
        message = tool_call(request_id, "read", _meta=meta)
        visit = self.say(message)
        assert await self.puppet.heard() == message
        return visit


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as one:
        yield one


@asynccontextmanager
async def opened() -> AsyncIterator[Room]:
    puppets = Puppets()
    async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as served:
        sessions = HandshakeSessions(puppets.connect)
        try:
            yield Room(Web(sessions.handle, served), puppets, sessions)
        finally:
            await sessions.close()


# -- beginning ---------------------------------------------------------------------------------------------------------


async def test_each_session_has_a_server_of_its_own_under_its_own_name(room: Room) -> None:
    ann, bob = await room.begin(), await room.begin()
    assert ann.puppet.session != bob.puppet.session
    for one in (ann, bob):
        visit = await one.call(7)
        one.puppet.say(result(7, whose=one.puppet.session))
        assert (await visit.hear()).message == result(7, whose=one.puppet.session)


async def test_only_initialize_opens_a_session_and_what_else_comes_leaves_none_behind(room: Room) -> None:
    for message in (tool_call(1, "read"), notification("notifications/initialized")):
        assert (await room.web.ask(message)).status == 400
    assert (await room.web.ask(None, "GET")).status == 400
    await until(lambda: not room.sessions._sessions)
    assert room.puppets.all == []


async def test_a_session_that_nobody_knows_is_not_found(room: Room) -> None:
    heard = await room.web.ask(tool_call(1, "read"), headers={"Mcp-Session-Id": "made-up"})
    assert (heard.status, heard.message["id"], heard.message["error"]["code"]) == (404, None, INVALID_REQUEST)


async def test_there_are_only_so_many_sessions_and_those_that_are_go_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SESSIONS", 1)
    session = await room.begin()
    assert (await room.web.ask(INITIALIZE)).status == 503
    assert len(room.puppets.all) == 1
    assert (await session.ask(None, "DELETE")).status == 200
    await until(lambda: not room.sessions._sessions)
    await room.begin()


async def test_a_server_that_does_not_start_is_told_and_the_session_is_over(room: Room) -> None:
    room.puppets.fault = UpstreamGone("There is no such program.")
    heard = await room.web.ask(INITIALIZE)
    assert heard.message["id"] == 0
    assert heard.message["error"] == {"code": UNAVAILABLE, "message": "There is no such program."}
    await until(lambda: not room.sessions._sessions)


async def test_a_client_that_leaves_before_it_is_welcomed_leaves_no_session_behind(room: Room) -> None:
    visit = room.web.say(INITIALIZE)
    puppet = await room.puppets.number(1)
    await puppet.heard()
    puppet.holds = {0}
    visit.hang_up()
    await until(lambda: puppet.hung_up == [0])
    await until(lambda: puppet.has_stopped and not room.sessions._sessions)


# -- where messages go -------------------------------------------------------------------------------------------------


async def test_notifications_pass_as_they_are_and_are_accepted(room: Room) -> None:
    session = await room.begin()
    told = notification("notifications/roots/list_changed", half=0.5, none=None)
    assert (await session.ask(told)).status == 202
    assert await session.puppet.heard() == told


async def test_progress_goes_on_the_stream_of_its_call_and_a_question_on_the_newest(room: Room) -> None:
    session = await room.begin()
    first, second = await session.call(1, progressToken="t"), await session.call(2)
    session.puppet.say(
        notification("notifications/progress", progressToken="t", progress=1),
        request("q", "elicitation/create"),
        result(1, first=True),
    )
    assert [one["method"] for one in (await first.hear()).messages[:-1]] == ["notifications/progress"]
    await second.head()
    assert await second.event() == request("q", "elicitation/create")
    assert (await session.ask(result("q", name="Ana"))).status == 202
    assert await session.puppet.heard() == result("q", name="Ana")
    session.puppet.say(result(2))
    assert await second.hear_rest() == [result(2)]


async def test_a_change_goes_on_the_standing_stream_while_the_client_holds_one_open(room: Room) -> None:
    session = await room.begin()
    call = await session.call(1)
    standing = session.say(None, "GET")
    assert (await standing.head()).status == 200
    changed = notification("notifications/tools/list_changed")
    session.puppet.say(changed)
    assert await standing.event() == changed
    standing.hang_up()
    await until(lambda: not _relay(room, session)._streams.keys() - {"POST 1"})
    session.puppet.say(changed, result(1))
    assert (await call.hear()).messages == [changed, result(1)]


async def test_a_cancelled_call_ends_its_stream_and_its_late_answer_goes_nowhere(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1)
    await session.ask(notification("notifications/cancelled", requestId=1))
    assert (await visit.hear()).message["error"]["code"] == module.REQUEST_CANCELLED  # so that no client waits
    assert (await session.puppet.heard())["method"] == "notifications/cancelled"
    later = await session.call(2)
    session.puppet.say(result(1, late=True), result(2))
    assert (await later.hear()).messages == [result(2)]


@pytest.mark.parametrize("params", [{}, {"requestId": 99}, {"requestId": [1]}, {"requestId": None}])
async def test_a_cancellation_of_nothing_harms_nothing(room: Room, params: Any) -> None:
    session = await room.begin()
    visit = await session.call(1)
    await session.ask(notification("notifications/cancelled", **params))
    session.puppet.say(notification("notifications/cancelled", **params), result(1, fine=True))
    assert (await visit.hear()).messages[-1] == result(1, fine=True)


async def test_an_answer_to_nothing_goes_nowhere(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1)
    session.puppet.say(result(99), result(1))
    assert (await visit.hear()).messages == [result(1)]


# -- ids and hanging up ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("repeated", [7, "7"])
async def test_an_id_that_is_in_flight_is_refused_and_the_first_call_is_unharmed(room: Room, repeated: Any) -> None:
    session = await room.begin()
    visit = await session.call(7)
    refused = await session.ask(tool_call(repeated, "read"))
    assert refused.status == 400
    assert "still in flight" in refused.message["error"]["message"]
    session.puppet.say(result(7))
    assert (await visit.hear()).message == result(7)
    again = await session.call(repeated)
    session.puppet.say(result(repeated))
    assert (await again.hear()).message == result(repeated)


async def test_an_id_whose_request_http_refused_may_come_again(room: Room) -> None:
    session = await room.begin()
    assert (await session.ask(tool_call(7, "read"), accept="text/plain")).status == 406
    visit = await session.call(7)
    session.puppet.say(result(7))
    assert (await visit.hear()).message == result(7)


async def test_a_call_that_is_held_ends_with_its_client_and_one_that_runs_goes_on(room: Room) -> None:
    session = await room.begin()
    session.puppet.holds = {1}
    for request_id in (1, 2):
        visit = await session.call(request_id)
        visit.hang_up()
        await until(lambda request_id=request_id: request_id in session.puppet.hung_up)
    places = _relay(room, session)._places
    assert places.open_ids == [2]  # nothing is left of the first one
    session.puppet.say(result(2))
    await until(lambda: not places.open_ids)


# -- ending ------------------------------------------------------------------------------------------------------------


async def test_delete_ends_the_session_and_its_server_and_no_other(room: Room) -> None:
    ann, bob = await room.begin(), await room.begin()
    assert (await ann.ask(None, "DELETE")).status == 200
    await until(lambda: ann.puppet.has_stopped)
    assert (await ann.ask(tool_call(1, "read"))).status == 404
    visit = await bob.call(1)
    bob.puppet.say(result(1))
    assert (await visit.hear()).status == 200


async def test_a_server_that_ends_answers_every_open_call_with_the_reason_and_then_is_not_found(room: Room) -> None:
    session = await room.begin()
    visits = [await session.call(1), await session.call("two")]
    session.puppet.end("The disk is full.")
    for visit, request_id in zip(visits, (1, "two"), strict=True):
        failed = (await visit.hear()).message
        assert (failed["id"], failed["error"]["message"]) == (request_id, "The disk is full.")
    await until(lambda: not room.sessions._sessions)
    assert (await session.ask(tool_call(3, "read"))).status == 404


async def test_a_call_to_a_server_that_is_just_ending_is_told_so(room: Room) -> None:
    session = await room.begin()
    session.puppet.ending = "It is about to end."
    visit = session.say(tool_call(1, "read"))
    assert (await visit.hear()).message["error"]["message"] == "It is about to end."


async def test_a_silent_session_ends_with_its_server_and_one_that_is_waited_in_does_not(room: Room) -> None:
    silent, busy = await room.begin(), await room.begin()
    visit = await busy.call(1)
    room.sessions.tend(asyncio.get_running_loop().time() + module.IDLE_SECONDS - 1)
    assert len(room.sessions._sessions) == 2
    room.sessions.tend(asyncio.get_running_loop().time() + module.IDLE_SECONDS + 1)
    await until(lambda: silent.puppet.has_stopped)
    assert (await silent.ask(tool_call(1, "read"))).status == 404
    assert not busy.puppet.has_stopped
    busy.puppet.say(result(1))
    assert (await visit.hear()).message == result(1)


async def test_a_stream_on_which_nothing_is_said_is_kept_alive(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1)
    await visit.head()
    room.sessions.tend(asyncio.get_running_loop().time())
    session.puppet.say(result(1))
    assert b": ping" in await visit._rest()


async def test_a_client_that_ends_its_session_ends_what_waits_in_it_with_words(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1)
    assert (await session.ask(None, "DELETE")).status == 200
    failed = (await visit.hear()).message
    assert (failed["id"], failed["error"]["message"]) == (1, "The session was ended.")


async def test_what_breaks_one_session_leaves_the_others_alone(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    other = await room.begin()
    room.puppets.last_fault = RuntimeError("its end failed")
    session = await room.begin()
    session.puppet.end()
    await until(lambda: f"the session {session.puppet.session} broke" in caplog.text)
    room.puppets.last_fault = None
    visit = await other.call(1)
    other.puppet.say(result(1))
    assert (await visit.hear()).message == result(1)


async def test_when_serving_ends_every_server_ends() -> None:
    async with opened() as room:
        sessions = [await room.begin(), await room.begin()]
    assert all(session.puppet.has_stopped for session in sessions)


# -- what is not taken, and reading again ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        (406, {"accept": "application/json"}, tool_call(1, "read")),
        (406, {"accept": "text/event-stream"}, tool_call(1, "read")),
        (415, {"content-type": "text/plain"}, tool_call(1, "read")),
        (400, {}, {"jsonrpc": "2.0", "id": 1.5, "method": "ping"}),
        (400, {}, {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}),
        (400, {}, {"jsonrpc": "2.0", "id": 1}),
    ],
)
async def test_what_is_no_message_of_the_protocol_is_refused(
    room: Room, status: int, headers: dict[str, str], message: Any
) -> None:
    session = await room.begin()
    assert (await session.ask(message, **headers)).status == status
    assert not session.puppet.has_more


@pytest.mark.parametrize("accept", ["*/*", "application/*, text/*;q=0.5", "text/event-stream; q=1, Application/JSON"])
async def test_what_a_client_accepts_may_be_said_in_many_ways(room: Room, accept: str) -> None:
    session = await room.begin()
    visit = session.say(tool_call(1, "read"), accept=accept)
    await session.puppet.heard()
    session.puppet.say(result(1))
    assert (await visit.hear()).status == 200


async def test_a_standing_stream_may_be_opened_before_the_end_of_the_last_is_heard(room: Room) -> None:
    session = await room.begin()
    old = session.say(None, "GET")
    assert (await old.head()).status == 200
    new = session.say(None, "GET")
    for _ in range(20):
        await asyncio.sleep(0)  # the new one comes in
    old.hang_up()
    assert (await new.head()).status == 200
    changed = notification("notifications/tools/list_changed")
    session.puppet.say(changed)
    assert await new.event() == changed


async def test_there_is_one_standing_stream_for_clients_that_read_events(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OLD_STREAM_SECONDS", 0.01)
    session = await room.begin()
    assert (await session.say(None, "GET").head()).status == 200
    assert (await session.ask(None, "GET")).status == 409
    assert (await session.ask(None, "GET", accept="application/json")).status == 406


async def test_an_answer_that_comes_at_once_is_one_piece_and_says_where_one_could_read_on(room: Room) -> None:
    session = await room.begin()
    visit = session.say(tool_call(1, "read"))
    await session.puppet.heard()
    session.puppet.say(result(1))
    heard = await visit.hear()
    assert int(heard.headers["content-length"]) == len(heard.body)
    assert heard.body.startswith(b"id: 3\nretry: 100\ndata: \n\nid: 4\n")


async def test_an_older_client_gets_no_event_without_a_message(room: Room) -> None:
    session = await room.begin()
    session.headers["MCP-Protocol-Version"] = "2025-06-18"
    visit = session.say(tool_call(1, "read"))
    await session.puppet.heard()
    session.puppet.say(result(1))
    assert (await visit.hear()).body.startswith(b"id: 3\nevent: message\n")


async def test_a_stream_that_broke_is_read_on_while_its_call_runs_and_after_it(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1, progressToken="t")
    told = notification("notifications/progress", progressToken="t", progress=1)
    session.puppet.say(told)
    await visit.head()
    assert await visit.event() == told
    visit.hang_up()
    await until(lambda: session.puppet.hung_up == [1])
    again = session.say(None, "GET", **{"Last-Event-ID": "3"})
    await again.head()
    assert await again.event() == told
    session.puppet.say(result(1))
    assert await again.hear_rest() == [result(1)]
    heard = await session.ask(None, "GET", **{"Last-Event-ID": "4"})
    assert heard.messages == [result(1)]


async def test_who_reads_on_takes_a_stream_over_that_is_not_known_to_have_broken(room: Room) -> None:
    session = await room.begin()
    visit = await session.call(1)
    await visit.head()
    again = session.say(None, "GET", **{"Last-Event-ID": "3"})
    await again.head()
    assert await visit.hear_rest() == []
    assert session.puppet.hung_up == []
    session.puppet.say(result(1))
    assert await again.hear_rest() == [result(1)]


async def test_an_event_that_is_not_kept_is_read_on_as_an_empty_stream(room: Room) -> None:
    session = await room.begin()
    heard = await session.ask(None, "GET", **{"Last-Event-ID": "made-up"})
    assert (heard.status, heard.body) == (200, b"")


async def test_a_line_that_is_no_message_harms_nothing(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    session = await room.begin()
    visit = await session.call(1)
    session.puppet.say(b"Listening!", b'{"jsonrpc":"2.0","method":"x","params":7}', result(1))
    assert (await visit.hear()).messages[-1] == result(1)
    assert "no JSON-RPC" in caplog.text


async def test_what_is_told_to_a_server_that_has_ended_goes_nowhere(room: Room) -> None:
    session = await room.begin()
    session.puppet.ending = "It is about to end."
    assert (await session.ask(notification("notifications/initialized"))).status == 202


def _relay(room: Room, session: Opened) -> module.SessionRelay:
    return room.sessions._sessions[session.puppet.session]
