"""What the login shell says of the environment: shells are small scripts that the tests write."""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop
from eventually import eventually

from approver.desktop import login_environment as module
from approver.desktop.login_environment import LoginEnvironment, merged

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    def bounded(work: Coroutine[Any, Any, Any]) -> Any:
        async def main() -> Any:
            return await asyncio.wait_for(work, 30)

        return request.param(main())

    return bounded


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], str]:
    """A shell whose start-up file does what the test says before it runs the command it was given."""

    def write(start_up: str, name: str = "shell") -> str:
        path = tmp_path / name
        path.write_text(f'#!/bin/sh\n{start_up}\nwhile [ $# -gt 1 ]; do shift; done\neval "$1"\n', encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


def test_the_shells_variables_win_and_its_path_comes_first(shell: Callable[[str], str], run: Run) -> None:
    own = {"PATH": "/bin:/ours", "EDITOR": "ed", "ONLY_OURS": "yes", "APPROVER_HOME": "/here"}
    path = shell('export PATH="/theirs:/bin" EDITOR=vi APPROVER_HOME=/there NEW="two\nlines"; echo chatter')
    found = run(LoginEnvironment(own, shell=path).get())
    assert found == {
        "PATH": "/theirs:/bin:/ours",
        "EDITOR": "vi",
        "ONLY_OURS": "yes",
        "APPROVER_HOME": "/here",
        "NEW": "two\nlines",
    }


def test_a_real_bash_is_asked_as_an_interactive_login_shell(tmp_path: Path, run: Run) -> None:
    (tmp_path / ".bash_profile").write_text("export FROM_PROFILE=1; case $- in *i*) export TALKS=1;; esac", "utf-8")
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SHELL": "/bin/bash"}
    found = run(LoginEnvironment(own).get())
    assert (found["FROM_PROFILE"], found["TALKS"]) == ("1", "1")
    assert "SHLVL" not in found and "APPROVER_READS_ENVIRONMENT" not in found


def test_the_shell_runs_once_however_many_ask(shell: Callable[[str], str], tmp_path: Path, run: Run) -> None:
    environment = LoginEnvironment({"PATH": "/bin"}, shell=shell(f"echo run >> {tmp_path}/runs"))

    async def ask() -> None:
        first, second = await asyncio.gather(environment.get(), environment.get())
        assert first == second == await environment.get()
        environment.forget()
        await environment.get()

    run(ask())
    assert (tmp_path / "runs").read_text(encoding="utf-8") == "run\nrun\n"


def test_a_caller_that_gives_up_does_not_stop_the_reading_for_the_others(shell: Callable[[str], str], run: Run) -> None:
    environment = LoginEnvironment({"PATH": "/bin"}, shell=shell("export DONE=1"))

    async def ask() -> str:
        impatient = asyncio.ensure_future(environment.get())
        await asyncio.sleep(0)
        impatient.cancel()
        return (await environment.get())["DONE"]

    assert run(ask()) == "1"


def test_a_job_that_the_start_up_file_left_running_is_not_waited_for(
    shell: Callable[[str], str], tmp_path: Path, run: Run
) -> None:
    far = f"setsid sh -c 'echo $$ > {tmp_path}/far; exec sleep 60' & until [ -s {tmp_path}/far ]; do :; done"
    path = shell(f"sleep 300 & export JOB=$!; {far}")
    found = run(LoginEnvironment({"PATH": os.environ["PATH"]}, shell=path).get())
    os.kill(int((tmp_path / "far").read_text(encoding="utf-8")), 9)
    eventually(lambda: not _lives(int(found["JOB"])), "the job has ended")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("start_up", "sentence"),
    [
        ("exit 0", "it ended without an answer"),
        ("exec sleep 300", r"did not tell its environment within 0\.3 seconds"),
    ],
)
def test_a_shell_that_does_not_answer_leaves_our_own_environment(
    shell: Callable[[str], str], caplog: pytest.LogCaptureFixture, run: Run, start_up: str, sentence: str
) -> None:
    own = {"PATH": os.environ["PATH"], "A": "1"}
    with caplog.at_level(logging.WARNING):
        found = run(LoginEnvironment(own, shell=shell(start_up), timeout=0.3).get())
    assert found == own
    [record] = caplog.records
    assert re.search(sentence, record.getMessage())


