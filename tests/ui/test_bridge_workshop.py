"""The second crossing: wishes reach the engine's loop, and what comes of them reaches Qt's thread."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from approver.logins import LoginFailed
from approver.model import HttpServer, StdioServer
from approver.proxy.stdio_upstream import UpstreamUnavailable
from approver.secrets import SecretUnavailable
from approver.ui.bridge import Bridge
from approver.ui.bridge_workshop import WorkshopBridge
from approver.workshop import LoginState, SaidLine, TrialEnd

REMOTE = HttpServer("web", "https://x.org/")


class Logins:
    """Logins that go as they are told to."""

    class _Login:
        is_static, is_logged_in, problem, keeping = False, True, None, None

        async def load(self) -> None:
            """There is no keyring to read."""

    def of(self, server: HttpServer) -> Any:
        return self._Login()

    async def begin(self, server: HttpServer) -> str:
        return "https://login.example/"

    async def finish(self, server: HttpServer) -> str:
        raise LoginFailed("nobody came")

    async def cancel(self, server: str) -> None:
        """There is nothing to give up."""

    async def forget(self, server: HttpServer) -> bool:
        raise SecretUnavailable("It is locked.")


class House(FakeEngine):
    """An engine with a workshop's needs, in which no server starts."""

    def __init__(self) -> None:
        super().__init__()
        self.logins = Logins()
        self.start_seconds = 5.0
        self.refreshed = threading.Event()

    def server_log(self, server: str) -> Any:
        return None

    async def launch_environment(self, server: StdioServer) -> dict[str, str]:
        raise UpstreamUnavailable("No keyring.")

    def refresh(self) -> None:
        self.refreshed.set()


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def workshop(qtbot: QtBot, house: House) -> Iterator[WorkshopBridge]:
    bridge = Bridge(lambda: house)
    workshop = WorkshopBridge(bridge)
    with qtbot.waitSignal(bridge.started):
        bridge.start()
    yield workshop
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()
    assert bridge.join(5)


def test_a_trial_ends_with_a_sentence(qtbot: QtBot, workshop: WorkshopBridge) -> None:
    with qtbot.waitSignal(workshop.trial_ended) as ended:
        workshop.try_server(StdioServer("git", "x"))
    assert isinstance(ended.args[0], TrialEnd)
    assert (ended.args[0].server, ended.args[0].fault) == ("git", "No keyring.")
    workshop.stop_trial()


def test_lines_are_told_as_they_come(qtbot: QtBot, workshop: WorkshopBridge) -> None:
    lines = (SaidLine("stderr", "hello"),)
    with qtbot.waitSignal(workshop.trial_told) as told:
        threading.Thread(target=workshop._told.emit, args=(lines,)).start()
    assert told.args == [lines]


def test_a_login_tells_its_link_and_its_end(qtbot: QtBot, workshop: WorkshopBridge) -> None:
    with qtbot.waitSignals([workshop.login_begun, workshop.login_ended], order="strict"):
        workshop.log_in(REMOTE)
    with qtbot.waitSignal(workshop.login_ended) as ended:
        workshop.stop_login(REMOTE)
        workshop.log_out(REMOTE)
    assert ended.args == ["web", "It is locked."]


def test_how_it_stands_with_a_login_is_told(qtbot: QtBot, workshop: WorkshopBridge) -> None:
    with qtbot.waitSignal(workshop.login_told) as told:
        workshop.ask_login(REMOTE)
    assert told.args == [LoginState("web", is_logged_in=True)]


def test_edited_files_are_read_when_it_is_asked(workshop: WorkshopBridge, house: House) -> None:
    workshop.refresh()
    assert house.refreshed.wait(5)
