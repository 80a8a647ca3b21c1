"""A client that asks more than a person can answer is held off, and only that client."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.approvals.flood import HELD_OFF_SECONDS, MINUTE, FloodControl
from approver.events import HeldOff
from approver.model import Caller

NOON = 1_790_000_000.0


def caller(client: str = "Cursor", *, pid: int | None = 7, grant: str = "local") -> Caller:
    return Caller(session="s", grant=grant, server="files", client=client, pid=pid)


@pytest.fixture
def flood() -> FloodControl:
    """Where Cursor has asked all of three questions in this minute."""
    flood = FloodControl()
    assert [flood.admits(caller(), NOON + second, 3) for second in range(3)] == [None] * 3
    return flood


def test_one_question_too_many_within_a_minute_holds_the_client_off(flood) -> None:
    expected = HeldOff("Cursor", NOON + 10 + HELD_OFF_SECONDS)
    assert flood.admits(caller(), NOON + 10, 3) == expected
    assert flood.admits(caller(), NOON + 200, 3) == expected, "asking on does not make it longer"
    assert flood.held_off(NOON + 200) == (expected,)


def test_a_minute_later_it_may_ask_as_much_again(flood) -> None:
    assert flood.admits(caller(), NOON + MINUTE, 3) is None
    assert flood.admits(caller(), NOON + MINUTE + 0.5, 3) is not None


def test_when_its_time_is_over_it_is_asked_about_again(flood) -> None:
    assert flood.admits(caller(), NOON + 3, 3) is not None
    after = NOON + 3 + HELD_OFF_SECONDS
    assert flood.held_off(after) == ()
    assert flood.admits(caller(), after, 3) is None


def test_the_person_can_have_it_asked_about_again_at_once(flood) -> None:
    flood.admits(caller(), NOON + 3, 3)
    assert flood.ask_again("Cursor")
    assert flood.admits(caller(), NOON + 4, 3) is None
    assert not flood.ask_again("Cursor")


def test_other_clients_are_asked_about_as_ever(flood) -> None:
    flood.admits(caller(), NOON + 3, 3)
    assert flood.admits(caller("Desk", pid=8), NOON + 3, 3) is None
    assert flood.admits(caller("Cursor", pid=None), NOON + 3, 3) is None


def test_another_name_or_another_server_of_the_same_process_is_the_same_client(flood) -> None:
    other = Caller(session="t", grant="g2", server="jobs", client="Somebody else", pid=7)
    assert flood.admits(other, NOON + 3, 3) is not None


def test_without_a_process_the_grant_is_what_counts(flood) -> None:
    for number in range(3):
        assert flood.admits(caller(f"name {number}", pid=None, grant="g"), NOON, 3) is None
    assert flood.admits(caller("name 4", pid=None, grant="g"), NOON, 3) is not None
    assert flood.admits(caller("name 4", pid=None, grant="h"), NOON, 3) is None


def test_no_limit_holds_nobody_off(flood) -> None:
    assert [flood.admits(caller(), NOON + 3, 0) for _ in range(100)] == [None] * 100


def test_clients_that_ask_no_more_are_forgotten(flood) -> None:
    for number in range(100):
        flood.admits(caller(pid=100 + number), NOON, 3)
    later = NOON + 2 * MINUTE
    for _ in range(4):
        flood.admits(caller(pid=9), later, 3)
    assert len(flood._asked) == 0


@given(st.lists(st.floats(0, 1000), max_size=60).map(sorted), st.integers(1, 5))
def test_no_minute_ever_has_more_questions_than_allowed(moments: list[float], most: int) -> None:
    flood = FloodControl()
    asked = [moment for moment in moments if flood.admits(caller(), NOON + moment, most) is None]
    for first, last in pairwise([asked[number] for number in range(0, len(asked), most)]):
        assert last - first >= MINUTE - 1e-3
