"""What readers ask for and get."""

import dataclasses

import pytest

from approver.journal.records import Filters


def test_filters_admit_everything_unless_told_otherwise_and_never_change() -> None:
    nothing = Filters()
    assert all(not getattr(nothing, field.name) for field in dataclasses.fields(nothing))
    with pytest.raises(dataclasses.FrozenInstanceError):
        nothing.client = "x"  # type: ignore[misc]  # that is what is tested