def test_a_shell_that_does_not_exist_is_named_in_the_log(caplog: pytest.LogCaptureFixture, run: Run) -> None:
    assert run(LoginEnvironment({"PATH": "/bin"}, shell="/no/such/shell").get()) == {"PATH": "/bin"}
    assert "/no/such/shell" in caplog.text and "servers get Approver's own" in caplog.text


def test_our_own_environment_is_the_process_environment_by_default(
    monkeypatch: pytest.MonkeyPatch, shell: Callable[[str], str], run: Run
) -> None:
    monkeypatch.setenv("ONE_OF_OURS", "1")
    assert run(LoginEnvironment(shell=shell("")).get())["ONE_OF_OURS"] == "1"


def test_a_shell_that_still_runs_at_the_end_is_ended(shell: Callable[[str], str], run: Run, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    async def work() -> None:
        login = LoginEnvironment(shell=shell(f"echo $$ >{pid_file}.new; mv {pid_file}.new {pid_file}; sleep 600"))
        await login.stop()
        waiting = asyncio.ensure_future(login.get())
        await asyncio.to_thread(eventually, pid_file.exists, "the shell runs")
        await login.stop()
        await login.stop()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    run(work())
    pid = int(pid_file.read_text(encoding="utf-8"))
    eventually(lambda: not Path(f"/proc/{pid}").exists(), "the shell has ended")


def test_a_start_up_file_that_is_cut_off_takes_its_locks_away(
    shell: Callable[[str], str], run: Run, tmp_path: Path
) -> None:
    """As pyenv's does: if its lock stayed, every terminal of the person's would wait for it."""
    lock = tmp_path / "lock"
    start_up = f"bash -c 'trap \"rm -f {lock}\" EXIT; touch {lock}; sleep 600'"

    async def work() -> None:
        login = LoginEnvironment({"OURS": "1", "PATH": os.environ["PATH"]}, shell=shell(start_up))
        waiting = asyncio.ensure_future(login.get())
        await asyncio.to_thread(eventually, lock.exists, "the lock is held")
        await login.stop()
        assert waiting.cancelled() or waiting.done() or await asyncio.wait([waiting])

    run(work())
    assert not lock.exists()


def test_a_shell_that_will_not_end_is_made_to(
    monkeypatch: pytest.MonkeyPatch, shell: Callable[[str], str], run: Run, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_POLITE_SECONDS", 0.1)
    pid_file = tmp_path / "pid"
    stubborn = shell(f"trap '' HUP TERM; echo $$ >{pid_file}; while :; do sleep 1; done")
    assert run(LoginEnvironment({"OURS": "1"}, shell=stubborn, timeout=0.5).get()) == {"OURS": "1"}
    pid = int(pid_file.read_text(encoding="utf-8"))
    eventually(lambda: not Path(f"/proc/{pid}").exists(), "the shell has ended")


def test_windows_runs_no_shell(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert run(LoginEnvironment({"PATH": "C:"}, shell="/no/such/shell").get()) == {"PATH": "C:"}


def test_the_session_we_run_in_is_ours_to_tell() -> None:
    found = merged({"DISPLAY": ":9", "VIRTUAL_ENV": "/x", "PATH": "/a::/b", "PWD": "/p"}, {"DISPLAY": ":0"})
    assert found == {"DISPLAY": ":0", "VIRTUAL_ENV": "/x", "PATH": "/a:/b"}


def test_without_a_shell_variable_the_password_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def unknown(user: int) -> pwd.struct_passwd:
        raise KeyError(user)

    assert module._login_shell({}) == (pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh")
    assert module._login_shell({"SHELL": "/bin/fish"}) == "/bin/fish"
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert module._login_shell({}) == "/bin/sh"


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("/bin/zsh", ["-l", "-i", "-c", "x"]),
        ("/bin/tcsh", ["-i", "-c", "x"]),
        ("/usr/bin/pwsh", ["-Login", "-Command", "x"]),
    ],
)
def test_each_shell_gets_the_arguments_it_understands(shell: str, expected: list[str]) -> None:
    assert module._arguments(shell, "x") == expected
