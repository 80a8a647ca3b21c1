"""Where files are kept, under every environment a client may start us with."""

import os
import stat
import sys
from pathlib import Path

import platformdirs.macos
import platformdirs.unix
import pytest

from approver.desktop import paths as paths_module
from approver.desktop.paths import SOCKET_LIMIT, Paths, PathsUnusable


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("APPROVER_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_approver_home_holds_all_three_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APPROVER_HOME", str(tmp_path / "home"))
    found = Paths.from_environment()
    assert (found.config, found.data, found.run) == tuple(
        tmp_path / "home" / part for part in ("config", "data", "run")
    )


def test_a_relative_approver_home_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APPROVER_HOME", "here")
    assert Paths.from_environment().config == tmp_path / "here" / "config"


def test_a_home_has_one_socket_however_it_is_spelt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    sockets = set()
    for spelt in (home, tmp_path / "link", home / ".." / home.name):
        monkeypatch.setenv("APPROVER_HOME", str(spelt))
        sockets.add(Paths.from_environment().socket)
    assert len(sockets) == 1


def test_a_tilde_in_approver_home_is_the_persons_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APPROVER_HOME", "~/approver")
    assert Paths.from_environment().data == tmp_path / "approver" / "data"


def test_the_same_folders_are_the_same_paths(tmp_path: Path) -> None:
    assert {Paths.under(tmp_path), Paths.under(tmp_path)} == {Paths.under(tmp_path)}
    assert Paths.under(tmp_path) != Paths.under(tmp_path / "other")
    assert Paths.under(tmp_path) != tmp_path


def test_every_named_file_stands_in_its_folder(tmp_path: Path) -> None:
    found = Paths.under(tmp_path)
    assert [found.servers, found.policies, found.grants, found.settings] == [
        tmp_path / "config" / name for name in ("servers.json", "policies", "grants.json", "settings.toml")
    ]
    assert [found.journal, found.logs] == [tmp_path / "data" / "journal.db", tmp_path / "data" / "logs"]
    assert [found.windows, found.habits] == [tmp_path / "data" / name for name in ("windows.json", "habits.json")]
    assert [found.lock, found.socket] == [tmp_path / "run" / "engine.lock", tmp_path / "run" / "engine.sock"]


def test_linux_uses_the_xdg_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("CONFIG_HOME", "DATA_HOME", "RUNTIME_DIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name))
    expected = [tmp_path / name / "approver" for name in ("CONFIG_HOME", "DATA_HOME", "RUNTIME_DIR")]
    found = Paths.from_environment()
    assert [found.config, found.data, found.run] == expected


def test_linux_without_variables_uses_the_usual_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(paths_module, "_user", lambda: 4_000_000_000)
    found = Paths.from_environment()
    assert found.config == tmp_path / ".config" / "approver"
    assert found.data == tmp_path / ".local" / "share" / "approver"
    assert found.run == found.data / "run"


def test_a_relative_xdg_folder_is_ignored_as_the_specification_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert Paths.from_environment().config == tmp_path / ".config" / "approver"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_keep_the_three_folders_apart(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    found = Paths.from_environment()
    assert found.config.parent == found.data.parent == found.run.parent
    assert found.config.parent.name == "approver"


def test_the_places_are_those_that_platformdirs_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    linux, mac = platformdirs.unix.Unix("approver"), platformdirs.macos.MacOS("approver")
    monkeypatch.setattr(sys, "platform", "linux")
    found = Paths.from_environment()
    assert (found.config, found.data) == (linux.user_config_path, linux.user_data_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert Paths.from_environment().data == mac.user_data_path / "data"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert Paths.from_environment().data == tmp_path / "Local" / "approver" / "data"


def test_a_socket_path_that_is_too_long_moves_to_a_short_folder(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    found = Paths.under(home)
    assert len(os.fsencode(found.socket)) < SOCKET_LIMIT
    assert found.socket == Paths.under(home).socket
    assert found.socket != Paths.under(home / "other").socket


def test_created_folders_are_closed_to_others(tmp_path: Path) -> None:
    found = Paths.under(tmp_path / "home")
    found.create()
    for folder in (found.config, found.policies, found.data, found.logs, found.run):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_creating_twice_closes_a_folder_that_was_opened(tmp_path: Path) -> None:
    found = Paths.under(tmp_path)
    found.create()
    found.run.chmod(0o755)
    found.create()
    assert stat.S_IMODE(found.run.stat().st_mode) == 0o700


def test_the_short_socket_folder_is_made_too(tmp_path: Path) -> None:
    found = Paths.under(tmp_path / ("long" * 30))
    found.create()
    try:
        assert stat.S_IMODE(found.socket.parent.stat().st_mode) == 0o700
    finally:
        found.socket.parent.rmdir()


def test_a_short_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    found = Paths.under(tmp_path / ("long" * 30))
    (tmp_path / "theirs").mkdir()
    found.socket.parent.symlink_to(tmp_path / "theirs")
    try:
        with pytest.raises(PathsUnusable, match="belongs to somebody else"):
            found.create()
    finally:
        found.socket.parent.unlink()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(PathsUnusable, match=r"file/config cannot be made: .*set APPROVER_HOME"):
        Paths.under(tmp_path / "file").create()


def test_windows_leaves_protection_to_the_persons_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    found = Paths.under(tmp_path)
    found.create()
    assert found.run.is_dir()
    assert paths_module._user() == 0
