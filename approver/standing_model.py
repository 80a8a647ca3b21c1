"""The nouns of answers that stand: how far and how long a person wants an answer to hold, and what holds by that.

Frozen values, as in `approver.model`, whose answers and questions carry them.
"""

import enum
from dataclasses import dataclass

from approver.model import AnswerKind, ToolDefinition


class Reach(enum.Enum):
    """Which calls of a tool an answer covers, the narrowest first."""

    ARGUMENTS = "arguments"
    """Those that are identical to the one that was asked about."""
    FIELDS = "fields"
    """Those with the same values in some of the arguments."""
    TOOL = "tool"
    """All."""


class Lifetime(enum.Enum):
    """How long an answer stands, the shortest first. One that is given once does not stand at all."""

    SESSION = "session"
    UNTIL = "until"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Wish:
    """That an answer is to stand: for which other calls, and for how long."""

    reach: Reach
    lifetime: Lifetime
    fields: tuple[str, ...] = ()
    """The arguments that must be the same, where the reach is `FIELDS`."""
    until: float | None = None
    """Wall time of its end, where the lifetime is `UNTIL`."""
    definition: str = ""
    """Digest of the tool's definition that the person had before them; empty: it was unknown."""


@dataclass(frozen=True, slots=True)
class HeldField:
    """One argument that must be the same for a standing decision to apply."""

    name: str
    digest: str
    """SHA-256, hex, of name and value: the value itself may be a secret, and is kept nowhere."""
    shown: str
    """The value as JSON text, masked and cut."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer that stands: what a person said of one call and of those like it."""

    id: str
    """What commands and the log call it by."""
    kind: AnswerKind
    client: str
    grant: str
    server: str
    tool: str
    reach: Reach
    lifetime: Lifetime
    made: float
    call: str
    """The id of the call that was asked about."""
    digest: str
    """That call's digest."""
    extra: str
    """Digest of what came beside its arguments: an approval covers nothing that came with other things."""
    fields: tuple[HeldField, ...] = ()
    arguments: str = ""
    """That call's arguments as JSON text, masked and shortened."""
    session: str = ""
    until: float | None = None
    rule: str = ""
    """The rule that asked."""
    reason: str = ""
    """What the agent reads where it is a denial."""
    by: str = ""
    shown: str = ""
    """SHA-256, hex, of what the person had before them, this decision's own sentence included."""
    definition: ToolDefinition | None = None
    """What the server said of the tool; an approval is void when it says something else."""
    place: str = ""
    """Digest of where the server and by what the grant was; an approval ends when either is another of that name."""


@dataclass(frozen=True, slots=True)
class StandingState:
    """What changes about a standing decision. What it says is in the journal's row that made it, and never changes."""

    id: str
    row: int
    """The number of that row."""
    is_void: bool = False
    """The tool's definition has changed since: it answers nothing any more."""
    uses: int = 0
    last_used: float | None = None
    is_over: bool = False
