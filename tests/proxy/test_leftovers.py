"""Servers that outlived engine and supervisor are ended at the next start, and nobody else is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventually import eventually

from approver.proxy import leftovers
from approver.proxy.leftovers import MARK, remember, sweep_leftovers


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "300"], env={**os.environ, MARK: "theirs"})
    yield process
    process.kill()
    process.wait(10)


def test_a_server_and_what_it_started_are_ended_by_their_mark(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    script = "import subprocess, sys; print(subprocess.Popen(['sleep', '300'], start_new_session=True).pid, flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, MARK: "ours"}, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        far = int(server.stdout.readline())
        remember(tmp_path, server.pid, "ours")
    assert sweep_leftovers(tmp_path) == 1
    eventually(lambda: not Path(f"/proc/{far}").exists() or _is_zombie(far), "what the server started has ended")
    assert sleeper.poll() is None
    assert list((tmp_path / "servers").iterdir()) == []


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def test_a_server_without_its_mark_is_known_by_its_start_time(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    remember(tmp_path, sleeper.pid, "another mark")
    assert sweep_leftovers(tmp_path) == 1
    assert sleeper.wait(10) == -signal.SIGKILL


def test_a_process_that_got_the_number_later_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    note = remember(tmp_path, sleeper.pid, "another mark")
    note.write_text(f'{{"pid": {sleeper.pid}, "started": 1}}', encoding="utf-8")
    assert sweep_leftovers(tmp_path) == 0
    assert sleeper.poll() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": null}', '{"pid": 1}', '{"pid": 999999999, "started": 5}'])
def test_a_note_that_leads_nowhere_is_taken_away(tmp_path: Path, content: str) -> None:
    note = remember(tmp_path, os.getpid(), "mark")
    note.write_text(content, encoding="utf-8")
    assert sweep_leftovers(tmp_path) == 0
    assert not note.exists()


def test_without_notes_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_marked", None)
    assert sweep_leftovers(tmp_path / "nowhere") == 0


def test_a_process_that_ended_meanwhile_or_became_anothers_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    leftovers._kill(1)


def test_where_there_is_no_proc_only_notes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    remember(tmp_path, 999_999_999, "mark")
    assert sweep_leftovers(tmp_path) == 0
