"""A scripted agent that tries Approver out: what is allowed, what is denied, what is limited, and what needs a person.

Standard library only. It is a client like any other: it launches `approver connect web-scraper` (or the command that it
is given) and calls tools over that process's standard streams. Each step is printed in plain words.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from approver.demo.rpc import Client, ConnectionLost

NAME = "Demo agent"
POLL_SECONDS = 0.5
SHORT_JOB = {"pages": 4, "pause": 0.25}
LONG_JOB = {"pages": 600, "pause": 0.5}
MOST_REPEATS = 20
PENDING, BY_USER, BY_POLICY = "[APPROVAL PENDING]", "[DENIED BY USER]", "[POLICY DENIED]"

NOTHING_MORE: Mapping[str, Any] = {}
PROGRESS: Mapping[str, Any] = {"_meta": {"progressToken": "cancel"}}
"""Asks to be told while the call waits; without it a client hears nothing until the answer."""

Say = Callable[[str], None]


class Agent:
    """The story, step by step, over one connection."""

    def __init__(self, client: Client, say: Say, poll_seconds: float = POLL_SECONDS) -> None:
        self._client = client
        self._say = say
        self._poll_seconds = poll_seconds

    def run(self) -> None:
        """Every step, in order."""
        self._look_around()
        self._run_a_short_job()
        self._try_something_denied()
        self._run_into_the_limit()
        self._ask_for_a_cancel()

    def _look_around(self) -> None:
        server = self._client.initialize(NAME)["serverInfo"]["name"]
        names = [tool["name"] for tool in self._client.request("tools/list", {})["tools"]]
        self._say(f"1. Connected to {server!r}. It offers me {len(names)} tools: {', '.join(names)}.")
        if "clear_history" not in names:
            self._say("   (It also has clear_history. The policy hides it, so I never hear of it.)")

    def _run_a_short_job(self) -> None:
        job = self._start(SHORT_JOB)
        self._say(f"2. Started {job}: the policy allows start_job, so nobody is asked. It runs to its end:")
        while (state := self._state(job))["status"] == "running":
            time.sleep(self._poll_seconds)
        self._say(f"   {told(state)}")

    def _try_something_denied(self) -> None:
        self._say("3. I call scrape_url, which the policy does not mention:")
        self._say(f"   {self._call('scrape_url', {'url': 'http://127.0.0.1/'})}")

    def _run_into_the_limit(self) -> None:
        self._say("4. I call list_jobs again and again, as a runaway agent would:")
        for attempt in range(1, MOST_REPEATS):
            reply = self._call("list_jobs", {})
            if reply.startswith(BY_POLICY):
                self._say(f"   call {attempt}: {reply}")
                return
            self._say(f"   call {attempt}: allowed")

    def _ask_for_a_cancel(self) -> None:
        job = self._start(LONG_JOB)
        self._say(f"5. Started {job}, a long one. Now I want to cancel it, and for that you are asked.")
        self._say("   >>> Approver is asking you now. Take your time; I wait. <<<")
        reply = self._call("cancel_job", {"job_id": job}, PROGRESS)
        for _ in range(MOST_REPEATS):
            if not reply.startswith(PENDING):
                break
            self._say(f"   {reply}")
            self._say("   So I repeat the same call.")
            reply = self._call("cancel_job", {"job_id": job}, PROGRESS)
        self._say(f"   The answer: {reply}")
        self._tell_what_became_of(job, reply)

    def _tell_what_became_of(self, job: str, reply: str) -> None:
        before = self._state(job)
        time.sleep(4 * self._poll_seconds)
        after = self._state(job)
        if after["status"] == "cancelled":
            self._say(f"6. You allowed it, and the job has really stopped: {told(after)}")
            return
        reason = "You denied it" if reply.startswith(BY_USER) else "It was not allowed"
        grown = f"{before['progress']['done']}, then {after['progress']['done']} pages"
        self._say(f"6. {reason}, and the server never heard of it. The job goes on: {grown}.")

    def _start(self, payload: Mapping[str, Any]) -> str:
        arguments = {"job_type": "batch_scrape", "payload_json": json.dumps(payload)}
        reply = self._call("start_job", arguments)
        try:
            return str(json.loads(reply)["job_id"])
        except (ValueError, KeyError, TypeError):
            raise ConnectionLost(f"start_job was answered: {reply}") from None

    def _state(self, job: str) -> dict[str, Any]:
        reply = self._call("poll_job", {"job_id": job, "include_result": False})
        try:
            state: dict[str, Any] = json.loads(reply)
        except ValueError:
            raise ConnectionLost(f"poll_job was answered: {reply}") from None
        return state

    def _call(self, tool: str, arguments: Mapping[str, Any], more: Mapping[str, Any] = NOTHING_MORE) -> str:
        """What the agent reads: the result's text, whether it is a success, a denial or a failure."""
        result = self._client.request("tools/call", {"name": tool, "arguments": arguments, **more})
        return " ".join(block.get("text", "") for block in result["content"])


def told(state: Mapping[str, Any]) -> str:
    """A job's state as a sentence."""
    progress = state["progress"]
    return f"{state['job_id']} is {state['status']}, {progress['done']} of {progress['total']} pages read."


def say_progress(notification: Mapping[str, Any], say: Say) -> None:
    """Tell what a waiting call is told meanwhile."""
    message = notification.get("params", {}).get("message")
    if notification.get("method") == "notifications/progress" and message:
        say(f"   … {message}")


def main(words: list[str] | None = None) -> int:
    """Launch the command, run the story; 1 where the connection failed."""
    parser = argparse.ArgumentParser(prog="python -m approver.demo.agent", description="A scripted agent.")
    parser.add_argument("--quiet", action="store_true", help="do not tell of progress while a call waits")
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="what to launch; default: approver connect web-scraper"
    )
    arguments = parser.parse_args(words)
    command = arguments.command or [sys.executable, "-m", "approver", "connect", "web-scraper"]

    def say(sentence: str) -> None:
        print(sentence, flush=True)

    try:
        with Client(command, lambda heard: None if arguments.quiet else say_progress(heard, say)) as client:
            Agent(client, say).run()
    except (ConnectionLost, OSError) as fault:
        print(f"The agent stops here: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
