"""Results of approved calls whose client gave up while they ran: kept for a while, so that nothing runs twice.

An approved call is watched from the moment it is forwarded. If its client cancels it, or it takes longer than that
client is believed to wait, an identical call of the same client is taken for a repeat: it waits for the first one's
result, or gets it at once if it is there, and nothing is sent to the server a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from approver.approvals.timers import Handle, Timers
from approver.clock import Clock
from approver.model import Call

R = TypeVar("R")

MARGIN = 1.2
"""A client is believed to have given up after this many times the seconds that its calls are held."""


@dataclass(slots=True, eq=False)
class Run(Generic[R]):
    """One approved call that was sent to its server."""

    call: Call
    gives_up_at: float
    """Monotonic time from which on the client is believed to have given up."""
    cancelled: bool = False
    result: bytes | None = None
    """The raw `result` member of the response, once it has come."""
    requests: list[tuple[R, Handle]] = field(default_factory=list)
    """Repeats that wait for the result, each with the timer of its patience."""
    timer: Handle | None = None


class KeptResults(Generic[R]):
    """The approved calls that run, and the results that wait for their repeat."""

    def __init__(self, clock: Clock, timers: Timers) -> None:
        self._clock = clock
        self._timers = timers
        self._runs: dict[str, Run[R]] = {}

    def started(self, call: Call, patience: float) -> None:
        """An approved call is on its way; its client waits for `patience` seconds in all, counted from its arrival."""
        gone = max(0.0, self._clock.now() - call.arrived)
        run: Run[R] = Run(call, gives_up_at=self._clock.monotonic() + patience * MARGIN - gone)
        self._runs[call.id] = run

    def cancelled(self, call: Call, *, keep: float, forgotten: Callable[[list[R]], None]) -> None:
        """The client cancelled a running call. If no result comes within `keep` seconds the run is forgotten."""
        if (run := self._runs.get(call.id)) is not None:
            run.cancelled = True
            self._forget_later(run, keep, forgotten)

    def find(self, call: Call) -> Run[R] | None:
        """The run of which `call` is a repeat by a client that gave up, if there is one."""
        for run in self._runs.values():
            if _key(run.call) == _key(call) and (run.result is not None or self._gave_up(run)):
                return run
        return None

    def wait(self, run: Run[R], request: R, patience: float, impatient: Callable[[R], None]) -> None:
        """Let a repeat wait for the result of `run`; after `patience` seconds without one `impatient` is called."""

        def give_up() -> None:
            run.requests[:] = [(waiting, timer) for waiting, timer in run.requests if waiting is not request]
            impatient(request)

        run.requests.append((request, self._timers.call_later(patience, give_up)))

    def withdraw(self, wanted: Callable[[R], bool]) -> bool:
        """Let no request wait any more for which `wanted` holds; whether there was one."""
        for run in self._runs.values():
            for request, timer in run.requests:
                if wanted(request):
                    timer.cancel()
                    run.requests.remove((request, timer))
                    return True
        return False

    def finished(self, call: Call, result: bytes | None, *, keep: float) -> list[R]:
        """A run ended, with a result or with none worth keeping; the repeats that waited for it are returned."""
        run = self._runs.get(call.id)
        if run is None:
            return []
        requests = _released(run)
        if result is not None and self._gave_up(run) and not requests:
            run.result = result
            self._forget_later(run, keep, lambda _: None)
        else:
            self._forget(run)
        return requests

    def taken(self, run: Run[R]) -> None:
        """The kept result went to its repeat: the next identical call is a new one."""
        self._forget(run)

    def leave(self, session: str) -> None:
        """Forget everything of a client that went away."""
        for run in [run for run in self._runs.values() if run.call.caller.session == session]:
            _released(run)
            self._forget(run)

    def _gave_up(self, run: Run[R]) -> bool:
        return run.cancelled or self._clock.monotonic() >= run.gives_up_at

    def _forget_later(self, run: Run[R], seconds: float, forgotten: Callable[[list[R]], None]) -> None:
        def forget() -> None:
            self._forget(run)
            forgotten(_released(run))

        if run.timer is not None:
            run.timer.cancel()
        run.timer = self._timers.call_later(seconds, forget)

    def _forget(self, run: Run[R]) -> None:
        if run.timer is not None:
            run.timer.cancel()
        self._runs.pop(run.call.id, None)


def _released(run: Run[R]) -> list[R]:
    """The repeats that wait for the run, their timers stopped."""
    requests, run.requests = run.requests, []
    for _, timer in requests:
        timer.cancel()
    return [request for request, _ in requests]


def _key(call: Call) -> tuple[str, str, str, str]:
    return (call.digest, call.caller.session, call.caller.grant, call.caller.server)
