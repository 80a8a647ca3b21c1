"""Tests on real MCP servers and real processes: what they share, and where the programs they need come from."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from approver_home import ApproverHome  # noqa: E402 # the path to it was laid just above
from installed import NotInstallable, node_server, web_scraper  # noqa: E402 # as above

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.real)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ApproverHome]:
    """An Approver of this test's own; whatever it started is ended with it."""
    home = ApproverHome(tmp_path)
    yield home
    engine_says = home.engine_output()
    home.close()
    assert "Traceback" not in engine_says, engine_says


@pytest.fixture(scope="session")
def everything() -> list[str]:
    """The command of server-everything."""
    return _or_skip(lambda: node_server("everything"))


@pytest.fixture(scope="session")
def filesystem() -> list[str]:
    """The command of server-filesystem, without the folders it may touch."""
    return _or_skip(lambda: node_server("filesystem"))


@pytest.fixture(scope="session")
def scraper() -> list[str]:
    """The command of the web scraper."""
    return _or_skip(web_scraper)


def _or_skip(install: Callable[[], list[str]]) -> list[str]:
    try:
        return install()
    except NotInstallable as missing:
        if os.environ.get("APPROVER_SKIP_REAL") == "1":
            pytest.skip(str(missing))
        pytest.fail(f"{missing}. To leave such tests out, set APPROVER_SKIP_REAL=1.", pytrace=False)
