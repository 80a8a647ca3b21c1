"""Which pages there are."""

from pathlib import Path

from fake_engine import FakeEngine, StillBridge
from page_keys import PAGES
from pytestqt.qtbot import QtBot
from sample_standing import standing
from still_time import StillTime

from approver.configuration_edits import add_server
from approver.desktop.paths import Paths
from approver.habituation import Habit
from approver.model import HttpServer, ServerHealth, StdioServer
from approver.ui.desk import LOG, OVERVIEW, REMEMBERED, Desk
from approver.ui.desk_pages import RULES, SERVERS, add_pages
from approver.ui.habit_watch import HabitWatch, Offer
from approver.ui.log_page import LogPage
from approver.ui.overview_page import OverviewPage
from approver.ui.remembered_page import RememberedPage
from approver.ui.rules_page import RulesPage
from approver.ui.servers_page import ServersPage


def put_pages(desk: Desk, bridge: StillBridge, paths: Paths, still: StillTime) -> HabitWatch:
    habits = HabitWatch(bridge, still, paths, desk)
    add_pages(desk, bridge, paths, still, habits)
    return habits


def test_every_page_can_be_shown(qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path) -> None:
    desk = Desk()
    qtbot.addWidget(desk)
    put_pages(desk, bridge, Paths.under(tmp_path), still)
    assert desk.keys == PAGES
    for key in desk.keys:
        desk.show_page(key)


def test_a_rule_is_made_from_a_recorded_call_on_the_rules_page(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path)
    paths.create()
    paths.servers.write_text('{"mcpServers": {"git": {"command": "git-mcp"}}}', encoding="utf-8")
    (paths.policies / "git.json").write_text('{"version": "1", "default": "allow"}', encoding="utf-8")
    desk = Desk()
    qtbot.addWidget(desk)
    put_pages(desk, bridge, paths, still)
    page = desk.page(LOG)
    assert isinstance(page, LogPage)
    assert page.may_make_rules()
    page.detail.rule_wanted.emit("git", "push", {"force": True})
    rules = desk.page("rules")
    assert isinstance(rules, RulesPage)
    assert rules.of_tool.form is not None
    assert rules.of_tool.form.sentence.text() == "Deny when force is true"
    rules.of_tool.form.put_in.click()
    assert (
        '"push": {"deny_if": [{"conditions": [{"path": "args.force", "op": "eq", "value": true}]}]}' in rules.draft.text
    )
    rules.trial.reading.stop()


def test_the_log_leads_to_the_answer_that_was_remembered(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    desk = Desk()
    qtbot.addWidget(desk)
    put_pages(desk, bridge, Paths.under(tmp_path), still)
    engine.remembered.make(standing(name="first"))
    engine.remembered.make(standing(name="second"))
    log = desk.page(LOG)
    assert isinstance(log, LogPage)
    log.detail.remembered_wanted.emit("first")
    page = desk.page(REMEMBERED)
    assert isinstance(page, RememberedPage)
    assert page.selected is not None
    assert page.selected.standing.id == "first"


def test_a_server_with_a_problem_is_one_click_away(
    qtbot: QtBot, engine: FakeEngine, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path)
    paths.create()
    add_server(paths, StdioServer("files", "x"))
    add_server(paths, HttpServer("wiki", "https://x.org/"))
    desk = Desk()
    qtbot.addWidget(desk)
    put_pages(desk, bridge, paths, still)
    overview, servers, rules = desk.page(OVERVIEW), desk.page(SERVERS), desk.page(RULES)
    assert isinstance(overview, OverviewPage)
    assert isinstance(servers, ServersPage)
    assert isinstance(rules, RulesPage)
    engine.configured = (ServerHealth("files", False, 1), ServerHealth("wiki", True, 0, "Log in."))
    with qtbot.waitExposed(desk):
        desk.show()
    with qtbot.waitSignal(desk.page_shown):
        overview._servers.click()
    assert servers._name.text() == "wiki"
    servers.rules_asked.emit("wiki")
    assert rules.servers.currentData() == "wiki"
    desk.hide()
    overview.reading.stop()


def test_a_habit_leads_from_the_list_to_the_form_of_a_rule(
    qtbot: QtBot, bridge: StillBridge, still: StillTime, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path)
    paths.create()
    paths.servers.write_text('{"mcpServers": {"git": {"command": "git-mcp"}}}', encoding="utf-8")
    (paths.policies / "git.json").write_text('{"version": "1", "default": "require_approval"}', encoding="utf-8")
    desk = Desk()
    qtbot.addWidget(desk)
    habits = put_pages(desk, bridge, paths, still)
    habits.offer = Offer(Habit("git", "status", 47, 48), {"path": "/home/ana"})
    habits.make_rule()
    assert desk.isVisible()
    assert desk.page_key == RULES
    rules = desk.page(RULES)
    assert isinstance(rules, RulesPage)
    assert rules.of_tool.form is not None
    assert "/home/ana" in rules.of_tool.form.sentence.text()
    desk.hide()
