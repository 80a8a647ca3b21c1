"""The app as a process: started twice, ended by a signal, with a fake engine and with the real one."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from eventually import eventually

from approver.desktop.paths import Paths
from approver.ui.single_instance import SOCKET_NAME
from approver.window_state import read

WITH_FAKE_ENGINE = """
import sys
from pathlib import Path
from fake_engine import FakeEngine
from approver.desktop.paths import Paths
from approver.ui.run import run

engine = FakeEngine()
status = run(Paths.under(Path(sys.argv[1])), engine_factory=lambda: engine)
print(status, *engine.did)
sys.exit(status)
"""
IN_GERMAN = """
import sys
from pathlib import Path
from fake_engine import FakeEngine
from PySide6.QtCore import QCoreApplication
from approver.desktop.paths import Paths
from approver.ui.run import run

def engine():
    print(QCoreApplication.translate("AnswerBar", "&Deny"), flush=True)
    return FakeEngine()

sys.exit(run(Paths.under(Path(sys.argv[1])), engine_factory=engine))
"""
WITH_REAL_ENGINE = """
import sys
from pathlib import Path
from approver.desktop.paths import Paths
from approver.ui.run import run

sys.exit(run(Paths.under(Path(sys.argv[1])), hidden=True))
"""
SUPPORT = Path(__file__).parents[1] / "support"
Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts the app as a process; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(script: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(SUPPORT), "QT_API": "pyqt6", "QT_QPA_PLATFORM": "offscreen"},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=10)


def is_up(home: Path) -> bool:
    return (Paths.under(home).socket.parent / SOCKET_NAME).exists()


def test_the_windows_speak_the_language_that_settings_choose(start: Start, home: Path) -> None:
    paths = Paths.under(home)
    paths.create()
    paths.settings.write_text('[window]\nlanguage = "de"\n', encoding="utf-8")
    process = start(IN_GERMAN)
    assert process.stdout is not None
    assert process.stdout.readline() == "&Ablehnen\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_second_launch_shows_the_first_and_ends_with_0(start: Start, home: Path) -> None:
    first = start(WITH_FAKE_ENGINE)
    eventually(lambda: is_up(home), "the first listens")
    second = start(WITH_FAKE_ENGINE)
    assert second.wait(20) == 0
    assert second.communicate()[0] == "0\n"
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    output, errors = first.communicate(timeout=20)
    assert (output, first.returncode) == ("0 start stop\n", 0), errors
    assert list(read(Paths.under(home).windows)) == ["desk"], "where the main window stood is kept"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_real_engine_runs_behind_the_windows_and_ends_in_order(
    start: Start, home: Path, number: signal.Signals
) -> None:
    process = start(WITH_REAL_ENGINE)
    paths = Paths.under(home)
    eventually(paths.socket.exists, "the engine listens")
    eventually(lambda: is_up(home), "the windows listen")
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert not paths.socket.exists()
    assert paths.journal.exists()


def test_a_place_that_cannot_be_used_is_told_on_stderr(start: Start, home: Path) -> None:
    (home / "run").write_text("in the way", encoding="utf-8")
    process = start(WITH_FAKE_ENGINE)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "cannot be made" in errors
