"""The engine's lock, held by real processes."""

import importlib.util
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from approver.desktop import lock as lock_module
from approver.desktop.lock import AlreadyRunning, EngineLock, holder

HOLD = """
import sys
from pathlib import Path
from approver.desktop.lock import EngineLock
EngineLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lock_module, "_PAUSE", 0)
    return tmp_path / "engine.lock"


def test_the_holder_is_named_while_it_holds_and_nobody_after(path: Path) -> None:
    assert holder(path) is None
    lock = EngineLock(path)
    lock.acquire()
    assert holder(path) == os.getpid()
    lock.release()
    lock.release()
    assert holder(path) is None


def test_a_second_engine_is_refused_with_the_first_ones_process(path: Path) -> None:
    first = EngineLock(path)
    first.acquire()
    with pytest.raises(AlreadyRunning, match=rf"already running \(process {os.getpid()}\)") as refused:
        EngineLock(path).acquire()
    assert refused.value.pid == os.getpid()
    first.release()


def test_a_holder_that_has_not_written_its_process_id_counts_as_running(path: Path) -> None:
    first = EngineLock(path)
    first.acquire()
    path.write_text("", encoding="utf-8")
    assert holder(path) == 0
    with pytest.raises(AlreadyRunning, match=r"already running\.$"):
        EngineLock(path).acquire()
    first.release()


def test_a_killed_engine_leaves_no_lock_behind(path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            assert holder(path) == other.pid
            with pytest.raises(AlreadyRunning):
                EngineLock(path).acquire()
        finally:
            other.kill()
    assert path.read_text(encoding="utf-8") == str(other.pid)
    assert holder(path) is None
    lock = EngineLock(path)
    lock.acquire()
    assert holder(path) == os.getpid()
    lock.release()


def test_a_file_replaced_while_it_was_locked_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = lock_module._try_lock
    removed: list[bool] = []

    def remove_once(descriptor: int) -> bool:
        if not removed:
            path.unlink()
            removed.append(True)
        return real(descriptor)

    monkeypatch.setattr(lock_module, "_try_lock", remove_once)
    lock = EngineLock(path)
    lock.acquire()
    assert holder(path) == os.getpid()
    lock.release()


def test_the_windows_variant_locks_beyond_the_process_id(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    positions: list[int] = []
    taken: list[bool] = []

    def locking(descriptor: int, mode: int, count: int) -> None:
        positions.append(os.lseek(descriptor, 0, os.SEEK_CUR))
        if taken:
            raise OSError("taken")
        taken.append(True)

    monkeypatch.setattr(sys, "platform", "win32")
    fake = types.ModuleType("msvcrt")
    fake.__dict__.update(locking=locking, LK_NBLCK=2)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    assert lock_module.__file__ is not None
    spec = importlib.util.spec_from_file_location("windows_lock", lock_module.__file__)
    assert spec is not None and spec.loader is not None
    windows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(windows)
    windows.EngineLock(path).acquire()
    assert windows.holder(path) == os.getpid()
    assert positions == [4096, 4096]
