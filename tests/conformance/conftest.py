"""The conformance suite's tests: where their parts are found, and the servers that they share."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import programs  # noqa: E402 # the path to it was laid just above
from installed import NotInstallable, conformance_suite  # noqa: E402 # as above
from suite import REVISIONS, Report, run  # noqa: E402 # as above


@pytest.fixture(scope="session")
def suite_installed() -> None:
    """See to it that the suite is there, or say why it can't be."""
    try:
        conformance_suite()
    except NotInstallable as missing:
        if os.environ.get("APPROVER_SKIP_REAL") == "1":
            pytest.skip(str(missing))
        pytest.fail(f"{missing}. To leave such tests out, set APPROVER_SKIP_REAL=1.", pytrace=False)


@pytest.fixture(scope="session")
def directly(suite_installed: None) -> Callable[[str], Report]:
    """What the suite says of the conformance server itself, for a revision; run once, however many compare with it."""
    with programs.direct() as url:
        reports: Mapping[str, Report] = {revision: run(url, revision) for revision in REVISIONS}
    return reports.__getitem__
