"""What the engine tells whoever listens: windows, the tray, commands that wait.

The engine emits frozen values on its own thread; a listener must return at once and must not call back into the engine
from inside the call. A listener that raises is logged and kept: one broken window must not stop a decision.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from approver.model import Entry, PendingQuestion
from approver.settings import Attention, Window
from approver.standing_model import Standing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuestionOpened:
    """A call waits for a person."""

    question: PendingQuestion


@dataclass(frozen=True, slots=True)
class QuestionChanged:
    """A waiting request came or went, or the tool's definition became known; the call itself never changes."""

    question: PendingQuestion


@dataclass(frozen=True, slots=True)
class QuestionEnded:
    """A question was answered, expired, aborted or shut down."""

    id: str
    outcome: str
    """An `Outcome` value."""
    by: str
    """Who answered, or what ended it."""


@dataclass(frozen=True, slots=True)
class CallJudged:
    """A decision was written down."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class WantedLogin:
    """A remote server at which the person has to log in."""

    server: str
    problem: str
    """The sentence about it that stands among the problems."""


@dataclass(frozen=True, slots=True)
class HeldOff:
    """A client that asked more than a person can answer: what it asks further is denied for a while."""

    client: str
    """What it is called. Untrusted text."""
    until: float
    """When it is asked about again, wall time."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The engine's own state: what the tray shows."""

    panic: bool
    """Everything is being denied."""
    panic_until: float | None
    """Wall time at which that ends by itself; None: until resumed."""
    problems: tuple[str, ...]
    """Sentences about what is wrong now (a policy that did not load, a full disk), worst first."""
    clients: int
    """Connected clients."""
    paused: bool = False
    """Nobody is asked: what rules ask about is denied."""
    paused_until: float | None = None
    """Wall time at which that ends by itself; None: until resumed."""
    address: str = ""
    """Where clients come in over HTTP, as host and port; empty where they cannot."""
    logins: tuple[WantedLogin, ...] = ()
    """What of the problems a login solves."""
    attention: Attention = field(default_factory=Attention)
    """How loudly calls may ask for the person."""
    held_off: tuple[HeldOff, ...] = ()
    """Clients that asked too often."""
    window: Window = field(default_factory=Window)
    """How the windows are to behave and look."""


@dataclass(frozen=True, slots=True)
class AnswerRemembered:
    """An answer stands from now on."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class AnswerForgotten:
    """An answer stands no longer: it was revoked or replaced, its time was over, or it became void."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class AnswerNotRemembered:
    """An answer was to stand and does not: only its one call was answered, if that."""

    sentence: str


Event = (
    QuestionOpened
    | QuestionChanged
    | QuestionEnded
    | CallJudged
    | StateChanged
    | AnswerRemembered
    | AnswerForgotten
    | AnswerNotRemembered
)
Listener = Callable[[Event], None]


class Events:
    """Hands every emitted event to every listener, in the order they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; call what is returned to remove it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # a listener is a window or a command: its fault must not reach a decision
                log.exception("a listener failed on %s", type(event).__name__)
