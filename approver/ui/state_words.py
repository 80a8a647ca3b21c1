"""What Approver is doing, in words and as one of four conditions: the engine's state goes in.

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
    WAITING = "waiting"
    PROBLEM = "problem"
    IDLE = "idle"


def condition_of(state: StateChanged, waiting: int, *, runs: bool) -> Condition:
    """The one that matters most now."""
    if state.panic:
        return Condition.DENYING
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
    if state.clients == 0:
        return QCoreApplication.translate("State", "Running, no client is connected")
    if state.clients == 1:
        return QCoreApplication.translate("State", "Running, 1 client is connected")
    return QCoreApplication.translate("State", "Running, {count} clients are connected").format(count=state.clients)


def problem_in_words(state: StateChanged) -> str:
    """The worst problem, for places with little room; empty if there is none."""
    return short_name(state.problems[0], 160) if state.problems else ""
