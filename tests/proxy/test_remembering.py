"""Answers that stand are written down first, told of, and end; what cannot be written does not stand."""

import dataclasses
from pathlib import Path

import msgspec
import pytest
from fake_journal import FakeJournal
from sample_calls import call, caller
from sample_standing import CHANGED, DEFINITION, answer, asked, standing, wish
from still_time import NOON, StillTime

from approver.events import AnswerForgotten, AnswerNotRemembered, AnswerRemembered, Event, Events
from approver.journal.verify import verify
from approver.journal.writer import Journal
from approver.model import AnswerKind, EntryKind, ToolDefinition
from approver.proxy.remembering import Remembering
from approver.standing_model import Lifetime, Reach, Standing, StandingState

ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY


class Room:
    """A journal in memory, still time, and whoever listens."""

    def __init__(self) -> None:
        self.time = StillTime()
        self.journal = FakeJournal()
        self.heard: list[Event] = []
        self.commits = 0
        events = Events()
        events.subscribe(self.heard.append)
        self.remembering = Remembering(self.journal, self.time, events, self.commit)

    def commit(self) -> None:
        self.commits += 1

    def make(self, *wished: object, kind: AnswerKind = ALLOW, **more: object) -> Standing | None:
        return self.remembering.make(asked(**more), answer(kind, wish(*wished), "Not there." if kind is DENY else ""))

    def settle(self) -> None:
        self.journal.save_standing(self.remembering.take_changes())
        self.journal.flush()


@pytest.fixture
def room() -> Room:
    return Room()


def test_it_is_on_the_disk_before_it_stands(room: Room) -> None:
    made = room.make()
    assert room.heard == [AnswerRemembered(made)]
    assert room.journal.writes == ["durable"]
    (row,) = room.journal.rows
    assert (row.kind, row.outcome, row.by, row.shown) == (EntryKind.NOTICE, "remembered", "window", "f00d")
    assert row.message == f"Remembered as {made.id}: Tester may run write on files with any arguments, always."
    assert (row.client, row.grant, row.server, row.tool, row.digest) == (
        "Tester", "local", "files", "write", made.digest
    )  # fmt: skip
    assert msgspec.json.decode(row.detail, type=Standing) == made
    assert room.journal.standing == {made.id: StandingState(made.id, 1)}
    assert [kept.standing for kept in room.remembering.all()] == [made]


def test_what_cannot_be_written_does_not_stand_and_says_so(room: Room) -> None:
    room.journal.fails = lambda: True
    assert room.make() is None
    (told,) = room.heard
    assert isinstance(told, AnswerNotRemembered)
    assert told.sentence == "Nothing is remembered: database or disk is full"
    assert room.remembering.recall(call("write"), DEFINITION) == (None, None)
    room.journal.fails = lambda: False
    room.settle()
    assert room.journal.standing == {}


def test_what_cannot_stand_says_why_and_writes_nothing(room: Room) -> None:
    assert room.make(definition=None) is None
    (told,) = room.heard
    assert told.sentence.endswith("Nothing is remembered: only this one call is answered.")
    assert room.journal.rows == []


def test_it_answers_from_then_on_and_its_uses_are_kept(room: Room) -> None:
    made = room.make(kind=DENY)
    room.time.advance(60)
    memory = room.remembering.recall(call("write"), DEFINITION)
    assert memory.answer is not None
    assert (memory.answer.kind, memory.answer.reason, memory.answer.by) == (DENY, "Not there.", f"remembered {made.id}")
    room.settle()
    assert room.journal.standing[made.id] == StandingState(made.id, 1, uses=1, last_used=NOON + 60)


def test_a_newer_one_about_the_same_calls_takes_the_place_of_the_older(room: Room) -> None:
    older, newer = room.make(), room.make(kind=DENY)
    assert [kept.standing for kept in room.remembering.all()] == [newer]
    assert AnswerForgotten(older.id, f"{newer.id} took its place") in room.heard


