"""The windows over a fake engine, on a clock that stands still.

Everything runs on Qt's thread, so a click has had its effect when it returns. `in_view` brings a window to where a
person sees it; `guard_opens` lets exactly the guard's period pass.
"""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from fake_engine import FakeEngine, StillBridge
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.settings import Window
from approver.ui.approval_dialog import ApprovalDialog
from approver.ui.front import Front
from approver.ui.guard import InputGuard
from approver.ui.guarded_window import GuardedWindow
from approver.ui.theme import Theme
from approver.ui.tray import Tray

GUARD_SECONDS = 0.5


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, dressed as it is in use."""
    qapp.setQuitOnLastWindowClosed(False)
    Theme(qapp)
    return qapp


@pytest.fixture
def still() -> StillTime:
    return StillTime()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def bridge(qapp: QApplication, engine: FakeEngine) -> StillBridge:
    return StillBridge(engine)


@pytest.fixture
def tray_is_there() -> list[bool]:
    """Whether the desktop has a tray; a test may change the one element."""
    return [False]


@pytest.fixture
def settings() -> Window:
    return Window()


@pytest.fixture
def front(
    qtbot: QtBot,
    bridge: StillBridge,
    engine: FakeEngine,
    still: StillTime,
    tray_is_there: list[bool],
    settings: Window,
) -> Iterator[Front]:
    engine.become(dataclasses.replace(engine.state(), window=settings))
    tray = Tray(bridge, still, is_available=lambda: tray_is_there[0])
    front = Front(bridge, still, settings, guard_seconds=GUARD_SECONDS, tray=tray)
    qtbot.addWidget(front.dialog)
    qtbot.addWidget(front.queue)
    bridge.start()
    yield front
    front.stop()


@pytest.fixture
def dialog(front: Front) -> ApprovalDialog:
    return front.dialog


@pytest.fixture
def in_view(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Waits until the window is exposed and laid out, and everything that happens by that has happened."""

    def wait(widget: QWidget) -> None:
        with qtbot.waitExposed(widget):
            pass  # it returns when the window is in view
        QApplication.sendPostedEvents()
        widget.repaint()

    return wait


@pytest.fixture
def painted(qtbot: QtBot) -> Callable[[InputGuard], None]:
    """Waits until the guard knows that what is to be answered stands on the screen."""

    def wait(guard: InputGuard) -> None:
        qtbot.waitUntil(lambda: guard._opens is not None, timeout=5000)

    return wait


@pytest.fixture
def guard_opens(
    qtbot: QtBot, still: StillTime, painted: Callable[[InputGuard], None]
) -> Callable[[GuardedWindow], None]:
    """Lets the guard's period pass in front of a window that stands still."""

    def wait(window: GuardedWindow) -> None:
        with qtbot.waitExposed(window):
            pass

        def is_open() -> bool:
            painted(window.guard)
            still.advance(GUARD_SECONDS)
            QApplication.sendPostedEvents()
            return window.guard.is_open

        qtbot.waitUntil(is_open, timeout=5000)

    return wait
