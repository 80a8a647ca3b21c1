"""Commands over the socket: what each may do, for whom, and that it tells why where it may not."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from approver_home import APPROVER, ApproverHome
from gate_room import GateRoom
from still_time import NOON

from approver import control as control_module
from approver.approvals.presentation import present
from approver.control import Control
from approver.desktop.ancestry import CannotTell, Process
from approver.events import StateChanged
from approver.logins import LoginFailed, OwnClient
from approver.model import Answer, AnswerKind, HttpServer, PendingQuestion, StdioServer, ToolDefinition
from approver.proxy.local_front import Peer
from approver.secrets import SecretUnavailable
from approver.settings import Answers, CommandLineAnswers
from approver.standing_model import Lifetime, Reach, Wish

pytestmark = pytest.mark.anyio

INIT = Process(1, 0, "systemd", 1)
TERMINAL = Process(50, 1, "kitty", 50)
PERSON = (Process(60, 50, "bash", 60, "pts/1"), TERMINAL, INIT)
AGENT = Process(70, 50, "claude", 70)
AGENTS_SHELL = (Process(80, 70, "sh", 80), AGENT, TERMINAL, INIT)
UNKNOWN = 99
PEOPLE = {60: PERSON, 80: AGENTS_SHELL, os.getpid(): (Process(os.getpid(), 60, "python", 90), *PERSON)}


class Engine:
    """As much of an engine as commands use, around a real queue."""

    def __init__(self) -> None:
        self.room = GateRoom()
        self.remembered = self.room.remembered
        self.clients = SimpleNamespace(processes=(AGENT,), has_untraced=False)
        self.has_windows = False
        self.settings = SimpleNamespace(answers=Answers(command_line=CommandLineAnswers.WITHOUT_WINDOWS))
        self.clock = self.room.time
        self.is_panicking = False
        self.panic_until: float | None = None
        self.is_pausing = False
        self.paused_until: float | None = None
        self.happened: list[Any] = []
        servers = {"remote": HttpServer("remote", "https://remote.example/mcp"), "files": StdioServer("files", "x")}
        self.configuration = SimpleNamespace(server=servers.get)
        self.logins = self
        self.fault: Exception | None = None

    def refresh(self) -> None:
        self.happened.append("refreshed")

    async def begin(self, server: HttpServer, own: OwnClient | None) -> str:
        if self.fault is not None:
            raise self.fault
        self.happened.append((server.name, own))
        return "https://login.example/authorize"

    async def finish(self, server: HttpServer) -> str:
        if self.fault is not None:
            raise self.fault
        return "Logged in."

    async def forget(self, server: HttpServer) -> bool:
        if self.fault is not None:
            raise self.fault
        return True

    def pending(self) -> tuple[PendingQuestion, ...]:
        return self.room.queue.pending()

    def answer(self, question_id: str, answer: Answer) -> None:
        self.happened.append(answer)
        self.room.gate.answer(question_id, answer)

    def panic(self, seconds: float | None = None, by: str = "window") -> None:
        self.happened.append(("panic", seconds, by))

    def pause(self, seconds: float | None = None, by: str = "window") -> None:
        self.happened.append(("pause", seconds, by))

    def resume(self, by: str = "window") -> None:
        self.happened.append(("resume", by))

    def ask_to_quit(self) -> None:
        self.happened.append("quit")

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        self.happened.append((word, sentence))

    def commit(self) -> None:
        self.happened.append("commit")

    def state(self) -> StateChanged:
        return StateChanged(
            self.is_panicking,
            self.panic_until,
            ("One.", "Two."),
            3,
            paused=self.is_pausing,
            paused_until=self.paused_until,
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    def lineage(pid: int) -> tuple[Process, ...]:
        if pid not in PEOPLE:
            raise CannotTell(f"Process {pid} cannot be looked up.")
        return PEOPLE[pid]

    monkeypatch.setattr(control_module, "lineage", lineage)
    return Engine()


async def carry_out(engine: Engine, command: str, by: int | None = 60, **arguments: Any) -> dict[str, Any]:
    answer = await Control(engine).run(command, arguments, Peer(by, os.getuid()))
    json.dumps(answer)  # it has to go over the socket
    return answer


def refusal(answer: dict[str, Any]) -> str:
    assert answer["ok"] is False
    return answer["error"]


async def test_an_unknown_command_is_said_to_be_unknown(engine) -> None:
    assert "knows no command 'reboot'" in refusal(await carry_out(engine, "reboot"))


# -- pending -----------------------------------------------------------------------------------------------------------


async def test_open_questions_are_listed_with_what_scripts_rely_on(engine) -> None:
    engine.room.call("write", {"path": "/a", "password": "hunter2"})
    (listed,) = (await carry_out(engine, "pending"))["pending"]
    question = engine.room.question()
    shown = present(question)
    assert (listed["id"], listed["client"], listed["server"], listed["tool"]) == (
        question.id, "Tester", "files", "write"
    )  # fmt: skip
    assert (listed["rule"], listed["reason"], listed["waiting"]) == (question.rule, "Writes.", True)
    assert listed["since"] == "2026-11-22T10:00:00.000Z"
    assert listed["expires"] == "2026-11-22T10:10:00.000Z"
    assert listed["patience_ends"] == "2026-11-22T10:00:50.000Z"
    assert (listed["text"], listed["shown"]) == (shown.text, shown.digest)
    assert listed["arguments"]["path"] == "/a"
    assert "hunter2" not in json.dumps(listed)


async def test_a_question_that_nobody_waits_on_says_so(engine) -> None:
    engine.room.call("write")
    engine.room.time.advance(50)
    (listed,) = (await carry_out(engine, "pending"))["pending"]
    assert (listed["waiting"], listed["patience_ends"]) == (False, None)


# -- approve and deny --------------------------------------------------------------------------------------------------


async def test_a_persons_terminal_may_approve_and_the_answer_says_who_it_was(engine) -> None:
    asked = engine.room.call("write")
    question = engine.room.question()
    answer = await carry_out(engine, "approve", id=question.id)
    assert answer == {"ok": True, "id": question.id, "answer": "allow"}
    assert asked.forwarded.approved is True
    (given,) = engine.happened
    assert (given.by, given.shown) == ("terminal", present(question).digest)
    assert json.loads(given.detail) == {
        "terminal": "pts/1",
        "process": {"pid": 60, "name": "bash"},
        "ancestors": [{"pid": 50, "name": "kitty"}, {"pid": 1, "name": "systemd"}],
    }


async def test_what_was_looked_at_can_be_named_and_must_still_be_what_is_asked(engine) -> None:
    asked = engine.room.call("write")
    question = engine.room.question()
    stale = await carry_out(engine, "approve", id=question.id, shown="f00d")
    assert "has changed since it was shown" in refusal(stale)
    assert asked.rulings == []
    current = await carry_out(engine, "approve", id=question.id, shown=present(question).digest)
    assert current["ok"] is True


@pytest.mark.parametrize("command", ["approve", "deny"])
@pytest.mark.parametrize("name", ["xxxxx", "", None, 5])
async def test_a_question_that_is_not_there_cannot_be_answered(engine, command, name) -> None:
    text = refusal(await carry_out(engine, command, id=name))
    assert "is waiting. See: approver pending." in text


async def test_an_agent_may_not_approve_and_that_it_tried_is_on_record(engine) -> None:
    asked = engine.room.call("write")
    answer = await carry_out(engine, "approve", by=80, id=engine.room.question().id)
    assert "started by a connected client (claude, process 70)" in refusal(answer)
    assert asked.rulings == []
    (word, sentence), committed = engine.happened
    assert (word, committed) == ("refused", "commit")
    assert sentence.startswith("approver approve was refused: This process was started by a connected client")
    assert "sh 80 < claude 70 < kitty 50 < systemd 1" in sentence


@pytest.mark.parametrize("command", ["approve", "resume", "quit"])
async def test_what_an_agent_may_not_do_a_server_that_approver_runs_may_not_either(engine, command) -> None:
    engine.room.call("write")
    answer = await carry_out(engine, command, by=os.getpid(), id=engine.room.question().id)
    assert "started by a server that Approver runs" in refusal(answer)
    assert [what for what in engine.happened if what[0] != "refused"] == ["commit"]


@pytest.mark.parametrize("command", ["approve", "resume", "quit"])
async def test_while_a_client_is_connected_that_cannot_be_traced_nobody_may(engine, command) -> None:
    engine.clients.has_untraced = True
    engine.room.call("write")
    answer = await carry_out(engine, command, id=engine.room.question().id)
    assert "which processes a connected client consists of" in refusal(answer)


@pytest.mark.parametrize("command", ["approve", "resume", "quit"])
@pytest.mark.parametrize("by", [None, UNKNOWN])
async def test_whoever_cannot_be_told_may_not_either(engine, command, by) -> None:
    engine.room.call("write")
    text = refusal(await carry_out(engine, command, by=by, id=engine.room.question().id))
    assert "does not say which process asks" in text or "cannot be looked up" in text
    assert engine.happened == []


@pytest.mark.parametrize(
    ("setting", "windows", "allowed"),
    [
        (CommandLineAnswers.WITHOUT_WINDOWS, False, True),
        (CommandLineAnswers.WITHOUT_WINDOWS, True, False),
        (CommandLineAnswers.ALWAYS, True, True),
        (CommandLineAnswers.NEVER, False, False),
    ],
)
async def test_the_settings_say_when_a_terminal_may_approve(engine, setting, windows, allowed) -> None:
    engine.room.call("write")
    engine.settings.answers = Answers(command_line=setting)
    engine.has_windows = windows
    answer = await carry_out(engine, "approve", id=engine.room.question().id)
    assert answer["ok"] is allowed
    assert allowed or "answers.command_line" in answer["error"]


@pytest.mark.parametrize("by", [60, 80, os.getpid(), UNKNOWN, None])
async def test_anybody_may_deny(engine, by) -> None:
    engine.settings.answers = Answers(command_line=CommandLineAnswers.NEVER)
    engine.has_windows = True
    asked = engine.room.call("write")
    answer = await carry_out(engine, "deny", by=by, id=engine.room.question().id, reason="No.")
    assert answer["answer"] == "deny"
    assert asked.text == "[DENIED BY USER] No."
    assert bool(engine.happened[0].detail) is (by in PEOPLE)


async def test_a_denial_needs_no_reason(engine) -> None:
    asked = engine.room.call("write")
    await carry_out(engine, "deny", id=engine.room.question().id, reason=None)
    assert asked.text == "[DENIED BY USER] No reason was given."


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "told"), [(None, None), (90, 90.0), (0.5, 0.5), ("90", None)])
@pytest.mark.parametrize("by", [60, 80, None])
@pytest.mark.parametrize("command", ["panic", "pause"])
async def test_anybody_may_have_everything_denied_or_asking_paused(engine, seconds, told, by, command) -> None:
    assert await carry_out(engine, command, by=by, seconds=seconds) == {"ok": True}
    assert engine.happened == [(command, told, "terminal")]


@pytest.mark.parametrize(
    ("until", "seconds", "taken"),
    [
        (None, 0.001, False),
        (None, 1e9, False),
        (None, None, True),
        (100, 99, False),
        (100, 101, True),
        (100, None, True),
    ],
)
@pytest.mark.parametrize("command", ["panic", "pause"])
async def test_what_everybody_may_begin_nobody_may_shorten_by_beginning_it_again(
    engine, until, seconds, taken, command
) -> None:
    """Otherwise an agent could end it by having everything denied for a millisecond."""
    engine.is_panicking, engine.is_pausing = command == "panic", command == "pause"
    engine.panic_until = engine.paused_until = None if until is None else NOON + until
    assert await carry_out(engine, command, seconds=seconds) == {"ok": True}
    assert bool(engine.happened) is taken


async def test_a_person_may_have_calls_judged_again_and_end_the_app(engine) -> None:
    assert await carry_out(engine, "resume") == {"ok": True}
    assert await carry_out(engine, "quit") == {"ok": True}
    assert engine.happened == [("resume", "terminal"), "quit"]


@pytest.mark.parametrize("command", ["resume", "quit"])
async def test_an_agent_may_do_neither(engine, command) -> None:
    assert "connected client" in refusal(await carry_out(engine, command, by=80))
    assert engine.happened[0][1].startswith(f"approver {command} was refused: ")


async def test_a_person_may_log_in_and_out_at_a_server(engine) -> None:
    begun = await carry_out(engine, "login", server="remote")
    assert begun == {"ok": True, "address": "https://login.example/authorize"}
    assert engine.happened == ["refreshed", ("remote", None)]
    assert await carry_out(engine, "login_wait", server="remote") == {"ok": True, "message": "Logged in."}
    assert await carry_out(engine, "logout", server="remote") == {"ok": True, "was_logged_in": True}


@pytest.mark.parametrize(("port", "told"), [(7, 7), (None, 33418), ("x", 33418)])
async def test_a_login_may_name_a_client_of_its_own(engine, port, told) -> None:
    await carry_out(engine, "login", server="remote", client_id="own", client_secret="s", port=port)
    assert engine.happened[-1] == ("remote", OwnClient("own", "s", told))


@pytest.mark.parametrize("command", ["login", "logout"])
async def test_an_agent_may_neither_log_in_nor_out(engine, command) -> None:
    assert "approver" in refusal(await carry_out(engine, command, by=80, server="remote")).lower()


@pytest.mark.parametrize("command", ["login", "login_wait", "logout"])
@pytest.mark.parametrize("server", ["files", "nowhere", None])
async def test_there_is_nothing_to_log_in_at_but_a_server_with_a_url(engine, command, server) -> None:
    assert "with a url" in refusal(await carry_out(engine, command, server=server))


async def test_a_login_that_fails_is_told(engine) -> None:
    engine.fault = LoginFailed("the login was refused")
    for command in ("login", "login_wait"):
        assert refusal(await carry_out(engine, command, server="remote")) == (
            'Not logged in at "remote": the login was refused.'
        )
    engine.fault = SecretUnavailable("The keyring is locked.")
    assert refusal(await carry_out(engine, "logout", server="remote")) == "The keyring is locked."


async def test_the_state_is_told(engine) -> None:
    engine.room.call("write")
    engine.is_panicking, engine.panic_until = True, 5.0
    assert await carry_out(engine, "state") == {
        "ok": True, "panic": True, "panic_until": 5.0, "paused": False, "paused_until": None,
        "problems": ["One.", "Two."], "clients": 3, "pending": 1,
        "windows": False,
    }  # fmt: skip


def test_an_agent_cannot_approve_through_a_shell_tool_of_a_server(tmp_path: Path) -> None:
    """The tool is allowed by policy, so what it runs descends from the engine, and not from the client."""
    home = ApproverHome(tmp_path)
    server = [sys.executable, str(Path(__file__).parent / "servers" / "shell_server.py")]
    home.add_server("shell", server, {"version": "1", "default": "require_approval", "tools": {"run": {}}})
    home.serve()
    try:
        client = home.client("shell")
        client.start_call("echo", {"mine": True})
        waiting = home.await_question("echo")["id"]
        for attempt in (f"{' '.join(APPROVER)} approve {waiting}", f"setsid -w {' '.join(APPROVER)} approve {waiting}"):
            answer = client.call("run", {"command": attempt})
            tried = json.loads(answer["result"]["content"][0]["text"])
            assert tried["status"] == 1, tried
            assert "started by a server that Approver runs" in tried["said"]
        assert [question["id"] for question in home.pending()] == [waiting]
    finally:
        home.close()


# -- answers that stand ------------------------------------------------------------------------------------------------


def stand(engine: Engine, kind: AnswerKind) -> str:
    """Have an answer of the person's stand; its id."""
    engine.room.around.known["write"] = ToolDefinition("write", digest="d1")
    engine.room.call("write", {"path": "/a"})
    wish = Wish(Reach.TOOL, Lifetime.ALWAYS, definition="d1")
    engine.room.gate.answer(engine.room.question().id, Answer(kind, "window", shown="f00d", wish=wish))
    return engine.remembered.all()[0].standing.id


