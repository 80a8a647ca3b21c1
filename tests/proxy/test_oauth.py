"""Credentials for remote servers: tokens refreshed in time, kept in the keyring only, renewed by the person."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from login_room import LoginRoom, login_room
from oauth_server import OAuthServer
from upstream_line import line_to
from web_servers import Answer

from approver.model import HttpServer
from approver.proxy import oauth
from approver.proxy.http_wire import Unreachable, Unwelcome
from approver.proxy.oauth import LoginFailed, ServerLogin
from approver.secrets import SecretStore, SecretUnavailable

pytestmark = pytest.mark.anyio


# -- tokens --------------------------------------------------------------------------------------------------------


async def test_without_a_login_nothing_is_sent_and_a_refusal_becomes_the_problem(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        answer = await line.shake_hands()
        assert answer["error"]["message"] == (
            "The server remote did not accept the request: it wants you to log in: approver server login remote."
        )
        assert room.login.problem == (
            'The server "remote" cannot be used: it wants you to log in: approver server login remote.'
        )
        assert room.changes == 1
        await room.log_in()
        assert room.login.problem is None
        assert room.changes == 2
        assert "result" in await line.shake_hands()


async def test_a_login_outlives_the_app_in_the_keyring() -> None:
    async with login_room() as room:
        assert await room.log_in() == 'Logged in at "remote". The login is kept in the keyring.'
        token = await room.token()
        assert token in room.oauth.granted
        room.restarted()
        assert await room.token() == token
        assert room.login.is_logged_in


async def test_a_login_is_for_one_address_only() -> None:
    async with login_room() as room:
        await room.log_in()
        elsewhere = HttpServer("remote", f"{room.web.origin}/other")
        login = ServerLogin(elsewhere, SecretStore(), room.time, lambda: None, room.store)
        assert await login.credentials() == []


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"url": "x", "unknown": 1}', "{}"])
async def test_what_the_keyring_keeps_of_somebody_elses_is_no_login(text: str) -> None:
    async with login_room() as room:
        room.store.kept["remote"] = text
        assert await room.token() == ""


async def test_without_a_keyring_a_login_lasts_as_long_as_the_app_and_says_so() -> None:
    async with login_room() as room:
        room.store.is_absent = True
        assert await room.log_in() == (
            'Logged in at "remote", until Approver is closed: the login cannot be kept. '
            "There is no keyring on this machine."
        )
        assert await room.token() in room.oauth.granted
        assert room.store.kept == {}
        room.restarted()
        assert await room.token() == ""


async def test_a_login_that_was_never_in_the_keyring_is_forgotten_all_the_same() -> None:
    async with login_room() as room:
        room.store.is_absent = True
        await room.log_in()
        assert await room.login.forget()
        assert await room.token() == ""


async def test_a_token_is_refreshed_before_its_time_is_over() -> None:
    async with login_room() as room:
        await room.log_in()
        first = await room.token()
        room.time.advance(3600 - 61)
        assert await room.token() == first
        room.time.advance(2)
        second = await room.token()
        assert second != first
        assert second in room.oauth.granted
        asked = room.oauth.token_requests[-1]
        assert (asked["grant_type"], asked["resource"]) == ("refresh_token", f"{room.web.origin}/mcp")
        assert json.loads(room.store.kept["remote"])["tokens"]["access_token"] == second


async def test_a_token_is_refreshed_after_a_restart_where_it_came_from() -> None:
    async with login_room() as room:
        await room.log_in()
        room.restarted()
        room.time.advance(3600)
        assert await room.token() in room.oauth.granted
        assert [asked["grant_type"] for asked in room.oauth.token_requests] == ["authorization_code", "refresh_token"]


async def test_many_requests_refresh_a_token_once() -> None:
    async with login_room() as room:
        await room.log_in()
        room.time.advance(3600)
        tokens = await asyncio.gather(*(room.token() for _ in range(10)))
        assert len(set(tokens)) == 1
        assert len(room.oauth.token_requests) == 2


async def test_a_refresh_token_that_stays_good_is_kept() -> None:
    async with login_room() as room:
        room.oauth.rotates = False
        await room.log_in()
        for _ in range(3):
            room.time.advance(3600)
            assert await room.token() in room.oauth.granted
        assert len(room.oauth.token_requests) == 4


async def test_a_login_server_that_is_away_for_a_moment_costs_nothing() -> None:
    async with login_room() as room:
        await room.log_in()
        token = await room.token()
        room.oauth.broken_refresh = Answer(503)
        room.time.advance(3600 - 10)
        assert await room.token() == token
        room.time.advance(11)
        with pytest.raises(Unreachable, match="its login server does not answer"):
            await room.token()
        assert room.login.problem is None
        room.oauth.broken_refresh = None
        assert await room.token() != token


async def test_a_login_server_that_cannot_be_reached_is_told() -> None:
    async with login_room() as room:
        await room.log_in()
        await room.web.crash()
        room.time.advance(3601)
        with pytest.raises(Unreachable, match="its login server does not answer"):
            await room.token()


async def test_a_refresh_that_is_refused_asks_the_person_to_log_in_again() -> None:
    async with login_room() as room:
        await room.log_in()
        room.oauth.end()
        room.time.advance(3600)
        with pytest.raises(Unwelcome, match="your login there is over. Log in again: approver server login remote"):
            await room.token()
        assert "Log in again: approver server login remote" in (room.login.problem or "")
        await room.log_in()
        assert room.login.problem is None
        assert await room.token() in room.oauth.granted


# -- refusals ------------------------------------------------------------------------------------------------------


async def test_a_token_that_the_server_takes_back_is_refreshed_unnoticed(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        room.oauth.lifetime = None
        await room.log_in()
        await line.shake_hands()
        room.oauth.revoke()
        assert (await line.ask("tools/call", {"name": "x"}))["result"] == {}
        assert room.login.problem is None


async def test_a_token_that_is_refused_however_new_it_is_is_not_refreshed_for_ever(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        await room.log_in()
        room.oauth.scope = "never granted"
        room.oauth.revoke()

        def challenge(request: Any) -> Answer:
            return Answer(401)

        room.oauth._challenge = challenge  # type: ignore[method-assign]  # a server that will have none of it
        for _ in range(3):
            assert "Log in again" in (await line.ask("initialize", {}))["error"]["message"]
        assert len(room.oauth.token_requests) == 2


async def test_a_token_that_is_taken_back_while_the_login_server_is_away_costs_no_login(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        await room.log_in()
        await line.begin()
        room.oauth.broken_refresh = Answer(503)
        room.oauth.revoke()
        call = line.request("tools/call", {"name": "x"})
        line.send(call)
        async with asyncio.timeout(10):
            while room.oauth.refused < 3:
                await asyncio.to_thread(lambda: None)
        room.oauth.broken_refresh = None
        assert (await line.answer(call["id"]))["result"] == {}
        assert room.login.problem is None


async def test_a_token_that_is_taken_back_for_good_asks_the_person_to_log_in_again(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        await room.log_in()
        await line.begin()
        room.oauth.end()
        answer = await line.ask("tools/call", {"name": "x"})
        assert "your login there is over. Log in again: approver server login remote" in answer["error"]["message"]
        assert "Log in again" in (room.login.problem or "")


async def test_calls_that_are_refused_together_refresh_once(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        await room.log_in()
        await line.begin()
        room.oauth.revoke()
        calls = [line.request("tools/call", {"name": "x"}) for _ in range(8)]
        line.send(*calls)
        for call in calls:
            assert "result" in await line.answer(call["id"])
        assert len(room.oauth.token_requests) == 2


async def test_a_login_of_another_process_is_taken_up() -> None:
    async with login_room() as room:
        mine = room.login
        assert await mine.credentials() == []
        room.restarted()
        await room.log_in()
        assert await mine.refused(401, "", [])
        assert dict(await mine.credentials())[b"authorization"] == f"Bearer {await room.token()}".encode()


async def test_a_refresh_of_another_process_is_taken_up() -> None:
    async with login_room() as room:
        await room.log_in()
        mine = room.login
        room.restarted()
        room.time.advance(3600)
        token = await room.token()  # which uses up the refresh token that we hold
        assert dict(await mine.credentials())[b"authorization"] == f"Bearer {token}".encode()
        assert mine.problem is None


async def test_a_server_that_wants_more_rights_asks_the_person(tmp_path: Path) -> None:
    async with login_room() as room, line_to(room.web.url, tmp_path, door=room.login) as line:
        room.oauth.scope = "read"
        await line.shake_hands()
        await room.log_in()
        await line.begin()
        room.oauth.scope = "read write"
        answer = await line.ask("tools/call", {"name": "x"})
        assert "it wants more rights than your login there has" in answer["error"]["message"]
        assert "Grant them: approver server login remote" in (room.login.problem or "")
        await room.log_in()
        assert room.oauth.authorizations[-1]["scope"] == "read write"
        assert "result" in await line.ask("tools/call", {"name": "x"})


async def test_a_403_without_more_is_no_problem_of_the_login() -> None:
    async with login_room() as room:
        await room.log_in()
        assert not await room.login.refused(403, "", await room.login.credentials())
        assert "it forbids this" in room.login.advice(403)
        assert room.login.problem is None


async def test_who_logs_out_has_no_token_here_or_in_the_keyring() -> None:
    async with login_room() as room:
        await room.log_in()
        assert await room.login.forget()
        assert await room.token() == ""
        assert room.store.kept == {}
        assert not await room.login.forget()
        room.store.is_absent = True
        with pytest.raises(SecretUnavailable):
            await room.login.forget()


# -- headers from servers.json -------------------------------------------------------------------------------------


class Words(SecretStore):
    """A keyring with one secret."""

    def __init__(self, word: str | None) -> None:
        self.word = word

    def get(self, name: str) -> str:
        if self.word is None:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')
        return self.word


def with_headers(headers: dict[str, str], words: SecretStore | None = None) -> ServerLogin:
    room: Any = LoginRoom
    return ServerLogin(HttpServer("remote", "http://x/mcp", headers), words or Words("s3cret"), room, lambda: None)


async def test_headers_are_filled_from_the_keyring() -> None:
    login = with_headers({"Authorization": "Bearer ${keyring:key}", "X-Name": "Jürgen"})
    assert await login.credentials() == [
        (b"authorization", b"Bearer s3cret"),
        (b"x-name", "Jürgen".encode("latin-1")),
    ]


async def test_a_secret_that_is_missing_is_told() -> None:
    login = with_headers({"X-Key": "${keyring:key}"}, Words(None))
    with pytest.raises(Unreachable, match='X-Key of the server "remote" cannot be filled in: There is no secret "key"'):
        await login.credentials()


@pytest.mark.parametrize(("name", "value"), [("Schlüssel", "x"), ("X-Key", "日"), ("X-Key", "a\r\nb: c"), ("X\n", "a")])
async def test_what_no_header_can_hold_is_told(name: str, value: str) -> None:
    with pytest.raises(Unreachable, match="a character that no header may have"):
        await with_headers({name: value}).credentials()


async def test_a_keyring_that_waits_for_the_person_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = threading.Event()

    class Locked(Words):
        def get(self, name: str) -> str:
            unlocked.wait(10)
            return "x"

    monkeypatch.setattr(oauth, "KEYRING_SECONDS", 0.05)
    with pytest.raises(Unreachable, match="The keyring did not answer in time"):
        await with_headers({"X-Key": "${keyring:key}"}, Locked("x")).credentials()
    unlocked.set()


async def test_a_secret_that_was_changed_is_read_again_when_the_old_one_is_refused() -> None:
    words = Words("old")
    login = with_headers({"Authorization": "Bearer ${keyring:key}"}, words)
    before = await login.credentials()
    assert not await login.refused(401, "", before)
    words.word = "new"
    assert await login.refused(401, "", before)
    assert await login.credentials() == [(b"authorization", b"Bearer new")]
    assert "Put a valid one there" in login.advice(401)


async def test_headers_go_along_with_a_token() -> None:
    async with login_room() as room:
        room.headers = {"X-Tenant": "7"}
        room.restarted()
        await room.log_in()
        assert [name for name, _ in await room.login.credentials()] == [b"x-tenant", b"authorization"]


# -- where tokens may go -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://login.example/token", True),
        ("http://127.0.0.1:9/token", True),
        ("http://plain.example/token", False),
        ("http://own.example/token", True),
        ("http://own.example:81/token", False),
    ],
)
async def test_tokens_go_over_encrypted_connections(address: str, is_fine: bool) -> None:
    import httpx2

    room: Any = LoginRoom
    login = ServerLogin(HttpServer("remote", "http://own.example/mcp"), Words("x"), room, lambda: None)
    if is_fine:
        await login.check_address(httpx2.Request("POST", address))
    else:
        with pytest.raises(LoginFailed, match="is not encrypted, so nothing was sent there"):
            await login.check_address(httpx2.Request("POST", address))


async def test_a_refresh_that_would_go_unencrypted_is_not_made() -> None:
    async with login_room(OAuthServer()) as room:
        await room.log_in()
        kept = json.loads(room.store.kept["remote"])
        kept["server"]["token_endpoint"] = "http://plain.example/token"
        room.store.kept["remote"] = json.dumps(kept)
        room.restarted()
        room.time.advance(3600)
        with pytest.raises(LoginFailed, match="is not encrypted"):
            await room.token()
