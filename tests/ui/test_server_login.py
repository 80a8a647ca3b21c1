"""The login at a remote server, as it is seen."""

import pytest
from fake_engine import StillBridge
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from approver.model import HttpServer
from approver.ui import server_login as module
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.server_login import ServerLogin
from approver.workshop import LoginState

WEB, OTHER = HttpServer("web", "https://x.org/"), HttpServer("other", "https://y.org/")
LINK = "https://login.example/authorize?x=1"


@pytest.fixture
def workshop(bridge: StillBridge) -> WorkshopBridge:
    return WorkshopBridge(bridge)


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def login(qtbot: QtBot, workshop: WorkshopBridge, opened: list[str]) -> ServerLogin:
    login = ServerLogin(workshop, open_link=lambda link: opened.append(link) is None)
    qtbot.addWidget(login)
    login.set_server(WEB)
    login.show()
    return login


def test_the_link_is_opened_and_can_be_copied(login: ServerLogin, workshop: WorkshopBridge, opened: list[str]) -> None:
    assert login._words.text() == "Asking the keyring for the login…"
    workshop.login_told.emit(LoginState("web"))
    assert login._words.text().startswith("You are not logged in.")
    login._log_in.click()
    assert login._words.text() == "Asking the server where to log in…"
    workshop.login_begun.emit("other", "https://elsewhere/")
    workshop.login_begun.emit("web", LINK)
    assert opened == [LINK]
    assert (login.link.text(), login.link.isVisible()) == (LINK, True)
    login._copy.click()
    assert QGuiApplication.clipboard().text() == LINK
    workshop.login_ended.emit("web", 'Logged in at "web".')
    assert login._words.text() == 'Logged in at "web".'
    assert not login.link.isVisible()


@pytest.mark.parametrize(
    ("state", "words", "can_log_out"),
    [
        (LoginState("web", is_static=True), "The headers hold an Authorization, so no login is needed.", False),
        (LoginState("web", problem="It wants you to log in."), "It wants you to log in.", False),
        (LoginState("web", is_logged_in=True), "You are logged in; the login is kept in the keyring.", True),
        (
            LoginState("web", is_logged_in=True, keeping="There is no keyring."),
            "You are logged in until Approver ends. There is no keyring.",
            True,
        ),
    ],
)
def test_how_it_stands_is_told(
    login: ServerLogin, workshop: WorkshopBridge, state: LoginState, words: str, can_log_out: bool
) -> None:
    workshop.login_told.emit(LoginState("other", is_logged_in=True))
    workshop.login_told.emit(state)
    assert login._words.text() == words
    assert login._log_out.isVisible() is can_log_out
    assert login._log_in.isVisible() is not state.is_static


def test_a_login_can_be_given_up_and_forgotten(
    login: ServerLogin, workshop: WorkshopBridge, bridge: StillBridge
) -> None:
    login.begin()
    login.begin()
    before = bridge.carried
    login._give_up.click()
    assert bridge.carried == before + 1
    workshop.login_ended.emit("web", "It was given up.")
    login._stop()
    before = bridge.carried
    login._log_out.click()
    assert bridge.carried == before + 1


def test_the_login_at_one_server_is_not_shown_at_another(login: ServerLogin, workshop: WorkshopBridge) -> None:
    login.begin()
    workshop.login_begun.emit("web", LINK)
    login.set_server(OTHER)
    assert not login.link.isVisible()
    assert not login._log_in.isEnabled()
    login.set_server(None)
    assert not login.isVisible()


def test_only_web_addresses_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toString()) is None)
    assert module.open_in_browser(LINK)
    assert not module.open_in_browser("file:///etc/passwd")
    assert asked == [LINK]
