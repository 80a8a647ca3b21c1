"""The page with the grants."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import StillBridge
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from still_time import StillTime

from approver.configuration_edits import add_grant, add_server, read_grants
from approver.desktop.paths import Paths
from approver.grants import token_digest
from approver.model import Grant, StdioServer
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.grants_page import GrantsPage

OLD, NEW = "2001-01-01T00:00:00+00:00", "2100-01-01T00:00:00+00:00"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    add_server(paths, StdioServer("git", "x"))
    for name, created in (("laptop", OLD), ("ci", NEW), ("idle", OLD)):
        add_grant(paths, Grant(name, "git", None, "0" * 64, created))
    write(paths.journal, entry(grant="laptop", server="git"), entry(call="c2", grant="ci", server="git"))
    return paths


@pytest.fixture
def page(qtbot: QtBot, bridge: StillBridge, still: StillTime, paths: Paths) -> Iterator[GrantsPage]:
    page = GrantsPage(WorkshopBridge(bridge), paths, still)
    qtbot.addWidget(page)
    page.resize(900, 600)
    with qtbot.waitExposed(page):
        page.show()
    yield page
    page.hide()
    page.reading.stop()


def test_the_last_call_of_each_grant_comes_from_the_log(qtbot: QtBot, page: GrantsPage) -> None:
    assert [grant.name for grant in page.model.grants] == ["laptop", "ci", "idle"]
    qtbot.waitUntil(lambda: bool(page.model._used))
    assert page.model._used["laptop"] is not None
    assert page.model._used["ci"] is None  # the call was made before this grant was
    assert page.model._used["idle"] is None
    assert page._where.text().startswith("Nothing listens")


def test_a_grant_is_made_and_its_token_shown_once(page: GrantsPage, paths: Paths) -> None:
    (paths.run / "http.json").write_text('{"url": "http://127.0.0.1:9999"}', encoding="utf-8")
    page._add.click()
    dialog = page.dialog
    assert dialog is not None
    page.add()
    assert page.dialog is dialog
    dialog.name.setText("laptop")
    dialog.finish()
    assert 'There is a grant "laptop" already' in dialog._words.text()
    dialog.name.setText("tablet")
    dialog.finish()
    assert dialog.ticket is not None
    token = dialog.ticket.token.text()
    made = read_grants(paths)[-1]
    assert (made.name, made.token_sha256) == ("tablet", token_digest(token))
    assert token not in paths.grants.read_text(encoding="utf-8")
    dialog.reject()
    assert page.dialog is None
    assert page._where.text() == "Clients come in at http://127.0.0.1:9999"
    assert [grant.name for grant in page.model.grants][-1] == "tablet"


def test_revoking_asks_and_is_done_at_once(page: GrantsPage, paths: Paths) -> None:
    page._revoke.click()
    question = page.question
    assert question is not None
    page.revoke()
    assert page.question is question
    assert "admits nobody from the next request on" in question.informativeText()
    question.remove_button.click()
    assert [grant.name for grant in read_grants(paths)] == ["ci", "idle"]
    assert page._words.text().startswith("Revoked “laptop”")
    assert page.selected is not None


def test_a_file_that_does_not_load_is_told(page: GrantsPage, paths: Paths) -> None:
    page.revoke()
    assert page.question is not None
    before = paths.grants.read_text(encoding="utf-8")
    paths.grants.write_text("{", encoding="utf-8")
    page.question.remove_button.click()
    assert "does not load" in page._words.text()
    page.look()
    assert "does not load" in page._words.text()
    paths.grants.write_text(before, encoding="utf-8")
    page.look()
    assert page._words.text() == ""


@pytest.mark.parametrize(("servers", "words"), [("{", "does not load"), ('{"mcpServers": {}}', "no server yet")])
def test_without_servers_there_is_nothing_to_grant(page: GrantsPage, paths: Paths, servers: str, words: str) -> None:
    paths.servers.write_text(servers, encoding="utf-8")
    page.add()
    assert page.dialog is None
    assert words in page._words.text()


def test_the_last_grant_can_go(page: GrantsPage, paths: Paths) -> None:
    paths.grants.write_text(json.dumps([]), encoding="utf-8")
    page.look()
    assert page._none.isVisible()
    assert not page._revoke.isEnabled()
    page.revoke()
    assert page.question is None
