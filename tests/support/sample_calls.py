"""Calls, callers and answers for tests, made as the gate makes them: equal calls have equal digests."""

import itertools
from typing import Any

from approver.model import Answer, AnswerKind, Call, Caller, Decision, Reservation, Verdict
from approver.proxy import jsonrpc

_numbers = itertools.count(1)


def caller(session: str = "s1", *, grant: str = "local", server: str = "files", client: str = "Tester") -> Caller:
    """A client's connection."""
    return Caller(session=session, grant=grant, server=server, client=client, client_name=client)


def call(
    tool: str = "write", arguments: Any = None, *, by: Caller | None = None, arrived: float = 0.0, extra: Any = None
) -> Call:
    """A frozen call with an id of its own."""
    by = by or caller()
    arguments, extra = arguments or {}, extra or {}
    digest = jsonrpc.digest([by.server, tool, arguments, extra])
    return Call(f"call-{next(_numbers)}", by, tool, arguments, extra, digest, arrived)


def asked(rule: str = "/tools/write/require_approval/always", *reservations: Reservation) -> Verdict:
    """A verdict that asks a person."""
    return Verdict(Decision.ASK, rule, "Writes to a disk.", reservations)


ALLOW = Answer(AnswerKind.ALLOW, "window", shown="f00d")
DENY = Answer(AnswerKind.DENY, "window", "Not today.")
