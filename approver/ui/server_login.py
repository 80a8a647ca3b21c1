"""The login at a remote server: how it stands, «Log in…» and «Log out», and the link while a browser is waited for.

button ──WorkshopBridge──> the engine ──address──> the browser, and the link to copy ──sentence──> how it ended
"""

import enum
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from approver.model import HttpServer
from approver.ui.announcements import announce
from approver.ui.bridge_workshop import WorkshopBridge
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible
from approver.workshop import LoginState


def open_in_browser(address: str) -> bool:
    """Have the person's browser open a web address; nothing else is opened. Whether that was begun."""
    return urlsplit(address).scheme in ("http", "https") and QDesktopServices.openUrl(QUrl(address))


class _Phase(enum.Enum):
    """What is being done."""

    RESTING = "resting"
    BEGINNING = "beginning"
    IN_BROWSER = "in the browser"


class ServerLogin(QWidget):
    """The part of a remote server's page that is about its login.

    Attributes:
        link: The address to open, while a login goes on.

    Signals: none of its own.
    """

    def __init__(
        self,
        workshop: WorkshopBridge,
        parent: QWidget | None = None,
        *,
        open_link: Callable[[str], bool] = open_in_browser,
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._open_link = open_link
        self._server: HttpServer | None = None
        self._busy: HttpServer | None = None
        self._phase = _Phase.RESTING
        self._state: LoginState | None = None
        self._last: dict[str, str] = {}
        self.link = QLineEdit()
        self._words = PlainLabel(role="muted")
        self._log_in = QPushButton(self.tr("&Log in…"))
        self._log_out = QPushButton(self.tr("Log ou&t"))
        self._give_up = QPushButton(self.tr("&Give up"))
        self._copy = QPushButton(self.tr("&Copy the link"))
        self._lay_out()
        self._connect()

    def set_server(self, server: HttpServer | None) -> None:
        """Show this one's."""
        if server != self._server:
            self._server, self._state = server, None
            self.refresh()
        self.setVisible(server is not None)

    def refresh(self) -> None:
        """Ask how it stands now."""
        self.setVisible(self._server is not None)
        if self._server is not None:
            self._workshop.ask_login(self._server)
        self._show()

    # -- what the person does --------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a login."""
        if self._server is not None and self._phase is _Phase.RESTING:
            self._busy, self._phase = self._server, _Phase.BEGINNING
            self._last.pop(self._server.name, None)
            self._workshop.log_in(self._server)
            self._show()

    def _stop(self) -> None:
        if self._busy is not None:
            self._workshop.stop_login(self._busy)

    def _forget(self) -> None:
        if self._server is not None:
            self._workshop.log_out(self._server)

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(self.link.text())

    # -- what comes ------------------------------------------------------------------------------------------------

    def _begun(self, server: str, address: str) -> None:
        if self._busy is None or server != self._busy.name:
            return
        self._phase = _Phase.IN_BROWSER
        self.link.setText(address)
        self.link.setCursorPosition(0)
        self._open_link(address)
        self._show()

    def _ended(self, server: str, sentence: str) -> None:
        if self._busy is not None and self._busy.name == server:
            self._busy, self._phase = None, _Phase.RESTING
        self._last[server] = sentence
        self.refresh()
        announce(self, make_visible(sentence))

    def _told(self, state: LoginState) -> None:
        if self._server is not None and state.server == self._server.name:
            self._state = state
            self._show()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        is_busy_here = self._busy is not None and self._server is not None and self._busy.name == self._server.name
        state = self._state
        is_in_browser = is_busy_here and self._phase is _Phase.IN_BROWSER
        is_wanted = state is not None and bool(state.problem) and not is_busy_here
        self._words.set_role("warning" if is_wanted else "muted")
        self._words.setText(make_visible(self._sentence(is_busy_here=is_busy_here)))
        self._log_in.setVisible(not is_busy_here and (state is None or not state.is_static))
        self._log_in.setEnabled(self._busy is None)
        self._log_out.setVisible(not is_busy_here and state is not None and state.is_logged_in)
        self._give_up.setVisible(is_busy_here)
        for part in (self.link, self._copy):
            part.setVisible(is_in_browser)

    def _sentence(self, *, is_busy_here: bool) -> str:
        if is_busy_here:
            if self._phase is _Phase.BEGINNING:
                return self.tr("Asking the server where to log in…")
            return self.tr("Log in in your browser. If it does not open, copy this link into it:")
        state, server = self._state, self._server
        if server is not None and (last := self._last.get(server.name)):
            return last
        if state is None:
            return self.tr("Asking the keyring for the login…")
        if state.is_static:
            return self.tr("The headers hold an Authorization, so no login is needed.")
        if state.problem:
            return state.problem
        if state.is_logged_in:
            kept = self.tr("You are logged in; the login is kept in the keyring.")
            return self.tr("You are logged in until Approver ends.") + f" {state.keeping}" if state.keeping else kept
        return self.tr("You are not logged in. Not every server wants it: try it without.")

    def _connect(self) -> None:
        self._log_in.clicked.connect(self.begin)
        self._log_out.clicked.connect(self._forget)
        self._give_up.clicked.connect(self._stop)
        self._copy.clicked.connect(self._copy_link)
        self._workshop.login_begun.connect(self._begun)
        self._workshop.login_ended.connect(self._ended)
        self._workshop.login_told.connect(self._told)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self.link.setReadOnly(True)
        self.link.setAccessibleName(self.tr("The link to log in with"))
        row = QHBoxLayout()
        row.setSpacing(round(unit * 0.6))
        row.addWidget(self._words, 1)
        for button in (self._log_in, self._log_out, self._give_up):
            row.addWidget(button)
        link = QHBoxLayout()
        link.setSpacing(round(unit * 0.6))
        link.addWidget(self.link, 1)
        link.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.5))
        layout.addLayout(row)
        layout.addLayout(link)
        self._show()
