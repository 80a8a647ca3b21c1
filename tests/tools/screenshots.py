"""Pictures of every window in every look: `screenshots.py [FOLDER]`.

The looks: light and dark, in usual, double and threefold size; in German; in a stretched language, from left to right
and from right to left.

Each look is drawn by a process of its own, because Qt reads scheme and scale once. The windows are the real ones over a
fake engine.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import sample_questions
from client_files import CODEX_TEXT, CURSOR_TEXT, around, write
from empty_pictures import draw_empty
from fake_engine import FakeEngine, StillBridge
from first_run_pictures import draw_first_run
from pseudo_locale import PseudoLocale
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from sample_log import write_busy_day
from sample_standing import standing
from still_time import NOON, StillTime
from tray_pictures import menu_of, trays

from approver.desktop.paths import Paths
from approver.events import StateChanged
from approver.habituation import Habit
from approver.issuing import issue
from approver.model import AnswerKind, Entry, EntryKind, Outcome, ServerHealth, ToolDefinition
from approver.proxy.probe import Probed
from approver.secret_survey import Kept, SecretRow, Survey
from approver.secrets import NO_KEYRING, KeyringState, StoreState
from approver.settings import ColorScheme, Language, Window
from approver.standing_model import Lifetime, Reach
from approver.ui.clients_page import ClientsPage
from approver.ui.desk import GENERAL, LOG, OVERVIEW, Desk
from approver.ui.desk_pages import add_pages
from approver.ui.front import Front
from approver.ui.general_page import GeneralPage
from approver.ui.grants_page import GrantsPage
from approver.ui.habit_bar import HabitBar
from approver.ui.habit_watch import HabitWatch, Offer
from approver.ui.languages import speak
from approver.ui.log_page import LogPage
from approver.ui.overview_page import OverviewPage
from approver.ui.remembered_page import RememberedPage
from approver.ui.rules_page import RulesPage
from approver.ui.secrets_page import SecretsPage
from approver.ui.server_trial import _Trial
from approver.ui.servers_page import ServersPage
from approver.ui.theme import Theme
from approver.ui.tray import Tray
from approver.workshop import LoginState, SaidLine, TrialEnd

RULES = json.dumps(
    {
        "version": "1",
        "default": "require_approval",
        "hide": ["delete_all"],
        "tools": {
            "read_*": {},
            "write_file": {
                "deny_if": [
                    {"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc/"}], "on_deny": "Not there."}
                ]
            },
            "move_file": {
                "require_approval": [{"conditions": []}],
                "limits": [{"counter": "moves", "window": "minute", "max": 10, "scope": "grant"}],
            },
        },
    },
    indent=2,
)
SERVERS = {
    "files": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ana/Documents"]},
    "git": {
        "command": "docker",
        "args": ["run", "-i", "--rm", "-e", "GITHUB_PERSONAL_ACCESS_TOKEN", "-v", "/home/ana/src:/src:ro",
                 "ghcr.io/github/github-mcp-server", "stdio", "--toolsets", "repos,issues,pull_requests"],
        "env": {"GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "LOG_LEVEL": "info",
                "SENTRY_AUTH_TOKEN": "${keyring:SENTRY_AUTH_TOKEN}"},
        "cwd": "/home/ana/src",
    },
    "wiki": {"url": "https://mcp.example.com/mcp", "headers": {"X-Team": "blue"}},
}  # fmt: skip
PASTED = """{
  "mcpServers": {
    // from the page of the server
    "weather": {
      "command": "uvx",
      "args": ["mcp-server-weather", "--units", "metric"],
      "env": {"API_KEY": "6f1ed002ab5595859014ebf0951522d9"},
      "alwaysAllow": ["forecast"],
    },
    "git": {"url": "https://git.example.com/mcp", "headers": {"Authorization": "Bearer ${input:token}"}},
    "broken": {"comand": "node"},
  }
}
"""
TOOLS = ("read_file", "read_text", "write_file", "move_file", "send_mail", "run_script", "delete_all")

LOOKS = ("light", "dark", "light-2x", "dark-2x", "light-3x", "german", "stretched", "right-to-left")
"""How windows can look; each is the ending of its pictures' names."""


def main(folder: Path) -> None:
    """Draw every look."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        environment = {**os.environ, "QT_SCALE_FACTOR": look[-2] if look.endswith("x") else "1"}
        subprocess.run([sys.executable, __file__, str(folder), look], env=environment, check=True)


def speak_as(app: QApplication, look: str) -> None:
    """The language of a look."""
    speak(app, Language.GERMAN if look == "german" else Language.ENGLISH)
    if look in ("stretched", "right-to-left"):
        app.installTranslator(PseudoLocale(app))
    if look == "right-to-left":
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)


def draw(app: QApplication, folder: Path, look: str) -> None:
    """Draw one look. Windows must go before the application does, so that one is the caller's."""
    speak_as(app, look)
    Theme(app, ColorScheme.DARK if look.startswith("dark") else ColorScheme.LIGHT)
    trays().save(str(folder / f"tray-{look}.png"))

    def keep(widget: QWidget, name: str, size: QSize | None = None) -> None:
        settle(app, widget, size)
        widget.grab().save(str(folder / f"{name}-{look}.png"))

    visit(app, keep)


