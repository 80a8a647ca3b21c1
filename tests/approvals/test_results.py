"""Results of approved calls whose client gave up: nothing runs twice, and no client gets another's."""

import pytest
from sample_calls import call, caller
from still_time import StillTime

from approver.approvals.results import MARGIN, KeptResults, Run

RESULT = b'{"content":[]}'
KEEP = 300.0


class Repeats:
    """Who was told that its patience has ended, and who that its run was forgotten."""

    def __init__(self) -> None:
        self.impatient: list[str] = []
        self.forgotten: list[list[str]] = []


@pytest.fixture
def time() -> StillTime:
    return StillTime()


@pytest.fixture
def kept(time: StillTime) -> KeptResults[str]:
    return KeptResults(time, time)


@pytest.fixture
def repeats() -> Repeats:
    return Repeats()


def start(kept: KeptResults[str], time: StillTime, arguments=None, **more):
    """Have a call sent now whose client waits 50 seconds."""
    running = call(arguments=arguments, arrived=time.now(), **more)
    kept.started(running, 50)
    return running


def found(kept: KeptResults[str], arguments=None, **more) -> Run[str]:
    run = kept.find(call(arguments=arguments, **more))
    assert run is not None
    return run


def test_a_call_of_a_client_that_still_waits_is_not_taken_for_a_repeat(kept, time) -> None:
    start(kept, time)
    assert kept.find(call()) is None


def test_a_client_is_believed_to_have_given_up_a_little_after_its_patience(kept, time) -> None:
    running = start(kept, time)
    time.advance(50 * MARGIN - 0.1)
    assert kept.find(call()) is None
    time.advance(0.1)
    assert found(kept).call is running


def test_time_spent_on_asking_counts_as_waiting(kept, time) -> None:
    asked = call(arrived=time.now())
    time.advance(49)
    kept.started(asked, 50)
    time.advance(50 * MARGIN - 49)
    assert found(kept).call is asked


def test_a_clock_that_was_set_back_does_not_lengthen_patience(kept, time) -> None:
    kept.started(call(arrived=time.now() + 1000), 50)
    time.advance(50 * MARGIN)
    assert found(kept).result is None


def test_a_client_that_cancels_has_given_up_at_once(kept, time, repeats) -> None:
    running = start(kept, time)
    kept.cancelled(running, keep=KEEP, forgotten=repeats.forgotten.append)
    assert found(kept).call is running


def test_the_cancellation_of_a_call_that_nobody_watches_is_nothing(kept, time, repeats) -> None:
    kept.cancelled(call(), keep=KEEP, forgotten=repeats.forgotten.append)
    assert time.waiting == 0


@pytest.mark.parametrize(
    "other",
    [
        {"arguments": {"path": "/b"}},
        {"by": caller("s2")},
        {"by": caller(grant="ci")},
        {"by": caller(server="mail")},
        {"extra": {"task": {}}},
        {"tool": "read"},
    ],
)
def test_only_the_same_call_of_the_same_client_is_a_repeat(kept, time, repeats, other) -> None:
    running = start(kept, time, {"path": "/a"})
    kept.cancelled(running, keep=KEEP, forgotten=repeats.forgotten.append)
    kept.finished(running, RESULT, keep=KEEP)
    assert kept.find(call(**{"arguments": {"path": "/a"}, **other})) is None


def test_the_result_of_a_call_that_was_waited_for_is_not_kept(kept, time) -> None:
    running = start(kept, time)
    assert kept.finished(running, RESULT, keep=KEEP) == []
    time.advance(50 * MARGIN)
    assert kept.find(call()) is None


def test_a_result_nobody_waited_for_is_kept_for_one_repeat(kept, time) -> None:
    running = start(kept, time)
    time.advance(100)
    assert kept.finished(running, RESULT, keep=KEEP) == []
    run = found(kept)
    assert run.result == RESULT
    kept.taken(run)
    assert kept.find(call()) is None
    assert time.waiting == 0


def test_a_kept_result_is_forgotten_in_time(kept, time) -> None:
    running = start(kept, time)
    time.advance(100)
    kept.finished(running, RESULT, keep=KEEP)
    time.advance(KEEP - 1)
    assert found(kept).result == RESULT
    time.advance(1)
    assert kept.find(call()) is None


def test_without_a_result_nothing_is_kept(kept, time) -> None:
    running = start(kept, time)
    time.advance(100)
    assert kept.finished(running, None, keep=KEEP) == []
    assert kept.find(call()) is None


