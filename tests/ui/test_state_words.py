"""What Approver is doing, in words."""

import dataclasses

import pytest
from fake_engine import RUNNING
from still_time import NOON

from approver.events import StateChanged, WantedLogin
from approver.ui.clock_words import moment
from approver.ui.state_words import (
    Condition,
    address_in_words,
    condition_of,
    problem_in_words,
    state_in_words,
    waiting_in_words,
)

DENYING = StateChanged(True, None, (), 1)
PAUSED = StateChanged(False, None, ("A problem.",), 1, paused=True)
BROKEN = StateChanged(False, None, ("Policy “git” did not load.", "Another."), 1)


@pytest.mark.parametrize(
    ("state", "waiting", "runs", "condition"),
    [
        (RUNNING, 0, True, Condition.IDLE),
        (RUNNING, 2, True, Condition.WAITING),
        (DENYING, 2, True, Condition.DENYING),
        (PAUSED, 2, True, Condition.PAUSED),
        (dataclasses.replace(DENYING, paused=True), 0, True, Condition.DENYING),
        (BROKEN, 0, True, Condition.PROBLEM),
        (BROKEN, 1, True, Condition.WAITING),
        (RUNNING, 0, False, Condition.PROBLEM),
    ],
)
def test_what_matters_most_is_shown(state: StateChanged, waiting: int, runs: bool, condition: Condition) -> None:
    assert condition_of(state, waiting, runs=runs) is condition


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "Nothing is waiting"), (1, "1 call is waiting for you"), (2, "2 calls are waiting for you")],
)
def test_waiting_calls_are_counted_in_words(count: int, words: str) -> None:
    assert waiting_in_words(count) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (dataclasses.replace(RUNNING, clients=0), "Running, no client is connected"),
        (dataclasses.replace(RUNNING, clients=1), "Running, 1 client is connected"),
        (RUNNING, "Running, 2 clients are connected"),
        (DENYING, "Everything is denied until you resume"),
        (PAUSED, "Asking is paused until you resume: rules alone decide"),
        (dataclasses.replace(DENYING, paused=True), "Everything is denied until you resume"),
    ],
)
def test_the_state_is_one_line(state: StateChanged, words: str) -> None:
    assert state_in_words(state, NOON, runs=True) == words


def test_a_pause_says_when_it_ends(qapp: object) -> None:
    state = dataclasses.replace(DENYING, panic_until=NOON + 900)
    assert state_in_words(state, NOON, runs=True) == f"Everything is denied until {moment(NOON + 900, NOON)}"


def test_a_pause_of_asking_says_when_it_ends(qapp: object) -> None:
    state = dataclasses.replace(PAUSED, paused_until=NOON + 900)
    until = moment(NOON + 900, NOON)
    assert state_in_words(state, NOON, runs=True) == f"Asking is paused until {until}: rules alone decide"


@pytest.mark.parametrize(
    ("address", "runs", "words"),
    [
        ("127.0.0.1:8787", True, "Proxy running on 127.0.0.1:8787"),
        ("", True, "Proxy running, HTTP is off"),
        ("127.0.0.1:8787", False, "The proxy is not running"),
    ],
)
def test_where_the_proxy_is(address: str, runs: bool, words: str) -> None:
    assert address_in_words(dataclasses.replace(RUNNING, address=address), runs=runs) == words


def test_what_a_login_solves_is_not_told_twice() -> None:
    state = dataclasses.replace(BROKEN, logins=(WantedLogin("git", BROKEN.problems[0]),))
    assert problem_in_words(state) == "Another."


def test_not_running_is_said_to_deny_everything() -> None:
    assert state_in_words(RUNNING, NOON, runs=False) == "Approver is not running: every call is denied"


def test_the_worst_problem_is_told_short_and_visible() -> None:
    assert problem_in_words(BROKEN) == "Policy “git” did not load."
    assert problem_in_words(RUNNING) == ""
    assert problem_in_words(dataclasses.replace(BROKEN, problems=("\u202e" + "x" * 500,))).startswith("⟨U+202E⟩xxx")