def test_a_changed_definition_voids_it_once_and_is_written_down(room: Room) -> None:
    made = room.make()
    for _ in range(2):
        assert room.remembering.recall(call("write"), CHANGED) == (None, made)
    room.settle()
    assert [row.outcome for row in room.journal.rows] == ["remembered", "forgotten"]
    assert "the server changed what it says of the tool" in room.journal.rows[-1].message
    assert room.journal.standing[made.id].is_void is True
    assert room.commits == 1


def test_it_is_revoked_at_once_and_for_good(room: Room) -> None:
    made = room.make()
    assert room.remembering.revoke(made.id, "window") == made
    assert room.remembering.revoke(made.id, "window") is None
    assert room.remembering.recall(call("write"), DEFINITION) == (None, None)
    room.settle()
    assert room.journal.standing == {}
    assert room.journal.rows[-1].message.startswith(
        f"The remembered answer {made.id} stands no longer: revoked by window."
    )
    assert AnswerForgotten(made.id, "revoked by window") in room.heard


def test_what_a_person_takes_back_is_written_at_once(room: Room) -> None:
    """Whoever was told that it is gone must not meet it again after a crash."""
    made = room.make()
    room.remembering.commit_now = room.settle
    room.remembering.revoke(made.id, "terminal")
    assert room.journal.standing == {}
    room.remembering.revoke(made.id, "terminal")
    assert [row.outcome for row in room.journal.rows] == ["remembered", "forgotten"]


def test_a_definition_that_changes_and_changes_back_between_two_calls_voids_it_too(room: Room) -> None:
    made, denial = room.make(), room.make(kind=DENY, of=call("write", by=caller("s2", client="Other")))
    room.remembering.learned("files", [CHANGED, ToolDefinition("read", digest="d3")])
    room.remembering.learned("other", [CHANGED])
    room.remembering.learned("files", [DEFINITION, CHANGED])
    assert room.remembering.recall(call("write"), DEFINITION) == (None, made)
    assert [kept.state.is_void for kept in room.remembering.all()] == [True, False]
    assert [one.id for one in room.heard if isinstance(one, AnswerForgotten)] == [made.id]
    assert denial is not None


def test_an_approval_ends_where_its_names_mean_another_server_or_grant(room: Room) -> None:
    """A grant that was taken back and made anew for somebody else, or another program under the server's name."""
    here, there = (dataclasses.replace(call("write", {"path": "/b"}), place=place) for place in ("here", "there"))
    made = room.make(of=here)
    denial = room.make(Reach.ARGUMENTS, kind=DENY, of=dataclasses.replace(call("write"), place="here"))
    assert (made.place, denial.place) == ("here", "here")
    assert room.remembering.recall(here, DEFINITION).answer is not None
    assert room.remembering.recall(there, DEFINITION) == (None, None)
    assert [kept.standing for kept in room.remembering.all()] == [denial]
    assert room.remembering.recall(here, DEFINITION) == (None, None)
    assert "another one by now" in room.heard[-1].why


def test_one_for_a_session_ends_with_it(room: Room) -> None:
    room.make(Reach.TOOL, Lifetime.SESSION)
    room.make(Reach.TOOL, Lifetime.SESSION, by=caller("s2"))
    room.remembering.leave("s1")
    assert [kept.standing.session for kept in room.remembering.all()] == ["s2"]
    assert "the client's session ended" in room.heard[-1].why


def test_a_timed_one_ends_by_the_clock(room: Room) -> None:
    made = room.make(Reach.TOOL, Lifetime.UNTIL)
    room.time.advance(3600)
    assert room.remembering.all() == ()
    assert AnswerForgotten(made.id, "its time was over") in room.heard
    assert room.remembering.revoke(made.id, "window") is None


def test_a_clock_that_is_set_back_prolongs_nothing(room: Room) -> None:
    made = room.make(Reach.TOOL, Lifetime.UNTIL)
    room.time.set_wall(-86_400)
    room.time.advance(3599)
    assert room.remembering.recall(call("write"), DEFINITION).answer is not None
    room.time.advance(1)
    assert room.remembering.recall(call("write"), DEFINITION) == (None, None)
    assert room.heard == [AnswerRemembered(made), AnswerForgotten(made.id, "its time was over")]
    assert room.make(Reach.TOOL, Lifetime.UNTIL, kind=DENY) is not None  # counted from the clock as it is now
    room.time.advance(3600)
    assert len(room.remembering.all()) == 1


