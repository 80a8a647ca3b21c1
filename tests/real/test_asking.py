"""Calls that wait for a person, answered from a terminal while the client, a process of its own, waits."""

import json
import random
import sys
from pathlib import Path

import pytest
from approver_home import ALLOW_ALL, APPROVER, ASK_ALL, ApproverHome
from eventually import eventually
from wire_client import Message, WireClient

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]


@pytest.fixture
def arrived(home: ApproverHome) -> Path:
    """Where the server writes down each call that reaches it."""
    return home.work / "arrived.jsonl"


@pytest.fixture
def client(home: ApproverHome, arrived: Path) -> WireClient:
    """A client in front of a server whose every call is asked about."""
    home.add_server("held", HELD, ASK_ALL, env={"HELD_SERVER_LOG": str(arrived)})
    home.serve()
    return home.client("held")


def text_of(answer: Message) -> str:
    return answer["result"]["content"][0]["text"]


def what_arrived(arrived: Path) -> list[dict]:
    lines = arrived.read_text(encoding="utf-8").splitlines() if arrived.exists() else []
    return [call for line in lines if (call := json.loads(line))["name"] != "notifications/initialized"]


def test_an_approved_call_reaches_the_server_as_it_was_asked(
    home: ApproverHome, client: WireClient, arrived: Path
) -> None:
    waiting = client.start_call("echo", {"a": [1, {"b": "\u202e"}], "password": "secret"})
    question = home.await_question("echo")
    assert what_arrived(arrived) == []
    assert home.run("approve", question["id"]).returncode == 0
    assert json.loads(text_of(client.answer_to(waiting))) == {"a": [1, {"b": "\u202e"}], "password": "secret"}
    assert [call["name"] for call in what_arrived(arrived)] == ["echo"]


def test_what_scripts_rely_on_in_an_open_question(home: ApproverHome, client: WireClient) -> None:
    client.start_call("echo", {"a": 1})
    question = home.await_question("echo")
    assert {"id", "client", "server", "tool", "arguments", "rule", "since", "expires"} <= question.keys()
    assert (question["server"], question["tool"], question["client"]) == ("held", "echo", "wire-client")
    assert question["rule"] == "(default require_approval)"


def test_a_denied_call_never_reaches_the_server_and_the_agent_reads_why(
    home: ApproverHome, client: WireClient, arrived: Path
) -> None:
    waiting = client.start_call("echo", {"a": 1})
    question = home.await_question("echo")
    assert home.run("deny", question["id"], "--reason", "Not on a Sunday.").returncode == 0
    answer = client.answer_to(waiting)
    assert text_of(answer) == "[DENIED BY USER] Not on a Sunday."
    assert answer["result"]["isError"] is True
    assert answer["result"]["_meta"]["approver/decision"]["outcome"] == "denied_by_user"
    assert what_arrived(arrived) == []


def test_an_answer_is_given_once(home: ApproverHome, client: WireClient) -> None:
    waiting = client.start_call("echo", {"a": 1})
    question = home.await_question("echo")
    home.run("deny", question["id"])
    client.answer_to(waiting)
    late = home.run("approve", question["id"])
    assert late.returncode == 1
    assert late.stderr or late.stdout


def test_a_call_cancelled_while_it_waits_is_no_question_any_more(
    home: ApproverHome, client: WireClient, arrived: Path
) -> None:
    waiting = client.start_call("echo", {"a": 1})
    home.await_question("echo")
    client.notify("notifications/cancelled", {"requestId": waiting, "reason": "changed my mind"})
    eventually(lambda: not home.pending(), "the question is closed", every=0.1)
    assert client.request("ping")["result"] == {}
    assert what_arrived(arrived) == []


def test_a_call_and_its_cancellation_in_one_write_leave_no_call_running_unnoticed(
    home: ApproverHome, arrived: Path
) -> None:
    """Read together, the cancellation comes before the call's ruling was written down."""
    home.add_server("held", HELD, ALLOW_ALL, env={"HELD_SERVER_LOG": str(arrived)})
    home.serve()
    client = home.client("held")
    call = {"jsonrpc": "2.0", "id": 900, "method": "tools/call", "params": {"name": "hold", "arguments": {}}}
    cancellation = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 900}}
    client.send_line(json.dumps(call).encode() + b"\n" + json.dumps(cancellation).encode())
    client.request("ping")
    names = [call["name"] for call in what_arrived(arrived)]
    assert names in ([], ["hold", "notifications/cancelled"])


