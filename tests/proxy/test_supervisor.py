"""The supervisor as the program it is: real servers, real ends, and nothing left of either."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import coverage
import pytest
from eventually import eventually
from processes import MARK, marked

from approver.proxy import supervisor

TREE = """
import subprocess, sys, time
subprocess.Popen(["sleep", "300"])
subprocess.Popen(["sleep", "301"], start_new_session=True)
subprocess.run(["sh", "-c", "setsid sleep 302 >/dev/null 2>&1 &"])
print("up", flush=True)
"""
"""A server with a child, a child in a session of its own, and a daemon that has lost its parent."""
MEASURED = """
import sys
sys.path[:0] = {path!r}
import coverage
measuring = coverage.Coverage(data_file={file!r}, data_suffix=True, branch=True, source=None, include=[{module!r}])
measuring.start()
try:
    {launcher}
finally:
    measuring.stop()
    measuring.save()
"""


class Supervised:
    """One supervisor with its control socket and its server's pipes."""

    def __init__(self, command: Sequence[str], launcher: str) -> None:
        self.mark = uuid.uuid4().hex
        self.control, theirs = socket.socketpair()
        self.control.settimeout(20)
        folder = str(Path(supervisor.__file__).parent)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", launcher, folder, str(theirs.fileno()), *command],
                env={**os.environ, MARK: self.mark},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self._told = b""

    def told(self) -> str:
        """The next line of the supervisor's; empty at its end."""
        while b"\n" not in self._told:
            data = self.control.recv(4096)
            if not data:
                return ""
            self._told += data
        line, _, self._told = self._told.partition(b"\n")
        return line.decode()

    def started(self) -> int:
        word, _, pid = self.told().partition(" ")
        assert word == "started"
        return int(pid)

    def wait(self) -> None:
        assert self.process.wait(20) == 0

    def is_gone(self) -> bool:
        return not marked(self.mark)

    def close(self) -> None:
        for closing in (self.control, self.stdin, self.stdout):
            closing.close()
        eventually(lambda: self.process.poll() is not None and self.is_gone(), "everything ended")


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise() -> Iterator[Supervise]:
    """Starts supervisors; where the tests are measured, what runs in them is measured as well."""
    running: list[Supervised] = []
    launcher = supervisor.LAUNCHER
    if measuring := coverage.Coverage.current():
        file = str(measuring.config.data_file)
        path = [entry for entry in sys.path if entry]
        launcher = MEASURED.format(path=path, file=file, module=supervisor.__file__, launcher=launcher)

    def start(*command: str) -> Supervised:
        running.append(Supervised([shutil.which(command[0]) or command[0], *command[1:]], launcher))
        return running[-1]

    yield start
    for one in running:
        one.close()


def python(script: str) -> tuple[str, str, str]:
    return sys.executable, "-c", script


@pytest.mark.parametrize(
    ("script", "status"), [("", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)]
)
def test_it_tells_how_the_server_started_and_ended(supervise: Supervise, script: str, status: int) -> None:
    one = supervise(*python(script))
    assert one.started() != one.process.pid
    assert one.told() == f"ended {status}"
    assert one.told() == ""
    one.wait()


