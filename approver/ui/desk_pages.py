"""Which pages the desk has: one line each, in the order in which they are listed."""

from PySide6.QtCore import QCoreApplication, QMetaMethod

from approver.clock import Clock
from approver.desktop.paths import Paths
from approver.journal.chain import Head
from approver.secrets import anchor_for
from approver.ui.bridge import Bridge
from approver.ui.desk import LOG, OVERVIEW, Desk
from approver.ui.log_page import LogPage
from approver.ui.overview_page import OverviewPage
from approver.ui.rules_page import RulesPage


def add_pages(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock) -> None:
    """Put every page onto the desk. A page gets what it needs as arguments; none knows another."""
    title = QCoreApplication.translate
    desk.add_page(OVERVIEW, title("Desk", "Overview"), "overview", lambda: _overview(desk, bridge, paths, clock))
    desk.add_page(LOG, title("Desk", "Log"), "log", lambda: _log(desk, bridge, paths, clock))
    desk.add_page("rules", title("Desk", "Rules"), "rules", lambda: RulesPage(bridge, clock, paths))


def _overview(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock) -> OverviewPage:
    page = OverviewPage(bridge, clock, paths.journal)
    page.review_asked.connect(desk.review_asked)
    page.queue_asked.connect(desk.queue_asked)
    page.quit_asked.connect(desk.quit_asked)
    page.log_asked.connect(lambda: desk.show_page(LOG))
    return page


def _log(desk: Desk, bridge: Bridge, paths: Paths, clock: Clock) -> LogPage:
    page = LogPage(bridge, clock, paths.journal, anchor_for(paths.journal, Head).load)
    page.rule_wanted.connect(desk.rule_wanted)
    page.may_make_rules = lambda: desk.isSignalConnected(QMetaMethod.fromSignal(desk.rule_wanted))
    return page