def test_a_clock_that_is_put_forward_ends_it(room: Room) -> None:
    room.make(Reach.TOOL, Lifetime.UNTIL)
    room.time.set_wall(3600)
    assert room.remembering.recall(call("write"), DEFINITION) == (None, None)
    room.time.set_wall(-3600)
    assert room.remembering.all() == ()


def test_after_a_restart_those_stand_that_are_to(room: Room) -> None:
    always = room.make()
    session, timed = room.make(Reach.TOOL, Lifetime.SESSION), room.make(Reach.ARGUMENTS, Lifetime.UNTIL)
    rows = [
        (state, next(row.detail for row in room.journal.rows if f'"{name}"' in row.detail))
        for name, state in room.journal.standing.items()
    ]
    later = Room()
    later.time.advance(3600)
    assert later.remembering.load(rows) == []
    assert [kept.standing for kept in later.remembering.all()] == [always]
    assert [one.id for one in later.heard] == [session.id, timed.id]
    assert later.remembering.recall(call("write"), DEFINITION).answer is not None


@pytest.mark.parametrize("text", ["", "{", '{"id": "abc234"}', msgspec.json.encode(standing(name="another")).decode()])
def test_one_without_a_proper_row_does_not_stand(room: Room, text: str) -> None:
    (problem,) = room.remembering.load([(StandingState("abc234", 7), text)])
    assert "abc234 has no proper row in the log" in problem
    room.settle()
    assert (room.remembering.all(), room.journal.standing) == ((), {})


def test_one_that_the_journal_knows_as_over_stands_no_more(room: Room) -> None:
    made = standing()
    state = StandingState(made.id, 7, is_over=True)
    assert room.remembering.load([(state, msgspec.json.encode(made).decode())]) == []
    assert room.remembering.all() == ()
    assert room.remembering.recall(call("write"), DEFINITION) == (None, None)


def test_of_a_huge_definition_only_the_digest_is_kept(room: Room) -> None:
    huge = ToolDefinition("write", description="x" * 100_000, digest="d1")
    made = room.make(definition=huge)
    assert made.definition == ToolDefinition("write", digest="d1")
    assert room.remembering.recall(call("write"), huge).answer is not None


def test_names_are_never_given_twice(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("a" * 12 + "b" * 6)
    monkeypatch.setattr("approver.proxy.remembering.secrets.choice", lambda _: next(letters))
    first, second = room.make(Reach.ARGUMENTS), room.make()
    assert (first.id, second.id) == ("aaaaaa", "bbbbbb")
    assert dataclasses.replace(first, id="") != dataclasses.replace(second, id="")


def test_in_a_real_journal_it_survives_the_engine_and_the_chain_holds(tmp_path: Path) -> None:
    path, time = tmp_path / "journal.db", StillTime()
    journal = Journal(path, time)
    remembering = Remembering(journal, time, Events(), lambda: None)
    made = remembering.make(asked(), answer(ALLOW, wish(Reach.FIELDS, Lifetime.ALWAYS, "path")))
    ended = remembering.make(asked(), answer(ALLOW, wish(Reach.TOOL, Lifetime.SESSION)))
    remembering.recall(call("write", {"path": "/a"}), DEFINITION)
    journal.save_standing(remembering.take_changes())
    journal.close()
    journal = Journal(path, time)
    remembering = Remembering(journal, time, Events(), lambda: None)
    assert remembering.load(journal.load_standing()) == []
    (kept,) = remembering.all()
    assert (kept.standing, kept.state.uses) == (made, 1)
    assert remembering.recall(call("write", {"path": "/a", "more": 1}), DEFINITION).answer is not None
    assert ended is not None
    journal.save_standing(remembering.take_changes())
    journal.close()
    assert verify(path, None).is_whole
