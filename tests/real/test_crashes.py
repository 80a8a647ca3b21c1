"""What is left when a process dies: nothing hangs, nothing is run twice, and no process stays behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from approver_home import ALLOW_ALL, ASK_ALL, ApproverHome
from eventually import eventually
from processes import kill, marked
from wire_client import Message, WireClient

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]


def text_of(answer: Message) -> str:
    return answer["result"]["content"][0]["text"]


@pytest.fixture
def client(home: ApproverHome) -> WireClient:
    """A client that has shaken hands with a server that is allowed everything."""
    home.add_server("held", HELD, ALLOW_ALL)
    home.serve()
    return home.client("held")


@pytest.fixture
def asking_client(home: ApproverHome) -> WireClient:
    """A client that has shaken hands with a server whose every call is asked about."""
    home.add_server("held", HELD, ASK_ALL)
    home.serve()
    return home.client("held")


def only_the_engine_is_left(home: ApproverHome) -> bool:
    return {process.pid for process in marked(home.mark)} == set(home.engine_pids())


def test_the_engine_is_killed_and_the_client_notices_one_failed_call(home: ApproverHome, client: WireClient) -> None:
    first_engine = home.engine_pids()
    in_flight = client.start_call("hold")
    client.request("ping")
    kill(first_engine[0])
    assert "error" in client.answer_to(in_flight)
    assert text_of(client.call("echo", {"after": "the crash"})) == '{"after": "the crash"}'
    assert len(home.engine_pids()) == 1
    assert home.engine_pids() != first_engine
    handshakes = [message for message in client.heard if message.get("id") == 1]
    assert len(handshakes) == 1, "the replayed handshake is not the client's to hear"
    client.close()
    eventually(lambda: only_the_engine_is_left(home), "the server of before and the one of after are gone")


def test_after_a_crash_the_log_still_verifies_and_tells_of_both_engines(home: ApproverHome, client: WireClient) -> None:
    client.call("echo", {"before": 1})
    kill(home.engine_pids()[0])
    # The first may still have gone to the old engine's socket: then its fate is unknown, and it is told so.
    eventually(lambda: "result" in client.call("echo", {"after": 1}), "the new engine answers")
    verified = home.run("log", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert [record["tool"] for record in home.log()].count("echo") == 2
    client.close()


def test_of_a_call_in_flight_when_the_engine_is_killed_the_log_says_that_its_end_is_not_known(
    home: ApproverHome, client: WireClient
) -> None:
    in_flight = client.start_call("hold")
    eventually(lambda: [record["tool"] for record in home.log()] == ["hold"], "the call is with the server")
    kill(home.engine_pids()[0])
    assert "error" in client.answer_to(in_flight)
    client.request("ping")
    (record,) = home.log()
    assert (record["outcome"], record["result"], record["latency"]) == ("allowed", "unknown", None)
    assert "unknown" in home.run("log", "list").stdout
    verified = home.run("log", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    client.close()


def test_a_question_open_when_the_engine_is_killed_is_never_run(home: ApproverHome, asking_client: WireClient) -> None:
    waiting = asking_client.start_call("echo", {"a": 1})
    home.await_question("echo")
    kill(home.engine_pids()[0])
    assert "error" in asking_client.answer_to(waiting)
    asking_client.request("ping")
    assert home.pending() == []


def test_the_engine_is_stopped_politely_and_denies_what_waits(home: ApproverHome, asking_client: WireClient) -> None:
    waiting = asking_client.start_call("echo", {"a": 1})
    home.await_question("echo")
    subprocess.run(["kill", f"-{signal.SIGTERM.value}", str(home.engine_pids()[0])], check=True)
    answer = asking_client.answer_to(waiting)
    assert "error" in answer or answer["result"]["isError"]
    eventually(lambda: not home.engine_pids(), "the engine ended")
    asking_client.close()
    eventually(lambda: not marked(home.mark), "nothing is left")
    assert "Traceback" not in home.engine_output()


def test_the_server_is_killed_and_the_call_in_flight_is_told(home: ApproverHome, client: WireClient) -> None:
    server = int(text_of(client.call("pid")))
    in_flight = client.start_call("hold")
    client.request("ping")
    kill(server)
    answer = client.answer_to(in_flight)
    assert "error" in answer or answer["result"]["isError"]
    client.close()
    eventually(lambda: only_the_engine_is_left(home), "shim and server are gone")


def test_a_server_that_ends_itself_is_told_too(home: ApproverHome, client: WireClient) -> None:
    answer = client.call("crash")
    assert "error" in answer or answer["result"]["isError"]
    client.close()
    eventually(lambda: only_the_engine_is_left(home), "shim and server are gone")


def test_a_client_that_leaves_takes_its_server_and_all_its_children_along(
    home: ApproverHome, client: WireClient
) -> None:
    child = int(text_of(client.call("leave_child")))
    assert child in {process.pid for process in marked(home.mark)}
    assert client.close(within=20) == 0, "the shim ends by itself when its client closes stdin"
    eventually(lambda: only_the_engine_is_left(home), "the server and what it started are gone")


def test_a_client_that_is_killed_takes_its_server_along(home: ApproverHome) -> None:
    home.add_server("held", HELD, ALLOW_ALL)
    home.serve()
    program = "import subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdin=-1, stdout=-1); p.wait()"
    agent = subprocess.Popen([sys.executable, "-c", program, *home.connect("held")], env=home.environment)
    eventually(lambda: marked(home.mark, running="held_server.py"), "the server runs", within=15)
    kill(agent.pid)
    agent.wait(10)
    eventually(lambda: only_the_engine_is_left(home), "launcher, shim and server are gone")


def test_a_shim_that_is_killed_leaves_no_server_behind(home: ApproverHome, client: WireClient) -> None:
    in_flight = client.start_call("hold")
    client.request("ping")
    for shim in home.shims():
        kill(shim.pid)
    assert client.process.wait(10) != 0
    eventually(lambda: only_the_engine_is_left(home), "the server is gone")
    client.close()
    assert not any(message.get("id") == in_flight for message in client.heard)


def test_a_client_that_starts_before_the_engine_has_it_started(home: ApproverHome) -> None:
    home.add_server("held", HELD, ALLOW_ALL)
    assert home.engine_pids() == []
    client = home.client("held")
    assert text_of(client.call("echo", {"a": 1})) == '{"a": 1}'
    assert len(home.engine_pids()) == 1


def test_two_clients_that_start_at_once_share_one_engine(home: ApproverHome) -> None:
    home.add_server("held", HELD, ALLOW_ALL)
    clients = [home.client("held", greeted=False) for _ in range(2)]
    servers = set()
    for client in clients:
        client.initialize()
        servers.add(text_of(client.call("pid")))
    eventually(lambda: len(home.engine_pids()) == 1, "the engine that came second has gone")
    assert len(servers) == 2, "each session has a server of its own"


def test_without_an_engine_every_request_is_answered_with_an_error(home: ApproverHome) -> None:
    home.add_server("held", HELD, ALLOW_ALL)
    client = home.client("held", greeted=False, environment={"APPROVER_START": "none"})
    assert "Approver is not running" in client.initialize()["error"]["message"]
    assert marked(home.mark, running="held_server.py") == []
