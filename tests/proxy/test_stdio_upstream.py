"""Real server processes: what goes in and out, how they end, and that nothing of them stays."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop
from eventually import eventually
from processes import MARK, marked

from approver.model import StdioServer
from approver.proxy import stdio_upstream, supervisor
from approver.proxy.stdio_upstream import ServerLog, StdioUpstream, UpstreamExit, UpstreamUnavailable

ECHO = "import sys\nfor line in sys.stdin.buffer:\n    sys.stdout.buffer.write(line)\n    sys.stdout.flush()"
SLEEP = "import time; print('up', flush=True); time.sleep(300)"
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    async def bounded(work: Coroutine[Any, Any, Any]) -> Any:
        return await asyncio.wait_for(work, 60)

    return lambda work: request.param(bounded(work))


class Served:
    """One upstream, what it gave and how it ended."""

    def __init__(self, script: str, folder: Path, command: str = sys.executable, **more: Any) -> None:
        self.mark = uuid.uuid4().hex
        self.log_path = folder / "web.log"
        self.lines: asyncio.Queue[bytes] = asyncio.Queue()
        self.batches: list[int] = []
        self.pauses: list[bool] = []
        self.ends: list[UpstreamExit] = []
        self._over = asyncio.Event()
        server = StdioServer("web", command, ("-c", script) if script else (), cwd=more.pop("cwd", str(folder)))
        self.upstream = StdioUpstream(
            server,
            {**os.environ, MARK: self.mark, **more.pop("environment", {})},
            log=ServerLog(self.log_path),
            on_lines=self._came,
            on_exit=self._ended,
            on_pause=self.pauses.append,
            **more,
        )

    def _came(self, lines: list[bytes]) -> None:
        self.batches.append(len(lines))
        for line in lines:
            self.lines.put_nowait(line)

    def _ended(self, end: UpstreamExit) -> None:
        self.ends.append(end)
        self._over.set()

    async def line(self) -> bytes:
        return await asyncio.wait_for(self.lines.get(), 20)

    async def end(self) -> UpstreamExit:
        await asyncio.wait_for(self._over.wait(), 20)
        return self.ends[0]

    def is_gone(self) -> bool:
        return not marked(self.mark)

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so that no event tells of."""
    await asyncio.to_thread(eventually, holds, "it came to be so", within=20)


async def serve(script: str, folder: Path, **more: Any) -> Served:
    served = Served(script, folder, **more)
    await served.upstream.start(20)
    return served


