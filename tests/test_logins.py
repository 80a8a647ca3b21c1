"""Logins as the engine holds them: one for every server, shared, and gone with it."""

import asyncio
from pathlib import Path

import pytest
from login_room import LoginRoom, MemoryStore, login_room
from oauth_server import browse
from still_time import StillTime

from approver import logins as module
from approver.events import WantedLogin
from approver.logins import LoginFailed, Logins
from approver.model import HttpServer, StdioServer
from approver.proxy.oauth import ServerLogin
from approver.secrets import SecretStore

pytestmark = pytest.mark.anyio
SERVER = HttpServer("remote", "https://remote.example/mcp")


class Kept(ServerLogin):
    """Credentials with a keyring in memory."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, MemoryStore())  # type: ignore[arg-type]  # as the engine gives them


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> Logins:
    monkeypatch.setattr(module, "ServerLogin", Kept)
    return Logins(SecretStore(), StillTime())


def at(room: LoginRoom) -> HttpServer:
    return room.login.server


async def test_all_that_speak_to_a_server_share_its_credentials(logins: Logins) -> None:
    assert logins.of(SERVER) is logins.of(HttpServer("remote", SERVER.url))
    assert logins.of(HttpServer("other", SERVER.url)) is not logins.of(SERVER)


async def test_an_edited_server_gets_credentials_of_its_own(logins: Logins) -> None:
    before = logins.of(SERVER)
    edited = HttpServer("remote", SERVER.url, {"X-Key": "1"})
    assert logins.of(edited) is not before


async def test_problems_go_with_the_server_that_they_are_about(logins: Logins) -> None:
    await logins.of(SERVER).refused(401, "", [])
    assert logins.problems == (
        'The server "remote" cannot be used: it wants you to log in: approver server login remote.',
    )
    assert logins.wanted == (WantedLogin("remote", logins.problems[0]),)
    logins.retain({"remote": SERVER}.get)
    assert len(logins.problems) == 1
    logins.retain({"remote": StdioServer("remote", "x")}.get)
    assert logins.problems == ()


async def test_a_login_begins_with_an_address_and_ends_with_a_sentence(logins: Logins) -> None:
    async with login_room() as room:
        address = await logins.begin(at(room))
        await browse(address)
        assert await logins.finish(at(room)) == 'Logged in at "remote". The login is kept in the keyring.'
        assert logins.of(at(room)).is_logged_in
        assert await logins.forget(at(room))
        assert not logins.of(at(room)).is_logged_in
        with pytest.raises(LoginFailed, match="no login has been begun there"):
            await logins.finish(at(room))


async def test_a_second_login_takes_the_place_of_the_first(logins: Logins) -> None:
    async with login_room() as room:
        await logins.begin(at(room))
        waiting = asyncio.ensure_future(logins.finish(at(room)))
        await asyncio.sleep(0)
        address = await logins.begin(at(room))
        with pytest.raises(LoginFailed, match="given up"):
            await waiting
        await browse(address)
        assert "Logged in" in await logins.finish(at(room))


async def test_the_end_gives_up_what_was_begun(logins: Logins, tmp_path: Path) -> None:
    async with login_room() as room:
        await logins.begin(at(room))
        await logins.cancel()
        with pytest.raises(LoginFailed, match="no login has been begun"):
            await logins.finish(at(room))
