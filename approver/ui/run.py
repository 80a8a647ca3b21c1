"""Runs the app: engine, windows and tray, from the first second to the last. The only importer of qasync.

The order of ending, whoever asks for it (menu, SIGTERM, the session's end, `approver quit`): hear no more launches,
take the windows away, have the engine stop accepting, deny what waits, close the servers and flush the journal, then
close the loops.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from approver.clock import SystemClock
from approver.desktop.paths import Paths, PathsUnusable
from approver.engine import Engine
from approver.settings import Settings
from approver.settings import parse as parse_settings
from approver.ui import bridge as crossing
from approver.ui.bridge import Bridge
from approver.ui.desk import Desk
from approver.ui.desk_pages import add_pages, show_server
from approver.ui.first_run_opening import FirstRunOpening
from approver.ui.front import Front
from approver.ui.habit_bar import HabitBar
from approver.ui.habit_watch import HabitWatch
from approver.ui.icons import icon
from approver.ui.languages import speak
from approver.ui.notification_service import notification_service
from approver.ui.notifier import Notifier
from approver.ui.session import Session
from approver.ui.single_instance import SingleInstance, show_running
from approver.ui.termination import Termination
from approver.ui.theme import Theme
from approver.ui.tray import Tray
from approver.ui.window_keeper import QUEUE, WindowKeeper

JOIN_SECONDS = 5.0


def run(
    paths: Paths,
    *,
    hidden: bool = False,
    settings: Settings | None = None,
    engine_factory: Callable[[], crossing.Engine] | None = None,
) -> int:
    """Run until the person quits; returns the exit status. A second launch shows the first one and returns at once."""
    # qasync chooses its Qt at import by this variable, and would rather have another one
    os.environ["QT_API"] = "pyside6"
    import qasync  # type: ignore[import-untyped]  # it comes without types

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        paths.create()
    except PathsUnusable as fault:
        sys.stderr.write(f"approver: {fault}\n")
        return 1
    app = _application()
    folder = paths.socket.parent  # where `run` has too long a name for sockets, this one is short
    if show_running(folder, os.environ):
        return 0
    settings = settings or _settings_of(paths)
    speak(app, settings.window.language)
    theme = Theme(app, settings.window.color_scheme)
    bridge = Bridge(engine_factory or (lambda: Engine(paths, has_windows=True)))
    bridge.state_changed.connect(lambda state: theme.choose(state.window.color_scheme))
    front = _front(app, bridge, paths, settings)
    keeper = _keep_windows(front, paths)
    session = Session(app, bridge, front, SingleInstance(folder), Termination())
    status = qasync.run(_until_ended(session, _first_run(front, paths, settings), hidden=hidden))
    session.close()
    keeper.stop()
    return int(status) if bridge.join(JOIN_SECONDS) else 1


def _front(app: QApplication, bridge: Bridge, paths: Paths, settings: Settings) -> Front:
    """Every window, and the tray."""
    clock = SystemClock()
    guard_seconds = max(settings.window.guard_milliseconds, app.styleHints().mouseDoubleClickInterval()) / 1000
    desk = Desk()
    habits = HabitWatch(bridge, clock, paths, desk)
    add_pages(desk, bridge, paths, clock, habits)
    tray = Tray(bridge, clock)
    tray.login_asked.connect(lambda server: _show_login(desk, server))
    notifier = Notifier(bridge, clock, lambda tell: notification_service(tell, tray), guard_seconds)
    front = Front(bridge, clock, settings.window, guard_seconds=guard_seconds, tray=tray, desk=desk, notifier=notifier)
    front.queue.add_foot(HabitBar(habits, front.queue))
    return front


def _keep_windows(front: Front, paths: Paths) -> WindowKeeper:
    """Every window comes as it was left."""
    keeper = WindowKeeper(paths.windows)
    keeper.keep(QUEUE, front.queue)
    keeper.keep_dialog(front.dialog)
    if front.desk is not None:
        keeper.keep_desk(front.desk)
    return keeper


def _show_login(desk: Desk, server: str) -> None:
    desk.appear(take_focus=True)
    show_server(desk, server)


def _first_run(front: Front, paths: Paths, settings: Settings) -> FirstRunOpening:
    """The window of the first start, which the desk can ask for."""
    first = FirstRunOpening(paths, settings.upstream.start_seconds)
    if front.desk is not None:
        front.desk.clients_asked.connect(first.open)
    front.quit_decided.connect(first.close)
    return first


async def _until_ended(session: Session, first: FirstRunOpening, *, hidden: bool) -> int:
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(status: int) -> None:
        first.close()
        if not ended.done():
            ended.set_result(status)

    session.ended.connect(end)
    session.start(hidden=hidden)
    first.begin(hidden=hidden)
    return await ended


def _application() -> QApplication:
    app = QApplication([*sys.argv[:1]])
    app.setQuitOnLastWindowClosed(False)
    app.setOrganizationName("approver")
    app.setApplicationName("approver")
    app.setDesktopFileName("approver")
    app.setWindowIcon(icon("approver"))
    return app


def _settings_of(paths: Paths) -> Settings:
    """What the file says as far as it can be read; the engine tells the person about its mistakes."""
    try:
        return parse_settings(paths.settings.read_text(encoding="utf-8"))[0]
    except (OSError, UnicodeDecodeError):
        return Settings()
