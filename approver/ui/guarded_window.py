"""A window whose answers wait until it has stood still in view: Qt's events go in, the guard is restarted by them.

It watches itself and not by a filter object: a filter would still be called while the window is being destroyed.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from approver.ui.guard import InputGuard
from approver.ui.guarded_button import GuardedButton

_DISTURBING = frozenset(
    {
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.WindowActivate,
        QEvent.Type.WindowDeactivate,
        QEvent.Type.WindowStateChange,
        QEvent.Type.ScreenChangeInternal,
        QEvent.Type.DevicePixelRatioChange,
        QEvent.Type.WindowBlocked,
        QEvent.Type.WindowUnblocked,
        QEvent.Type.FontChange,
        QEvent.Type.StyleChange,
        QEvent.Type.LayoutDirectionChange,
    }
)


class GuardedWindow(QWidget):
    """Restarts its guard whenever something happens to it, or to a guarded button's place in it.

    No `QDialog`: that one centres itself, and on X11 now and then puts its title bar beyond the screen's upper edge.

    Attributes:
        guard: What decides whether a press counts.

    Signals: none of its own.
    """

    def __init__(self, guard: InputGuard) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.guard = guard
        self._guarded: tuple[GuardedButton, ...] = ()
        self._is_exposed = False

    def guard_buttons(self, *buttons: GuardedButton) -> None:
        """Say which buttons answer; they tell when they are moved."""
        self._guarded = buttons
        for button in buttons:
            button.displaced.connect(lambda: self.restart_guard())

    def restart_guard(self, periods: float = 1.0) -> None:
        """Be deaf until the present state was in view for so many of the guard's periods."""
        self.guard.restart(periods)
        for button in self._guarded:
            button.guard_restarted()

    def event(self, event: QEvent) -> bool:
        """See everything that happens to the window."""
        if event.type() in _DISTURBING:
            self.restart_guard()
        handled = super().event(event)
        if event.type() is QEvent.Type.Show and (handle := self.windowHandle()) is not None:
            handle.installEventFilter(self)  # a second time only moves it to the front
        return handled

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What was covered entirely and comes into view again has just appeared."""
        handle = self.windowHandle()
        if watched is handle and handle.isExposed() != self._is_exposed:
            self._is_exposed = not self._is_exposed
            self.restart_guard()
        return False
