"""A client that talks to a server through Approver hears what the server itself would say, message by message."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import conversations
import pytest
from approver_home import ALLOW_ALL, ApproverHome
from conversations import hold
from eventually import eventually

SERVERS = Path(__file__).parents[1] / "servers"
DEMO = [sys.executable, "-m", "approver.demo.server"]


def compare(home: ApproverHome, command: list[str], conversation, *, before=lambda: None) -> list:
    """Hold the conversation with the server itself and through Approver, and compare what was heard."""
    before()
    directly = hold(conversation, command, env=home.environment, cwd=home.work / "direct")
    home.add_server("one", command, ALLOW_ALL, cwd=home.work / "direct")
    home.serve()
    before()
    through = hold(conversation, home.connect("one"), env=home.environment, cwd=home.work / "through")
    assert through == directly
    return through


def test_everything_that_server_everything_can_do(home: ApproverHome, everything: list[str]) -> None:
    heard = compare(home, everything, conversations.everything)
    assert len(heard) > 70


def test_files_read_and_written_by_server_filesystem(home: ApproverHome, filesystem: list[str]) -> None:
    root = home.work / "files"

    def empty() -> None:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()

    compare(home, [*filesystem, str(root)], conversations.filesystem(root), before=empty)
    assert (root / "b.txt").read_text(encoding="utf-8") == "one\nzwei\nthree\n"


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "1999-12-31"])
def test_every_revision_with_a_handshake(home: ApproverHome, everything: list[str], revision: str) -> None:
    compare(home, everything, conversations.briefly(revision))


def test_a_session_that_samples_and_elicits(home: ApproverHome, both_eras: list[str]) -> None:
    compare(home, both_eras, conversations.session_of_both_eras)


def test_requests_without_a_session_that_ask_for_input(home: ApproverHome, both_eras: list[str]) -> None:
    compare(home, both_eras, conversations.stateless)


def test_the_demo_server_in_the_revision_without_sessions(home: ApproverHome) -> None:
    compare(home, DEMO, conversations.stateless_demo)


def test_a_person_who_declines_what_the_server_asks(home: ApproverHome, everything: list[str]) -> None:
    refusals = dict.fromkeys(("roots/list", "sampling/createMessage", "elicitation/create"), conversations.refuse_all)
    records = []
    home.add_server("one", everything, ALLOW_ALL)
    home.serve()
    for command in (everything, home.connect("one")):
        records.append(hold(conversations.asking, command, env=home.environment, cwd=home.work, answerers=refusals))
    assert records[0] == records[1]


def test_lines_of_the_server_that_are_no_messages_do_not_disturb_the_rest(home: ApproverHome) -> None:
    home.add_server("one", [sys.executable, str(SERVERS / "held_server.py")], ALLOW_ALL)
    home.serve()
    client = home.client("one")
    client.call("chatter", {"lines": ["not JSON", "{", "", "[1, 2]", "\x00\xff"]})
    assert client.call("echo", {"a": 1})["result"]["content"][0]["text"] == '{"a": 1}'


def test_every_call_stands_in_the_log_and_the_log_verifies(home: ApproverHome, everything: list[str]) -> None:
    home.add_server("one", everything, ALLOW_ALL)
    home.serve()
    client = home.client("one")
    client.call("echo", {"message": "kept"})
    client.call("no-such-tool")
    assert "error" in client.request("tools/call", {"arguments": {}})

    def tools() -> list[str]:
        return [record["tool"] for record in home.log() if record["tool"] in ("echo", "no-such-tool")]

    assert eventually(lambda: len(tools()) == 2, "both calls are in the log", every=0.2)
    assert home.run("log", "verify").returncode == 0


@pytest.mark.parametrize("name", ["a-server-that-is-not-there", ""])
def test_a_command_that_cannot_start_is_told_as_an_error(home: ApproverHome, name: str) -> None:
    home.add_server("one", [name or os.devnull], ALLOW_ALL)
    home.serve()
    assert "error" in home.client("one", greeted=False).initialize()


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_long_and_short_answers_keep_their_order_whatever_the_client_reads_from(home: ApproverHome, kind: str) -> None:
    """Short ones go to the client past the shim, long ones and those that find no room do not."""
    home.add_server("one", [sys.executable, str(SERVERS / "held_server.py")], ALLOW_ALL)
    home.serve()
    sizes = [(number * 7919) % 6000 * (number % 3) + 60_000 * (number % 50 == 0) for number in range(400)]
    ours, theirs = socket.socketpair() if kind == "socket" else map(os.fdopen, os.pipe(), ("rb", "wb"))
    with (
        ours,
        theirs,
        subprocess.Popen(home.connect("one"), stdin=subprocess.PIPE, stdout=theirs, env=home.environment) as shim,
    ):
        theirs.close()
        assert shim.stdin
        sending = threading.Thread(target=send_echoes, args=(shim.stdin, sizes))
        sending.start()
        heard = ours.makefile("rb") if isinstance(ours, socket.socket) else ours
        answers = [json.loads(heard.readline()) for _ in range(len(sizes) + 1)]
        sending.join()
        shim.stdin.close()
        assert heard.read() == b""
        heard.close()
    assert [answer["id"] for answer in answers] == list(range(len(sizes) + 1))
    texts = [json.loads(answer["result"]["content"][0]["text"])["text"] for answer in answers[1:]]
    assert [len(text) for text in texts] == sizes


def send_echoes(stdin: IO[bytes], sizes: list[int]) -> None:
    """Shake hands, then call `echo` with a text of each size, without waiting for answers."""
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "sizes", "version": "1"}}
    requests = [("initialize", info)]
    requests += [("tools/call", {"name": "echo", "arguments": {"text": "x" * size}}) for size in sizes]
    for number, (method, params) in enumerate(requests):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        stdin.write(json.dumps(message).encode() + b"\n")
    stdin.flush()
