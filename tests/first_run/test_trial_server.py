"""The server of the test call."""

import io
import json

import pytest

from approver.first_run.trial_server import GREETING, TOOL, answer, main


def test_it_has_one_tool_that_greets() -> None:
    hello = answer({"id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18"}})
    assert hello is not None and hello["result"]["protocolVersion"] == "2025-06-18"
    tools = answer({"id": 2, "method": "tools/list"})
    assert tools is not None and [tool["name"] for tool in tools["result"]["tools"]] == [TOOL]
    called = answer({"id": 3, "method": "tools/call"})
    assert called is not None and called["result"]["content"][0]["text"] == GREETING
    assert answer({"id": 4, "method": "ping"}) == {"jsonrpc": "2.0", "id": 4, "result": {}}
    other = answer({"id": 5, "method": "other"})
    assert other is not None and other["error"]["code"] == -32601
    assert answer({"method": "notifications/initialized"}) is None


def test_it_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"id": 1, "method": "ping"}, {"method": "x"}, {"id": 2, "method": "ping"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(line) + "\n" for line in lines)))
    main()
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == [1, 2]
