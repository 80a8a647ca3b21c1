"""Starting at login: what is written, what is read back, and what others change in between."""

import plistlib
import shlex
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from approver.desktop.autostart import DesktopEntry, LaunchAgent, LoginItem, LoginState, RunKey, login_item

PYTHON = sys.executable
COMMAND = (PYTHON, "-m", "approver", "tray", "--hidden")


def entry(folder: Path, **variables: str) -> DesktopEntry:
    return DesktopEntry(folder / "autostart", [folder / "shared"], COMMAND, variables)


def edit(item: DesktopEntry | LaunchAgent, old: str, new: str) -> None:
    text = item.path.read_text(encoding="utf-8")
    assert old in text
    item.path.write_text(text.replace(old, new), encoding="utf-8")


def test_it_is_off_until_it_is_turned_on_and_leaves_nothing_behind(tmp_path: Path) -> None:
    item = entry(tmp_path)
    assert item.state() == LoginState(False)
    item.turn_on()
    assert item.state() == LoginState(True)
    assert stat.S_IMODE(item.path.stat().st_mode) == 0o600
    item.turn_off()
    assert item.state() == LoginState(False) and not item.path.exists()
    item.turn_off()


def test_the_entry_is_absolute_and_hides_the_windows(tmp_path: Path) -> None:
    item = entry(tmp_path)
    item.turn_on()
    lines = dict(line.partition("=")[::2] for line in item.path.read_text(encoding="utf-8").splitlines())
    assert lines["TryExec"] == PYTHON and shlex.split(lines["Exec"]) == list(COMMAND)
    assert lines["Type"] == "Application" and lines["Terminal"] == "false"


def test_odd_paths_are_quoted_as_the_specification_wants(tmp_path: Path) -> None:
    item = DesktopEntry(tmp_path, [], ("/opt/my app/100%$a", "x"), {"APPROVER_HOME": "/h"})
    item.turn_on()
    text = item.path.read_text(encoding="utf-8")
    assert 'Exec=/usr/bin/env APPROVER_HOME=/h "/opt/my app/100%%\\\\$a" x\n' in text


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Terminal=false", "Hidden=true", ""),
        ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false", ""),
        (f"TryExec={PYTHON}", "TryExec=/nowhere/approver", "which is not there"),
        ("[Desktop Entry]", "[Other]", "cannot be read"),
    ],
)
def test_what_others_switched_off_is_off(tmp_path: Path, old: str, new: str, problem: str) -> None:
    item = entry(tmp_path)
    item.turn_on()
    edit(item, old, new)
    state = item.state()
    assert not state.is_on and problem in state.problem and bool(problem) is bool(state.problem)
    item.turn_on()
    assert item.state() == LoginState(True)


def test_an_entry_of_another_approver_is_told_of(tmp_path: Path) -> None:
    item = entry(tmp_path)
    item.turn_on()
    edit(item, "--hidden", "--other")
    assert item.state().is_on and "another Approver" in item.state().problem


def test_an_entry_for_all_users_counts_and_is_overruled(tmp_path: Path) -> None:
    item = entry(tmp_path)
    item.turn_on()
    (tmp_path / "shared").mkdir()
    item.path.rename(tmp_path / "shared" / item.path.name)
    assert item.state() == LoginState(True)
    item.turn_off()
    assert item.state() == LoginState(False) and item.path.exists()
    item.turn_on()
    assert item.state() == LoginState(True)


def test_on_macos_it_is_a_launch_agent(tmp_path: Path) -> None:
    item = LaunchAgent(tmp_path, COMMAND, {"APPROVER_HOME": "/h"})
    assert item.state() == LoginState(False)
    item.turn_on()
    assert plistlib.loads(item.path.read_bytes()) == {
        "Label": "io.github.approver",
        "ProgramArguments": list(COMMAND),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "EnvironmentVariables": {"APPROVER_HOME": "/h"},
    }
    assert item.state() == LoginState(True)
    edit(item, "--hidden", "--other")
    assert "another Approver" in item.state().problem
    edit(item, f"<string>{PYTHON}</string>", "<string>/nowhere/python</string>")
    assert item.state() == LoginState(False, item.state().problem) and "not there" in item.state().problem
    edit(item, "<true/>", "<false/>")
    assert item.state() == LoginState(False)
    item.path.write_bytes(b"{")
    assert "cannot be read" in item.state().problem
    item.turn_off()
    assert not item.path.exists()


class FakeRegistry:
    """The registry, in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], Any] = {}

    def get(self, key: str, name: str) -> Any:
        return self.values.get((key.rpartition("\\")[0].rpartition("\\")[2], name))

    def put(self, key: str, name: str, text: str) -> None:
        self.values[key.rpartition("\\")[0].rpartition("\\")[2], name] = text

    def remove(self, key: str, name: str) -> None:
        self.values.pop((key.rpartition("\\")[0].rpartition("\\")[2], name), None)


def test_on_windows_it_is_a_value_that_the_task_manager_can_overrule() -> None:
    registry = FakeRegistry()
    item = RunKey(registry, ("C:\\Program Files\\approver.exe", "tray", "--hidden"), {})
    assert item.state() == LoginState(False)
    item.turn_on()
    assert list(registry.values.values()) == ['"C:\\Program Files\\approver.exe" tray --hidden']
    assert item.state() == LoginState(True)
    registry.values["StartupApproved", "Approver"] = b"\x03\0\0"
    assert "task manager" in item.state().problem and not item.state().is_on
    item.turn_on()
    assert item.state() == LoginState(True)
    registry.put("x\\CurrentVersion\\Run", "Approver", "other.exe")
    assert "another Approver" in item.state().problem
    item.turn_off()
    assert registry.values == {}
    with pytest.raises(OSError, match="APPROVER_HOME"):
        RunKey(registry, COMMAND, {"APPROVER_HOME": "/h"}).turn_on()


def test_each_system_has_its_way(tmp_path: Path) -> None:
    linux: LoginItem = login_item({"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path, "linux")
    mac = login_item({}, tmp_path, "darwin")
    assert isinstance(linux, DesktopEntry) and linux.path == tmp_path / "autostart/approver.desktop"
    plain = login_item({}, tmp_path, "linux")
    assert isinstance(plain, DesktopEntry) and plain.path == tmp_path / ".config/autostart/approver.desktop"
    assert isinstance(mac, LaunchAgent) and mac.path == tmp_path / "Library/LaunchAgents/io.github.approver.plist"
    if sys.platform != "win32":
        with pytest.raises(ImportError):
            login_item({}, tmp_path, "win32")
