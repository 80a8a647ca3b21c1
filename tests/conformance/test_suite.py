"""The official conformance suite: what our own server passes directly passes behind whatever stands before it, too."""

import pytest
from conftest import Runs
from fronts import EXCUSED
from suite import REVISIONS, Report, compare, differences

ENOUGH = {"2025-11-25": 80, "2026-07-28": 190}
"""Fewer checks than this would mean that the suite was not run as it was when this was written."""


def report(**checks: str) -> Report:
    """A report of checks of the scenario `s`, which is required."""
    return Report("2025-11-25", {f"s/{check}": status for check, status in checks.items()}, frozenset("s"), {})


def test_a_check_that_fails_only_through_is_a_difference() -> None:
    assert differences(report(a="SUCCESS", b="SUCCESS"), report(a="SUCCESS", b="FAILURE")) == [
        "2025-11-25 s/b: SUCCESS directly, FAILURE through."
    ]


def test_a_check_that_is_not_made_through_is_a_difference() -> None:
    assert len(differences(report(a="SUCCESS"), report())) == 1


def test_a_check_that_passes_only_through_is_a_difference() -> None:
    assert len(differences(report(a="WARNING"), report(a="SUCCESS"))) == 1


def test_an_excused_check_is_no_difference() -> None:
    assert differences(report(a="SUCCESS"), report(a="FAILURE"), {"s/a": "a reason"}) == []


def test_what_is_required_fails_the_server_itself() -> None:
    assert report(a="SUCCESS", b="WARNING").required_failures() == ["2025-11-25 s/b: WARNING: no reason given"]


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_our_server_passes_everything_that_is_required(runs: Runs, revision: str) -> None:
    itself = runs.directly[revision].result()
    assert itself.required_failures() == []
    assert itself.passed >= ENOUGH[revision]


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("way", EXCUSED)
def test_through_approver_the_same_checks_pass(runs: Runs, way: str, revision: str) -> None:
    directly, through = runs.directly[revision].result(), runs.through[way, revision].result()
    if differences(directly, through, EXCUSED[way]):
        runs.wait()  # what differs is run again, alone
        _, different = compare(directly, runs.urls[way], EXCUSED[way], through)
        assert different == []