def settle(app: QApplication, widget: QWidget, size: QSize | None) -> None:
    """Let a window come to its size, and be laid out."""
    if size is not None:
        widget.resize(size)
    for _ in range(3):
        app.processEvents()


def visit(app: QApplication, keep: Callable[..., None]) -> None:
    """Bring every window into view, and each of its states, and have `keep` look at it."""
    time = StillTime()
    engine = FakeEngine()
    bridge = StillBridge(engine)
    tray = Tray(bridge, time, is_available=lambda: False)
    front = Front(bridge, time, Window(), guard_seconds=0.5, tray=tray)
    bridge.start()
    front.queue.show()
    for outcome in (Outcome.ALLOWED, Outcome.APPROVED, Outcome.DENIED_BY_USER):
        front.queue._judged(Entry(time.now(), EntryKind.DECISION, outcome=outcome.value))
    keep(front.queue, "queue-empty", QSize(860, 560))
    engine.ask(sample_questions.writing())
    keep(front.dialog, "dialog")
    front.dialog.answers.reason.setText("Use the project's own ssh config.")
    front.dialog.answers.flash()
    keep(front.dialog, "dialog-flash")
    draw_editing(front, engine, keep)
    front.dialog.reach._reaches[Reach.FIELDS].click()
    keep(front.dialog, "dialog-remember")
    front.dialog.reach.reset()
    engine.ask(sample_questions.pushing())
    engine.ask(sample_questions.hostile())
    front.dialog.stepped.emit(1)
    keep(front.dialog, "dialog-pending")
    front.dialog.stepped.emit(1)
    front.dialog.pane._details.setChecked(True)
    front.dialog._fit()
    keep(front.dialog, "dialog-hostile")
    engine.end(front.dialog.question_id or "", Outcome.ABORTED, "client left")
    keep(front.dialog, "dialog-ended")
    engine.ask(sample_questions.reading())
    keep(front.queue, "queue", QSize(880, 860))
    engine.become(StateChanged(True, None, ("Policy “git” did not load: line 13, column 24: unknown operator.",), 2))
    keep(front.queue, "queue-denying")
    engine.become(StateChanged(False, None, (), 2, paused=True, paused_until=time.now() + 900))
    keep(front.queue, "queue-paused")
    keep(menu_of(tray), "tray-menu")
    tray.menu.hide()
    engine.become(StateChanged(False, None, (), 2))
    draw_alike(front, bridge, engine, time, keep)
    front.dialog.hide()
    front.queue.hide()
    desk_pages(app, bridge, engine, time, keep)
    with TemporaryDirectory() as home:
        draw_first_run(Path(home), lambda is_done: until(app, is_done), keep)
    with TemporaryDirectory() as home:
        draw_empty(Path(home), app.processEvents, keep)


def until(app: QApplication, is_done: Callable[[], object]) -> None:
    """Go on painting until something is done."""
    while not is_done():
        app.processEvents()


def draw_alike(
    front: Front, bridge: StillBridge, engine: FakeEngine, time: StillTime, keep: Callable[..., None]
) -> None:
    """Four identical calls, and what is allowed by habit."""
    for _ in range(3):
        engine.ask(sample_questions.writing())
    with TemporaryDirectory() as home:
        habits = HabitWatch(bridge, time, Paths.under(Path(home)))
    habits.offer = Offer(Habit("filesystem", "read_file", 47, 48), {})
    front.queue.add_foot(HabitBar(habits, front.queue))
    front.queue.table.selectRow(0)
    keep(front.queue, "queue-alike", QSize(880, 860))
    front.review()
    keep(front.dialog, "dialog-alike")


def draw_editing(front: Front, engine: FakeEngine, keep: Callable[..., None]) -> None:
    """The arguments of a call, edited in the form with a mistake, and as JSON."""
    asked = engine.ask(sample_questions.editable())
    front.dialog.stepped.emit(1)
    pane = front.dialog.pane
    pane._edit.click()
    assert pane.editor is not None

    def type_line(path: tuple[str, ...], text: str) -> None:
        assert pane.editor is not None
        field = pane.editor.form.editor(path)
        assert isinstance(field, QLineEdit)
        field.setText(text)
        field.textEdited.emit(text)

    type_line(("path",), "/home/ana/projects/demo/ssh.example")
    keep(front.dialog, "dialog-edit")
    type_line(("options", "mode"), "1000")
    keep(front.dialog, "dialog-edit-mistake")
    type_line(("options", "mode"), "384")
    pane.editor._as_json.click()
    keep(front.dialog, "dialog-edit-json")
    engine.end(asked.id, Outcome.ABORTED, "client left")
    front.dialog.continued.emit()


