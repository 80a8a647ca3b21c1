"""Further rounds of a call: as many as its server asked for, of the same call of the same client, and no others."""

from dataclasses import replace

import pytest
from sample_calls import call, caller

from approver.model import CounterKey, Edit
from approver.proxy.rounds import Rounds, Uncounted


def further(**more):
    return call(**{"arguments": {"path": "/a"}, "extra": {"requestState": "s"}, **more})


@pytest.fixture
def rounds() -> Rounds:
    """The server has asked for input to one call."""
    rounds = Rounds()
    rounds.expect(call(arguments={"path": "/a"}))
    return rounds


@pytest.mark.parametrize(
    "extra", [{"requestState": "s"}, {"inputResponses": {}}, {"requestState": 1, "inputResponses": 2}]
)
def test_the_same_call_with_the_input_is_the_next_round_once(rounds, extra) -> None:
    again = further(extra=extra)
    assert rounds.is_next(again) is True
    rounds.take(again)
    assert rounds.is_next(again) is False


def test_an_edited_server_is_not_told_what_the_one_before_it_asked_for(rounds) -> None:
    assert rounds.is_next(replace(further(), place="elsewhere")) is False


def test_a_round_may_ask_for_another(rounds) -> None:
    rounds.expect(further())
    rounds.take(further())
    assert rounds.is_next(further()) is True


@pytest.mark.parametrize(
    "other",
    [
        {"extra": {}},
        {"extra": {"requestState": "s", "task": {}}},
        {"arguments": {"path": "/b"}},
        {"tool": "rm"},
        {"by": caller("s2")},
        {"by": caller(server="mail")},
    ],
)
def test_another_call_is_no_further_round(rounds, other) -> None:
    assert rounds.is_next(further(**other)) is False


def test_a_client_that_left_has_none(rounds) -> None:
    rounds.expect(call(arguments={"path": "/a"}, by=caller("s2")))
    rounds.leave("s1")
    assert rounds.is_next(further()) is False
    assert rounds.is_next(further(by=caller("s2"))) is True


def test_a_further_round_counts_nothing() -> None:
    assert Uncounted().used(CounterKey("files", "local", "/tools/x", "c", "hour"), 0) == 0


def test_a_further_round_goes_on_as_its_call_was_edited_even_among_equal_ones() -> None:
    rounds = Rounds()
    first, second = Edit({"path": "/b"}, "1", "window"), Edit({"path": "/c"}, "2", "window")
    asked = call(arguments={"path": "/a"})
    rounds.expect(asked, first, b'{"requestState":"one"}')
    rounds.expect(asked, second, b'{"requestState":"two"}')
    rounds.expect(asked, None, b"[]")
    assert rounds.take(further(extra={"requestState": "two"})) is second
    assert rounds.take(further(extra={"inputResponses": {}})) is first
    assert rounds.take(further(extra={"requestState": "else"})) is None
    assert rounds.is_next(further()) is False


def test_a_result_that_cannot_be_read_tells_no_rounds_apart() -> None:
    rounds = Rounds()
    rounds.expect(call(arguments={"path": "/a"}), None, b"[" * 100_000)
    assert rounds.take(further()) is None