def test_it_tells_why_a_program_could_not_be_started(supervise: Supervise, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no program", encoding="utf-8")
    text.chmod(0o755)
    assert supervise("/no/such/program").told() == f"failed {errno.ENOENT}"
    one = supervise(str(text))
    assert one.told() == f"failed {errno.ENOEXEC}"
    one.wait()


def test_bytes_go_between_engine_and_server_directly(supervise: Supervise) -> None:
    one = supervise("cat")
    one.started()
    one.stdin.write(b"hello\n")
    one.stdin.flush()
    assert one.stdout.readline() == b"hello\n"
    one.stdin.close()
    assert one.told() == "ended 0"
    assert one.stdout.read() == b""


def test_the_end_of_the_servers_output_is_seen_while_the_server_lives(supervise: Supervise) -> None:
    one = supervise(*python("import os, time; os.close(1); time.sleep(300)"))
    one.started()
    assert one.stdout.read() == b""
    assert one.process.poll() is None


def test_the_server_ignores_no_signal_that_python_or_a_shell_did(supervise: Supervise) -> None:
    one = supervise("grep", "SigIgn", "/proc/self/status")
    standard = (1 << 31) - 1  # beyond it are the threads' own signals, which no program can choose
    assert int(one.stdout.read().split()[1], 16) & standard == 0


def test_the_server_does_not_get_the_control_socket(supervise: Supervise) -> None:
    one = supervise("ls", "/proc/self/fd")
    assert one.stdout.read().split() == [b"0", b"1", b"2", b"3"]  # 3: the folder that ls reads


def test_when_the_engine_goes_away_the_whole_tree_ends(supervise: Supervise) -> None:
    one = supervise(*python(TREE + "time.sleep(300)"))
    one.started()
    assert one.stdout.readline() == b"up\n"
    eventually(lambda: len(marked(one.mark)) == 5, "the supervisor, the server and what it started")
    one.control.close()
    eventually(one.is_gone, "the tree has ended")


def test_a_tree_that_ignores_the_request_to_end_is_killed(supervise: Supervise) -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\n"
    inner = f"{deaf}import time; time.sleep(300)"
    script = (
        f"{deaf}import subprocess, sys; subprocess.Popen([sys.executable, '-c', {inner!r}], start_new_session=True)"
    )
    one = supervise(*python(f"{script}\nprint('up', flush=True); import time; time.sleep(300)"))
    one.started()
    assert one.stdout.readline() == b"up\n"
    one.control.close()
    eventually(one.is_gone, "the tree was killed")


def test_what_a_server_leaves_behind_ends_with_it(supervise: Supervise) -> None:
    one = supervise(*python(TREE))
    one.started()
    assert one.told() == "ended 0"
    one.wait()
    eventually(one.is_gone, "nothing is left")


def test_a_daemon_of_a_daemon_is_found(supervise: Supervise) -> None:
    deaf = "trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 300' & wait"
    one = supervise(
        "sh", "-c", f"setsid sh -c '{deaf.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}' & echo up"
    )
    one.started()
    assert one.told() == "ended 0"
    one.wait()
    eventually(one.is_gone, "nothing is left")


def test_told_to_stop_it_lets_the_server_end_by_itself_first(supervise: Supervise) -> None:
    one = supervise(*python("import sys; sys.stdin.read(); print('bye'); sys.exit(5)"))
    one.started()
    one.control.sendall(b"stop 30\n")
    one.stdin.close()
    assert one.told() == "ended 5"
    assert one.stdout.read() == b"bye\n"


def test_after_the_grace_it_asks_and_then_kills(supervise: Supervise) -> None:
    polite = "import signal, time; signal.signal(15, lambda *_: exit(7)); print('up', flush=True); time.sleep(300)"
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
    for script, status in ((polite, 7), (deaf, -9)):
        one = supervise(*python(script))
        one.started()
        assert one.stdout.readline() == b"up\n"
        one.control.sendall(b"stop 0.1\n")
        assert one.told() == f"ended {status}"


def test_told_to_end_itself_it_ends_the_server(supervise: Supervise) -> None:
    one = supervise("sleep", "300")
    one.started()
    one.process.terminate()
    assert one.told() == "ended -15"
    one.wait()


def test_a_supervisor_that_is_killed_takes_the_server_with_it(supervise: Supervise) -> None:
    one = supervise("sleep", "300")
    one.started()
    one.process.kill()
    eventually(one.is_gone, "the server was killed")


# -- what a measured process cannot show, and what this machine cannot -----------------------------------------------


class Ended(BaseException):
    """Stands for a process that is over."""


def over(status: int) -> None:
    raise Ended(status)


def test_a_child_that_cannot_exec_says_why_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    asked: list[tuple[int, ...]] = []
    for name in ("setsid", "execv"):
        monkeypatch.setattr(supervisor.os, name, getattr(os, name) if name == "execv" else lambda: None)
    monkeypatch.setattr(supervisor.os, "_exit", over)
    monkeypatch.setattr(supervisor.signal, "signal", lambda number, act: asked.append((number, int(act))))
    monkeypatch.setattr(supervisor, "_LIBC", SimpleNamespace(prctl=lambda *words: asked.append(words)))
    with pytest.raises(Ended):
        supervisor._become(["/no/such/program"], writing)
    os.close(writing)
    assert os.read(reading, 16) == str(errno.ENOENT).encode()
    os.close(reading)
    heeded = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
    assert asked == [(1, signal.SIGKILL, 0, 0, 0), *((number, 0) for number in heeded)]


def test_without_the_linux_calls_the_child_is_started_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(supervisor.os, "setsid", lambda: None)
    monkeypatch.setattr(supervisor.os, "execv", lambda program, command: started.append(program))
    monkeypatch.setattr(supervisor.os, "_exit", over)
    monkeypatch.setattr(supervisor.signal, "signal", lambda number, act: None)
    monkeypatch.setattr(supervisor, "_LIBC", None)
    with pytest.raises(Ended):
        supervisor._become(["/bin/true"], -1)
    assert started == ["/bin/true"]


def test_elsewhere_than_on_linux_no_children_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert supervisor._children() == []


def test_a_process_that_ended_as_it_was_looked_at_has_no_parent(tmp_path: Path) -> None:
    assert supervisor._parent(str(tmp_path)) is None
    (tmp_path / "stat").write_text("", encoding="utf-8")
    assert supervisor._parent(str(tmp_path)) is None
    assert supervisor._parent("/proc/self") == os.getppid()


def test_an_engine_that_has_gone_is_not_told(capfd: pytest.CaptureFixture[str]) -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    supervisor._tell(theirs.fileno(), "started 1")
    theirs.close()
    assert capfd.readouterr() == ("", "")


def test_a_group_that_became_anothers_counts_as_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(group: int, number: int) -> None:
        raise PermissionError

    watch = object.__new__(supervisor._Watch)
    watch._server = 1
    monkeypatch.setattr(supervisor.os, "killpg", refuse)
    assert watch._is_anything_left()
    supervisor._send(refuse, 1, 15)


def test_a_control_socket_that_breaks_counts_as_ended() -> None:
    watch = object.__new__(supervisor._Watch)
    watch._control = 1
    closed = os.open(os.devnull, os.O_WRONLY)
    watch._listen(closed)
    os.close(closed)
    assert watch._control is None
    assert [number for _, number in watch._to_come] == [signal.SIGTERM, signal.SIGKILL]
