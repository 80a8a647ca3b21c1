"""The main window: a list of pages on the left, the chosen page beside it.

Pages are added by key, each with a factory that is called when the page is shown for the first time. The desk knows
nothing of what is on them; what a page wants of others (to quit, to make a rule, to see another page) comes out as a
signal of the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontMetricsF, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QMainWindow, QStackedWidget, QWidget

from approver.ui.colours import colours_now
from approver.ui.icons import icon
from approver.ui.theme import em

OVERVIEW, LOG = "overview", "log"
"""Keys of the pages that menus name; every other page is a setting."""
REMEMBERED, GENERAL = "remembered", "general"

Factory = Callable[[], QWidget]


@dataclass(slots=True)
class _Page:
    """One page; the widget is None until it is first shown."""

    key: str
    icon: str
    factory: Factory
    item: QListWidgetItem
    widget: QWidget | None = None


class Desk(QMainWindow):
    """Shows one page at a time.

    Attributes:
        may_hide: Whether closing may hide the window: only where a tray can bring it back.
        keys: The keys of all pages, from top to bottom.
        first_page: The key of the page to begin with; empty, or not a page: the topmost.
        page_key: The key of the page that stands in the window; empty before the first.

    Signals:
        page_shown: A page's key: it stands in the window now.
        rule_wanted: Server, tool and arguments of a recorded call that a rule is to be made from.
        review_asked: Show the dialog with this question's id; empty: the oldest.
        queue_asked: Show the window with the waiting calls.
        clients_asked: Show which clients' servers can be taken over.
        quit_asked: Quit, after asking if calls wait.
    """

    page_shown = Signal(str)
    rule_wanted = Signal(str, str, object)
    review_asked = Signal(str)
    queue_asked = Signal()
    clients_asked = Signal()
    quit_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.may_hide = False
        self.first_page = ""
        self._all: dict[str, _Page] = {}
        self._list = QListWidget()
        self._stack = QStackedWidget()
        self._dress()
        self._lay_out()
        self._list.currentRowChanged.connect(self._row_changed)
        for keys, step in ((QKeySequence.StandardKey.NextChild, 1), (QKeySequence.StandardKey.PreviousChild, -1)):
            QShortcut(keys, self, lambda step=step: self._step(step))

    # -- pages -----------------------------------------------------------------------------------------------------

    @property
    def keys(self) -> tuple[str, ...]:
        """Every page's key."""
        return tuple(self._all)

    @property
    def page_key(self) -> str:
        """The page that stands in the window."""
        row = self._list.currentRow()
        return self.keys[row] if row >= 0 else ""

    def add_page(self, key: str, title: str, icon_name: str, factory: Factory) -> None:
        """Add a page below the others; `factory` makes it when it is first shown."""
        item = QListWidgetItem(title, self._list)
        item.setData(Qt.ItemDataRole.UserRole, key)
        self._all[key] = _Page(key, icon_name, factory, item)
        self._dress_items()
        number = len(self._all)
        if number <= 10:
            QShortcut(QKeySequence(f"Ctrl+{number % 10}"), self, lambda: self.show_page(key))

    def show_page(self, key: str) -> None:
        """Show a page. It is an error to name one that was not added."""
        self._list.setCurrentItem(self._all[key].item)

    def page(self, key: str) -> QWidget:
        """The page itself, made now if it was not."""
        page = self._all[key]
        if page.widget is None:
            page.widget = page.factory()
            self._stack.addWidget(page.widget)
        return page.widget

    @property
    def settings_page(self) -> str | None:
        """The page to open where a menu says «Settings…»: the general ones, if there is such a page."""
        if GENERAL in self._all:
            return GENERAL
        return next((key for key in self._all if key not in (OVERVIEW, LOG)), None)

    def _row_changed(self, row: int) -> None:
        if row < 0:
            return
        key = self.keys[row]
        self._stack.setCurrentWidget(self.page(key))
        self.setWindowTitle(self.tr("{page} - Approver").format(page=self._all[key].item.text()))
        self.page_shown.emit(key)

    def _step(self, by: int) -> None:
        if self._all:
            self._list.setCurrentRow((self._list.currentRow() + by) % len(self._all))

    # -- how it comes and goes -------------------------------------------------------------------------------------

    def appear(self, *, take_focus: bool, key: str | None = None) -> None:
        """Come into view, with this page; in front and with the keyboard only where the person asked for it."""
        if key is not None:
            self.show_page(key)
        elif self._list.currentRow() < 0:
            first = self._all.get(self.first_page)
            self._list.setCurrentRow(self._list.row(first.item) if first is not None else 0)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not take_focus)
        if self.isMinimized() and take_focus:
            self.showNormal()
        self.show()
        if take_focus:
            self.raise_()
            self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing ends nothing. Without a tray the window stays where it can be found."""
        event.ignore()
        if self.may_hide:
            self.hide()
        else:
            self.showMinimized()

    # -- how it looks ----------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons, another font other sizes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        unit = em(self.font())
        self._list.setIconSize(QSize(round(unit * 1.15), round(unit * 1.15)))
        self._dress_items()

    def _dress_items(self) -> None:
        unit = em(self.font())
        for page in self._all.values():
            page.item.setIcon(icon(page.icon, colours_now().ink))
            page.item.setSizeHint(QSize(1, round(unit * 2.1)))
        metrics = QFontMetricsF(self._list.font())
        widest = max((metrics.horizontalAdvance(page.item.text()) for page in self._all.values()), default=0.0)
        self._list.setFixedWidth(round(max(unit * 9, widest + unit * 4)))

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.setWindowTitle(self.tr("Approver"))
        self._list.setProperty("role", "pages")
        self._list.setAccessibleName(self.tr("Pages"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QWidget()
        layout = QHBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self.resize(QSize(round(unit * 76), round(unit * 54)).boundedTo(self.screen().availableSize() * 0.9))
