"""Calls whose server asked for input (`input_required`): the same call again, with that input, is no new call.

The gate notes what it hears from servers here, and asks whether a call that comes is such a further round.
"""

from dataclasses import dataclass
from typing import Any

from approver.model import Call, CounterKey, Edit
from approver.proxy import jsonrpc

INPUT = ("requestState", "inputResponses")
"""The members that a further round adds to the call."""


@dataclass(frozen=True, slots=True)
class _Round:
    """One that may come: how the call was edited, and by what the server will know it again."""

    edit: Edit | None
    state: Any


class Rounds:
    """Which further rounds of which calls the servers have asked for."""

    def __init__(self) -> None:
        self._expected: dict[tuple[str, str], list[_Round]] = {}

    def expect(self, call: Call, edit: Edit | None = None, result: bytes | None = None) -> None:
        """The server asked for input in its result: one more round may come."""
        self._expected.setdefault(_key(call), []).append(_Round(edit, _state(result)))

    def is_next(self, call: Call) -> bool:
        """Whether the call carries what its server asked for in reply to the same call of the same client."""
        return any(name in call.extra for name in INPUT) and _key(call) in self._expected

    def take(self, call: Call) -> Edit | None:
        """The round has come; as the call was edited, so is its further round."""
        key, state = _key(call), call.extra.get("requestState")
        rounds = self._expected[key]
        # of equal calls on their way at once, each goes on as it began
        taken = next((one for one in rounds if state is not None and one.state == state), rounds[0])
        rounds.remove(taken)
        if not rounds:
            del self._expected[key]
        return taken.edit

    def leave(self, session: str) -> None:
        """Forget a client that went away."""
        for key in [key for key in self._expected if key[0] == session]:
            del self._expected[key]


class Uncounted:
    """Usage for further rounds: their call's first one was counted."""

    def used(self, counter: CounterKey, start: int) -> float:
        """Nothing."""
        return 0.0


def _state(result: bytes | None) -> Any:
    try:
        value = jsonrpc.read(result) if result is not None else None
    except ValueError:  # too deep for us: it is told apart by nothing, then
        return None
    return value.get("requestState") if isinstance(value, dict) else None


def _key(call: Call) -> tuple[str, str]:
    extra = {key: value for key, value in call.extra.items() if key not in INPUT}
    return (call.caller.session, jsonrpc.digest([call.caller.server, call.place, call.tool, call.arguments, extra]))
