"""The page with the servers."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine, StillBridge
from memory_keyring import MemoryKeyring, in_memory
from memory_secrets import MemorySecrets
from oauth_server import OAuthServer, browse
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from web_servers import WebServer

from approver.configuration_edits import add_server, read_servers
from approver.desktop.paths import Paths
from approver.engine import Engine
from approver.model import HttpServer, ServerHealth, StdioServer
from approver.proxy.probe import Probed
from approver.secrets import SecretStore
from approver.ui.bridge import Bridge
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.server_dialog import ServerDialog
from approver.ui.servers_page import ServersPage
from approver.workshop import TrialEnd

CONFIGURED = {
    "git": {"command": "git-mcp", "env": {"GIT_TOKEN": "s3cret"}, "note": "mine"},
    "web": {"url": "https://x.org/mcp"},
}
PASTED = '{"servers": {"a": {"command": "x"}, "b": {"command": "y"}}}'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    paths.servers.write_text(json.dumps({"mcpServers": CONFIGURED}), encoding="utf-8")
    return paths


@pytest.fixture
def store() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def page(
    qtbot: QtBot, bridge: StillBridge, engine: FakeEngine, paths: Paths, store: MemorySecrets
) -> Iterator[ServersPage]:
    engine.configured = (ServerHealth("git", False, 2, "It ended."),)
    page = ServersPage(bridge, WorkshopBridge(bridge), paths, store)
    qtbot.addWidget(page)
    page.resize(900, 700)
    with qtbot.waitExposed(page):
        page.show()
    yield page
    page.hide()


def add_pasted(page: ServersPage, text: str = PASTED) -> ServerDialog:
    page._add.click()
    dialog = page.dialog
    assert dialog is not None
    assert dialog.paste is not None
    dialog.paste.text.setPlainText(text)
    dialog.paste.read()
    dialog.finish()
    return dialog


def test_the_servers_of_the_file_are_shown_with_what_the_engine_says(page: ServersPage) -> None:
    assert [(one.name, one.clients) for one in page.model.servers] == [("git", 2), ("web", 0)]
    assert page.selected == StdioServer("git", "git-mcp", (), {"GIT_TOKEN": "s3cret"})
    assert page._fault.text() == "It ended."
    page.show_server("web")
    assert page.selected == HttpServer("web", "https://x.org/mcp")
    assert not page._fault.isVisible()
    page.show_server("nobody")
    assert page._name.text() == "web"


def test_several_servers_are_added_by_pasting_and_asked_about(page: ServersPage, paths: Paths) -> None:
    add_pasted(page)
    assert page.dialog is None
    assert [*read_servers(paths)] == ["git", "web", "a", "b"]
    for name in ("a", "b"):
        policy = json.loads((paths.policies / f"{name}.json").read_text(encoding="utf-8"))
        assert policy["default"] == "require_approval"
    assert page._words.text() == "Added “a”, “b”."
    assert page._name.text() == "a"


def test_a_server_without_rules_is_said_to_be_denied(page: ServersPage, paths: Paths) -> None:
    page.add()
    assert page.dialog is not None
    page.dialog.asks.setChecked(False)
    page.dialog.pages.setCurrentIndex(1)
    QTest.keyClicks(page.dialog.pages.currentWidget().way, "uvx thing")
    page.dialog.finish()
    assert "There are no rules yet for “thing”: every call is denied." in page._words.text()
    assert not (paths.policies / "thing.json").exists()


def test_what_cannot_be_written_is_told_in_the_dialog_which_stays(page: ServersPage, paths: Paths) -> None:
    page.add()
    paths.servers.write_text("{", encoding="utf-8")
    dialog = page.dialog
    assert dialog is not None
    assert dialog.paste is not None
    page.add()
    assert page.dialog is dialog
    dialog.paste.text.setPlainText(PASTED)
    dialog.paste.read()
    dialog.finish()
    assert "does not load" in dialog._words.text()
    page.look()
    assert "does not load" in page._words.text()
    paths.servers.write_text(json.dumps({"mcpServers": CONFIGURED}), encoding="utf-8")
    page.look()
    assert page._words.text() == ""
    dialog.reject()
    assert page.dialog is None


def test_an_edit_keeps_what_the_form_does_not_know(page: ServersPage, paths: Paths) -> None:
    page.table.activated.emit(page.table.currentIndex())
    assert page.dialog is not None
    form = page.dialog.pages.currentWidget()
    form.way.setPlainText("git-mcp --verbose")
    page.dialog.finish()
    entry = json.loads(paths.servers.read_text(encoding="utf-8"))["mcpServers"]["git"]
    assert entry == {"command": "git-mcp", "args": ["--verbose"], "env": {"GIT_TOKEN": "s3cret"}, "note": "mine"}
    assert page._words.text().startswith("Saved.")


def test_removing_asks_and_says_what_stays(page: ServersPage, paths: Paths) -> None:
    page._remove.click()
    question = page.question
    assert question is not None
    page.remove()
    assert page.question is question
    said = question.informativeText()
    assert "2 clients are connected to it now." in said
    assert "Its rules, its grants and the log stay" in said
    question.remove_button.click()
    assert [*read_servers(paths)] == ["web"]
    assert page._words.text() == "Removed “git”."
    page.show_server("web")
    page.remove()
    assert page.question is not None
    assert "Your login there is forgotten." in page.question.informativeText()
    paths.servers.write_text("{", encoding="utf-8")
    page.question.remove_button.click()
    assert "does not load" in page._words.text()


def test_a_secret_goes_into_the_keyring_with_one_click(
    qtbot: QtBot, page: ServersPage, paths: Paths, store: MemorySecrets
) -> None:
    page.details.moves["GIT_TOKEN"].click()
    qtbot.waitUntil(lambda: "It is in the keyring now, as “GIT_TOKEN”" in page._words.text())
    assert store.kept == {"GIT_TOKEN": "s3cret"}
    assert json.loads(paths.servers.read_text(encoding="utf-8"))["mcpServers"]["git"]["env"] == {
        "GIT_TOKEN": "${keyring:GIT_TOKEN}"
    }
    assert page.details.moves == {}


def test_without_a_keyring_that_is_told(qtbot: QtBot, page: ServersPage, store: MemorySecrets) -> None:
    store.fault = "There is no keyring."
    page.details.moves["GIT_TOKEN"].click()
    qtbot.waitUntil(lambda: page._words.text() == "There is no keyring.")


def test_what_was_found_of_a_server_goes_when_it_is_edited(page: ServersPage, paths: Paths) -> None:
    page.trial.toggle()
    page._workshop.trial_ended.emit(TrialEnd("git", Probed("r", "n", "v")))
    assert "It works" in page.trial._words.text()
    edited = {**CONFIGURED, "git": {"command": "other"}}
    paths.servers.write_text(json.dumps({"mcpServers": edited}), encoding="utf-8")
    page.look()
    assert "No tool is called" in page.trial._words.text()


def test_its_rules_are_one_click_away(qtbot: QtBot, page: ServersPage) -> None:
    with qtbot.waitSignal(page.rules_asked) as asked:
        page._rules.click()
    assert asked.args == ["git"]


def test_the_last_server_can_go(page: ServersPage, paths: Paths) -> None:
    paths.servers.unlink()
    page.look()
    assert page.selected is None
    assert page._none.isVisible()
    assert not page._lower.isVisible()
    page.edit()
    page.remove()
    page._rules.click()
    assert page.dialog is None
    assert page.question is None


# -- with the real engine, a keyring and a login server ----------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    with in_memory() as memory:
        yield memory


@pytest.fixture
def remote() -> Iterator[tuple[OAuthServer, str]]:
    """A server that wants logins, on a loop in a thread, and its address."""
    oauth = OAuthServer()
    web = WebServer(oauth)
    oauth.origin = web.origin
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(web.start(), loop).result(10)
    yield oauth, web.url
    asyncio.run_coroutine_threadsafe(web.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def real(qtbot: QtBot, tmp_path: Path, memory: MemoryKeyring) -> Iterator[tuple[Bridge, Paths]]:
    """The engine in its thread."""
    paths = Paths.under(tmp_path / "real")
    paths.create()
    paths.settings.write_text("[http]\nenabled = false\n", encoding="utf-8")
    bridge = Bridge(lambda: Engine(paths, has_windows=True))
    yield bridge, paths
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()
    assert bridge.join(10)


def test_a_secret_is_moved_and_a_login_made_with_a_click_each_and_the_engine_uses_both(
    qtbot: QtBot, real: tuple[Bridge, Paths], memory: MemoryKeyring, remote: tuple[OAuthServer, str]
) -> None:
    (bridge, paths), (oauth, url) = real, remote
    add_server(paths, HttpServer("remote", url, {"X-Api-Key": "sk-live-4f9d2c71b8e6a035"}))
    with qtbot.waitSignal(bridge.started):
        bridge.start()
    page = ServersPage(bridge, WorkshopBridge(bridge), paths, SecretStore())
    qtbot.addWidget(page)
    page.show()
    page.details.moves["X-Api-Key"].click()
    qtbot.waitUntil(lambda: "It is in the keyring now" in page._words.text())
    assert "sk-live" not in paths.servers.read_text(encoding="utf-8")
    assert "sk-live-4f9d2c71b8e6a035" in memory.kept.values()

    browsers: list[threading.Thread] = []

    def open_link(address: str) -> bool:
        browsers.append(threading.Thread(target=asyncio.run, args=(browse(address),)))
        browsers[-1].start()
        return True

    login = page.details.login
    login._open_link = open_link
    login._log_in.click()
    qtbot.waitUntil(lambda: login._words.text().startswith('Logged in at "remote".'), timeout=10_000)
    browsers[0].join(10)
    (token,) = oauth.granted
    assert any(token in kept for kept in memory.kept.values())
    qtbot.waitUntil(login._log_out.isVisible)

    page.trial.toggle()  # which the server answers with a good token only
    qtbot.waitUntil(lambda: "It works" in page.trial._words.text(), timeout=10_000)
    page.hide()
