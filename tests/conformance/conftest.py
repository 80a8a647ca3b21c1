"""The conformance suite's tests: where their parts are found, and the runs that they share."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fronts  # noqa: E402 # the path to it was laid just above
import programs  # noqa: E402 # as above
from installed import NotInstallable, conformance_suite  # noqa: E402 # as above
from suite import REVISIONS, Report, run  # noqa: E402 # as above

AT_ONCE = 3
"""A run mostly waits. What differs in company is run again alone."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What the suite says of the server itself, and of each way to it."""

    directly: Mapping[str, Future[Report]]
    """By revision."""
    through: Mapping[tuple[str, str], Future[Report]]
    """By way and revision."""
    urls: Mapping[str, str]
    """Where each way begins."""

    def wait(self) -> None:
        """Wait until all of them are over."""
        wait([*self.directly.values(), *self.through.values()])


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
def python(suite_installed: None) -> Iterator[Sequence[str]]:
    """What runs the programs of this folder without loading them anew each time."""
    with programs.loaded() as command:
        yield command


@pytest.fixture(scope="session")
def runs(
    request: pytest.FixtureRequest, python: Sequence[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runs]:
    """The runs that the chosen tests want, several at once."""
    chosen = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    ways = [(one["way"], one["revision"]) for one in chosen if "way" in one]
    work = tmp_path_factory.mktemp("fronts")
    with programs.direct(python) as server, fronts.fronts(work, python) as urls, ThreadPoolExecutor(AT_ONCE) as at_once:
        directly = {revision: at_once.submit(run, server, revision) for revision in REVISIONS}
        yield Runs(directly, {one: at_once.submit(run, urls[one[0]], one[1]) for one in ways}, urls)
        at_once.shutdown(cancel_futures=True)
