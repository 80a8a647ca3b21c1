"""What Approver is doing, in words and as one of five conditions: the engine's state goes in.

Tray and window say the same because both ask here.
"""

import enum

from PySide6.QtCore import QCoreApplication

from approver.approvals.presentation import short_name
from approver.events import StateChanged
from approver.ui.clock_words import moment


class Condition(enum.Enum):
    """What the tray icon shows; where several hold, the first."""

    DENYING = "denying"
    PAUSED = "paused"
    WAITING = "waiting"
    PROBLEM = "problem"
    IDLE = "idle"


def condition_of(state: StateChanged, waiting: int, *, runs: bool) -> Condition:
    """The one that matters most now."""
    if state.panic:
        return Condition.DENYING
    if state.paused:
        return Condition.PAUSED
    if waiting:
        return Condition.WAITING
    if state.problems or not runs:
        return Condition.PROBLEM
    return Condition.IDLE


def waiting_in_words(count: int) -> str:
    """How many calls wait."""
    if count == 0:
        return QCoreApplication.translate("State", "Nothing is waiting")
    if count == 1:
        return QCoreApplication.translate("State", "1 call is waiting for you")
    return QCoreApplication.translate("State", "{count} calls are waiting for you").format(count=count)


def state_in_words(state: StateChanged, now: float, *, runs: bool) -> str:
    """One line: whether calls are judged, and for how many clients."""
    if not runs:
        return QCoreApplication.translate("State", "Approver is not running: every call is denied")
    if state.panic and state.panic_until is None:
        return QCoreApplication.translate("State", "Everything is denied until you resume")
    if state.panic and state.panic_until is not None:
        until = moment(state.panic_until, now)
        return QCoreApplication.translate("State", "Everything is denied until {time}").format(time=until)
    if state.paused and state.paused_until is None:
        return QCoreApplication.translate("State", "Asking is paused until you resume: rules alone decide")
    if state.paused and state.paused_until is not None:
        until = moment(state.paused_until, now)
        return QCoreApplication.translate("State", "Asking is paused until {time}: rules alone decide").format(
            time=until
        )
    return _clients_in_words(state)


def _clients_in_words(state: StateChanged) -> str:
    if state.clients == 0:
        return QCoreApplication.translate("State", "Running, no client is connected")
    if state.clients == 1:
        return QCoreApplication.translate("State", "Running, 1 client is connected")
    return QCoreApplication.translate("State", "Running, {count} clients are connected").format(count=state.clients)


def address_in_words(state: StateChanged, *, runs: bool) -> str:
    """One line: where the proxy is, for clients that speak HTTP and those that do not."""
    if not runs:
        return QCoreApplication.translate("State", "The proxy is not running")
    if not state.address:
        return QCoreApplication.translate("State", "Proxy running, HTTP is off")
    return QCoreApplication.translate("State", "Proxy running on {address}").format(address=state.address)


def problem_in_words(state: StateChanged) -> str:
    """The worst problem that no login solves, for places with little room; empty if there is none."""
    others = [one for one in state.problems if not any(one == login.problem for login in state.logins)]
    return short_name(others[0], 160) if others else ""
