"""The official suite's client scenarios: Approver as the client of an HTTP server, logins included."""

from collections.abc import Sequence

import pytest
from client_suite import required, run_clients

ENOUGH = {"2025-03-26": 19, "2025-11-25": 240, "2026-07-28": 400}
"""Fewer checks than this would mean that the suite was not run as it was when this was written."""
BEHIND_THE_FRONT = ("auth/metadata-default", "auth/scope-step-up", "auth/authorization-server-migration")
"""A client over HTTP makes its own headers and streams; what is left to Approver is the login."""


@pytest.mark.conformance
@pytest.mark.parametrize("revision", ENOUGH)
def test_before_a_stdio_client_everything_that_is_required_passes(python: Sequence[str], revision: str) -> None:
    passed, mistakes = run_clients(revision, required(revision), python=python)
    assert mistakes == []
    assert passed >= ENOUGH[revision]


@pytest.mark.conformance
def test_before_a_client_over_http_logins_pass(python: Sequence[str]) -> None:
    _, mistakes = run_clients("2026-07-28", BEHIND_THE_FRONT, ["--over-http"], python)
    assert mistakes == []
