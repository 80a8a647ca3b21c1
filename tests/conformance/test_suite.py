"""The official conformance suite: what our own server passes directly passes behind whatever stands before it, too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from approver_home import ALLOW_ALL, ApproverHome
from programs import STDIO_UPSTREAM, bridged
from suite import REVISIONS, STDIO_EXCEPTIONS, Report, compare, differences

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
def test_our_server_passes_everything_that_is_required(directly: Callable[[str], Report], revision: str) -> None:
    itself = directly(revision)
    assert itself.required_failures() == []
    assert itself.passed >= ENOUGH[revision]


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_behind_the_bridge_the_same_checks_pass(directly: Callable[[str], Report], revision: str) -> None:
    with bridged() as url:
        _, different = compare(directly(revision), url, STDIO_EXCEPTIONS)
    assert different == []


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_behind_approver_connect_the_same_checks_pass(
    directly: Callable[[str], Report], revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ApproverHome(tmp_path)
    try:
        home.add_server("upstream", STDIO_UPSTREAM, ALLOW_ALL)
        home.serve()
        for name, value in home.environment.items():
            monkeypatch.setenv(name, value)
        with bridged(home.connect("upstream")) as url:
            _, different = compare(directly(revision), url, STDIO_EXCEPTIONS)
    finally:
        home.close()
    assert different == []
