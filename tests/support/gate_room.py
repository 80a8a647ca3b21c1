"""A gate with real policies, ledger, queue and kept results around it, a journal that can fail, and time held still.

Requests that are judged here check, when their ruling comes, that it was written down before.
"""

import json
from typing import Any

from fake_journal import FakeJournal
from sample_calls import caller
from still_time import NOON, StillTime

from approver.approvals.queue import ApprovalQueue
from approver.approvals.results import KeptResults
from approver.events import Event, Events
from approver.model import Answer, AnswerKind, Call, Caller, CounterKey, PendingQuestion, ToolDefinition
from approver.policy import document
from approver.policy.limits import Ledger, window_start
from approver.policy.rules import Policy
from approver.proxy.gate import Gate
from approver.proxy.remembering import Remembering
from approver.proxy.rulings import Forward, Kept, Reply, Ruling, Unasked, Waiting

LIMIT = {"counter": "calls", "window": "hour", "max": 3, "scope": "grant"}
POLICY: dict[str, Any] = {
    "version": "1",
    "default": "deny",
    "hide": ["secret"],
    "tools": {
        "read": {},
        "count": {"limits": [LIMIT]},
        "write": {"require_approval": [{"conditions": [], "reason": "Writes."}], "limits": [LIMIT]},
        "rm": {"deny_if": [{"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc"}]}]},
    },
}


class Surroundings:
    """What the gate looks up; a test changes it as it likes."""

    def __init__(self) -> None:
        self.policy: Policy | None = document.parse(json.dumps(POLICY))
        self.patience_seconds = 50.0
        self.open_seconds = 600.0
        self.progress_seconds = 5.0
        self.kept_result_seconds = 300.0
        self.panic: str | None = None
        self.pause: str | None = None
        self.known: dict[str, ToolDefinition] = {}
        self.hidden: set[str] = set()

    def policy_for(self, server: str, grant: str) -> Policy | None:
        """The policy in force."""
        return self.policy

    def patience(self, caller: Caller) -> float:
        """Seconds that a request may be held."""
        return self.patience_seconds

    def definition(self, call: Call) -> ToolDefinition | None:
        """What the server says of the tool."""
        return self.known.get(call.tool)

    def panic_message(self) -> str | None:
        """Why everything is denied now."""
        return self.panic

    def unasked(self, caller: Caller) -> Unasked | None:
        """Why nobody is asked now."""
        return Unasked("(asking paused)", self.pause, "asking is paused") if self.pause is not None else None


class Asked:
    """A request as the gate knows it; its ruling is noted with whether it was written down before."""

    def __init__(self, journal: FakeJournal, call: Call) -> None:
        self._journal = journal
        self.call = call
        self.rulings: list[Ruling] = []
        self.progress: list[int] = []

    def deliver(self, ruling: Ruling) -> None:
        """Take the ruling."""
        self.rulings.append(ruling)
        is_written = any(row.call == ruling.call.id for row in self._journal.rows)
        if isinstance(ruling, Forward | Kept):
            assert is_written, "a call got through that stands nowhere"

    def tell_progress(self, count: int) -> None:
        """Note progress."""
        self.progress.append(count)

    @property
    def forwarded(self) -> Forward | None:
        """The ruling by which the call was forwarded, if it was."""
        (ruling,) = self.rulings or (None,)
        return ruling if isinstance(ruling, Forward) else None

    @property
    def text(self) -> str | None:
        """What the client reads in place of a result, if it does."""
        (ruling,) = self.rulings or (None,)
        return ruling.result["content"][0]["text"] if isinstance(ruling, Reply) else None

    @property
    def kept(self) -> bytes | None:
        """The kept result that the request was answered with, if it was."""
        (ruling,) = self.rulings or (None,)
        return ruling.result if isinstance(ruling, Kept) else None


class GateRoom:
    """One gate and all that it works with."""

    def __init__(self) -> None:
        self.time = StillTime()
        self.place = "here"
        self.events = Events()
        self.heard: list[Event] = []
        self.events.subscribe(self.heard.append)
        self.journal = FakeJournal()
        self.ledger = Ledger()
        self.around = Surroundings()
        self.problems: list[str | None] = []
        self.queue: ApprovalQueue[Waiting] = ApprovalQueue(self.time, self.time, self.events)
        self.kept: KeptResults[Waiting] = KeptResults(self.time, self.time)
        self.remembered = Remembering(self.journal, self.time, self.events, lambda: None)
        self.gate = Gate(
            journal=self.journal,
            ledger=self.ledger,
            queue=self.queue,
            kept=self.kept,
            remembered=self.remembered,
            surroundings=self.around,
            clock=self.time,
            events=self.events,
            on_problem=self.problems.append,
            place_of=lambda server, grant: self.place,
        )

    def set_policy(self, policy: Any) -> None:
        """Put another policy in force."""
        self.around.policy = None if policy is None else document.parse(json.dumps(policy))

    def judge(self, tool: str, arguments: Any = None, *, by: Caller | None = None, **more: Any) -> Asked:
        """Have a call judged, as a front does, without the commit that follows."""
        params = {"name": tool, "arguments": arguments or {}, **more}
        call = self.gate.freeze(by or caller(), params)
        request = Asked(self.journal, call)
        self.gate.judge(call, request)
        return request

    def call(self, tool: str, arguments: Any = None, *, by: Caller | None = None, **more: Any) -> Asked:
        """Have a call judged and the batch committed."""
        request = self.judge(tool, arguments, by=by, **more)
        self.gate.commit()
        return request

    def question(self) -> PendingQuestion:
        """The newest open question."""
        return self.queue.pending()[-1]

    def approve(self, question_id: str | None = None) -> None:
        """Approve the newest open question, or the one of that id."""
        answer = Answer(AnswerKind.ALLOW, "window", shown="f00d")
        self.gate.answer(question_id or self.question().id, answer)

    def deny(self, reason: str = "") -> None:
        """Deny the newest open question."""
        self.gate.answer(self.question().id, Answer(AnswerKind.DENY, "window", reason, shown="f00d", detail='{"x":1}'))

    def used(self, tool: str = "write") -> float:
        """What all calls of a limited tool have drawn so far, in every window."""
        counter = CounterKey("files", "local", f"/tools/{tool}", "calls", "hour")
        hours = range(window_start("hour", NOON), int(self.time.now()) + 1, 3600)
        return sum(self.ledger.used(counter, start) for start in hours)
