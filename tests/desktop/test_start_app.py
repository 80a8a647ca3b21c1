"""The app as the shim starts it: detached from the client, on the person's desktop."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from eventually import eventually

from approver.desktop import start_app

WITHIN = 15.0


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What would have been started, and its environment."""
    found: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(start_app, "_detached", lambda command, environment, log: found.append((command, environment)))
    monkeypatch.setattr(start_app, "_desktop_variables", lambda pid: {})
    for name in ("APPROVER_START", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return found


def start(tmp_path: Path) -> None:
    start_app.start_app(str(tmp_path / "logs"))


def test_without_a_display_the_app_is_started_without_windows(started, tmp_path) -> None:
    start(tmp_path)
    ((command, _),) = started
    assert command == [sys.executable, "-m", "approver", "serve"]
    log = tmp_path / "logs" / "start.log"
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_the_app_is_started_in_the_tray(started, tmp_path, monkeypatch, name) -> None:
    monkeypatch.setenv(name, ":7")
    start(tmp_path)
    assert started[0][0][3:] == ["tray", "--hidden"]
    monkeypatch.setenv("APPROVER_START", "serve")
    start(tmp_path)
    assert started[1][0][3:] == ["serve"]


def test_the_desktop_that_the_client_hides_is_found_at_its_ancestors(started, tmp_path, monkeypatch) -> None:
    desktop = {"DISPLAY": ":9", "XAUTHORITY": "/x", "LANG": "de"}
    monkeypatch.setattr(start_app, "_desktop_variables", lambda pid: desktop)
    monkeypatch.setenv("LANG", "fr")
    start(tmp_path)
    ((command, environment),) = started
    assert command[3:] == ["tray", "--hidden"]
    assert (environment["DISPLAY"], environment["XAUTHORITY"], environment["LANG"]) == (":9", "/x", "fr")


@pytest.mark.parametrize(("given", "meant"), [("homes/a", "{here}/homes/a"), ("/else/b", "/else/b"), ("", "")])
def test_a_home_that_counts_from_the_clients_folder_stays_that_one(
    started, tmp_path, monkeypatch, given, meant
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APPROVER_HOME", given)
    start(tmp_path)
    assert started[0][1]["APPROVER_HOME"] == meant.format(here=tmp_path)


def test_an_app_that_may_not_be_started_is_not(started, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("APPROVER_START", "none")
    with pytest.raises(OSError, match="APPROVER_START=none forbids it"):
        start(tmp_path)
    assert started == []


@pytest.fixture
def sleeper() -> Iterator[Callable[[dict[str, str]], int]]:
    """A process with an environment of its own that waits until the test is over; its child may be asked about."""
    found: list[subprocess.Popen[bytes]] = []

    def launch(environment: dict[str, str]) -> int:
        program = (
            "import subprocess, sys\np = subprocess.Popen(['cat'], env={}, stdin=0)\nprint(p.pid, flush=True)\np.wait()"
        )
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        found.append(process)
        assert process.stdout
        return int(process.stdout.readline())

    yield launch
    for process in found:
        process.communicate()


def test_the_desktops_variables_come_from_the_nearest_ancestor_that_has_a_display(sleeper) -> None:
    child = sleeper({"DISPLAY": ":5", "XAUTHORITY": "/home/x", "SECRET": "s", "LANG": ""})
    assert start_app._desktop_variables(child) == {"DISPLAY": ":5", "XAUTHORITY": "/home/x"}


def test_a_process_that_is_not_there_has_no_desktop() -> None:
    done = subprocess.Popen(["true"])
    done.wait()
    assert start_app._desktop_variables(done.pid) == {}
    assert start_app._desktop_variables(1) == {}
    assert start_app._desktop_variables(0) == {}


STARTED = "import os, sys; print(os.getppid(), os.getsid(0), repr(sys.stdin.read()), os.getcwd(), os.environ['A'])"
STARTER = f"""
import os, sys
from approver.desktop.start_app import _detached
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
_detached([sys.executable, "-c", {STARTED!r}], {{"A": "given"}}, log)
print(os.getpid(), os.getsid(0))
"""


def test_what_is_started_is_cut_off_from_the_client(tmp_path) -> None:
    """It has a session of its own, a parent that is not the client's, no stdin, and writes to the log."""
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-c", STARTER, str(log)], capture_output=True, text=True, timeout=WITHIN, check=True
    )
    eventually(lambda: log.read_text(encoding="utf-8").endswith("\n"), "the detached process has written")
    starter, starters_session = done.stdout.split()
    parent, session, stdin, folder, given = log.read_text(encoding="utf-8").split()
    assert parent != starter
    assert session != starters_session
    assert (stdin, folder, given) == ("''", "/", "given")


def test_an_app_that_cannot_be_run_leaves_nothing_behind(tmp_path) -> None:
    program = (
        "import os, sys\nfrom approver.desktop.start_app import _detached\n"
        "_detached(['/nowhere/python'], {}, os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT))\nprint('went on')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "log")],
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=True,
    )
    assert done.stdout == "went on\n"
