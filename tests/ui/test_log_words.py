"""Recorded calls in words."""

import dataclasses

import pytest
from still_time import NOON

from approver.model import Outcome, Result
from approver.resources import resource
from approver.ui.log_words import (
    LogRow,
    by_words,
    length_words,
    midnight,
    outcome_icon,
    outcome_words,
    result_words,
    time_words,
    took_words,
)

ROW = LogRow(1, "c", NOON, False, "Cursor", "git", "push", "allowed", "", "policy", None, None, None)


def row(**more: object) -> LogRow:
    return dataclasses.replace(ROW, **more)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_word_of_its_own_and_an_icon(outcome: Outcome) -> None:
    words = [outcome_words(one.value) for one in Outcome]
    assert words.count(outcome_words(outcome.value)) == 1
    assert resource(f"icons/{outcome_icon(outcome.value)}.svg").is_file()


def test_an_outcome_that_nobody_knows_is_shown_as_it_is() -> None:
    assert outcome_words("odd\u202e") == "odd⟨U+202E⟩"
    assert outcome_icon("odd") == "ended"


def test_results_are_sentences() -> None:
    assert result_words(None) == ""
    assert len({result_words(result.value) for result in Result}) == len(Result)
    assert result_words("new") == "new"


@pytest.mark.parametrize(
    ("by", "rule", "words"),
    [
        ("policy", "", "no rule objected"),
        ("policy", "/tools/push", "rule /tools/push"),
        ("window", "/tools/push", "you"),
        ("notification", "/tools/push", "you, in a notification"),
        ("flood control", "(asked too often)", "it asked too often"),
        ("asking is paused", "(asking paused)", "asking was paused"),
        ("time", "", "time ran out"),
        ("crash", "/tools/push", "an unexpected end of Approver"),
        ("client left", "", "client left"),
    ],
)
def test_who_decided(by: str, rule: str, words: str) -> None:
    assert by_words(row(by=by, rule=rule)) == words
    assert by_words(row(by=by, rule=rule, is_open=True)) == "nobody yet"


def test_how_long_it_took() -> None:
    assert took_words(row()) == "—"
    assert took_words(row(latency=0.002)) == "2 ms"
    assert took_words(row(latency=0.4)) == "0.4 s"
    assert took_words(row(waited=180.0, latency=0.4)) == "3 min asked"
    assert length_words(0.0) == "0 ms"


def test_when() -> None:
    assert time_words(NOON, NOON).count(":") == 2
    assert len(time_words(NOON - 5 * 86_400, NOON)) > len(time_words(NOON, NOON))
    assert time_words(-1.0, NOON) == "-1 s"
    assert 0 <= NOON - midnight(NOON) < 86_400 + 3600


def test_a_remembered_answer_is_the_person_s_own() -> None:
    assert by_words(row(by="remembered abc234")) == "you, remembered as abc234"