async def test_what_stands_is_listed(engine) -> None:
    name = stand(engine, AnswerKind.ALLOW)
    (listed,) = (await carry_out(engine, "remembered"))["remembered"]
    assert (listed["id"], listed["answer"]) == (name, "allow")
    assert listed["rule"] == "Tester may run write on files with any arguments, always."


async def test_an_approval_is_taken_back_by_anybody(engine) -> None:
    name = stand(engine, AnswerKind.ALLOW)
    assert (await carry_out(engine, "revoke", by=80, id=name))["id"] == name
    assert engine.remembered.all() == ()
    assert "No remembered answer has the id" in refusal(await carry_out(engine, "revoke", id=name))


async def test_a_denial_is_taken_back_only_by_who_may_approve(engine) -> None:
    name = stand(engine, AnswerKind.DENY)
    refusal(await carry_out(engine, "revoke", by=80, id=name))
    assert len(engine.remembered.all()) == 1
    assert (await carry_out(engine, "revoke", by=60, id=name))["ok"] is True
    assert engine.remembered.all() == ()


async def test_an_approval_by_command_never_stands(engine) -> None:
    engine.room.call("write")
    await carry_out(engine, "approve", id=engine.room.question().id, wish={"reach": "tool", "lifetime": "always"})
    assert engine.remembered.all() == ()
