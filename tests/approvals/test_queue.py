"""The queue of questions: each ends exactly once, in one of its named ways, and tells its owner so."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sample_calls import ALLOW, DENY, asked, call, caller
from sample_standing import standing
from still_time import NOON, StillTime

from approver.approvals import queue as queue_module
from approver.approvals.queue import ApprovalQueue, Ending, NotWaiting, Question
from approver.events import Event, Events, QuestionChanged, QuestionEnded, QuestionOpened
from approver.model import Outcome, ToolDefinition

LIFE = 600.0


class Owner:
    """Writes down what it is told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple] = []

    def question_ended(self, question: Question[str], ending: Ending) -> None:
        self.told.append(("ended", question.id, ending.outcome, question.request))

    def admission_expired(self, question: Question[str]) -> None:
        self.told.append(("admission expired", question.id))

    def patience_ended(self, question: Question[str], request: str) -> None:
        self.told.append(("patience ended", question.id, request))

    def progress_due(self, question: Question[str], request: str) -> None:
        self.told.append(("progress", question.id, request))


@pytest.fixture
def time() -> StillTime:
    return StillTime()


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def heard(events: Events) -> list[Event]:
    heard: list[Event] = []
    events.subscribe(heard.append)
    return heard


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def queue(time: StillTime, events: Events, owner: Owner) -> ApprovalQueue[str]:
    queue: ApprovalQueue[str] = ApprovalQueue(time, time, events)
    queue.owned_by(owner)
    return queue


def ask(queue, request="request", *, about=None, patience=50.0, progress=None) -> Question[str]:
    """Open a question on which a request waits, as the gate does."""
    question = queue.open(about or call(), asked(), life=LIFE)
    queue.announce(question)
    if request is not None:
        queue.wait(question, request, patience=patience, progress=progress)
    return question


def test_an_open_question_is_seen_with_all_that_is_known_of_it(queue, heard) -> None:
    about, definition = call(), ToolDefinition("write", description="Writes.")
    question = queue.open(about, asked("/tools/write/require_approval/always"), life=LIFE, definition=definition)
    queue.wait(question, "request", patience=50, progress=None)
    assert heard == [], "an opened question is shown only after it is written down"
    queue.announce(question)
    (seen,) = queue.pending()
    assert heard == [QuestionOpened(seen)]
    assert (seen.id, seen.call, seen.rule, seen.reason) == (question.id, about, asked().rule, "Writes to a disk.")
    assert (seen.since, seen.expires, seen.patience_ends) == (NOON, NOON + LIFE, NOON + 50)
    assert (seen.definition, seen.waiting, len(queue)) == (definition, True, 1)


def test_open_questions_are_listed_oldest_first(queue, time) -> None:
    names = []
    for _ in range(3):
        names.append(ask(queue).id)
        time.advance(1)
    assert [seen.id for seen in queue.pending()] == names


def test_its_owner_sees_the_open_questions_themselves(queue) -> None:
    questions = ask(queue), ask(queue)
    queue.answer(questions[0].id, DENY, life=LIFE)
    assert queue.questions() == (questions[1],)


def test_an_approval_that_became_void_is_shown_with_the_question_that_it_would_have_answered(queue, heard) -> None:
    question, void = ask(queue), standing()
    heard.clear()
    queue.lapse(question, void)
    assert heard == [QuestionChanged(question.snapshot())] and queue.pending()[0].lapsed == void
    queue.lapse(question, void)
    assert len(heard) == 1, "what is shown already is not told again"


def test_a_name_in_use_is_not_given_again(queue, monkeypatch) -> None:
    letters = iter("aaaaa" + "bbbbb" + "aaaaa" + "bbbbb" + "ccccc")
    monkeypatch.setattr(queue_module.secrets, "choice", lambda _: next(letters))
    admitted = ask(queue, None)
    queue.answer(admitted.id, ALLOW, life=LIFE)
    assert [admitted.id, ask(queue).id, ask(queue).id] == ["aaaaa", "bbbbb", "ccccc"]


@pytest.mark.parametrize(("answer", "outcome"), [(ALLOW, Outcome.APPROVED), (DENY, Outcome.DENIED_BY_USER)])
def test_an_answer_ends_a_question_and_reaches_the_request_that_waits(
    queue, owner, heard, time, answer, outcome
) -> None:
    question = ask(queue)
    time.advance(3)
    assert queue.answer(question.id, answer, life=LIFE) is question
    assert owner.told == [("ended", question.id, outcome, "request")]
    assert question.ending == Ending(outcome, "window", 3.0, answer)
    assert heard[-1] == QuestionEnded(question.id, outcome.value, "window")
    assert (len(queue), queue.pending(), time.waiting) == (0, (), 0)
    assert queue.take_admission(call()) is None, "the request that waited has used the approval"


