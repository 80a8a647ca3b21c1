"""A person's login: discovery, registration, the browser, and everything that can come in between."""

import asyncio
import json
import socket
from typing import Any

import httpx2
import pytest
from login_room import LoginRoom, login_room
from oauth_server import OAuthServer, browse
from web_servers import Answer, Script, json_answer

from approver.proxy import oauth_login
from approver.proxy.oauth import LoginFailed
from approver.proxy.oauth_login import Login, OwnClient

pytestmark = pytest.mark.anyio


async def test_a_login_registers_asks_for_consent_with_proof_and_gets_tokens() -> None:
    async with login_room() as room:
        await room.log_in()
        (client,) = room.oauth.clients.values()
        assert client["client_name"] == "Approver"
        assert client["application_type"] == "native"
        (asked,) = room.oauth.authorizations
        assert asked["resource"] == f"{room.web.origin}/mcp"
        assert asked["redirect_uri"].startswith("http://127.0.0.1:")
        assert room.oauth.token_requests[0]["resource"] == f"{room.web.origin}/mcp"


async def test_a_second_login_registers_no_second_client() -> None:
    async with login_room() as room:
        await room.log_in()
        room.restarted()
        await room.log_in()
        assert len(room.oauth.clients) == 1
        assert len(room.oauth.authorizations) == 2


async def test_a_second_login_registers_anew_where_its_port_is_taken() -> None:
    async with login_room() as room:
        await room.log_in()
        port = int(room.oauth.authorizations[0]["redirect_uri"].split(":")[2].partition("/")[0])
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
            await room.log_in()
        assert len(room.oauth.clients) == 2


async def test_a_server_without_metadata_of_its_own_is_its_own_login_server() -> None:
    async with login_room() as room:
        room.oauth.knows_resource = False
        await room.log_in()
        assert "resource" not in room.oauth.authorizations[0]
        assert await room.token() in room.oauth.granted


async def test_a_login_asks_for_the_rights_that_a_client_was_refused_for() -> None:
    async with login_room() as room:
        room.oauth.scope = "read write"
        await room.log_in()
        assert room.oauth.authorizations[0]["scope"] == "read write"


async def test_a_server_that_lets_anybody_in_until_a_call_can_be_logged_in_at_all_the_same() -> None:
    async with login_room() as room:
        open_door = Script(lambda request: json_answer({}, 200, **{"mcp-session-id": "s"}))

        async def app(scope: Any, receive: Any, send: Any) -> None:
            door = open_door if scope["type"] == "http" and scope["path"] == "/mcp" else room.oauth
            await door(scope, receive, send)

        await room.web.crash()
        room.web.app = app
        await room.web.start()
        await room.log_in()
        assert await room.token() in room.oauth.granted
        assert [request.method for request in open_door.received] == ["POST", "DELETE"]


# -- clients that were registered by hand --------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def by_hand(room: LoginRoom, secret: str = "") -> OwnClient:
    """Register a client as an administrator would."""
    own = OwnClient("by-hand", secret, free_port())
    client: dict[str, Any] = {"redirect_uris": [f"http://127.0.0.1:{own.port}/callback"]}
    room.oauth.clients["by-hand"] = {**client, **({"client_secret": secret} if secret else {})}
    room.oauth.registers = False
    return own


async def test_a_server_that_registers_no_programs_is_told_with_what_to_do() -> None:
    async with login_room() as room:
        room.oauth.registers = False
        with pytest.raises(LoginFailed, match="does not let Approver register itself.*--client-id ID") as fault:
            await room.log_in()
        assert "http://127.0.0.1:33418/callback" in str(fault.value)


@pytest.mark.parametrize("secret", ["", "s3cret"])
async def test_a_client_that_was_registered_by_hand_is_used_now_and_later(secret: str) -> None:
    async with login_room() as room:
        await room.log_in(own=by_hand(room, secret))
        assert await room.token() in room.oauth.granted
        room.restarted()
        await room.log_in()
        assert [asked["client_id"] for asked in room.oauth.authorizations] == ["by-hand", "by-hand"]


async def test_a_secret_goes_the_way_that_the_login_server_takes() -> None:
    async with login_room() as room:
        room.oauth.methods = ["client_secret_post"]
        await room.log_in(own=by_hand(room, "s3cret"))
        assert room.oauth.token_requests[0]["client_secret"] == "s3cret"
        assert room.oauth.token_requests[0]["authorization"] == ""


