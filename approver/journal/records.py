"""What readers of the journal ask for and get: frozen values, nothing else."""

from dataclasses import dataclass

from approver.model import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Filters:
    """Which calls are wanted. What is absent admits all; texts must match in full, but `search`."""

    since: float | None = None
    """Seconds since the epoch, itself included."""
    until: float | None = None
    """Seconds since the epoch, itself not included."""
    client: str | None = None
    grant: str | None = None
    server: str | None = None
    tool: str | None = None
    rule: str | None = None
    outcomes: tuple[str, ...] = ()
    """`Outcome` values; any of them, or all if there are none."""
    search: str = ""
    """To be found anywhere in names, arguments, rule or message, ASCII letters in either case."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One judged call in its newest state. Texts stand as they were written: of strangers, and not made visible."""

    seq: int
    """The row of that state; the key for paging."""
    id: str
    """The call's id; empty for what was refused."""
    at: float
    """Wall time of that state, seconds since the epoch."""
    kind: EntryKind
    """`DECISION`; `ASKED` or `PENDING` where the last that is known is a question; or `REFUSED`."""
    session: str
    client: str
    grant: str
    server: str
    tool: str
    arguments: str
    """JSON text, or empty."""
    digest: str
    rule: str
    outcome: str
    """An `Outcome` value."""
    message: str
    by: str
    waited: float | None
    shown: str
    detail: str
    """JSON text, or empty."""
    result: str | None
    """A `Result` value; None where nothing was forwarded, or where no answer has come yet."""
    latency: float | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered when they were asked about a call."""

    server: str
    tool: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many calls came to one outcome in one piece of time."""

    piece: int
    """Its number, from 0."""
    outcome: str
    calls: int


@dataclass(frozen=True, slots=True)
class ToolTally:
    """How many calls of one tool came to one outcome."""

    tool: str
    outcome: str
    calls: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written."""

    seq: int
    entry: Entry
    chain: str
    """Its digest, hex."""
