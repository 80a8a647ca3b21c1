"""Tests on real MCP servers and real processes: what they share, and where the programs they need come from."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from approver_home import ApproverHome  # noqa: E402 # the path to it was laid just above
from installed import node_server, or_say_why, web_scraper  # noqa: E402 # as above
from preloaded import preloaded  # noqa: E402 # as above

HERE = Path(__file__).parent
SERVERS = HERE.parent / "servers"
BOTH_ERAS = SERVERS / "both_eras_server.py"
REMOTE = SERVERS / "remote_server.py"


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
    return or_say_why(lambda: node_server("everything"), pytest.fail, pytest.skip)


@pytest.fixture(scope="session")
def sdk_servers() -> Iterator[list[str]]:
    """What runs a server of `tests/servers` that is made with the SDK, which takes a second to load."""
    with preloaded(BOTH_ERAS, REMOTE) as command:
        yield command


@pytest.fixture
def both_eras(sdk_servers: list[str]) -> list[str]:
    """The command of the SDK's server of both eras."""
    return [*sdk_servers, str(BOTH_ERAS)]


@pytest.fixture(scope="session")
def filesystem() -> list[str]:
    """The command of server-filesystem, without the folders it may touch."""
    return or_say_why(lambda: node_server("filesystem"), pytest.fail, pytest.skip)


@pytest.fixture(scope="session")
def scraper() -> list[str]:
    """The command of the web scraper."""
    return or_say_why(web_scraper, pytest.fail, pytest.skip)