def test_an_edited_policy_holds_for_the_calls_that_follow(home: ApproverHome, client: WireClient) -> None:
    home.set_policy("held", {"version": "1", "default": "deny"})

    def verdict() -> str:
        request = client.start_call("echo", {"a": 1})
        eventually(lambda: home.pending() or any(m.get("id") == request for m in client.heard), "asked, or answered")
        for question in home.pending():
            home.run("deny", question["id"])
        return text_of(client.answer_to(request))

    eventually(lambda: verdict().startswith("[POLICY DENIED]"), "the new policy is in force", within=10)
    home.set_policy("held", '{"version": "1", "default": "alow"}')
    eventually(lambda: "default" in home.run("doctor").stdout, "the broken policy is told", within=10, every=0.2)
    assert verdict().startswith("[POLICY DENIED]"), "the last good policy stays in force"


def test_the_question_ends_with_the_client(home: ApproverHome, client: WireClient, arrived: Path) -> None:
    client.start_call("echo", {"a": 1})
    home.await_question("echo")
    client.close()
    eventually(lambda: not home.pending(), "the question is closed", every=0.1)
    assert what_arrived(arrived) == []
    assert next(record for record in home.log() if record["tool"] == "echo")["outcome"] == "aborted"


def test_an_agent_cannot_approve_its_own_call(home: ApproverHome, arrived: Path) -> None:
    """The client's own process runs the command, as an agent with a shell would."""
    home.add_server("held", HELD, ASK_ALL, env={"HELD_SERVER_LOG": str(arrived)})
    home.serve()
    program = Path(__file__).parents[1] / "servers" / "approving_agent.py"
    command = [sys.executable, str(program), "echo", *APPROVER, "connect", "held"]
    done = home.run_as_program(command)
    assert json.loads(done.stdout)["approve"] != 0, done.stdout
    assert what_arrived(arrived) == []


def test_fifty_calls_wait_at_once_and_each_gets_its_own_answer(home: ApproverHome, arrived: Path) -> None:
    """Two clients at once, half of the calls each; answered in an order of nobody's choosing, every fifth denied."""
    home.add_server("held", HELD, ASK_ALL, env={"HELD_SERVER_LOG": str(arrived)})
    home.settings(MANY_QUESTIONS)
    home.serve()
    clients = [home.client("held") for _ in range(2)]
    waiting = {}
    for number in range(50):
        client = clients[number % 2]
        waiting[number] = (client, client.start_call("echo", {"number": number}))
    home.await_question("echo", count=50)
    questions = home.pending()
    assert sorted(question["arguments"]["number"] for question in questions) == list(range(50))
    random.Random(7).shuffle(questions)
    for question in questions:
        verb = "deny" if question["arguments"]["number"] % 5 == 0 else "approve"
        assert home.run(verb, question["id"]).returncode == 0
    for number, (client, request_id) in waiting.items():
        expected = "[DENIED BY USER]" if number % 5 == 0 else json.dumps({"number": number})
        assert text_of(client.answer_to(request_id)).startswith(expected)
    assert sorted(call["arguments"]["number"] for call in what_arrived(arrived)) == [n for n in range(50) if n % 5]


def test_fifty_calls_held_by_the_server_are_answered_in_its_order(home: ApproverHome) -> None:
    home.add_server("held", HELD, {"version": "1", "default": "allow"})
    home.serve()
    client = home.client("held")
    waiting = [client.start_call("hold", {"number": number}) for number in range(50)]
    assert text_of(client.call("release")) == "50"
    for number, request_id in enumerate(waiting):
        assert json.loads(text_of(client.answer_to(request_id))) == {"number": number}
    answered = [message["id"] for message in client.heard if message.get("id") in waiting]
    assert answered == waiting[::-1]


MANY_QUESTIONS = ""