def test_the_end_of_a_call_that_nobody_watches_is_nothing(kept) -> None:
    assert kept.finished(call(), RESULT, keep=KEEP) == []


def test_repeats_that_wait_get_the_result_when_it_comes_and_no_later_one_does(kept, time, repeats) -> None:
    running = start(kept, time)
    time.advance(100)
    for name in ("first", "second"):
        kept.wait(found(kept), name, 50, repeats.impatient.append)
    assert kept.finished(running, RESULT, keep=KEEP) == ["first", "second"]
    assert kept.find(call()) is None
    time.advance(1000)
    assert repeats.impatient == []


def test_a_repeat_loses_its_patience_once_and_its_result_waits_for_the_next(kept, time, repeats) -> None:
    running = start(kept, time)
    time.advance(100)
    kept.wait(found(kept), "first", 50, repeats.impatient.append)
    kept.wait(found(kept), "second", 70, repeats.impatient.append)
    time.advance(60)
    assert repeats.impatient == ["first"]
    time.advance(60)
    assert repeats.impatient == ["first", "second"]
    assert kept.finished(running, RESULT, keep=KEEP) == []
    assert found(kept).result == RESULT


def test_a_cancelled_call_without_a_result_is_forgotten_and_its_repeats_are_told(kept, time, repeats) -> None:
    running = start(kept, time)
    kept.cancelled(running, keep=KEEP, forgotten=repeats.forgotten.append)
    kept.wait(found(kept), "patient", 1000, repeats.impatient.append)
    time.advance(KEEP)
    assert repeats.forgotten == [["patient"]]
    assert kept.find(call()) is None
    time.advance(1000)
    assert repeats.impatient == []


def test_a_result_after_the_cancellation_is_kept_for_its_full_time(kept, time, repeats) -> None:
    running = start(kept, time)
    kept.cancelled(running, keep=KEEP, forgotten=repeats.forgotten.append)
    time.advance(KEEP - 1)
    kept.finished(running, RESULT, keep=KEEP)
    time.advance(KEEP - 1)
    assert found(kept).result == RESULT
    time.advance(1)
    assert kept.find(call()) is None
    assert repeats.forgotten == []


def test_a_repeat_can_be_withdrawn(kept, time, repeats) -> None:
    running = start(kept, time)
    other = start(kept, time, {"path": "/b"})
    time.advance(100)
    kept.wait(found(kept, {"path": "/b"}), "first", 50, repeats.impatient.append)
    kept.wait(found(kept, {"path": "/b"}), "second", 50, repeats.impatient.append)
    assert kept.withdraw(lambda request: request == "second") is True
    assert kept.withdraw(lambda request: request == "second") is False
    time.advance(50)
    assert repeats.impatient == ["first"]
    assert kept.finished(running, RESULT, keep=KEEP) == []
    assert kept.finished(other, RESULT, keep=KEEP) == []


def test_two_identical_calls_that_were_both_approved_have_a_result_each(kept, time) -> None:
    first, second = start(kept, time), start(kept, time)
    time.advance(100)
    assert kept.finished(second, b'"second"', keep=KEEP) == []
    assert kept.finished(first, b'"first"', keep=KEEP) == []
    results = []
    for _ in range(2):
        run = found(kept)
        results.append(run.result)
        kept.taken(run)
    assert sorted(results) == [b'"first"', b'"second"']
    assert kept.find(call()) is None


def test_a_repeat_that_waits_is_answered_though_an_identical_call_was_approved_meanwhile(kept, time, repeats) -> None:
    first = start(kept, time)
    time.advance(100)
    kept.wait(found(kept), "repeat", 50, repeats.impatient.append)
    start(kept, time)
    assert kept.finished(first, RESULT, keep=KEEP) == ["repeat"]


def test_a_client_that_left_leaves_nothing_behind(kept, time, repeats) -> None:
    running = start(kept, time)
    other = start(kept, time, by=caller("s2"))
    time.advance(100)
    kept.wait(found(kept), "repeat", 50, repeats.impatient.append)
    kept.finished(other, RESULT, keep=KEEP)
    kept.leave("s1")
    assert kept.find(call()) is None
    assert found(kept, by=caller("s2")).result == RESULT
    assert kept.finished(running, RESULT, keep=KEEP) == []
    time.advance(1000)
    assert repeats.impatient == []
    assert time.waiting == 0
