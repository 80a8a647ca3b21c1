"""The engine as a whole, in this process: files, socket, servers, journal, and what front ends hold."""

import asyncio
import json
import os
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sample_calls import ALLOW, DENY

from approver import engine as engine_module
from approver.approvals.queue import NotWaiting
from approver.cli import remote
from approver.desktop.lock import AlreadyRunning, holder
from approver.desktop.paths import Paths, PathsUnusable
from approver.engine import Engine
from approver.events import Event, QuestionChanged, QuestionOpened, StateChanged
from approver.journal.reader import Reader
from approver.journal.writer import JournalUnwritable
from approver.model import Answer, AnswerKind
from approver.secrets import SecretUnavailable
from approver.standing_model import Lifetime, Reach, Wish

pytestmark = pytest.mark.anyio

HELD = [sys.executable, str(Path(__file__).parent / "servers" / "held_server.py")]
POLICY: dict[str, Any] = {
    "version": "1",
    "default": "allow",
    "hide": ["crash"],
    "tools": {"echo": {"require_approval": [{"conditions": [], "reason": "Echoes."}]}},
}
WITHIN = 15.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """The loop that the engine has."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """Folders of this test's own, with one server, its policy, and no HTTP."""
    with tempfile.TemporaryDirectory(prefix="ap-") as folder:
        monkeypatch.setenv("APPROVER_HOME", folder)
        paths = Paths.from_environment()
        paths.create()
        paths.settings.write_text("[http]\nenabled = false\n", encoding="utf-8")
        write_server(paths)
        set_policy(paths, POLICY)
        yield paths


def write_server(paths: Paths, **more: Any) -> None:
    entry = {"command": HELD[0], "args": HELD[1:], **more}
    servers = {"held": entry, "web": {"url": "http://127.0.0.1:9/mcp"}, "broken": {"command": "/nowhere/at-all"}}
    paths.servers.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")


def set_policy(paths: Paths, policy: Any, name: str = "held") -> None:
    text = policy if isinstance(policy, str) else json.dumps(policy)
    (paths.policies / f"{name}.json").write_text(text, encoding="utf-8")


class Heard:
    """Every event of an engine, and a way to wait for one."""

    def __init__(self, engine: Engine) -> None:
        self.events: list[Event] = []
        self._more = asyncio.Event()
        engine.events.subscribe(self._take)

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, holds: Callable[[], Any]) -> Any:
        """Wait until something holds, which is asked anew after every event."""
        async with asyncio.timeout(WITHIN):
            while not (found := holds()):
                self._more.clear()
                await self._more.wait()
        return found


