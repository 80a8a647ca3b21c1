"""A button that only deliberate presses reach: clicks and keys go in, `confirmed` or `ignored` comes out.

Whatever way a press comes (mouse, Space, Enter, the shortcut, a screen reader), it counts only while the guard is open;
and where press and release are two events, only if both happen in one generation of the guard. The button is never the
default one, so Enter elsewhere does not reach it. A key counts only where the button got the focus while the guard was
open, so keys meant for another window cannot walk to it and press it.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from approver.ui.guard import InputGuard

_PRESSING_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Select, Qt.Key.Key_Return, Qt.Key.Key_Enter)

_DISPLACING = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class GuardedButton(QPushButton):
    """A push button behind an `InputGuard`. Listen to `confirmed`, never to `clicked`.

    Attributes: none of its own.

    Signals:
        confirmed: The person pressed the button on purpose.
        ignored: A press came too early, too fast, or by a key held down.
        displaced: The button stands elsewhere now, or is shown or hidden.
    """

    confirmed = Signal()
    ignored = Signal()
    displaced = Signal()

    def __init__(self, text: str, guard: InputGuard, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._guard = guard
        self._pressed: int | None = None
        """The guard's generation at the press that waits for its release."""
        self._taken_back = False
        """Whether something happened between that press and its release."""
        self._focused: int | None = None
        """The guard's generation when the focus came, if it came while the guard was open."""
        self.setAutoDefault(False)
        self.setDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click that is ignored must not leave the keyboard here
        self.setShortcut(QKeySequence())  # Qt's own mnemonic repeats while held; the letter stays underlined
        self._shortcut = shortcut = QShortcut(QKeySequence.mnemonic(text), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self._shortcut_pressed)
        shortcut.activatedAmbiguously.connect(self.ignored)
        self.clicked.connect(self._clicked)

    def rename(self, text: str) -> None:
        """Say something else; the underlined letter is the shortcut, as before."""
        if text != self.text():
            self.setText(text)
            self.setShortcut(QKeySequence())
            self._shortcut.setKey(QKeySequence.mnemonic(text))

    def guard_restarted(self) -> None:
        """Take back a press that has begun, and have the button painted: the guard waits for that."""
        self._taken_back = self._taken_back or self._pressed is not None
        self._pressed = self._focused = None
        self.setDown(False)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and tell the guard that the button stands on the screen."""
        super().paintEvent(event)
        self._guard.painted()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a press, if presses count now."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._counts():
            self._ignore(event)
            return
        self._pressed = self._guard.generation
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click was not aimed at what it may have brought up."""
        self._ignore(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a press; the base class tells whether it ended inside."""
        if self._pressed is not None:
            super().mouseReleaseEvent(event)
            self._pressed = None
        elif self._taken_back:
            self._ignore(event)
        else:
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin a press by Space or Enter; a held key repeats, and repeats never count."""
        if event.key() not in _PRESSING_KEYS:
            super().keyPressEvent(event)
        elif event.isAutoRepeat() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.accept()
        elif self._counts() and self._focused == self._guard.generation:
            self._pressed = self._guard.generation
            self.setDown(True)
        else:
            if self._counts():
                self._focused = self._guard.generation  # told so now: the next key on this button is meant
            self._ignore(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End a press by Space or Enter."""
        if event.key() not in _PRESSING_KEYS:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat() and self._pressed is not None:
            self.setDown(False)
            self._clicked()
            self._pressed = None
        elif not event.isAutoRepeat() and self._taken_back:
            self._ignore(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the focus came on purpose."""
        self._focused = self._guard.generation if self._guard.is_open else None
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the button takes a press back."""
        self._pressed = self._focused = None
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave the base class no way of its own to press the button by a key; tell of moves."""
        if event.type() is QEvent.Type.Shortcut:
            return True
        if event.type() in _DISPLACING:
            self.displaced.emit()
        return super().event(event)

    def _counts(self) -> bool:
        handle = self.window().windowHandle()
        in_view = handle is None or handle.isExposed()
        return self.isEnabled() and in_view and not self.window().isMinimized() and self._guard.is_open

    def _clicked(self) -> None:
        """A press ended, or a screen reader pressed the button without one."""
        in_one_generation = self._pressed is None or self._pressed == self._guard.generation
        if in_one_generation and self._counts():
            self.confirmed.emit()
        else:
            self.ignored.emit()

    def _shortcut_pressed(self) -> None:
        self._pressed = None
        self._clicked()

    def _ignore(self, event: QEvent) -> None:
        self._pressed = None
        self._taken_back = False
        event.accept()
        self.ignored.emit()
