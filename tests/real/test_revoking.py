"""A grant that is taken back while its clients are connected: over HTTP, and shims that name it."""

import sys
from pathlib import Path
from typing import Any

import httpx2
from approver_home import ASK_ALL, ApproverHome
from wire_client import WireClient

PLAIN = [sys.executable, "-S", str(Path(__file__).parents[1] / "servers" / "plain_server.py")]
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def shim(home: ApproverHome, which: str, label: str) -> WireClient:
    return WireClient(home.connect(which, "--client", label), env=home.environment, cwd=home.work)


def refused(client: WireClient, name: str = "read") -> str:
    message: str = client.call(name)["error"]["message"]
    return message


def test_revoking_ends_every_session_of_a_grant_at_once_and_its_name_is_refused_from_then_on(
    home: ApproverHome,
) -> None:
    home.add_server("plain", PLAIN, ASK_ALL)
    home.serve()
    url, token = home.grant("plain", "ann")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
    with (
        shim(home, "plain", "ann") as one,
        shim(home, "--all", "ann") as many,
        shim(home, "plain", "bob") as other,
        httpx2.Client(headers=headers, timeout=20) as web,
    ):
        for client in (one, many, other):
            client.initialize()
        session = {"Mcp-Session-Id": web.post(url, json=hello).headers["mcp-session-id"]}
        held = one.start_call("write"), many.start_call("plain__write")
        home.await_question("write", 2)

        assert home.run("grant", "revoke", "ann").returncode == 0
        assert [_told(client, call) for client, call in zip((one, many), held, strict=True)] == ['The grant "ann"'] * 2
        assert web.post(url, json={"jsonrpc": "2.0", "id": 2, "method": "ping"}, headers=session).status_code == 401
        assert home.pending() == []
        # They come back by themselves, and are not taken for clients without a grant.
        assert "was revoked" in refused(one) and "was revoked" in refused(many)
        with shim(home, "plain", "ann") as late:
            assert "was revoked" in late.request("initialize", HELLO)["error"]["message"]
        ended = [row for row in home.log() if row["by"] == "grant revoked"]
        assert [(row["tool"], row["grant"], row["outcome"]) for row in ended] == [("write", "ann", "aborted")] * 2
        assert other.request("tools/list")["result"]["tools"]

        home.grant("plain", "ann")
        with shim(home, "plain", "ann") as again:
            assert again.initialize()["result"]


def _told(client: WireClient, request_id: Any) -> str:
    message: str = client.answer_to(request_id)["error"]["message"]
    return message[: len('The grant "ann"')]