async def test_a_port_that_has_to_be_free_and_is_taken_is_told() -> None:
    async with login_room() as room:
        own = by_hand(room)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", own.port))
            taken.listen()
            with pytest.raises(LoginFailed, match=f"port {own.port} is taken"):
                await room.log_in(own=own)
        await room.log_in(own=own)
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", own.port))
            taken.listen()
            with pytest.raises(LoginFailed, match=f"port {own.port} is taken"):
                await room.log_in()


async def test_a_client_that_is_described_by_a_document_is_named_where_that_is_understood() -> None:
    address = "https://client.example/metadata.json"
    oauth = OAuthServer()
    plain = oauth._metadata
    oauth._metadata = lambda request: json_answer(  # type: ignore[method-assign]  # a server that reads documents
        {**json.loads(plain(request).pieces[0]), "client_id_metadata_document_supported": True}  # type: ignore[arg-type]  # bytes
    )
    async with login_room(oauth) as room:
        own = OwnClient(address, port=free_port())
        oauth.clients[address] = {"redirect_uris": [f"http://127.0.0.1:{own.port}/callback"]}
        await room.log_in(own=own)
        assert oauth.authorizations[0]["client_id"] == address


# -- what can come in between --------------------------------------------------------------------------------------


async def test_a_person_who_says_no_is_not_logged_in() -> None:
    async with login_room() as room:
        room.oauth.consents = False
        login = Login(room.login)
        page = await browse(await login.begin())
        assert "The server said: the person said no" in page
        with pytest.raises(LoginFailed, match="the login was refused: the person said no"):
            await login.finish()
        assert await room.token() == ""


async def test_the_browser_is_told_that_it_is_done() -> None:
    async with login_room() as room:
        login = Login(room.login)
        assert "go back to Approver" in await browse(await login.begin())
        await login.finish()


async def test_nobody_else_can_end_a_login() -> None:
    async with login_room() as room:
        login = Login(room.login)
        address = await login.begin()
        back = dict(httpx2.URL(address).params)["redirect_uri"]
        async with httpx2.AsyncClient() as client:
            assert (await client.get(f"{back}?code=mine&state=guessed")).status_code == 400
            assert (await client.get(back)).status_code == 400
            assert (await client.get(back.replace("callback", "other"))).status_code == 404
            assert (await client.post(back)).status_code == 404
        await browse(address)
        assert "Logged in" in await login.finish()


async def test_a_login_that_nobody_answers_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth_login, "CONSENT_SECONDS", 0.05)
    async with login_room() as room:
        login = Login(room.login)
        await login.begin()
        with pytest.raises(LoginFailed, match="nobody answered in the browser"):
            await login.finish()


async def test_a_login_can_be_given_up_for_another() -> None:
    async with login_room() as room:
        login = Login(room.login)
        await login.begin()
        ending = asyncio.ensure_future(login.finish())
        await asyncio.sleep(0)
        await login.cancel()
        with pytest.raises(LoginFailed, match="given up"):
            await ending
        await room.log_in()


async def test_who_waits_for_a_login_may_stop_waiting() -> None:
    async with login_room() as room:
        login = Login(room.login)
        address = await login.begin()
        waiting = asyncio.ensure_future(login.finish())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await browse(address)
        assert "Logged in" in await login.finish()


async def test_a_login_server_that_takes_its_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(request: Any) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(oauth_login, "_BEGIN_SECONDS", 0.1)
    oauth = OAuthServer()
    oauth._metadata = never  # type: ignore[assignment, method-assign]  # a server that hangs
    async with login_room(oauth) as room:
        with pytest.raises(LoginFailed, match="where to log in"):
            await room.log_in()


@pytest.mark.parametrize(
    ("part", "answer", "words"),
    [
        ("_metadata", json_answer({"issuer": "https://other.example"}), "the login failed|does not let Approver"),
        ("_token", json_answer({"error": "invalid_grant", "error_description": "no"}, 400), "the login failed: Token"),
        ("_token", json_answer({"a": 1}), "the login failed|no login server does"),
        (
            "_resource",
            json_answer({"resource": "https://other.example", "authorization_servers": ["https://o.example"]}),
            "does not match",
        ),
        ("_register", json_answer({"no": "client"}, 201), "does not let Approver register itself"),
    ],
)
async def test_a_login_server_that_misbehaves_is_told(part: str, answer: Answer, words: str) -> None:
    oauth = OAuthServer()
    setattr(oauth, part, lambda request: answer)
    async with login_room(oauth) as room:
        with pytest.raises(LoginFailed, match=words):
            await room.log_in()
        assert not room.login.is_logged_in


async def test_a_server_that_is_away_is_told() -> None:
    async with login_room() as room:
        await room.web.crash()
        with pytest.raises(LoginFailed, match="cannot be reached"):
            await room.log_in()
