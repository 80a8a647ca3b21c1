"""The second crossing between Qt's thread and the engine's: trying servers out, and logins at them.

buttons ──methods──> Bridge.carry ──> Workshop, on the engine's loop ──one private signal, queued──> public signals
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from approver.model import HttpServer
from approver.servers import Server
from approver.ui.bridge import Bridge
from approver.workshop import House, LoginState, TrialEnd, Workshop


class WorkshopBridge(QObject):
    """Has the engine try servers and log in at them.

    Attributes: none of its own.

    Signals:
        trial_told: A tuple of `SaidLine`: what the server that is tried prints.
        trial_ended: A `TrialEnd`.
        login_begun: A server and the address to open in a browser.
        login_ended: A server and a sentence: a login, or a logout, is over.
        login_told: A `LoginState`, after `ask_login`.
    """

    trial_told = Signal(object)
    trial_ended = Signal(object)
    login_begun = Signal(str, str)
    login_ended = Signal(str, str)
    login_told = Signal(object)
    _told = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workshop = Workshop()
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def try_server(self, server: Server) -> None:
        """Try a server out; `trial_told` and at last `trial_ended` follow."""
        self._carry(lambda house: self._workshop.try_server(house, server, self._told.emit))

    def stop_trial(self) -> None:
        """End what is being tried; `trial_ended` follows once it has ended."""
        self._carry(lambda house: self._workshop.stop_trial())

    def log_in(self, server: HttpServer) -> None:
        """Begin a login; `login_begun` and then `login_ended` follow."""

        def begun(address: str) -> None:
            self._told.emit(("begun", server.name, address))

        self._carry(lambda house: self._workshop.log_in(house, server, begun, self._ended(server)))

    def stop_login(self, server: HttpServer) -> None:
        """Give up a login; `login_ended` follows."""
        self._carry(lambda house: self._workshop.stop_login(house, server))

    def log_out(self, server: HttpServer) -> None:
        """Forget a login; `login_ended` follows."""
        self._carry(lambda house: self._workshop.log_out(house, server, self._ended(server)))

    def ask_login(self, server: HttpServer) -> None:
        """Ask how it stands with the login at a server; `login_told` follows."""
        self._carry(lambda house: self._workshop.look_at_login(house, server, self._told.emit))

    def refresh(self) -> None:
        """Have the engine read edited files now, rather than in a moment."""
        self._carry(lambda house: house.refresh())

    def _carry(self, work: Callable[[House], object]) -> None:
        self._bridge.carry(work)

    def _ended(self, server: HttpServer) -> Callable[[str], None]:
        return lambda sentence: self._told.emit(("ended", server.name, sentence))

    @Slot(object)
    def _hear(self, told: object) -> None:
        match told:
            case TrialEnd():
                self.trial_ended.emit(told)
            case LoginState():
                self.login_told.emit(told)
            case ("begun", server, address):
                self.login_begun.emit(server, address)
            case ("ended", server, sentence):
                self.login_ended.emit(server, sentence)
            case _:
                self.trial_told.emit(told)