def desk_pages(
    app: QApplication, bridge: StillBridge, engine: FakeEngine, time: StillTime, keep: Callable[..., None]
) -> None:
    """The main window's pages over a log of one day."""

    def until(is_done: Callable[[], object]) -> None:
        while not is_done():
            app.processEvents()

    engine.configured = (
        ServerHealth("files", False, 2),
        ServerHealth("git", False, 0, "The server git could not be started: no program “gti” was found."),
        ServerHealth("wiki", True, 0),
    )
    engine.become(StateChanged(False, None, (), 2))
    with TemporaryDirectory() as folder:
        paths = Paths.under(Path(folder))
        paths.create()
        write_busy_day(paths.journal)
        desk = Desk()
        habits = HabitWatch(bridge, time, paths, desk)
        add_pages(desk, bridge, paths, time, habits)
        desk.resize(1064, 820)
        desk.appear(take_focus=True, key=OVERVIEW)
        overview, log = desk.page(OVERVIEW), desk.page(LOG)
        assert isinstance(overview, OverviewPage)
        assert isinstance(log, LogPage)
        until(lambda: overview.recent.log.rows and overview.picture.hours.most)
        keep(desk, "desk-overview", QSize(1064, 820))
        desk.show_page(GENERAL)
        general = desk.page(GENERAL)
        assert isinstance(general, GeneralPage)
        until(lambda: not general.is_looking)
        keep(desk, "desk-general")
        desk.show_page(LOG)
        until(lambda: log.table.log.rows)
        log.table.setCurrentIndex(log.table.model().index(3, 0))
        until(lambda: log.detail.story)
        keep(desk, "desk-log", QSize(1064, 820))
        draw_rules(desk, paths, engine, keep)
        draw_servers(desk, paths, keep)
        draw_remembered(desk, engine, until, keep)
        draw_grants(desk, paths, until, keep)
        draw_clients(desk, paths, until, keep)
        draw_secrets(desk, keep)
        desk.show_page("about")
        keep(desk, "desk-about")
        desk.hide()
        overview.reading.stop()
        log.stop()


def draw_rules(desk: Desk, paths: Paths, engine: FakeEngine, keep: Callable[[QWidget, str], None]) -> None:
    """The rules of a server, sound and with a mistake."""
    (paths.policies / "files.json").write_text(RULES, encoding="utf-8")
    engine.catalog.learn("files", [ToolDefinition(name) for name in TOOLS])
    desk.show_page("rules")
    page = desk.page("rules")
    assert isinstance(page, RulesPage)
    page._look()
    page.table.choose("write_file")
    keep(desk, "desk-rules")
    page.of_tool.sentences.setCurrentRow(0)
    for name, button in (("rule", page.of_tool.edit), ("limit", page.of_tool.add_limit)):
        button.click()
        assert page.of_tool.form is not None
        keep(page.of_tool.form, f"{name}-form")
        page.of_tool.form.close()
    start = page.editor.document().find("regex")
    start.insertText("mathces")
    page.check()
    keep(desk, "desk-rules-mistake")


def draw_servers(desk: Desk, paths: Paths, keep: Callable[..., None]) -> None:
    """The servers: one in full, one that is tested, and servers that are pasted."""
    paths.servers.write_text(json.dumps({"mcpServers": SERVERS}), encoding="utf-8")
    desk.show_page("servers")
    page = desk.page("servers")
    assert isinstance(page, ServersPage)
    page.show_server("git")
    keep(desk, "desk-servers")
    page.show_server("wiki")
    page.details.login._told(LoginState("wiki", problem="It wants you to log in: approver server login wiki."))
    keep(desk, "desk-servers-login")
    page.show_server("files")
    page._views.setCurrentWidget(page.trial)
    page.trial.running, page.trial._trials["files"] = "files", _Trial()
    lines = (("approver", "started npx as process 4711"), ("stderr", "Secure MCP Filesystem Server running on stdio"))
    page.trial._told(tuple(SaidLine(*line) for line in lines))
    tools = tuple({"name": name, "description": f"Does what “{name}” says."} for name in TOOLS)
    page.trial._ended(TrialEnd("files", Probed("2025-11-25", "secure-filesystem-server", "0.2.0", tools), "", 1.3))
    keep(desk, "desk-servers-test")
    page.add()
    assert page.dialog is not None
    assert page.dialog.paste is not None
    page.dialog.paste.text.setPlainText(PASTED)
    page.dialog.paste.read()
    keep(page.dialog, "server-paste")
    page.dialog.paste.text.setPlainText(PASTED.replace('"args": [', '"args" ['))
    page.dialog.paste.read()
    keep(page.dialog, "server-paste-mistake")
    page.dialog.pages.setCurrentIndex(1)
    keep(page.dialog, "server-command")
    page.dialog.reject()


