"""The nouns that every part of Approver speaks of: calls, verdicts, answers, journal entries.

All are frozen values without behaviour that touches the world. Nothing here imports anything else of Approver's; every
other module may import this one.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from approver.standing_model import Standing, Wish

LOCAL_GRANT = "local"
"""The grant of a client that comes over the local socket and names no other."""


class Decision(enum.Enum):
    """What a policy says of a call."""

    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"


class Outcome(enum.Enum):
    """How a judged call ended for the client; the values stand in `_meta["approver/decision"]` and in the log."""

    ALLOWED = "allowed"
    """By policy, nobody was asked."""
    APPROVED = "approved"
    """By a person."""
    DENIED_BY_POLICY = "denied_by_policy"
    DENIED_BY_USER = "denied_by_user"
    PENDING = "pending"
    """The client's patience ended before the question did; nothing was run."""
    EXPIRED = "expired"
    """The question's time ran out unanswered."""
    ABORTED = "aborted"
    """The client cancelled or went away before an answer came."""
    SHUT_DOWN = "shut_down"
    """Approver ended while the question was open."""
    REFUSED = "refused"
    """Not a well-formed call: answered with a JSON-RPC error, never forwarded."""


class Result(enum.Enum):
    """What became of a call that was forwarded."""

    OK = "ok"
    TOOL_ERROR = "tool_error"
    """A result with `isError: true`."""
    RPC_ERROR = "rpc_error"
    """The upstream answered with a JSON-RPC error."""
    UNREACHABLE = "unreachable"
    """The upstream died or could not be reached before it answered."""
    CANCELLED = "cancelled"
    """The client cancelled, and no answer came."""
    UNKNOWN = "unknown"
    """Approver ended unexpectedly while the call was with the upstream; whether it was carried out, nobody saw."""


KEPT_RESULT = "kept result"
"""Who answered, for the log, where a call repeats one that ran: it got that one's result and was sent nowhere."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One client's connection to one server, under one grant."""

    session: str
    """Unique to the connection (HTTP: to the session, or to the grant where the protocol has no sessions)."""
    grant: str
    server: str
    client: str
    """Whom to name to the person: the label it was launched with, or what it calls itself. Untrusted text."""
    client_name: str = ""
    """What the client calls itself (`clientInfo.name`): how long it waits is known by that. Untrusted text."""
    pid: int | None = None
    """The process that launched the shim: the client, or a wrapper of it."""

    @property
    def has_session(self) -> bool:
        """Whether the session has an end. Requests over HTTP that name none all count as one client's, for ever."""
        return not self.session.endswith("/")


@dataclass(frozen=True, slots=True)
class Call:
    """A `tools/call`, frozen on arrival: what is judged and shown is what is sent."""

    id: str
    """Approver's own name for the call, unique in the journal: the `decision_id`."""
    caller: Caller
    tool: str
    arguments: Mapping[str, Any]
    extra: Mapping[str, Any]
    """Members of `params` other than `name`, `arguments` and `_meta` (a task request, an unknown extension)."""
    digest: str
    """SHA-256, hex, of the canonical JSON of server, tool, arguments and extra: identical calls have the same."""
    arrived: float
    """Wall time, seconds since the epoch."""
    place: str = ""
    """Digest of where its server is and by what its grant is known: names can come to mean others."""


@dataclass(frozen=True, slots=True)
class CounterKey:
    """Which counter a limit draws on; equal keys share one count."""

    server: str
    holder: str
    """The grant's name where the scope is `grant`, the empty string where it is `server`."""
    key: str
    """Where the limit is written: `/tools/<key>` or `/all_tools`."""
    counter: str
    window: str
    """`minute`, `hour` or `day`."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount taken from a counter for one call, in the calendar window that begins at `start`."""

    counter: CounterKey
    start: int
    """The window's first second, since the epoch, UTC."""
    amount: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of one call, and why."""

    decision: Decision
    rule: str
    """The rule's name as policy documents define it; empty for an allowed call."""
    message: str = ""
    """For a denial: the sentence the agent reads. For an ask: the rule's `reason`, which the person reads."""
    reservations: tuple[Reservation, ...] = ()
    """What an allowed or asked call takes from its counters. Given back if the call is not made."""


