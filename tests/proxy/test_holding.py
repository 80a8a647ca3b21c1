"""What was decided waits until it is written down; what cannot be written is denied, every bit of it."""

import pytest
from gate_room import GateRoom
from still_time import NOON

from approver.events import CallJudged, QuestionOpened
from approver.model import Outcome
from approver.proxy import replies


@pytest.fixture
def room() -> GateRoom:
    return GateRoom()


def test_nothing_goes_out_before_the_commit_and_everything_with_it(room: GateRoom) -> None:
    allowed, denied, asked = room.judge("read"), room.judge("unknown"), room.judge("write")
    assert (allowed.rulings, denied.rulings, room.heard) == ([], [], [])
    assert room.gate.has_rulings is True
    room.gate.commit()
    assert room.gate.has_rulings is False
    assert allowed.forwarded is not None
    assert denied.text is not None
    assert asked.rulings == []
    assert [type(event) for event in room.heard] == [QuestionOpened, CallJudged, CallJudged, CallJudged]


@pytest.mark.parametrize(
    ("how", "written"),
    [({}, ["kept"]), ({"settle": True}, ["flushed"]), ({"durable": True}, ["durable"])],
)
def test_it_is_written_as_safely_as_somebody_needs_it(room: GateRoom, how: dict[str, bool], written: list[str]) -> None:
    room.judge("read")
    room.gate.commit(**how)
    assert room.journal.writes == written


def test_a_question_is_on_the_disk_before_it_is_shown(room: GateRoom) -> None:
    room.call("write")
    assert room.journal.writes == ["durable"]


def test_what_cannot_be_written_is_denied_and_gives_back_what_it_drew(room: GateRoom) -> None:
    room.journal.fails = lambda: True
    allowed, asked, denied = room.judge("count"), room.judge("write"), room.judge("unknown")
    room.gate.commit()
    for one in (allowed, asked, denied):
        assert one.text == f"[POLICY DENIED] {replies.UNWRITTEN}"
    assert (room.used("count"), room.used("write")) == (0, 0)
    assert room.queue.pending() == ()
    assert room.problems[-1] is not None
    assert [event for event in room.heard if isinstance(event, QuestionOpened | CallJudged)] == []
    room.journal.fails = lambda: False
    room.call("read")
    assert room.problems[-1] is None


def test_a_question_that_ended_before_the_commit_is_not_shown(room: GateRoom) -> None:
    asked = room.judge("write")
    room.gate.withdraw(asked, "client cancelled")
    assert [event for event in room.heard if isinstance(event, QuestionOpened)] == []
    assert room.journal.rows[-1].outcome == Outcome.ABORTED.value


def test_of_a_failed_batch_a_question_that_was_left_already_is_refused_to_nobody(room: GateRoom) -> None:
    room.journal.fails = lambda: True
    asked = room.judge("write")
    room.gate.withdraw(asked, "client cancelled")
    assert asked.rulings == []
    assert room.time.now() == NOON
