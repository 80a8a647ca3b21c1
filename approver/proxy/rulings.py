"""What passes between a front and the gate: requests that wait, and the rulings that reach them."""

from dataclasses import dataclass
from typing import Any, Protocol

from approver.model import Call, Caller, CounterKey, Edit, Entry, Reservation, ToolDefinition
from approver.policy.document import Policy
from approver.standing_model import StandingState


@dataclass(frozen=True, slots=True)
class Forward:
    """Send the call to its server. `reservations` are what it drew; `approved` says that a person allowed it.

    With an `edit` the server gets those arguments in place of the call's own.
    """

    call: Call
    rule: str
    reservations: tuple[Reservation, ...] = ()
    approved: bool = False
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the request with this result object; nothing is sent to the server."""

    call: Call
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Answer the request with the raw result that an identical, approved call has already had."""

    call: Call
    result: bytes


Ruling = Forward | Reply | Kept


class Request(Protocol):
    """A client's request that waits for its ruling."""

    def deliver(self, ruling: Ruling) -> None:
        """Carry out the ruling; called once, after it was written down."""
        ...

    def tell_progress(self, count: int) -> None:
        """Tell the client that the call still waits; `count` rises from 1. Nothing where it did not ask for it."""
        ...


@dataclass(slots=True, eq=False)
class Waiting:
    """A held request with its own call: a repeat is another call than the one its question was opened for."""

    request: Request
    call: Call
    progress: int = 0
    """How often its client was told that it waits."""


@dataclass(slots=True)
class Ready:
    """A ruling that goes out when the journal has it."""

    request: Request
    ruling: Ruling


class JournalWriter(Protocol):
    """What the gate needs of the journal."""

    def append(self, entry: Entry) -> int:
        """Buffer a row."""
        ...

    def save_counters(self, changes: list[tuple[CounterKey, int, float]]) -> None:
        """Buffer new counts."""
        ...

    def save_standing(self, states: list[StandingState]) -> None:
        """Buffer how standing decisions fare."""
        ...

    def keep(self) -> None:
        """Have what is buffered survive this process, all or nothing; somebody flushes soon."""
        ...

    def flush(self, *, durable: bool = False) -> None:
        """Write what is buffered, all or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why a call that wants a person is denied without one."""

    rule: str
    """What the log calls it, in brackets."""
    message: str
    """What the agent is told."""
    by: str


class Surroundings(Protocol):
    """What the gate looks up at each call: all of it may change between two."""

    def policy_for(self, server: str, grant: str) -> Policy | None:
        """The policy in force."""
        ...

    def patience(self, caller: Caller) -> float:
        """Seconds that a request of this caller may be held."""
        ...

    def definition(self, call: Call) -> ToolDefinition | None:
        """What the server says of the tool, where it is known."""
        ...

    def panic_message(self) -> str | None:
        """Why everything is denied now; None where it is not."""
        ...

    def unasked(self, caller: Caller) -> "Unasked | None":
        """Why nobody is asked about a call of this caller now; None where a person is. It counts as asked then."""
        ...

    @property
    def open_seconds(self) -> float:
        """How long a question stays open, and an approval waits for the repeat of its call."""
        ...

    @property
    def progress_seconds(self) -> float:
        """The interval of progress notifications to a client that waits."""
        ...

    @property
    def kept_result_seconds(self) -> float:
        """How long the result of a call is kept whose client gave up."""
        ...