class AnswerKind(enum.Enum):
    """The two things a person can say."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer to one question."""

    kind: AnswerKind
    by: str
    """Who or what answered, for the log: `window`, `terminal`, or a description of the process that did."""
    reason: str = ""
    """What the person wrote for the agent."""
    shown: str = ""
    """SHA-256, hex, of the text the person had before them."""
    detail: str = ""
    """JSON text for the log: the process that answered, its terminal and its ancestors, where it was no window."""
    wish: "Wish | None" = None
    """For which calls besides this one the answer is to stand; None: for no other."""
    arguments: Mapping[str, Any] | None = None
    """What is to be sent in place of the call's arguments; None: those that the client sent."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person put in place of a call's arguments."""

    arguments: Mapping[str, Any]
    digest: str
    """The digest of the call with these arguments."""
    by: str


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """What the server says of a tool. Untrusted text, all of it."""

    name: str
    title: str = ""
    description: str = ""
    annotations: Mapping[str, Any] = field(default_factory=dict)
    input_schema: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    """SHA-256, hex, of the canonical JSON of the whole definition."""


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """An open question, as windows and commands see it: a snapshot that never changes."""

    id: str
    """Short, and unique among the open ones: what `approver approve ID` takes."""
    call: Call
    rule: str
    reason: str
    since: float
    """Wall time the question was opened."""
    expires: float
    """Wall time the question closes unanswered."""
    patience_ends: float | None
    """Wall time the waiting client is told `[APPROVAL PENDING]`; None when no request waits on the question now."""
    definition: ToolDefinition | None = None
    waiting: bool = True
    """Whether a request of the client still waits; otherwise an approval admits the next identical call."""
    lapsed: "Standing | None" = None
    """The approval that would have answered, had the server not changed what it says of the tool."""


class EntryKind(enum.Enum):
    """What a journal row records."""

    ASKED = "asked"
    """A question was opened."""
    PENDING = "pending"
    """A waiting client was told that its call is still being asked about."""
    DECISION = "decision"
    """The end of the judging of one call, before its effect."""
    OUTCOME = "outcome"
    """What became of a forwarded call."""
    REFUSED = "refused"
    """Wire input that is no well-formed call."""
    NOTICE = "notice"
    """Something about Approver itself: start, stop, panic, a policy that did not load."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal, before it is numbered and chained. Empty fields are empty strings or None."""

    at: float
    """Wall time, seconds since the epoch."""
    kind: EntryKind
    call: str = ""
    """The call's id."""
    session: str = ""
    client: str = ""
    grant: str = ""
    server: str = ""
    tool: str = ""
    arguments: str = ""
    """JSON text, values of fields that look secret masked."""
    digest: str = ""
    """The call's digest, over the real arguments."""
    rule: str = ""
    outcome: str = ""
    """An `Outcome` value for decisions, a `Result` value for outcomes, a word for notices."""
    message: str = ""
    """What the agent was told, or what a notice says."""
    by: str = ""
    """`policy`, or who answered."""
    waited: float | None = None
    """Seconds from the question to its end."""
    shown: str = ""
    """Digest of the text the person was shown."""
    latency: float | None = None
    """Seconds the upstream took."""
    detail: str = ""
    """JSON text: anything else worth keeping (the answering process, what was refused)."""


@dataclass(frozen=True, slots=True)
class StdioServer:
    """An MCP server that Approver starts and speaks to over its standard input and output."""

    name: str
    command: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    """Laid over the login environment; `${keyring:NAME}` in a value stands for a secret."""
    cwd: str | None = None


@dataclass(frozen=True, slots=True)
class HttpServer:
    """An MCP server that somebody else runs, reached over streamable HTTP."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request; `${keyring:NAME}` in a value stands for a secret."""


ALL_SERVERS = "*"
"""Stands in a grant's `servers` for every server there is, and that there will be."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One client's access to one server, or to several."""

    name: str
    server: str
    """Its one server; empty where it is for several."""
    policy: str | None = None
    """The policy it is judged by; None: the one with the server's name."""
    token_sha256: str | None = None
    """What the client's HTTP token hashes to, hex; None: no token admits it."""
    created: str = ""
    """When, as ISO 8601 text."""
    servers: tuple[str, ...] = ()
    """Its servers, where it is for several: their names, or `ALL_SERVERS` alone."""
    revoked: str = ""
    """When it was taken back, as ISO 8601 text; empty while it is in force. It is kept so that its name is known."""

    def is_for(self, server: str) -> bool:
        """Whether its client may use this server."""
        if self.servers:
            return server in self.servers or self.servers == (ALL_SERVERS,)
        return self.server == server

    @property
    def scope(self) -> str:
        """What it is for, to be named in a sentence."""
        if self.servers == (ALL_SERVERS,):
            return "all servers"
        return ", ".join(self.servers) if self.servers else self.server


@dataclass(frozen=True, slots=True)
class ServerHealth:
    """How a configured server fares now."""

    name: str
    is_remote: bool
    """Whether somebody else runs it, so that it is reached over HTTP."""
    clients: int
    """How many clients speak to it."""
    fault: str = ""
    """Why it is not there for the client that came last; empty while it is. Holds untrusted text."""
