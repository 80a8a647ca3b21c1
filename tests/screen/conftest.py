"""Tests with real windows, mouse and keyboard. They run under tests/tools/with_desktop, marked `desktop`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from approver_home import ApproverHome  # noqa: E402 # the path to it was laid just above
from desk import Desk  # noqa: E402 # as above

HERE = Path(__file__).parent
COMPLAINT = re.compile(r"Traceback|\bqt\.|QObject|QPainter|QWidget|Warning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.desktop)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ApproverHome]:
    """An Approver of this test's own; whatever it started is ended with it, and complained of nothing."""
    home = ApproverHome(tmp_path)
    yield home
    home.close()
    assert not COMPLAINT.search(home.engine_output()), home.engine_output()


@pytest.fixture
def desk(home: ApproverHome, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A person's desk; start the app once its servers are written. A picture is kept of how the test ended."""
    desk = Desk(home)
    yield desk
    try:
        desk.picture(re.sub(r"\W+", "-", request.node.name))
    finally:
        desk.stop()
