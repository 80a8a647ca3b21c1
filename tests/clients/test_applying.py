"""A client's file is changed in one step, with a backup, or not at all."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest
from client_files import write

from approver.clients.applying import ChangeRefused, put_back, put_in_place
from approver.clients.known import CURSOR, ClientFile
from approver.clients.planning import FilePlan

TODAY = date(2026, 11, 22)


def change(path: Path) -> FilePlan:
    return FilePlan(ClientFile(CURSOR, path), b"old", b"new", ())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_changed_and_its_backup_stands_beside_it_with_the_same_rights(tmp_path: Path) -> None:
    path = write(tmp_path / "config.json", "old")
    path.chmod(0o640)
    backup = put_in_place(change(path), TODAY)
    assert (path.read_bytes(), backup.read_bytes()) == (b"new", b"old")
    assert names(tmp_path) == ["config.json", "config.json.approver-2026-11-22"]
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, backup)] == [0o640, 0o640]


def test_a_second_backup_of_the_day_gets_a_number(tmp_path: Path) -> None:
    path = write(tmp_path / "c", "old")
    put_in_place(change(path), TODAY)
    path.write_text("old", encoding="utf-8")
    assert put_in_place(change(path), TODAY).name == "c.approver-2026-11-22-2"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = write(tmp_path / "real/c", "old")
    link = tmp_path / "c"
    link.symlink_to(target)
    put_in_place(change(link), TODAY)
    assert link.is_symlink() and target.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "c", "other")
    with pytest.raises(ChangeRefused, match="somebody else changed it meanwhile"):
        put_in_place(change(path), TODAY)
    path.unlink()
    with pytest.raises(ChangeRefused, match="not there any more"):
        put_in_place(change(path), TODAY)
    assert names(tmp_path) == []


def test_a_file_that_changes_at_the_last_moment_is_left_alone_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "c", "old")
    sync = os.fsync
    synced: list[int] = []

    def change_meanwhile(descriptor: int) -> None:
        sync(descriptor)
        synced.append(descriptor)
        if len(synced) == 2:  # the backup is written, and the new text beside the file
            path.write_text("edited", encoding="utf-8")

    monkeypatch.setattr("approver.clients.applying.os.fsync", change_meanwhile)
    with pytest.raises(ChangeRefused, match="somebody else"):
        put_in_place(change(path), TODAY)
    assert names(tmp_path) == ["c"] and path.read_text(encoding="utf-8") == "edited"


def test_where_nothing_can_be_written_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "c", "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("approver.clients.applying.os.fsync", full)
    with pytest.raises(ChangeRefused, match="No space left"):
        put_in_place(change(path), TODAY)
    assert path.read_text(encoding="utf-8") == "old"
    monkeypatch.setattr("approver.clients.applying._MOST_BACKUPS", 1)
    with pytest.raises(ChangeRefused, match="too many backups"):
        put_in_place(change(path), TODAY)


def test_putting_back_makes_no_backup(tmp_path: Path) -> None:
    path = write(tmp_path / "c", "new")
    put_back(path, b"new", b"old")
    assert path.read_bytes() == b"old" and names(tmp_path) == ["c"]
