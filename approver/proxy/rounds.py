"""Calls whose server asked for input (`input_required`): the same call again, with that input, is no new call.

The gate notes what it hears from servers here, and asks whether a call that comes is such a further round.
"""

from approver.model import Call, CounterKey
from approver.proxy import jsonrpc

INPUT = ("requestState", "inputResponses")
"""The members that a further round adds to the call."""


class Rounds:
    """How many further rounds of which calls the servers have asked for."""

    def __init__(self) -> None:
        self._expected: dict[tuple[str, str], int] = {}

    def expect(self, call: Call) -> None:
        """The server asked for input: one more round may come."""
        key = _key(call)
        self._expected[key] = self._expected.get(key, 0) + 1

    def is_next(self, call: Call) -> bool:
        """Whether the call carries what its server asked for in reply to the same call of the same client."""
        return any(name in call.extra for name in INPUT) and _key(call) in self._expected

    def take(self, call: Call) -> None:
        """The round has come."""
        key = _key(call)
        self._expected[key] -= 1
        if not self._expected[key]:
            del self._expected[key]

    def leave(self, session: str) -> None:
        """Forget a client that went away."""
        for key in [key for key in self._expected if key[0] == session]:
            del self._expected[key]


class Uncounted:
    """Usage for further rounds: their call's first one was counted."""

    def used(self, counter: CounterKey, start: int) -> float:
        """Nothing."""
        return 0.0


def _key(call: Call) -> tuple[str, str]:
    extra = {key: value for key, value in call.extra.items() if key not in INPUT}
    return (call.caller.session, jsonrpc.digest([call.caller.server, call.tool, call.arguments, extra]))
