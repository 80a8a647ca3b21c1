"""What the tests of commands share: an app that answers them, and one that is not there."""

from collections.abc import Iterator

import pytest
from fake_app import FakeApp


@pytest.fixture
def app() -> Iterator[FakeApp]:
    """A running app, as far as commands can tell."""
    app = FakeApp()
    yield app
    app.close()


@pytest.fixture
def no_app(approver_home: object) -> None:
    """A home where nothing runs."""