def test_an_answer_given_twice_is_refused_with_a_sentence(queue, owner) -> None:
    question = ask(queue)
    queue.answer(question.id, DENY, life=LIFE)
    with pytest.raises(NotWaiting, match=rf"No call with the id {question.id} is waiting"):
        queue.answer(question.id, ALLOW, life=LIFE)
    assert len(owner.told) == 1


def test_an_unanswered_question_expires(queue, owner, heard, time) -> None:
    question = ask(queue, patience=LIFE + 1)
    time.advance(LIFE)
    assert owner.told == [("ended", question.id, Outcome.EXPIRED, "request")]
    assert heard[-1] == QuestionEnded(question.id, "expired", "time")
    with pytest.raises(NotWaiting):
        queue.answer(question.id, ALLOW, life=LIFE)
    assert time.waiting == 0


def test_patience_and_life_that_end_together_answer_the_request_once(queue, owner, time) -> None:
    question = ask(queue, patience=LIFE)
    time.advance(LIFE)
    assert owner.told == [("ended", question.id, Outcome.EXPIRED, "request")]


def test_patience_ends_the_wait_and_not_the_question(queue, owner, heard, time) -> None:
    question = ask(queue, progress=5)
    time.advance(52)
    assert owner.told[-1] == ("patience ended", question.id, "request")
    (seen,) = queue.pending()
    assert (seen.waiting, seen.patience_ends) == (False, None)
    assert heard[-1] == QuestionChanged(seen)
    time.advance(20)
    assert owner.told[-1] == ("patience ended", question.id, "request"), "no progress after the reply"


def test_progress_is_told_at_every_interval_while_the_request_waits(queue, owner, time) -> None:
    question = ask(queue, progress=5)
    time.advance(17)
    assert owner.told == [("progress", question.id, "request")] * 3
    queue.answer(question.id, DENY, life=LIFE)
    time.advance(60)
    assert len(owner.told) == 4


def test_a_repeat_attaches_to_a_question_on_which_nobody_waits(queue, owner, heard, time) -> None:
    question = ask(queue)
    assert queue.reattachable(call()) is None, "the first request still waits"
    time.advance(50)
    again = queue.reattachable(call())
    assert again is question
    queue.attach(again, "repeat", patience=50, progress=5)
    (seen,) = queue.pending()
    assert heard[-1] == QuestionChanged(seen)
    assert (seen.waiting, seen.patience_ends) == (True, time.now() + 50)
    assert queue.reattachable(call()) is None
    time.advance(5)
    queue.answer(question.id, ALLOW, life=LIFE)
    assert owner.told[1:] == [
        ("progress", question.id, "repeat"),
        ("ended", question.id, Outcome.APPROVED, "repeat"),
    ]


def test_the_patience_of_a_repeat_counts_from_the_repeat(queue, owner, time) -> None:
    question = ask(queue)
    time.advance(60)
    queue.attach(question, "repeat", patience=50, progress=None)
    time.advance(49)
    assert queue.pending()[0].waiting
    time.advance(1)
    assert owner.told[-1] == ("patience ended", question.id, "repeat")


OTHERS = [
    {"arguments": {"path": "/b"}},
    {"by": caller("s2")},
    {"by": caller(grant="ci")},
    {"by": caller(server="mail")},
    {"extra": {"task": {}}},
    {"tool": "read"},
]


@pytest.mark.parametrize("other", OTHERS)
def test_only_the_same_call_of_the_same_client_attaches(queue, time, other) -> None:
    ask(queue, about=call(arguments={"path": "/a"}))
    time.advance(50)
    assert queue.reattachable(call(**{"arguments": {"path": "/a"}, **other})) is None


@pytest.mark.parametrize("other", OTHERS)
def test_only_the_same_call_of_the_same_client_is_admitted(queue, time, other) -> None:
    question = ask(queue, about=call(arguments={"path": "/a"}))
    time.advance(50)
    queue.answer(question.id, ALLOW, life=LIFE)
    assert queue.take_admission(call(**{"arguments": {"path": "/a"}, **other})) is None
    assert queue.take_admission(call(arguments={"path": "/a"})) is question, "it was not used up by another's call"


def test_a_late_approval_admits_exactly_one_call(queue, owner, time) -> None:
    question = ask(queue)
    time.advance(50)
    queue.answer(question.id, ALLOW, life=LIFE)
    assert owner.told[-1] == ("ended", question.id, Outcome.APPROVED, None)
    assert queue.reattachable(call()) is None
    assert queue.take_admission(call()) is question
    assert queue.take_admission(call()) is None
    time.advance(LIFE)
    assert len(owner.told) == 2, "an admission that was used does not run out"


