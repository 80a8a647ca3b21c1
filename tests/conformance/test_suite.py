"""The official conformance suite: what our own server passes directly passes behind whatever stands before it, too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from approver_home import ALLOW_ALL, ApproverHome
from programs import STDIO_UPSTREAM, bridged, direct, with_token
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


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_from_stdio_to_http_the_same_checks_pass(
    directly: Callable[[str], Report], revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ApproverHome(tmp_path)
    with direct() as server:
        try:
            home.add_http_server("upstream", server, ALLOW_ALL)
            home.serve()
            for name, value in home.environment.items():
                monkeypatch.setenv(name, value)
            with bridged(home.connect("upstream")) as url:
                _, different = compare(directly(revision), url, STDIO_EXCEPTIONS)
        finally:
            home.close()
    assert different == []


@contextmanager
def over_http(home: ApproverHome) -> Iterator[str]:
    """The address of the server `upstream` through Approver's front."""
    try:
        home.settings("[http]\nport = 0\n")
        home.serve()
        with with_token(*home.grant("upstream")) as url:
            yield url
    finally:
        home.close()


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_from_http_to_stdio_the_same_checks_pass(
    directly: Callable[[str], Report], revision: str, tmp_path: Path
) -> None:
    home = ApproverHome(tmp_path)
    home.add_server("upstream", STDIO_UPSTREAM, ALLOW_ALL)
    with over_http(home) as url:
        _, different = compare(directly(revision), url, STDIO_EXCEPTIONS)
    assert different == []


@pytest.mark.conformance
@pytest.mark.parametrize("revision", REVISIONS)
def test_from_http_to_http_the_same_checks_pass(
    directly: Callable[[str], Report], revision: str, tmp_path: Path
) -> None:
    home = ApproverHome(tmp_path)
    with direct() as server:
        home.add_http_server("upstream", server, ALLOW_ALL)
        with over_http(home) as url:
            _, different = compare(directly(revision), url)
    assert different == []
