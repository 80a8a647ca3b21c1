"""The scripted agent: its story over a scripted connection, and over a real one without rules in between."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from approver.demo import agent
from approver.demo.agent import Agent, say_progress
from approver.demo.rpc import ConnectionLost

POLICY = "[POLICY DENIED] "
PENDING = "[APPROVAL PENDING] Repeat the same call."


class ScriptedClient:
    """Answers as Approver in front of the demo server does, and notes what was called."""

    def __init__(self, answers_to_cancel: list[str], *, hides: bool = True) -> None:
        self.called: list[tuple[str, Mapping[str, Any]]] = []
        self._answers = answers_to_cancel
        self._jobs: dict[str, str] = {}
        self._listed = 0
        self._polls = 0
        self._tools = ["start_job", "cancel_job"] + ([] if hides else ["clear_history"])

    def initialize(self, name: str) -> dict[str, Any]:
        return {"serverInfo": {"name": "Scripted"}}

    def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if method == "tools/list":
            return {"tools": [{"name": name} for name in self._tools]}
        self.called.append((params["name"], params["arguments"]))
        text = getattr(self, params["name"])(params["arguments"])
        return {"content": [{"type": "text", "text": text}]}

    def start_job(self, arguments: Mapping[str, Any]) -> str:
        name = f"job-{len(self._jobs) + 1}"
        self._jobs[name] = "running"
        return json.dumps({"job_id": name})

    def poll_job(self, arguments: Mapping[str, Any]) -> str:
        name = arguments["job_id"]
        self._polls += 1
        status = "completed" if name == "job-1" and self._polls > 1 else self._jobs[name]
        return json.dumps({"job_id": name, "status": status, "progress": {"done": self._polls, "total": 9}})

    def scrape_url(self, arguments: Mapping[str, Any]) -> str:
        return POLICY + "No rule names scrape_url."

    def list_jobs(self, arguments: Mapping[str, Any]) -> str:
        self._listed += 1
        return "[]" if self._listed <= 3 else POLICY + "3 calls per minute."

    def cancel_job(self, arguments: Mapping[str, Any]) -> str:
        answer = self._answers.pop(0)
        if not answer.startswith("["):
            self._jobs[arguments["job_id"]] = "cancelled"
        return answer


def story(client: Any) -> str:
    said: list[str] = []
    Agent(client, said.append, poll_seconds=0).run()
    return "\n".join(said)


def test_an_approved_cancel_stops_the_job() -> None:
    told = story(ScriptedClient(["done"]))
    assert "It offers me 2 tools" in told
    assert "The policy hides it" in told
    assert "call 3: allowed" in told
    assert "call 4: [POLICY DENIED] 3 calls per minute." in told
    assert "You allowed it, and the job has really stopped: job-2 is cancelled" in told


def test_a_pending_call_is_repeated_word_for_word() -> None:
    client = ScriptedClient([PENDING, PENDING, "done"])
    told = story(client)
    cancels = [arguments for name, arguments in client.called if name == "cancel_job"]
    assert cancels == [{"job_id": "job-2"}] * 3
    assert told.count("So I repeat the same call.") == 2


def test_a_denied_cancel_leaves_the_job_running() -> None:
    told = story(ScriptedClient(["[DENIED BY USER] Not now."]))
    assert "The answer: [DENIED BY USER] Not now." in told
    assert "You denied it, and the server never heard of it. The job goes on" in told


def test_an_expired_question_is_no_denial_by_the_person() -> None:
    assert "It was not allowed" in story(ScriptedClient(["[APPROVAL EXPIRED] …"]))


def test_it_gives_up_repeating_some_day() -> None:
    assert "The answer: [APPROVAL PENDING]" in story(ScriptedClient([PENDING] * 50))


def test_without_a_rule_that_hides_the_tool_is_simply_listed() -> None:
    assert "hides it" not in story(ScriptedClient(["done"], hides=False))


@pytest.mark.parametrize("tool", ["start_job", "poll_job"])
def test_an_answer_that_is_no_job_ends_the_story(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = ScriptedClient([])
    monkeypatch.setattr(client, tool, lambda arguments: POLICY + "Everything is denied.")
    with pytest.raises(ConnectionLost, match=f"{tool} was answered: .POLICY DENIED. Everything"):
        story(client)


def test_what_a_waiting_call_is_told_is_passed_on() -> None:
    said: list[str] = []
    say_progress({"method": "notifications/progress", "params": {"message": "A person is being asked."}}, said.append)
    say_progress({"method": "notifications/progress", "params": {"progress": 1}}, said.append)
    say_progress({"method": "notifications/message", "params": {"message": "no"}}, said.append)
    assert said == ["   … A person is being asked."]


def test_it_runs_as_a_program_against_the_bare_server() -> None:
    command = [sys.executable, "-m", "approver.demo.agent", sys.executable, "-m", "approver.demo.server"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "job-1 is completed, 4 of 4 pages read." in done.stdout
    assert "the job has really stopped" in done.stdout


def test_a_command_that_cannot_be_launched_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert agent.main(["/no/such/command"]) == 1
    assert "The agent stops here:" in capsys.readouterr().err