def test_a_late_denial_admits_nothing(queue, time) -> None:
    question = ask(queue)
    time.advance(50)
    queue.answer(question.id, DENY, life=LIFE)
    assert queue.take_admission(call()) is None


def test_an_admission_that_nobody_uses_runs_out_once(queue, owner, time) -> None:
    question = ask(queue)
    time.advance(50)
    queue.answer(question.id, ALLOW, life=LIFE)
    time.advance(LIFE - 1)
    assert owner.told[-1] == ("ended", question.id, Outcome.APPROVED, None)
    time.advance(1)
    assert owner.told[-1] == ("admission expired", question.id)
    assert queue.take_admission(call()) is None
    assert time.waiting == 0


def test_two_late_approvals_of_identical_calls_admit_two(queue, owner, time) -> None:
    first, second = ask(queue), ask(queue)
    time.advance(50)
    queue.answer(first.id, ALLOW, life=LIFE)
    time.advance(30)
    queue.answer(second.id, ALLOW, life=LIFE)
    time.advance(LIFE - 30)
    assert owner.told[-1] == ("admission expired", first.id)
    assert queue.take_admission(call()) is second, "the end of one approval leaves the other alone"
    assert queue.take_admission(call()) is None


def test_a_question_is_found_by_the_request_that_waits_on_it(queue, time) -> None:
    ask(queue, "one", patience=10)
    second = ask(queue, "two")
    time.advance(10)
    assert queue.waited_on_by(lambda request: request == "two") is second
    assert queue.waited_on_by(lambda request: request == "one") is None


def test_an_aborted_question_is_over(queue, owner, heard) -> None:
    question = ask(queue)
    queue.abort(question, "client cancelled")
    assert owner.told == [("ended", question.id, Outcome.ABORTED, "request")]
    assert heard[-1] == QuestionEnded(question.id, "aborted", "client cancelled")
    queue.abort(question, "client cancelled")
    assert len(owner.told) == 1


def test_a_client_that_leaves_takes_its_questions_and_approvals_along(queue, owner, time) -> None:
    approved = ask(queue, patience=10)
    time.advance(10)
    queue.answer(approved.id, ALLOW, life=LIFE)
    theirs = ask(queue, about=call(by=caller("s2")))
    mine = ask(queue)
    owner.told.clear()
    queue.leave("s1")
    assert owner.told == [("ended", mine.id, Outcome.ABORTED, "request"), ("admission expired", approved.id)]
    assert [seen.id for seen in queue.pending()] == [theirs.id]
    assert queue.take_admission(call()) is None


def test_shutting_down_ends_everything(queue, owner, time) -> None:
    approved = ask(queue, patience=10)
    time.advance(10)
    queue.answer(approved.id, ALLOW, life=LIFE)
    waiting = ask(queue)
    owner.told.clear()
    queue.shut_down()
    assert owner.told == [("ended", waiting.id, Outcome.SHUT_DOWN, "request"), ("admission expired", approved.id)]
    assert (len(queue), time.waiting) == (0, 0)


def test_an_approval_that_waits_for_its_repeat_can_be_taken_back(queue, owner, time) -> None:
    approved, waiting = ask(queue), ask(queue, about=call(arguments={"n": 2}))
    time.advance(50)
    queue.answer(approved.id, ALLOW, life=100)
    queue.take_back()
    assert queue.take_admission(approved.call) is None
    assert owner.told[-1] == ("admission expired", approved.id)
    assert [one.id for one in queue.pending()] == [waiting.id]


def test_a_definition_that_comes_late_is_shown_with_the_questions_it_belongs_to(queue, heard) -> None:
    question = ask(queue)
    others = [ask(queue, about=call("read")), ask(queue, about=call(by=caller(server="mail")))]
    heard.clear()
    definition = ToolDefinition("write", description="Writes.")
    queue.define("files", [definition, ToolDefinition("unlink")])
    assert heard == [QuestionChanged(question.snapshot())]
    assert question.definition is definition
    assert [other.definition for other in others] == [None, None]
    queue.define("files", [ToolDefinition("write", description="Something else.")])
    assert question.definition is definition, "what a person reads does not change under their eyes"


NAMES = st.sampled_from(["s1", "s2"])
PATHS = st.sampled_from(["/a", "/b"])
ANSWERS = st.sampled_from([ALLOW, DENY])
SECONDS = st.sampled_from([1.0, 20.0, 50.0, 100.0, 300.0])


