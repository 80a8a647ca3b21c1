"""The test call: what comes back, and that nothing of it stays."""

import sys
from pathlib import Path

import pytest

from approver.clients.planning import Way
from approver.configuration_edits import add_server, read_servers
from approver.desktop.paths import Paths
from approver.first_run import trial_call
from approver.first_run.trial_call import CallEnd, send_trial_call, take_down
from approver.first_run.trial_server import GREETING, NAME
from approver.model import StdioServer

ANSWERING = """
import json, sys
texts = {texts!r}
for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    if message["method"] == "initialize":
        result = {{}}
    else:
        result = {{"content": [{{"type": "text", "text": texts.pop(0)}}]}}
    print(json.dumps({{"jsonrpc": "2.0", "id": message["id"], "result": result}}), flush=True)
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path)


def answering(*texts: str) -> Way:
    """Stands for the shim and whatever is behind it."""
    return Way((sys.executable, "-c", ANSWERING.format(texts=list(texts))), {})


def test_the_call_comes_back_and_its_server_and_rule_are_gone_again(paths: Paths) -> None:
    paths.create()
    add_server(paths, StdioServer("mine", "x"))
    way = Way((sys.executable, "-m", "approver.first_run.trial_server"), {})  # which does not mind further words
    result = send_trial_call(paths, way)
    assert (result.end, result.text) == (CallEnd.ALLOWED, GREETING)
    assert set(read_servers(paths)) == {"mine"} and list(paths.policies.iterdir()) == []


@pytest.mark.parametrize(
    ("texts", "end"),
    [
        (["[DENIED BY USER] no"], CallEnd.DENIED),
        (["[APPROVAL PENDING] wait", "[APPROVAL PENDING] wait", "hello"], CallEnd.ALLOWED),
        (["[APPROVAL PENDING] wait", "[APPROVAL EXPIRED] late"], CallEnd.EXPIRED),
        (["[POLICY DENIED] panic"], CallEnd.FAILED),
    ],
)
def test_each_answer_is_told_as_what_it_is(paths: Paths, texts: list[str], end: CallEnd) -> None:
    assert send_trial_call(paths, answering(*texts)).end is end


def test_what_does_not_work_is_told_in_a_sentence(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_call, "_MOST_TRIES", 1)
    monkeypatch.setattr(trial_call, "_PAUSE_SECONDS", 0.0)
    ended = send_trial_call(paths, Way((sys.executable, "-c", "pass"), {}))
    assert ended.end is CallEnd.FAILED and "ended before it answered" in ended.text
    assert "nowhere" in send_trial_call(paths, Way(("/nowhere/approver",), {})).text
    paths.servers.write_text("{", encoding="utf-8")
    assert "servers.json" in send_trial_call(paths, answering()).text


def test_what_an_earlier_test_left_is_removed(paths: Paths) -> None:
    paths.create()
    add_server(paths, StdioServer(NAME, "x"))
    take_down(paths)
    take_down(paths)
    assert read_servers(paths) == {}
