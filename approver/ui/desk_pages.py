"""Which pages the desk has: one line each, in the order in which they are listed."""

from PySide6.QtCore import QCoreApplication, QMetaMethod

from approver.clock import Clock
from approver.desktop.paths import Paths
from approver.journal.chain import Head
from approver.secrets import SecretStore, anchor_for
from approver.ui.about_page import AboutPage
from approver.ui.bridge import Bridge
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.clients_page import ClientsPage
from approver.ui.desk import GENERAL, LOG, OVERVIEW, REMEMBERED, Desk
from approver.ui.general_page import GeneralPage
from approver.ui.grants_page import GrantsPage
from approver.ui.habit_bar import HabitBar
from approver.ui.habit_watch import HabitWatch
from approver.ui.log_page import LogPage
from approver.ui.overview_page import OverviewPage
from approver.ui.remembered_page import RememberedPage
from approver.ui.rules_page import RulesPage
from approver.ui.secrets_page import SecretsPage
from approver.ui.servers_page import ServersPage

SERVERS, RULES = "servers", "rules"


def add_pages(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock, habits: HabitWatch) -> None:
    """Put every page onto the desk. A page gets what it needs as arguments; none knows another."""
    translate = QCoreApplication.translate
    desk.add_page(OVERVIEW, translate("Desk", "Overview"), "overview", lambda: _overview(desk, bridge, paths, clock))
    desk.add_page(LOG, translate("Desk", "Log"), "log", lambda: _log(desk, bridge, paths, clock, habits))
    workshop = WorkshopBridge(bridge, desk)
    desk.add_page("clients", translate("Desk", "Clients"), "clients", lambda: _clients(desk, workshop, paths))
    desk.add_page(SERVERS, translate("Desk", "Servers"), "servers", lambda: _servers(desk, bridge, workshop, paths))
    desk.add_page(RULES, translate("Desk", "Rules"), "rules", lambda: RulesPage(bridge, clock, paths))
    remembered = translate("Desk", "Remembered")
    desk.add_page(REMEMBERED, remembered, "remembered", lambda: RememberedPage(bridge, clock, paths.journal))
    desk.rule_wanted.connect(lambda server, tool, arguments: _make_rule(desk, server, tool, arguments))
    habits.rule_wanted.connect(lambda server, tool, arguments: _make_rule_of_habit(desk, server, tool, arguments))
    desk.add_page("grants", translate("Desk", "Grants"), "grants", lambda: GrantsPage(workshop, paths, clock))
    desk.add_page("secrets", translate("Desk", "Secrets"), "secrets", lambda: SecretsPage(paths, SecretStore()))
    desk.add_page(GENERAL, translate("Desk", "General"), "general", lambda: GeneralPage(bridge, paths, SecretStore()))
    desk.add_page("about", translate("Desk", "About"), "about", lambda: AboutPage(paths))


def show_server(desk: Desk, name: str) -> None:
    """Show the page with the servers, this one selected: where a login, or a start that fails, is seen to."""
    desk.show_page(SERVERS)
    page = desk.page(SERVERS)
    assert isinstance(page, ServersPage)
    page.show_server(name)


def _make_rule(desk: Desk, server: str, tool: str, arguments: object) -> None:
    desk.show_page(RULES)
    page = desk.page(RULES)
    assert isinstance(page, RulesPage)
    page.make_rule(server, tool, arguments if isinstance(arguments, dict) else {})


def _make_rule_of_habit(desk: Desk, server: str, tool: str, arguments: object) -> None:
    """The wish may come from the list, so the desk has to come into view."""
    desk.appear(take_focus=True, key=RULES)
    desk.rule_wanted.emit(server, tool, arguments)


def _overview(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock) -> OverviewPage:
    page = OverviewPage(bridge, clock, paths.journal)
    page.review_asked.connect(desk.review_asked)
    page.queue_asked.connect(desk.queue_asked)
    page.quit_asked.connect(desk.quit_asked)
    page.clients_asked.connect(desk.clients_asked)
    page.server_asked.connect(lambda name: show_server(desk, name))
    page.log_asked.connect(lambda: desk.show_page(LOG))
    return page


def _servers(desk: Desk, bridge: Bridge, workshop: WorkshopBridge, paths: Paths) -> ServersPage:
    page = ServersPage(bridge, workshop, paths, SecretStore())
    page.rules_asked.connect(lambda server: _show_rules(desk, server))
    return page


def _clients(desk: Desk, workshop: WorkshopBridge, paths: Paths) -> ClientsPage:
    page = ClientsPage(workshop, paths, SecretStore())
    page.assistant_asked.connect(desk.clients_asked)
    return page


def _show_rules(desk: Desk, server: str) -> None:
    desk.show_page(RULES)
    page = desk.page(RULES)
    assert isinstance(page, RulesPage)
    page.show_server(server)


def _log(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock, habits: HabitWatch) -> LogPage:
    page = LogPage(bridge, clock, paths.journal, anchor_for(paths.journal, Head).load)
    page.add_bar(HabitBar(habits, page))
    page.rule_wanted.connect(desk.rule_wanted)
    page.remembered_wanted.connect(lambda name: _show_remembered(desk, name))
    page.may_make_rules = lambda: desk.isSignalConnected(QMetaMethod.fromSignal(desk.rule_wanted))
    return page


def _show_remembered(desk: Desk, name: str) -> None:
    desk.show_page(REMEMBERED)
    page = desk.page(REMEMBERED)
    assert isinstance(page, RememberedPage)
    page.select(name)