class QueueMachine(RuleBasedStateMachine):
    """Clients that call, repeat, cancel and leave, a person who answers late or never, time that passes.

    The machine is the queue's owner; a request is the pair of its session and a number of its own.
    """

    @initialize()
    def begin(self) -> None:
        self.time, self.events = StillTime(), Events()
        self.queue: ApprovalQueue[tuple[str, int]] = ApprovalQueue(self.time, self.time, self.events)
        self.queue.owned_by(self)
        self.shown: list[Event] = []
        self.events.subscribe(self.shown.append)
        self.questions: dict[str, Question[tuple[str, int]]] = {}
        self.ends: Counter[str] = Counter()
        self.approved: Counter[str] = Counter()
        self.forwarded: Counter[str] = Counter()
        self.expired: Counter[str] = Counter()
        self.settled: Counter[tuple[str, int]] = Counter()
        self.requests: list[tuple[str, int]] = []

    # what the queue tells its owner

    def question_ended(self, question, ending) -> None:
        self.ends[question.id] += 1
        if question.request is not None:
            self.settle(question, question.request)
            if ending.outcome is Outcome.APPROVED:
                self.forwarded[question.id] += 1

    def admission_expired(self, question) -> None:
        self.expired[question.id] += 1

    def patience_ended(self, question, request) -> None:
        assert self.ends[question.id] == 0
        self.settle(question, request)

    def progress_due(self, question, request) -> None:
        assert self.settled[request] == 0
        assert self.ends[question.id] == 0

    def settle(self, question, request) -> None:
        assert question.call.caller.session == request[0], "an answer reached another client"
        self.settled[request] += 1

    # what happens

    @rule(session=NAMES, path=PATHS, progress=st.sampled_from([None, 5.0]))
    def call_a_tool(self, session, path, progress) -> None:
        request = (session, len(self.requests))
        self.requests.append(request)
        made = call(arguments={"path": path}, by=caller(session))
        if (admitted := self.queue.take_admission(made)) is not None:
            assert admitted.call.digest == made.digest
            self.forwarded[admitted.id] += 1
            self.settle(admitted, request)
        elif (question := self.queue.reattachable(made)) is not None:
            assert question.call.digest == made.digest
            self.queue.attach(question, request, patience=50, progress=progress)
        else:
            question = self.queue.open(made, asked(), life=LIFE)
            self.questions[question.id] = question
            self.queue.wait(question, request, patience=50, progress=progress)
            self.queue.announce(question)

    @rule(data=st.data(), answer=ANSWERS)
    def answer_any_question_there_ever_was(self, data, answer) -> None:
        if not self.questions:
            return
        name = list(self.questions)[data.draw(st.integers(0, len(self.questions) - 1))]
        is_open = self.ends[name] == 0
        try:
            self.queue.answer(name, answer, life=LIFE)
        except NotWaiting:
            assert not is_open
        else:
            assert is_open
            self.approved[name] += answer is ALLOW

    @rule(data=st.data())
    def cancel(self, data) -> None:
        waiting = [request for request in self.requests if not self.settled[request]]
        if waiting:
            request = data.draw(st.sampled_from(waiting))
            question = self.queue.waited_on_by(lambda one: one == request)
            assert question is not None
            self.queue.abort(question, "client cancelled")

    @rule(seconds=SECONDS)
    def pass_time(self, seconds) -> None:
        self.time.advance(seconds)

    @rule(session=NAMES)
    def leave(self, session) -> None:
        self.queue.leave(session)
        assert all(seen.call.caller.session != session for seen in self.queue.pending())
        assert all(self.settled[request] for request in self.requests if request[0] == session)

    @rule()
    def shut_down(self) -> None:
        self.queue.shut_down()
        assert len(self.queue) == 0
        assert self.time.waiting == 0

    # what holds at every moment

    @invariant()
    def every_question_is_open_or_has_ended_once(self) -> None:
        still_open = {seen.id for seen in self.queue.pending()}
        for name in self.questions:
            assert self.ends[name] == (0 if name in still_open else 1)
        ended = Counter(event.id for event in self.shown if isinstance(event, QuestionEnded))
        assert ended == self.ends

    @invariant()
    def nothing_is_forwarded_that_no_one_approved_and_nothing_twice(self) -> None:
        for name, count in self.forwarded.items():
            assert count + self.expired[name] <= self.approved[name] == 1

    @invariant()
    def every_request_waits_or_was_settled_once(self) -> None:
        for request in self.requests:
            question = self.queue.waited_on_by(lambda one, request=request: one == request)
            assert self.settled[request] + (question is not None) == 1


QueueMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
test_whatever_happens_each_question_ends_once_and_each_approval_admits_one_call = QueueMachine.TestCase
