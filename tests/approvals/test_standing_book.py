"""The book of standing decisions: denials first, void for good, ended by clock and session, and nothing else."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sample_calls import call, caller
from sample_standing import CHANGED, DEFINITION, asked, standing
from still_time import NOON

from approver.approvals.standing_book import NOTHING, Recalled, StandingBook
from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach, Standing, StandingState

ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY


def book_of(*decisions: Standing) -> StandingBook:
    book = StandingBook()
    for number, one in enumerate(decisions, start=1):
        book.add(one, StandingState(one.id, number))
    return book


def test_an_approval_answers_and_is_counted() -> None:
    book = book_of(made := standing())
    assert book.recall(call("write"), DEFINITION, NOON + 5) == Recalled(made)
    assert book.recall(call("write"), DEFINITION, NOON + 9).answer == made
    assert book.take_changes() == [StandingState(made.id, 1, uses=2, last_used=NOON + 9)]
    assert book.take_changes() == []


def test_what_nothing_covers_is_asked() -> None:
    book = book_of(standing(), standing(ALLOW, Reach.ARGUMENTS, name="other", question=asked({"path": "/z"})))
    assert book.recall(call("rm"), DEFINITION, NOON) == NOTHING
    assert StandingBook().recall(call("write"), DEFINITION, NOON) == NOTHING


def test_a_denial_beats_an_approval_whichever_is_older() -> None:
    approval, denial = standing(name="yes"), standing(DENY, Reach.ARGUMENTS, name="no")
    for book in (book_of(approval, denial), book_of(denial, approval)):
        assert book.recall(call("write", {"path": "/a", "mode": 1}), DEFINITION, NOON).answer == denial
        assert book.recall(call("write", {"path": "/b"}), DEFINITION, NOON).answer == approval


def test_another_definition_voids_an_approval_for_good() -> None:
    book = book_of(made := standing())
    assert book.recall(call("write"), CHANGED, NOON) == Recalled(lapsed=made, is_new=True)
    assert book.recall(call("write"), CHANGED, NOON) == Recalled(lapsed=made)
    assert book.recall(call("write"), DEFINITION, NOON) == Recalled(lapsed=made), "also if it changes back"
    assert book.take_changes() == [StandingState(made.id, 1, is_void=True)]
    assert [kept.state.is_void for kept in book.all()] == [True]


def test_without_a_known_definition_an_approval_answers_nothing_and_a_denial_does() -> None:
    book = book_of(standing())
    assert book.recall(call("write"), None, NOON) == NOTHING
    assert book.recall(call("write"), DEFINITION, NOON).answer is not None, "and it was not voided by that"
    assert book_of(standing(DENY)).recall(call("write"), None, NOON).answer is not None


def test_a_void_one_does_not_stand_in_the_way_of_another() -> None:
    wide, exact = standing(name="wide"), standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path", name="exact")
    book = book_of(wide)
    book.recall(call("write"), CHANGED, NOON)
    fresh = standing(
        ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path", name="fresh", question=asked(definition=CHANGED), definition="d2"
    )
    book.add(fresh, StandingState("fresh", 2))
    assert book.recall(call("write", {"path": "/a"}), CHANGED, NOON).answer == fresh
    assert book.same_as(exact) == [fresh]


def test_a_definition_that_is_heard_of_voids_approvals_of_that_servers_tool_for_good() -> None:
    approval, denial = standing(name="yes"), standing(DENY, name="no")
    book = book_of(approval, denial)
    assert book.learn("other", [CHANGED]) == []
    assert book.learn("files", [DEFINITION]) == []
    assert book.learn("files", [CHANGED, DEFINITION]) == [], "of a name that comes twice the last one counts"
    assert book.learn("files", [CHANGED]) == [approval]
    assert book.learn("files", [CHANGED]) == []
    assert {kept.standing.id: kept.state.is_void for kept in book.all()} == {"yes": True, "no": False}


def test_approvals_that_were_given_elsewhere_are_found() -> None:
    here, there = (replace(call("write"), place=place) for place in ("here", "there"))
    approval = standing(name="yes", question=asked(of=here))
    book = book_of(approval, standing(DENY, name="no", question=asked(of=here)))
    assert book.elsewhere(here) == []
    assert book.elsewhere(there) == [approval]


def test_it_ends_by_the_clock() -> None:
    book = book_of(standing(ALLOW, Reach.TOOL, Lifetime.UNTIL))
    assert book.recall(call("write"), DEFINITION, NOON + 3599).answer is not None
    assert book.over(NOON + 3599) == []
    assert book.recall(call("write"), DEFINITION, NOON + 3600) == NOTHING
    assert [one.id for one in book.over(NOON + 3600)] == ["abc234"]


def test_sessions_end_theirs_only() -> None:
    mine = standing(ALLOW, Reach.TOOL, Lifetime.SESSION, name="mine")
    theirs = standing(ALLOW, Reach.TOOL, Lifetime.SESSION, name="theirs", question=asked(by=caller("s2")))
    book = book_of(mine, theirs, standing(name="always"))
    assert book.of_session("s1") == [mine]
    assert book.of_session("") == []


def test_what_was_removed_answers_nothing_and_is_written_as_over() -> None:
    book = book_of(made := standing(), other := standing(DENY, Reach.ARGUMENTS, name="other"))
    assert "abc234" in book
    assert book.remove("abc234") == made
    assert book.remove("abc234") is None
    assert "abc234" not in book
    assert book.recall(call("write"), DEFINITION, NOON) == NOTHING
    assert book.take_changes() == [StandingState(made.id, 1, is_over=True)]
    assert book.remove("other") == other


class AnyHistory(RuleBasedStateMachine):
    """Decisions made, used, voided, ended in any order, against a plain list of what ought to stand."""

    @initialize()
    def begin(self) -> None:
        self.book = StandingBook()
        self.stands: dict[str, Standing] = {}
        self.void: set[str] = set()
        self.now = NOON
        self.count = 0

    @rule(kind=st.sampled_from(AnswerKind), lifetime=st.sampled_from(Lifetime), session=st.sampled_from(["s1", "s2"]))
    def make(self, kind: AnswerKind, lifetime: Lifetime, session: str) -> None:
        self.count += 1
        question = asked(by=caller(session))
        until = self.now + 100 if lifetime is Lifetime.UNTIL else None
        made = standing(kind, Reach.TOOL, lifetime, name=f"d{self.count}", question=question, until=until)
        self.book.add(made, StandingState(made.id, self.count))
        self.stands[made.id] = made

    @rule(seconds=st.sampled_from([1, 99, 150]))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        for over in self.book.over(self.now):
            self.book.remove(over.id)
            assert self.stands.pop(over.id).until <= self.now

    @rule(session=st.sampled_from(["s1", "s2"]))
    def leave(self, session: str) -> None:
        for ended in self.book.of_session(session):
            self.book.remove(ended.id)
            del self.stands[ended.id]

    @rule(session=st.sampled_from(["s1", "s2"]), definition=st.sampled_from([DEFINITION, CHANGED, None]))
    def ask(self, session: str, definition) -> None:
        recalled = self.book.recall(call("write", by=caller(session)), definition, self.now)
        if definition is CHANGED and not self.denials(session):
            self.void.update(one.id for one in self.covering(session) if one.kind is ALLOW)
        if (found := recalled.answer) is not None:
            assert found in self.covering(session)
            assert found.id not in self.void
            assert found.kind is DENY or (definition is DEFINITION and not self.denials(session))
        elif definition is DEFINITION:
            assert [one for one in self.covering(session) if one.id not in self.void] == []

    def covering(self, session: str) -> list[Standing]:
        return [one for one in self.stands.values() if one.session in ("", session)]

    def denials(self, session: str) -> list[Standing]:
        return [one for one in self.covering(session) if one.kind is DENY]

    @invariant()
    def the_book_holds_what_stands(self) -> None:
        assert {kept.standing.id for kept in self.book.all()} == set(self.stands)
        assert {kept.standing.id for kept in self.book.all() if kept.state.is_void} == self.void & set(self.stands)


TestAnyHistory = AnyHistory.TestCase
