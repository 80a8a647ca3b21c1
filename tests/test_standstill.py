"""Denying everything and pausing asking: when each begins, what it denies, how it ends."""

import asyncio
import json

import pytest
from still_time import NOON, StillTime

from approver.journal.unfinished import Left
from approver.proxy.rulings import Unasked
from approver.standstill import PANIC_MESSAGE, PAUSE_MESSAGE, Standstill

pytestmark = pytest.mark.anyio
HOUR = 3600.0
PAUSED = Unasked("(asking paused)", PAUSE_MESSAGE, "asking is paused")


class Owner:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.details: list[dict[str, object]] = []
        self.denied: list[tuple[str, str]] = []
        self.changes = 0
        self.changed = asyncio.Event()

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        self.notices.append((word, sentence))
        self.details.append(json.loads(detail))

    def deny_all(self, by: str, reason: str = "") -> int:
        self.denied.append((by, reason))
        return 0

    def standstill_changed(self) -> None:
        self.changes += 1
        self.changed.set()

    async def next_change(self) -> None:
        self.changed.clear()
        await asyncio.wait_for(self.changed.wait(), 15)


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def standstill(owner: Owner) -> Standstill:
    return Standstill(StillTime(), owner)


async def test_at_first_calls_are_judged_and_asked_about(standstill: Standstill, owner: Owner) -> None:
    assert (standstill.panic, standstill.pause) == ((False, None), (False, None))
    assert (standstill.panic_message(), standstill.unasked()) == (None, None)
    standstill.resume("window")
    assert owner.changes == 0


async def test_denying_everything_denies_what_waits_and_is_written_down(standstill: Standstill, owner: Owner) -> None:
    standstill.deny_everything(None, "terminal")
    assert standstill.panic == (True, None)
    assert standstill.panic_message() == PANIC_MESSAGE
    assert owner.notices == [("panic", "Everything is denied until resumed, by terminal.")]
    assert owner.denied == [("terminal", "Approver is denying everything for now.")]
    assert owner.changes == 1


async def test_pausing_denies_what_waits_and_what_would_be_asked_about(standstill: Standstill, owner: Owner) -> None:
    standstill.pause_asking(HOUR, "window")
    assert standstill.pause == (True, NOON + HOUR)
    assert (standstill.panic_message(), standstill.unasked()) == (None, PAUSED)
    assert owner.notices == [
        ("paused", "Asking is paused for 3600 seconds, by window: what rules ask about is denied.")
    ]
    assert owner.denied == [("window", "Asking is paused for now, so nobody will answer this.")]
    standstill.stop()


async def test_each_ends_by_itself_and_leaves_the_other_as_it_is(standstill: Standstill, owner: Owner) -> None:
    standstill.pause_asking(None, "window")
    standstill.deny_everything(0.001, "window")
    await owner.next_change()
    assert (standstill.panic, standstill.pause) == ((False, None), (True, None))
    assert owner.notices[-1] == ("resumed", "Calls are judged by the rules again; asking is paused still, by time.")
    standstill.deny_everything(None, "window")
    standstill.pause_asking(0.001, "window")
    await owner.next_change()
    assert (standstill.panic, standstill.pause) == ((True, None), (False, None))
    assert owner.notices[-1] == ("resumed", "Asking is no longer paused; everything is denied still, by time.")


async def test_resuming_ends_both(standstill: Standstill, owner: Owner) -> None:
    standstill.pause_asking(HOUR, "window")
    standstill.deny_everything(HOUR, "window")
    standstill.resume("terminal")
    assert (standstill.panic, standstill.pause) == ((False, None), (False, None))
    assert owner.notices[-1] == ("resumed", "Calls are judged by the rules again, by terminal.")
    assert owner.changes == 3


async def test_what_is_begun_anew_lasts_for_the_new_time(standstill: Standstill, owner: Owner) -> None:
    standstill.pause_asking(0.001, "window")
    standstill.pause_asking(None, "window")
    await asyncio.sleep(0.01)  # the first time would be over
    assert standstill.pause == (True, None)
    standstill.resume("window")
    assert [word for word, _ in owner.notices] == ["paused", "paused", "resumed"]


async def test_each_notice_says_whether_everything_is_denied_from_then_on(standstill: Standstill, owner: Owner) -> None:
    standstill.pause_asking(None, "window")
    standstill.deny_everything(HOUR, "window")
    standstill.pause_asking(HOUR, "window")
    standstill.resume("window")
    assert [(one["denies"], one["until"]) for one in owner.details] == [
        (False, None), (True, NOON + HOUR), (True, NOON + HOUR), (False, None)
    ]  # fmt: skip


@pytest.mark.parametrize("until", [None, NOON + HOUR])
async def test_what_was_denied_before_an_unexpected_end_is_denied_after_it(
    standstill: Standstill, owner: Owner, until: float | None
) -> None:
    standstill.take_over(Left(True, until))
    assert standstill.panic == (True, until)
    assert owner.notices[0][1].endswith("still: Approver had ended unexpectedly.")
    assert owner.details == [{"denies": True, "until": until}]
    standstill.resume("window")
    assert standstill.panic_message() is None


@pytest.mark.parametrize("left", [Left(), Left(True, NOON), Left(False, NOON + HOUR)])
async def test_what_is_over_is_not_begun_anew(standstill: Standstill, owner: Owner, left: Left) -> None:
    standstill.take_over(left)
    assert (standstill.panic, owner.notices) == ((False, None), [])