def draw_remembered(
    desk: Desk, engine: FakeEngine, until: Callable[[Callable[[], object]], None], keep: Callable[..., None]
) -> None:
    """The answers that stand: one in use, a denial, one that is void."""
    writes, pushes = sample_questions.writing(), sample_questions.pushing()
    allow, deny = AnswerKind.ALLOW, AnswerKind.DENY
    fields = standing(allow, Reach.FIELDS, Lifetime.SESSION, "path", name="k3x9ab", question=writes)
    engine.remembered.make(fields, uses=12, last_used=NOON - 300)
    engine.remembered.make(standing(deny, name="m2pq7c", question=pushes), uses=1, last_used=NOON - 3600)
    engine.remembered.make(standing(allow, Reach.ARGUMENTS, Lifetime.UNTIL, name="w8hd2n"), is_void=True)
    desk.show_page("remembered")
    page = desk.page("remembered")
    assert isinstance(page, RememberedPage)
    until(lambda: page.model.kept and page.model.week(page.model.kept[0]) != "…")
    page.table.setCurrentIndex(page.table.model().index(2, 0))
    keep(desk, "desk-remembered")


def draw_clients(
    desk: Desk, paths: Paths, until: Callable[[Callable[[], object]], None], keep: Callable[..., None]
) -> None:
    """The clients, and what would change in the file of one."""
    home = paths.config / "home"
    write(home / ".cursor/mcp.json", CURSOR_TEXT)
    write(home / ".codex/config.toml", CODEX_TEXT)
    page = desk.page("clients")
    assert isinstance(page, ClientsPage)
    page._around = around(home)  # the person's own files are nobody's business here
    desk.show_page("clients")
    until(lambda: page.model.rows)
    keep(desk, "desk-clients")
    page.connect_button.click()
    assert page.dialog is not None
    until(page.dialog.change_button.isEnabled)
    keep(page.dialog, "client-change")
    page.dialog.reject()


def draw_grants(
    desk: Desk, paths: Paths, until: Callable[[Callable[[], object]], None], keep: Callable[..., None]
) -> None:
    """The grants, and the token of a new one."""
    for name, server, several in (("laptop", "files", ()), ("ci", "git", ()), ("phone", "", ("files", "wiki"))):
        issue(paths, name, server, several)
    desk.show_page("grants")
    page = desk.page("grants")
    assert isinstance(page, GrantsPage)
    until(lambda: page.model._used)
    keep(desk, "desk-grants")
    page.add()
    assert page.dialog is not None
    page.dialog.name.setText("tablet")
    keep(page.dialog, "grant-new")
    page.dialog.finish()
    assert page.dialog.ticket is not None
    keep(page.dialog, "grant-token")
    page.dialog.reject()
    page.reading.stop()


def draw_secrets(desk: Desk, keep: Callable[..., None]) -> None:
    """The secrets, with a keyring and without one."""
    page = desk.page("secrets")
    assert isinstance(page, SecretsPage)
    page.look = lambda **_: None  # type: ignore[method-assign]  # the picture is of what is put in here
    desk.show_page("secrets")
    rows = (
        SecretRow("keyring", "GITHUB_PERSONAL_ACCESS_TOKEN", ("git",), Kept.KEPT),
        SecretRow("keyring", "old-key", (), Kept.KEPT),
        SecretRow("keyring", "SENTRY_AUTH_TOKEN", ("git", "wiki"), Kept.MISSING),
        SecretRow("env", "WIKI_TOKEN", ("wiki",), Kept.KEPT),
        SecretRow("file", "~/.wiki-key", ("wiki",), Kept.BROKEN, "Others may read ~/.wiki-key, so it is not used."),
    )
    stored = StoreState(KeyringState.STORED, "Secret Service", "Secrets are kept in Secret Service.")
    page._done(Survey(stored, rows))
    page.table.setCurrentIndex(page.table.model().index(4, 0))
    keep(desk, "desk-secrets")
    unknown = tuple(replace(row, kept=Kept.UNKNOWN) if row.place == "keyring" else row for row in rows)
    page._done(Survey(StoreState(KeyringState.NOT_AVAILABLE, "", NO_KEYRING), unknown))
    keep(desk, "desk-secrets-none")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        application = QApplication([])
        application.setQuitOnLastWindowClosed(False)
        draw(application, Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
