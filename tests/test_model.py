"""The nouns: frozen values whose words are what the log and the policy format promise."""

import dataclasses

import pytest

from approver import model
from approver.model import Decision, Outcome, Result

NOUNS = [noun for noun in vars(model).values() if dataclasses.is_dataclass(noun)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_a_noun_never_changes(noun) -> None:
    assert noun.__dataclass_params__.frozen
    assert "__slots__" in vars(noun)


def test_the_words_of_a_verdict_are_those_of_policy_test_files() -> None:
    assert {decision.value for decision in Decision} == {"allow", "deny", "ask"}


def test_the_words_that_clients_and_the_log_read_are_distinct() -> None:
    words = [outcome.value for outcome in Outcome] + [result.value for result in Result]
    assert len(set(words)) == len(words)
