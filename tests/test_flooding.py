"""A client that asks more than a person can answer is told so, and so is the person."""

import asyncio

import pytest
from sample_calls import caller
from still_time import NOON, StillTime

from approver.approvals import flood
from approver.events import HeldOff
from approver.flooding import BY, RULE, Flooding

pytestmark = pytest.mark.anyio


class Owner:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.changed = asyncio.Event()

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        self.notices.append((word, sentence))

    def deny_all(self, by: str, reason: str = "") -> int:
        raise AssertionError("what was asked before stays open")

    def standstill_changed(self) -> None:
        self.changed.set()

    async def next_change(self) -> None:
        self.changed.clear()
        await asyncio.wait_for(self.changed.wait(), 15)


@pytest.fixture
def owner() -> Owner:
    return Owner()


def crowd(owner: Owner, most: int = 2) -> Flooding:
    """Where the one client has asked all that it may."""
    flooding = Flooding(StillTime(), owner, lambda: most)
    assert [flooding.unasked(caller()) for _ in range(most)] == [None] * most
    return flooding


async def test_the_agent_is_told_what_to_do_and_the_person_once(owner: Owner) -> None:
    flooding = crowd(owner)
    for _ in range(3):
        unasked = flooding.unasked(caller())
        assert unasked is not None
        assert (unasked.rule, unasked.by) == (RULE, BY)
        assert "Nothing was run. Nobody is asked for you until " in unasked.message
    await owner.next_change()
    ((word, sentence),) = owner.notices
    assert word == "held off"
    assert sentence.startswith("Tester asked more than 2 times within a minute.")
    assert flooding.held_off == (HeldOff("Tester", NOON + flood.HELD_OFF_SECONDS),)
    flooding.stop()


async def test_when_its_time_is_over_the_windows_hear_of_it(owner: Owner, monkeypatch) -> None:
    monkeypatch.setattr(flood, "HELD_OFF_SECONDS", 0.001)
    flooding = crowd(owner)
    flooding.unasked(caller())
    await owner.next_change()
    await owner.next_change()
    flooding.stop()


async def test_the_person_can_have_it_asked_about_again(owner: Owner) -> None:
    flooding = crowd(owner)
    flooding.unasked(caller())
    flooding.ask_again("Tester", "window")
    assert owner.changed.is_set()
    assert owner.notices[-1] == ("asked again", "Calls of Tester are asked about again, by window.")
    assert flooding.unasked(caller()) is None
    count = len(owner.notices)
    flooding.ask_again("Tester", "window")
    assert len(owner.notices) == count
    flooding.stop()


async def test_no_limit_holds_nobody_off(owner: Owner) -> None:
    flooding = Flooding(StillTime(), owner, lambda: 0)
    assert [flooding.unasked(caller()) for _ in range(200)] == [None] * 200
    assert owner.notices == []
