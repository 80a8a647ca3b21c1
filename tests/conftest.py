"""What every test runs in: folders of its own, no screen unless it asks for one, repeatable property tests.

The environment is laid before any test module is imported, because Qt and the keyring read it once. Data flows one way:
from here into the tests' environment and marks.
"""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

TESTS = Path(__file__).parent
ON_A_DESKTOP = "APPROVER_TEST_DESKTOP" in os.environ
TIERS = ("pure", "offscreen", "real", "conformance", "desktop")
TIER_OF_FOLDER = {"ui": "offscreen", "real": "real", "screen": "desktop", "conformance": "real"}

# Derandomized: what passes here passes on the build machine. No deadline: both machines have two busy cores.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=False)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_home = tempfile.TemporaryDirectory(prefix="approver-tests-")
os.environ["APPROVER_HOME"] = _home.name
os.environ["APPROVER_START"] = "none"  # a test that wants an app starts it
for _name in ("APPROVER_GRANT", "APPROVER_SOCKET", "XDG_CURRENT_DESKTOP", "NO_COLOR", "FORCE_COLOR"):
    os.environ.pop(_name, None)
if not ON_A_DESKTOP:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    # No test may reach the person's own session: no display, no bus to notify or to unlock a keyring on.
    for _name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(_name, None)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={_home.name}/no-session-bus"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its tier: what is written on it, or else what its folder says."""
    for item in items:
        if not any(item.get_closest_marker(tier) for tier in TIERS):
            folder = item.path.relative_to(TESTS).parts[0]
            item.add_marker(getattr(pytest.mark, TIER_OF_FOLDER.get(folder, "pure")))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse desktop tests off the desktop: they would fail one by one, or open windows on the person's screen."""
    if not ON_A_DESKTOP and any(item.get_closest_marker("desktop") for item in session.items):
        raise pytest.UsageError("tests marked desktop run under tests/tools/with_desktop: make desktop-tests")


def pytest_unconfigure() -> None:
    """Take away the folder that stood in for the person's."""
    _home.cleanup()


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests (`pytest.mark.anyio`) run on the loop that the engine has."""
    return "asyncio"


@pytest.fixture
def approver_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own, for tests that write configuration or start an engine."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("APPROVER_HOME", str(home))
    return home
