"""What passes between a front and the gate."""

import dataclasses

import pytest
from sample_calls import call

from approver.proxy.rulings import Forward, Kept, Reply


@pytest.mark.parametrize("ruling", [Forward(call(), "", ()), Reply(call(), {}), Kept(call(), b"{}")])
def test_a_ruling_never_changes(ruling) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ruling.call = call()


def test_a_call_is_forwarded_by_policy_unless_it_says_that_a_person_approved_it() -> None:
    assert Forward(call(), "").approved is False
    assert Forward(call(), "").reservations == ()