def test_messages_go_both_ways_in_order(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve(ECHO, tmp_path)
        assert served.upstream.is_running
        for number in range(100):
            assert served.upstream.write(b"%d\n" % number)
        assert [await served.line() for _ in range(100)] == [b"%d" % number for number in range(100)]
        big = b"x" * 5_000_000
        served.upstream.write(big + b"\n")
        assert await served.line() == big
        await served.upstream.stop(5)
        assert served.is_gone()

    run(scene())


def test_lines_that_come_together_are_given_together(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve("import os; os.write(1, b'a\\n\\nb\\nc\\nrest'); input()", tmp_path)
        assert [await served.line() for _ in range(3)] == [b"a", b"b", b"c"]
        assert served.batches == [3]
        served.upstream.write(b"\n")
        await served.end()
        assert await served.line() == b"rest"

    run(scene())


def test_the_server_gets_its_environment_and_folder(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        script = "import os; print(os.environ['KEY'], os.getcwd(), 'VIRTUAL_ENV' in os.environ, flush=True)"
        served = await serve(script, tmp_path, environment={"KEY": "value", "VIRTUAL_ENV": "/x"})
        assert (await served.line()).decode() == f"value {tmp_path} True"
        await served.end()

    run(scene())


def test_an_end_of_its_own_is_told_once_with_the_last_words(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        talk = "import sys\nfor n in range(30): print('line', n, file=sys.stderr)\n"
        script = f"{talk}sys.stderr.write('\\x1b[1mend')\nsys.exit(3)"
        served = await serve(script, tmp_path)
        end = await served.end()
        assert end == UpstreamExit("web", 3, (*(f"line {n}" for n in range(21, 30)), "␛[1mend"), False)
        assert str(end).startswith("it ended with status 3. Its last words: line 21 line 22")
        assert not served.upstream.is_running
        assert not served.upstream.write(b"late\n")
        await served.upstream.stop(5)
        assert served.ends == [end]
        assert served.log().count("stderr: line") == 30
        assert "approver: started" in served.log() and "ended: it ended with status 3" in served.log()

    run(scene())


def test_a_server_that_ends_at_once_is_told_either_by_the_start_or_by_its_end(tmp_path: Path, run: Run) -> None:
    async def work() -> None:
        served = Served("import sys; sys.exit('no token')", tmp_path)
        try:
            await served.upstream.start(20)
        except UpstreamUnavailable as fault:
            told = str(fault)
        else:
            while not served.ends:  # until its end is told it can be written to, and that raises nothing
                assert served.upstream.write(b"x\n")
                await asyncio.sleep(0)
            told = str(await served.end())
        assert told == "it ended with status 1. Its last words: no token"
        assert not served.upstream.is_running

    run(work())


def test_an_end_before_anybody_could_be_told_fails_the_start(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = StdioUpstream._launch

    async def launched_and_over(upstream: StdioUpstream, command: list[str], folder: Path) -> int:
        started = await launch(upstream, command, folder)
        await upstream._finished.wait()
        return started

    async def work() -> None:
        monkeypatch.setattr(StdioUpstream, "_launch", launched_and_over)
        served = Served("import sys; sys.exit('no token')", tmp_path)
        with pytest.raises(UpstreamUnavailable, match="status 1. Its last words: no token"):
            await served.upstream.start(20)
        assert served.ends == []

    run(work())


def test_a_killed_server_is_told_with_its_signal(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve(SLEEP, tmp_path)
        assert served.upstream.pid is not None
        os.kill(served.upstream.pid, signal.SIGKILL)
        assert str(await served.end()) == "it was killed by SIGKILL."

    run(scene())


def test_output_written_just_before_the_end_is_not_lost(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve("print('x' * 60000); print('last')", tmp_path)
        await served.end()
        assert [len(await served.line()), await served.line()] == [60000, b"last"]

    run(scene())


def test_a_server_that_closes_its_output_and_lives_on_is_ended(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stdio_upstream, "_SILENT_SECONDS", 0.05)

    async def scene() -> None:
        served = await serve("import os, time; os.close(1); time.sleep(300)", tmp_path)
        end = await served.end()
        assert end.status == -signal.SIGTERM and not end.was_stopped
        assert str(end).startswith("Approver ended it because it had closed its standard output")
        assert "the server closed its standard output and lived on" in served.log()
        assert served.is_gone()

    run(scene())


def test_a_server_that_closes_its_input_and_lives_on_is_ended_once_it_is_written_to(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        monkeypatch.setattr(stdio_upstream, "_SILENT_SECONDS", 0.05)
        script = "import os, time; os.close(0); print('closed', flush=True); time.sleep(300)"
        served = await serve(script, tmp_path)
        assert await served.line() == b"closed"
        while not served.ends:
            served.upstream.write(b"x\n")
            await asyncio.sleep(0.01)
        end = await served.end()
        assert (end.status, end.was_stopped) == (-signal.SIGTERM, False)
        assert str(end).startswith("Approver ended it because it had closed its standard input")
        assert "closed its standard input and lived on" in served.log()

    run(work())


def test_a_server_that_closes_its_stderr_goes_on(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve(f"import os; os.close(2)\n{ECHO}", tmp_path)
        served.upstream.write(b"hello\n")
        assert await served.line() == b"hello"
        await served.upstream.stop(5)

    run(scene())


def test_a_server_that_reads_nothing_is_written_to_only_so_far(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stdio_upstream, "MOST_UNREAD", 1_000_000)

    async def scene() -> None:
        served = await serve(SLEEP, tmp_path)
        assert served.upstream.buffered == 0
        written = 0
        while served.upstream.write(b"x" * 99_999 + b"\n"):
            written += 1
            await asyncio.sleep(0)
        assert 10 <= written <= 15
        assert 1_000_000 < served.upstream.buffered < 1_200_000
        assert served.pauses == [True]
        assert "the server does not read its input" in served.log()
        await served.upstream.stop(0.05)
        assert served.is_gone()

    run(scene())


def test_a_server_that_reads_again_is_told_to_the_owner(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        gate = tmp_path / "gate"
        os.mkfifo(gate)
        served = await serve("import sys; open('gate').read(); print(len(sys.stdin.buffer.read()))", tmp_path)
        served.upstream.write(b"x" * 1_000_000)
        assert served.pauses == [True]
        await asyncio.to_thread(gate.write_text, "", encoding="utf-8")
        await until(lambda: served.pauses == [True, False])
        await served.upstream.stop(5)
        assert await served.line() == b"1000000"

    run(scene())


def test_reading_can_pause_and_the_server_then_waits(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        script = (
            "import os, sys\nfor n in range(50):\n    os.write(1, b'x' * 99999 + b'\\n')\n    os.write(2, b'%d\\n' % n)"
        )
        served = Served(script, tmp_path)
        await served.upstream.start(20)
        served.upstream.pause_reading(True)
        served.upstream.pause_reading(True)
        await asyncio.sleep(0.2)
        before = served.lines.qsize()
        assert before < 50
        served.upstream.pause_reading(False)
        served.upstream.pause_reading(False)
        await served.end()
        assert served.lines.qsize() == 50
        served.upstream.pause_reading(True)

    run(scene())


def test_stopping_a_paused_server_loses_nothing_and_does_not_hang(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve("import sys; sys.stdin.read(); print('y' * 300000)", tmp_path)
        served.upstream.pause_reading(True)
        await served.upstream.stop(20)
        assert len(await served.line()) == 300_000

    run(scene())


def test_a_line_that_is_too_long_is_dropped_and_the_next_one_comes(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stdio_upstream, "LONGEST_LINE", 1_000_000)

    async def scene() -> None:
        served = await serve("print('x' * 3000000); print('next')", tmp_path)
        assert await served.line() == b"next"
        await served.end()
        assert "a line of 3000000 bytes was dropped: it is too long" in served.log()

    run(scene())


def test_stop_lets_a_server_end_by_itself(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve("import sys; sys.stdin.read(); sys.exit(4)", tmp_path)
        await asyncio.gather(served.upstream.stop(20), served.upstream.stop(20))
        assert served.ends == [UpstreamExit("web", 4, (), True)]
        assert str(served.ends[0]) == "it was stopped."
        assert not served.upstream.is_running

    run(scene())


def test_stop_kills_a_server_that_does_not_listen_and_all_it_started(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        script = (
            "import signal, subprocess\nsignal.signal(15, signal.SIG_IGN)\n"
            "subprocess.Popen(['sleep', '300'])\nsubprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        )
        served = await serve(script + SLEEP, tmp_path)
        await served.line()
        await served.upstream.stop(0.1)
        assert served.ends[0].status == -signal.SIGKILL
        assert served.is_gone()

    run(scene())


def test_stop_without_a_start_is_nothing(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = Served(ECHO, tmp_path)
        assert not served.upstream.is_running
        assert not served.upstream.write(b"x\n")
        served.upstream.pause_reading(True)
        await served.upstream.stop(1)
        assert served.ends == []

    run(scene())


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("no-such-command", r'The command "no-such-command" is in none of the folders of PATH \(/'),
        ("./missing", r'The command "/.*/missing" does not exist'),
        ("./lost", r'"/.*/lost" could not be started: the interpreter that its first line names does not exist'),
        ("./text", r'"/.*/text" could not be started: it is no program'),
    ],
)
def test_a_server_that_cannot_be_started_says_why(tmp_path: Path, run: Run, command: str, sentence: str) -> None:
    for name, text in (("lost", "#!/no/such/interpreter\n"), ("text", "hello")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    async def scene() -> None:
        served = Served("", tmp_path, command=command)
        with pytest.raises(UpstreamUnavailable, match=sentence):
            await served.upstream.start(20)
        assert not served.upstream.is_running
        assert served.ends == []

    run(scene())


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        with pytest.raises(UpstreamUnavailable, match="Its folder"):
            await serve(ECHO, tmp_path, cwd=str(tmp_path / "nowhere"))

    run(scene())


@pytest.mark.parametrize(
    ("launcher", "sentence"),
    [
        ("import time; time.sleep(300)", r"It did not start within 0\.2 seconds"),
        ("raise SystemExit(1)", "its supervisor ended before it started"),
    ],
)
def test_a_supervisor_that_fails_is_told(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, launcher: str, sentence: str
) -> None:
    # It ends when its control socket does, as the real one would.
    end = "lambda: (os.read(int(sys.argv[2]), 1), os._exit(0))"
    wait = f"import os, sys, threading; threading.Thread(target={end}, daemon=True).start()\n"
    monkeypatch.setattr(supervisor, "LAUNCHER", wait + launcher)

    async def scene() -> None:
        served = Served(ECHO, tmp_path)
        with pytest.raises(UpstreamUnavailable, match=sentence):
            await served.upstream.start(0.2 if "sleep" in launcher else 20)
        await until(served.is_gone)

    run(scene())


def test_a_start_that_is_cancelled_leaves_nothing(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        for delay in (0, 0.005, 0.02, 0.05):
            served = Served(SLEEP, tmp_path)
            starting = asyncio.ensure_future(served.upstream.start(20))
            await asyncio.sleep(delay)
            starting.cancel()
            await asyncio.wait([starting])
            if not starting.cancelled():  # it was there already
                await served.upstream.stop(0)
            await until(served.is_gone)

    run(scene())


def test_a_supervisor_that_is_killed_does_not_save_the_server(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        script = "import subprocess; subprocess.Popen(['sleep', '300'])\n"
        served = await serve(script + SLEEP, tmp_path)
        await served.line()
        [its_supervisor] = [process.pid for process in marked(served.mark) if "supervisor" in process.command]
        os.kill(its_supervisor, signal.SIGKILL)
        assert str(await served.end()) == "it ended without telling how."
        await until(served.is_gone)

    run(scene())


def test_a_supervisor_that_hangs_is_not_waited_for(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdio_upstream, "_STOP_MARGIN", 0.1)

    async def scene() -> None:
        served = await serve(SLEEP, tmp_path)
        await served.line()
        [its_supervisor] = [process.pid for process in marked(served.mark) if "supervisor" in process.command]
        os.kill(its_supervisor, signal.SIGSTOP)
        await served.upstream.stop(0)
        assert len(served.ends) == 1
        await until(served.is_gone)

    run(scene())


def test_a_note_of_the_server_stands_in_the_run_folder_while_it_runs(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        served = await serve(ECHO, tmp_path, run_folder=tmp_path / "run")
        assert len(list((tmp_path / "run" / "servers").iterdir())) == 1
        await served.upstream.stop(5)
        assert list((tmp_path / "run" / "servers").iterdir()) == []

    run(scene())


def test_servers_run_on_a_loop_in_a_thread_of_its_own(tmp_path: Path) -> None:
    async def scene() -> None:
        served = await serve(ECHO, tmp_path)
        served.upstream.write(b"hello\n")
        heard.append(await served.line())
        await served.upstream.stop(5)
        heard.append(served.ends[0].status)

    heard: list[Any] = []
    thread = threading.Thread(target=lambda: uvloop.run(scene()))
    thread.start()
    thread.join(30)
    assert heard == [b"hello", 0]


ENGINE = """
import asyncio, os, sys
from pathlib import Path
import uvloop
from approver.model import StdioServer
from approver.proxy.stdio_upstream import ServerLog, StdioUpstream

async def main():
    folder = Path(sys.argv[1])
    for number in range(2):
        came = asyncio.Event()
        server = StdioServer("web", sys.executable, ("-c", sys.argv[2]))
        upstream = StdioUpstream(server, dict(os.environ), log=ServerLog(folder / "log"), run_folder=folder / "run",
                                 on_lines=lambda lines: came.set(), on_exit=print)
        await upstream.start(20)
        await came.wait()
    print("up", flush=True)
    await asyncio.Event().wait()

uvloop.run(main())
"""
TREE = """
import signal, subprocess, sys, time
subprocess.Popen(["sh", "-c", "sleep 300 & wait"])
subprocess.Popen(["sleep", "300"], start_new_session=True)
subprocess.run(["sh", "-c", "setsid sleep 300 >/dev/null 2>&1 &"])
print("up", flush=True)
time.sleep(300)
"""


def test_when_the_engine_is_killed_every_process_of_every_server_ends(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    command = [sys.executable, "-c", ENGINE, str(tmp_path), TREE]
    everyone = "the engine, and twice a supervisor, a server, a shell and three sleeps"
    with subprocess.Popen(command, env={**os.environ, MARK: mark}, stdout=subprocess.PIPE) as engine:
        try:
            assert engine.stdout is not None
            assert engine.stdout.readline() == b"up\n"
            eventually(lambda: len(marked(mark)) == 13, everyone)
        finally:
            engine.kill()
    eventually(lambda: not marked(mark), "the whole tree has ended")
