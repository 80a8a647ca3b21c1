"""Keeps where windows stand from one run to the next: a window goes in, and comes back as it was left.

A window's place is restored before it is first shown, its splitters and columns when they are first seen; all of it is
written when the window goes out of view, which is also how the app ends. Splitters and tables are kept that have an
object name. Filters and selections are not: what a list hides should be seen to be hidden on purpose.
"""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QSplitter, QTableView, QWidget

from approver.ui.approval_dialog import ApprovalDialog
from approver.ui.desk import Desk
from approver.window_state import Place, WindowState, read, within, write

DESK, QUEUE, DIALOG = "desk", "queue", "dialog"
Part = TypeVar("Part", bound=QWidget)


class WindowKeeper(QObject):
    """Watches windows and their parts.

    Attributes:
        states: What is known of each window, by its name.

    Signals: none of its own.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.states = read(path)
        self._names: dict[QWidget, str] = {}
        self._restored: set[QWidget] = set()

    # -- what is kept ----------------------------------------------------------------------------------------------

    def keep(self, name: str, window: QWidget) -> None:
        """Put a window that was not yet shown where it was, and remember where it goes."""
        self._names[window] = name
        state = self.states.get(name, WindowState())
        if state.place is not None:
            place = within(state.place, _screens())
            window.resize(place.width, place.height)
            window.move(place.x, place.y)
        if state.is_maximized:
            window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
        window.installEventFilter(self)

    def keep_desk(self, desk: Desk) -> None:
        """The main window begins with the page that it showed last."""
        desk.first_page = self.states.get(DESK, WindowState()).page
        self.keep(DESK, desk)
        desk.page_shown.connect(lambda _: self._restore_parts(desk))

    def keep_dialog(self, dialog: ApprovalDialog) -> None:
        """Of the dialog only the size is kept: it comes where the person is."""
        place = self.states.get(DIALOG, WindowState()).place
        dialog.wanted_size = QSize(place.width, place.height) if place is not None else None
        self._names[dialog] = DIALOG
        dialog.installEventFilter(self)

    # -- when ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See windows come and go."""
        if isinstance(watched, QWidget) and watched in self._names:
            if event.type() is QEvent.Type.Show:
                self._restore_parts(watched)
            elif event.type() is QEvent.Type.Hide:
                self._remember(watched)
        return False

    def _restore_parts(self, window: QWidget) -> None:
        """Divide what is seen for the first time as it was divided."""
        if window not in self._names or not window.isVisible():
            return
        state = self.states.get(self._names[window], WindowState())
        for splitter in _named(window, QSplitter):
            sizes = state.splits.get(splitter.objectName(), ())
            if self._is_new(splitter) and len(sizes) == splitter.count():
                splitter.setSizes(list(sizes))
        for table in _named(window, QTableView):
            if self._is_new(table):
                for column in _dragged(table):
                    width = state.columns.get(table.objectName(), {}).get(column)
                    if width is not None:
                        table.horizontalHeader().resizeSection(column, min(width, window.width()))

    def _is_new(self, part: QWidget) -> bool:
        if not part.isVisible() or part in self._restored:
            return False
        self._restored.add(part)
        return True

    def _remember(self, window: QWidget) -> None:
        name = self._names[window]
        before = self.states.get(name, WindowState())
        state = self._dialog_state(window) if isinstance(window, ApprovalDialog) else self._state(window, before)
        if state != before:
            self.states[name] = state
            write(self._path, self.states)

    def _dialog_state(self, dialog: ApprovalDialog) -> WindowState:
        size = dialog.chosen_size
        return WindowState(Place(0, 0, size.width(), size.height())) if size is not None else WindowState()

    def _state(self, window: QWidget, before: WindowState) -> WindowState:
        seen = [part for part in (*_named(window, QSplitter), *_named(window, QTableView)) if part in self._restored]
        splits = {part.objectName(): tuple(part.sizes()) for part in seen if isinstance(part, QSplitter)}
        columns = {
            part.objectName(): {at: part.columnWidth(at) for at in _dragged(part)}
            for part in seen
            if isinstance(part, QTableView)
        }
        return WindowState(
            place=_place_of(window),
            is_maximized=window.isMaximized(),
            page=window.page_key if isinstance(window, Desk) else "",
            splits={**before.splits, **splits},
            columns={**before.columns, **columns},
        )

    def stop(self) -> None:
        """Watch nothing any more."""
        for window in self._names:
            window.removeEventFilter(self)
        self._names.clear()
        self._restored.clear()


def _screens() -> list[Place]:
    """Every screen without its panels, the first one first."""
    areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    return [Place(area.x(), area.y(), area.width(), area.height()) for area in areas]


def _place_of(window: QWidget) -> Place:
    """Where it stands, its frame's corner and its own size; of a maximized one where it stands otherwise."""
    inner, frame, normal = window.geometry(), window.frameGeometry(), window.normalGeometry()
    if not (window.isMaximized() or window.isMinimized()) or not normal.isValid():
        return Place(frame.x(), frame.y(), inner.width(), inner.height())
    edge = inner.topLeft() - frame.topLeft()
    return Place(normal.x() - edge.x(), normal.y() - edge.y(), normal.width(), normal.height())


def _named(window: QWidget, kind: type[Part]) -> list[Part]:
    """Those that were given a name; Qt's own begin with `qt_`."""
    parts = window.findChildren(kind)
    return [part for part in parts if part.objectName() and not part.objectName().startswith("qt_")]


def _dragged(table: QTableView) -> list[int]:
    """The columns whose widths a person chooses."""
    header = table.horizontalHeader()
    interactive = QHeaderView.ResizeMode.Interactive
    is_last = header.count() - 1 if header.stretchLastSection() else -1
    return [
        column
        for column in range(header.count())
        if header.sectionResizeMode(column) is interactive and not header.isSectionHidden(column) and column != is_last
    ]
