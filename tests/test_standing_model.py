"""The nouns of answers that stand are values: equal if they say the same, and never changed."""

import dataclasses

import msgspec
import pytest
from sample_standing import standing

from approver import standing_model
from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach, Standing

NOUNS = [one for one in vars(standing_model).values() if dataclasses.is_dataclass(one)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_is_frozen(noun) -> None:
    assert noun.__dataclass_params__.frozen is True


def test_choices_stand_in_order_the_narrowest_first() -> None:
    assert [one.value for one in Reach] == ["arguments", "fields", "tool"]
    assert [one.value for one in Lifetime] == ["session", "until", "always"]


def test_a_decision_survives_being_written_and_read() -> None:
    made = standing(AnswerKind.DENY, Reach.FIELDS, Lifetime.UNTIL, "path", "mode")
    assert msgspec.json.decode(msgspec.json.encode(made), type=Standing) == made
