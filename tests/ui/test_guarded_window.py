"""What happens to a window restarts its guard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from still_time import StillTime

from approver.ui.guard import InputGuard
from approver.ui.guarded_button import GuardedButton
from approver.ui.guarded_window import GuardedWindow


@pytest.fixture
def window(qtbot: QtBot, still: StillTime, guard_opens: Callable[[GuardedWindow], None]) -> Iterator[GuardedWindow]:
    window = GuardedWindow(InputGuard(still.monotonic, 0.5))
    qtbot.addWidget(window)
    button = GuardedButton("&Go", window.guard, window)
    window.guard_buttons(button)
    QVBoxLayout(window).addWidget(button)
    window.resize(300, 200)
    window.show()
    guard_opens(window)
    yield window


def button_of(window: GuardedWindow) -> GuardedButton:
    button = window.findChild(GuardedButton)
    assert isinstance(button, GuardedButton)
    return button


def shown_again(window: GuardedWindow) -> None:
    window.hide()
    window.show()


def a_new_font(window: GuardedWindow) -> None:
    window.setFont(QFont("monospace", 20))


def another_screen(window: GuardedWindow) -> None:
    QApplication.sendEvent(window, QEvent(QEvent.Type.ScreenChangeInternal))


def activated(window: GuardedWindow) -> None:
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))


def deactivated(window: GuardedWindow) -> None:
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))


def blocked_by_a_dialog(window: GuardedWindow) -> None:
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowUnblocked))


def the_button_moved_within(window: GuardedWindow) -> None:
    button_of(window).move(3, 3)


def the_button_grown(window: GuardedWindow) -> None:
    button_of(window).resize(200, 90)


def the_button_shown_again(window: GuardedWindow) -> None:
    button_of(window).hide()
    button_of(window).show()


@pytest.mark.parametrize(
    "happening",
    [
        shown_again,
        lambda window: window.move(window.x() + 7, window.y()),
        lambda window: window.resize(310, 200),
        lambda window: window.setWindowState(Qt.WindowState.WindowMinimized),
        lambda window: window.setWindowState(Qt.WindowState.WindowMaximized),
        lambda window: window.setLayoutDirection(Qt.LayoutDirection.RightToLeft),
        a_new_font,
        another_screen,
        activated,
        deactivated,
        blocked_by_a_dialog,
        the_button_moved_within,
        the_button_grown,
        the_button_shown_again,
    ],
)
def test_a_disturbance_closes_the_guard(
    qtbot: QtBot, window: GuardedWindow, happening: Callable[[GuardedWindow], None]
) -> None:
    generation = window.guard.generation
    happening(window)
    qtbot.waitUntil(lambda: window.guard.generation > generation)
    assert not window.guard.is_open


def test_a_window_that_is_covered_entirely_and_comes_back_has_just_appeared(
    qtbot: QtBot, window: GuardedWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = window.windowHandle()
    generation = window.guard.generation
    monkeypatch.setattr(type(handle), "isExposed", lambda _: False)
    QApplication.sendEvent(handle, QEvent(QEvent.Type.User))
    assert window.guard.generation == generation + 1
    QApplication.sendEvent(handle, QEvent(QEvent.Type.User))
    assert window.guard.generation == generation + 1


def test_what_does_not_change_the_view_leaves_the_guard_alone(window: GuardedWindow) -> None:
    for kind in (QEvent.Type.User, QEvent.Type.LanguageChange, QEvent.Type.UpdateRequest):
        QApplication.sendEvent(window, QEvent(kind))
    window.repaint()
    assert window.guard.is_open


def test_the_guard_stays_closed_while_nothing_is_painted(window: GuardedWindow, still: StillTime) -> None:
    window.restart_guard()
    still.advance(1000)
    assert not window.guard.is_open


def test_a_window_can_go_while_it_is_guarded(qtbot: QtBot, still: StillTime) -> None:
    window = GuardedWindow(InputGuard(still.monotonic, 0.5))
    button = GuardedButton("&Go", window.guard, window)
    window.guard_buttons(button)
    window.show()
    with qtbot.waitExposed(window):
        pass
    del button
    parent = QWidget()
    window.setParent(parent)
    del window
    parent.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