class Shim:
    """A shim's side of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.number = 0

    async def frame(self) -> tuple[str, Any]:
        async with asyncio.timeout(WITHIN):
            line = await self.reader.readline()
        number, _, message = line.rstrip(b"\n").decode().partition("\t")
        return number, json.loads(message) if message else None

    def send(self, method: str, params: Any = None, *, notify: bool = False) -> int:
        self.number += 1
        message = {"jsonrpc": "2.0", "method": method, "params": params or {}}
        if not notify:
            message["id"] = self.number
        self.writer.write(json.dumps(message).encode() + b"\n")
        return self.number

    def call(self, tool: str, arguments: Any = None) -> int:
        return self.send("tools/call", {"name": tool, "arguments": arguments or {}})

    async def answer(self, number: int) -> Any:
        """The message that settles a line."""
        while True:
            found, message = await self.frame()
            if found == str(number):
                return message
            assert found or message, "the engine hung up"

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@pytest.fixture
async def engine(paths: Paths) -> AsyncIterator[Engine]:
    engine = Engine(paths)
    await engine.start()
    yield engine
    async with asyncio.timeout(WITHIN):
        await engine.stop()


@pytest.fixture
def heard(engine: Engine) -> Heard:
    return Heard(engine)


async def greet(paths: Paths, **greeting: Any) -> tuple[Shim, dict[str, Any]]:
    reader, writer = await asyncio.open_unix_connection(str(paths.socket), limit=1 << 24)
    writer.write(json.dumps({"approver": 1, "role": "client", "server": "held", **greeting}).encode() + b"\n")
    async with asyncio.timeout(WITHIN):
        return Shim(reader, writer), json.loads(await reader.readline())


@pytest.fixture
async def shim(engine: Engine, paths: Paths) -> AsyncIterator[Shim]:
    shim, answer = await greet(paths)
    assert answer == {"ok": True}
    info = {"clientInfo": {"name": "tester", "version": "1"}, "protocolVersion": "2025-11-25", "capabilities": {}}
    await shim.answer(shim.send("initialize", info))
    await shim.answer(shim.send("notifications/initialized", notify=True))
    yield shim
    await shim.close()


async def ask(paths: Paths, command: str, **arguments: Any) -> dict[str, Any]:
    return await asyncio.to_thread(remote.ask, command, arguments, paths=paths)


def notices(paths: Paths) -> list[tuple[str, str]]:
    """The notices in the journal, oldest first."""
    with Reader(paths.journal) as reader:
        return [(row.entry.outcome, row.entry.message) for row in reversed(reader.notices(100))]


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def text_of(message: Any) -> str:
    return message["result"]["content"][0]["text"]


# -- start and stop ----------------------------------------------------------------------------------------------------


async def test_an_engine_listens_where_only_its_person_can_reach_it(engine, paths) -> None:
    assert stat.S_IMODE(paths.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths.run.stat().st_mode) == 0o700
    assert holder(paths.lock) == os.getpid()
    assert engine.state() == StateChanged(panic=False, panic_until=None, problems=(), clients=0)


async def test_a_second_engine_on_the_same_folders_does_not_start(engine, paths) -> None:
    with pytest.raises(AlreadyRunning):
        await Engine(paths).start()
    assert (await ask(paths, "state"))["ok"] is True


async def test_an_engine_that_has_stopped_leaves_nothing_behind_and_can_be_followed_by_another(paths) -> None:
    for _ in range(2):
        engine = Engine(paths)
        await engine.start()
        await engine.stop()
        await engine.stop()
        assert not paths.socket.exists()
        assert holder(paths.lock) is None
    assert [word for word, _ in notices(paths)] == ["started", "stopped"] * 2


async def test_a_socket_that_a_killed_engine_left_is_no_obstacle(paths) -> None:
    paths.socket.touch()
    engine = Engine(paths)
    await engine.start()
    assert (await ask(paths, "state"))["ok"] is True
    await engine.stop()


async def test_an_engine_that_cannot_start_gives_its_lock_back(paths, monkeypatch) -> None:
    def unwritable(*_: Any) -> None:
        raise JournalUnwritable("disk full")

    monkeypatch.setattr(engine_module, "Journal", unwritable)
    with pytest.raises(JournalUnwritable):
        await Engine(paths).start()
    assert holder(paths.lock) is None


async def test_folders_that_cannot_be_made_are_told(paths, monkeypatch) -> None:
    monkeypatch.setenv("APPROVER_HOME", str(paths.settings))
    with pytest.raises(PathsUnusable):
        await Engine(Paths.from_environment()).start()


async def test_stopping_denies_what_waits_and_says_good_bye(paths) -> None:
    engine = Engine(paths)
    await engine.start()
    heard = Heard(engine)
    shim, _ = await greet(paths)
    number = shim.call("echo")
    await heard.until(engine.pending)
    async with asyncio.timeout(WITHIN):
        await engine.stop()
    assert text_of(await shim.answer(number)).startswith("[APPROVAL EXPIRED] Approver was closed")
    assert await shim.frame() == ("!quit", None)
    assert await shim.reader.read() == b""
    assert engine.state().clients == 0
    await shim.close()


# -- conversations -----------------------------------------------------------------------------------------------------


async def test_a_client_reaches_its_server_and_the_log_tells_of_it(engine, shim, paths) -> None:
    pid = int(text_of(await shim.answer(shim.call("pid"))))
    assert is_running(pid)
    assert engine.state().clients == 1
    await engine.stop()
    assert not is_running(pid), "the server ends with its conversation"
    with Reader(paths.journal) as reader:
        rows = [(row.entry.kind.value, row.entry.outcome, row.entry.client) for row in reader.entries(10)]
    assert ("decision", "allowed", "tester") in rows
    assert ("outcome", "ok", "tester") in rows


async def test_an_outcome_is_written_a_moment_later_by_itself(engine, shim, paths, heard) -> None:
    await shim.answer(shim.call("pid"))
    await heard.until(lambda: [event for event in heard.events if getattr(getattr(event, "entry", 0), "latency", None)])


async def test_a_question_is_asked_answered_and_shown_with_what_the_server_says_of_the_tool(
    engine, shim, heard
) -> None:
    number = shim.call("echo", {"a": 1})
    (question,) = await heard.until(engine.pending)
    assert (question.call.tool, question.call.caller.client, question.reason) == ("echo", "tester", "Echoes.")
    assert question.call.caller.pid == os.getppid(), "the parent of whoever holds the socket counts as the client"
    await heard.until(lambda: [event for event in heard.events if isinstance(event, QuestionChanged)])
    assert engine.pending()[0].definition.description == "echo."
    engine.answer(question.id, ALLOW)
    assert json.loads(text_of(await shim.answer(number))) == {"a": 1}
    with pytest.raises(NotWaiting):
        engine.answer(question.id, DENY)
    shim.call("echo", {"a": 2})
    (second,) = await heard.until(engine.pending)
    assert second.definition.description == "echo.", "it is known by now"


async def test_hidden_tools_are_not_listed(shim) -> None:
    listed = await shim.answer(shim.send("tools/list"))
    names = {tool["name"] for tool in listed["result"]["tools"]}
    assert "echo" in names
    assert "crash" not in names


async def test_patience_follows_the_settings_and_the_name_of_the_client(engine, shim, paths, heard) -> None:
    paths.settings.write_text(
        "[http]\nenabled = false\n[asking]\nhold_seconds = 90\nopen_seconds = 100\n[asking.patience]\ntester = 20\n",
        encoding="utf-8",
    )
    engine.refresh()
    shim.call("echo")
    (question,) = await heard.until(engine.pending)
    assert question.patience_ends - question.since == pytest.approx(20, abs=1)
    assert question.expires - question.since == pytest.approx(100, abs=1)
    assert engine.progress_seconds == 5
    assert engine.kept_result_seconds == 300


async def test_a_client_that_leaves_takes_its_question_and_its_server_along(engine, shim, heard) -> None:
    pid = int(text_of(await shim.answer(shim.call("pid"))))
    shim.call("echo")
    await heard.until(engine.pending)
    await shim.close()
    await heard.until(lambda: engine.state().clients == 0)
    assert engine.pending() == ()
    assert not is_running(pid)
    assert engine.clients.processes == ()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ({"server": "nowhere"}, "knows no server 'nowhere' (known: broken, held, web)"),
        ({"server": None}, "knows no server 'None'"),
        ({"server": ["held"]}, "knows no server"),
    ],
)
async def test_a_client_of_a_server_that_is_not_there_is_turned_away(engine, paths, greeting, words) -> None:
    shim, answer = await greet(paths, **greeting)
    assert answer["ok"] is False
    assert words in answer["error"]
    await shim.close()


async def test_a_server_that_cannot_start_is_told_to_every_request(engine, paths) -> None:
    shim, answer = await greet(paths, server="broken")
    assert answer == {"ok": True}
    error = (await shim.answer(shim.send("initialize")))["error"]
    assert error["message"].startswith("The server broken could not be started: ")
    await shim.close()


async def test_every_server_tells_how_it_fares(engine, paths, shim, heard) -> None:
    assert [(one.name, one.is_remote, one.clients, one.fault) for one in engine.servers()] == [
        ("broken", False, 0, ""), ("held", False, 1, ""), ("web", True, 0, ""),
    ]  # fmt: skip
    broken, _ = await greet(paths, server="broken")
    await broken.answer(broken.send("initialize"))
    assert engine.servers()[0].clients == 1
    await broken.close()
    await heard.until(lambda: engine.servers()[0].clients == 0)
    assert engine.servers()[0].fault.startswith("The server broken could not be started: ")


async def test_a_server_whose_secret_is_missing_is_not_started(engine, paths, monkeypatch) -> None:
    def unavailable(self: Any, server: str, values: Any) -> Any:
        raise SecretUnavailable("The secret TOKEN is not in the keyring.")

    monkeypatch.setattr(engine_module.SecretStore, "fill", unavailable)
    shim, _ = await greet(paths)
    error = (await shim.answer(shim.send("initialize")))["error"]
    assert error["message"].endswith("The secret TOKEN is not in the keyring.")
    await shim.close()


async def test_a_label_names_the_client_and_a_grant_of_that_name_its_policy(engine, paths, heard) -> None:
    set_policy(paths, {"version": "1", "default": "require_approval"}, "strict")
    grants = [{"name": "Desk", "server": "held", "policy": "strict"}, {"name": "Elsewhere", "server": "web"}]
    paths.grants.write_text(json.dumps(grants), encoding="utf-8")
    shims = []
    for label, grant in (("Desk", "Desk"), ("Elsewhere", "local"), ("", "local")):
        shim, _ = await greet(paths, client=label)
        shims.append(shim)
        before = len(engine.pending())
        shim.call("echo")
        await heard.until(lambda before=before: len(engine.pending()) > before)
        caller = engine.pending()[-1].call.caller
        assert (caller.client, caller.grant) == (label or "An unnamed client", grant)
    assert engine.pending()[0].rule == "(default require_approval)"
    assert engine.deny_all("window", client="Desk") == 1
    assert engine.deny_all("window", "Enough.") == 2
    assert engine.deny_all("window") == 0
    for shim in shims:
        await shim.close()


async def test_a_client_whose_process_is_gone_cannot_be_traced(engine, paths, monkeypatch) -> None:
    from approver import local_clients
    from approver.desktop.ancestry import CannotTell

    def gone(pid: int) -> Any:
        raise CannotTell("It is gone.")

    monkeypatch.setattr(local_clients, "find_process", gone)
    shim, _ = await greet(paths)
    assert engine.clients.has_untraced
    await shim.close()


async def test_an_approval_that_stands_ends_when_the_server_is_another_program(engine, shim, paths, heard) -> None:
    shim.call("echo")
    (question,) = await heard.until(lambda: [one for one in engine.pending() if one.definition is not None])
    wish = Wish(Reach.TOOL, Lifetime.ALWAYS, definition=question.definition.digest)
    engine.answer(question.id, Answer(AnswerKind.ALLOW, "window", wish=wish))
    write_server(paths, env={"A": "1"})
    engine.refresh()
    assert not text_of(await shim.answer(shim.call("echo", {"text": "again"}))).startswith("[")
    write_server(paths, cwd="/")
    engine.refresh()
    shim.call("echo", {"text": "once more"})
    await heard.until(engine.pending)
    assert engine.remembered.all() == ()


# -- panic -------------------------------------------------------------------------------------------------------------


async def test_panic_denies_what_waits_and_what_comes_until_it_is_resumed(engine, shim, paths, heard) -> None:
    waiting = shim.call("echo")
    await heard.until(engine.pending)
    engine.panic()
    assert text_of(await shim.answer(waiting)).startswith("[DENIED BY USER] Approver is denying everything")
    assert text_of(await shim.answer(shim.call("pid"))).startswith("[POLICY DENIED] The person has told Approver")
    assert engine.state().panic is True
    assert engine.state().panic_until is None
    engine.resume()
    engine.resume()
    assert text_of(await shim.answer(shim.call("pid"))).isdigit()
    states = [event.panic for event in heard.events if isinstance(event, StateChanged)]
    assert states == [True, False]
    assert [word for word, _ in notices(paths)] == ["started", "panic", "resumed"]


async def test_panic_takes_back_what_was_approved_and_not_repeated_yet(engine, shim, paths) -> None:
    paths.settings.write_text("[http]\nenabled = false\n[asking]\nhold_seconds = 0\n", encoding="utf-8")
    engine.refresh()
    assert text_of(await shim.answer(shim.call("echo"))).startswith("[APPROVAL PENDING]")
    (question,) = engine.pending()
    engine.answer(question.id, ALLOW)
    engine.panic()
    engine.resume()
    assert text_of(await shim.answer(shim.call("echo"))).startswith("[APPROVAL PENDING]")
    assert len(engine.pending()) == 1


async def test_panic_for_some_seconds_ends_by_itself(engine, heard) -> None:
    engine.panic(1000)
    assert engine.state().panic_until == pytest.approx(engine.clock.now() + 1000, abs=5)
    engine.panic(0.05, by="terminal")
    await heard.until(lambda: not engine.state().panic)
    engine.panic(1000)


async def test_while_asking_is_paused_rules_alone_decide_and_a_restart_asks_again(engine, shim, paths, heard) -> None:
    waiting = shim.call("echo")
    await heard.until(engine.pending)
    engine.pause(1000)
    assert text_of(await shim.answer(waiting)).startswith("[DENIED BY USER] Asking is paused")
    assert text_of(await shim.answer(shim.call("echo"))).startswith("[POLICY DENIED] The rules allow this call only if")
    assert text_of(await shim.answer(shim.call("pid"))).isdigit()
    assert (engine.state().paused, engine.state().panic) == (True, False)
    assert engine.state().paused_until == pytest.approx(engine.clock.now() + 1000, abs=5)
    assert engine.pending() == ()
    engine.resume()
    shim.call("echo")
    await heard.until(engine.pending)
    engine.pause()
    await engine.stop()
    again = Engine(paths)
    await again.start()
    assert again.state().paused is False
    await again.stop()
    assert [word for word, _ in notices(paths)] == [
        "started", "paused", "resumed", "paused", "stopped", "started", "stopped",
    ]  # fmt: skip


async def test_a_client_that_asks_too_often_is_held_off_until_the_person_says_otherwise(
    engine, shim, paths, heard
) -> None:
    paths.settings.write_text("[http]\nenabled = false\n[asking]\nmost_per_minute = 2\n", encoding="utf-8")
    engine.refresh()
    for number in range(2):
        shim.call("echo", {"n": number})
    await heard.until(lambda: len(engine.pending()) == 2)
    assert text_of(await shim.answer(shim.call("echo"))).startswith(
        "[POLICY DENIED] This call needs a person's approval"
    )
    assert text_of(await shim.answer(shim.call("pid"))).isdigit(), "what rules allow goes on"
    await heard.until(lambda: engine.state().held_off)
    assert len(engine.pending()) == 2, "what was asked before stays open"
    engine.ask_again(engine.state().held_off[0].client)
    shim.call("echo", {"n": 3})
    await heard.until(lambda: len(engine.pending()) == 3)
    assert [word for word, _ in notices(paths)] == ["started", "held off", "asked again"]


# -- edits and faults --------------------------------------------------------------------------------------------------


async def test_an_edited_policy_applies_to_the_very_next_call(engine, shim, paths) -> None:
    assert text_of(await shim.answer(shim.call("pid"))).isdigit()
    set_policy(paths, {"version": "1", "default": "deny"})
    assert text_of(await shim.answer(shim.call("pid"))).startswith("[POLICY DENIED] ")


async def test_a_policy_that_does_not_load_leaves_the_last_one_in_force_and_is_told(engine, shim, paths, heard) -> None:
    set_policy(paths, {"version": "2"})
    engine.refresh()
    await heard.until(lambda: engine.state().problems)
    assert "held.json does not load" in engine.state().problems[0]
    assert text_of(await shim.answer(shim.call("pid"))).isdigit()
    set_policy(paths, POLICY)
    engine.refresh()
    await heard.until(lambda: not engine.state().problems)
    engine.refresh()
    assert [word for word, _ in notices(paths)] == ["started", "problem"]


async def test_what_is_wrong_from_the_start_is_told_from_the_start(paths) -> None:
    set_policy(paths, "{")
    engine = Engine(paths)
    await engine.start()
    assert "held.json" in engine.state().problems[0]
    await engine.stop()
    assert [word for word, _ in notices(paths)] == ["started", "problem", "stopped"]


async def test_a_journal_that_cannot_be_written_denies_every_call_and_is_told(engine, shim, heard, monkeypatch) -> None:
    def full(*, durable: bool = False) -> None:
        raise JournalUnwritable("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(engine._journal, "flush", full)
        patch.setattr(engine._journal, "keep", full)
        assert "could not write this decision to its log" in text_of(await shim.answer(shim.call("pid")))
        assert "The log cannot be written" in engine.state().problems[0]
        assert "could not write" in text_of(await shim.answer(shim.call("echo")))
        assert not any(isinstance(event, QuestionOpened) for event in heard.events)
    assert text_of(await shim.answer(shim.call("pid"))).isdigit()
    assert engine.state().problems == ()


async def test_counts_survive_a_restart_and_old_ones_are_forgotten(paths) -> None:
    limit = {"counter": "c", "window": "day", "max": 2, "scope": "grant"}
    set_policy(paths, {"version": "1", "default": "deny", "tools": {"pid": {"limits": [limit]}}})
    answers = []
    for _ in range(3):
        engine = Engine(paths)
        await engine.start()
        shim, _ = await greet(paths)
        answers.append(text_of(await shim.answer(shim.call("pid"))).isdigit())
        await shim.close()
        await engine.stop()
    assert answers == [True, True, False]


# -- commands over the socket ------------------------------------------------------------------------------------------


async def test_commands_reach_the_engine_through_its_socket(engine, shim, paths, heard) -> None:
    number = shim.call("echo")
    (question,) = await heard.until(engine.pending)
    listed = await ask(paths, "pending")
    assert [one["id"] for one in listed["pending"]] == [question.id]
    assert (await ask(paths, "deny", id=question.id, reason="No."))["ok"] is True
    assert text_of(await shim.answer(number)) == "[DENIED BY USER] No."


async def test_asked_to_quit_the_engine_tells_whoever_runs_it(engine) -> None:
    asked = asyncio.Event()
    engine.on_quit = asked.set
    engine.ask_to_quit()
    async with asyncio.timeout(WITHIN):
        await asked.wait()
