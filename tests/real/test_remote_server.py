"""A stdio client before a server that runs elsewhere: shim, engine, gate, HTTP, and the journal of all of it."""

import asyncio
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from approver_home import ALLOW_ALL, ASK_ALL, ApproverHome
from eventually import eventually
from oauth_server import OAuthServer
from web_servers import WebServer
from wire_client import WireClient

SERVERS = Path(__file__).parents[1] / "servers"
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Remote:
    """A server in a process of its own, at an address that it keeps over its lives."""

    def __init__(self, folder: Path, python: list[str]) -> None:
        self._python = python
        self._ran = folder / "ran.txt"
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        port = self.url.split(":")[2].split("/")[0] if self.url else "0"
        command = [*self._python, str(SERVERS / "remote_server.py"), port, str(self._ran)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url.startswith("http"), "the server did not start"

    def kill(self) -> None:
        """End it as the system does when memory is short."""
        assert self._process is not None and self._process.stdout is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        assert self._process.stdout.read() == ""  # to its end: whoever else had a part in it is gone as well
        self._process.stdout.close()

    @property
    def ran(self) -> list[str]:
        """The tools that ran, in their order."""
        return self._ran.read_text(encoding="utf-8").split() if self._ran.exists() else []


@pytest.fixture
def remote(tmp_path: Path, sdk_servers: list[str]) -> Iterator[Remote]:
    remote = Remote(tmp_path, sdk_servers)
    yield remote
    remote.kill()


def add(home: ApproverHome, url: str, policy: Any) -> None:
    done = home.run("server", "add", "remote", "--url", url)
    assert done.returncode == 0, done.stderr
    home.set_policy("remote", policy)


def call(client: WireClient, tool: str, **arguments: Any) -> dict[str, Any]:
    return client.request("tools/call", {"name": tool, "arguments": arguments})


def outcomes(home: ApproverHome, count: int) -> list[tuple[str, str, str]]:
    """What the journal says of every call, oldest first, once it has said it of so many."""

    def settled() -> list[tuple[str, str, str]]:
        rows = [(row["tool"], row["outcome"], row.get("result") or "") for row in reversed(home.log())]
        return (
            rows
            if len(rows) >= count and all(result for _, outcome, result in rows if outcome != "denied_by_policy")
            else []
        )

    return eventually(settled, f"{count} calls in the journal")


def test_calls_are_judged_made_and_written_down(home: ApproverHome, remote: Remote) -> None:
    policy = {"version": "1", "default": "deny", "hide": ["slow"], "tools": {"add": {}}}
    add(home, remote.url, policy)
    home.serve()
    client = home.client("remote")
    listed = client.request("tools/list")["result"]["tools"]
    assert {tool["name"] for tool in listed} == {"add", "ask"}
    assert call(client, "add", a=2, b=3)["result"]["content"][0]["text"] == "5"
    assert call(client, "slow")["result"]["isError"] is True
    assert remote.ran == ["add"]
    assert outcomes(home, 2) == [("add", "allowed", "ok"), ("slow", "denied_by_policy", "")]


def test_a_call_waits_for_a_person_and_is_made_once(home: ApproverHome, remote: Remote) -> None:
    add(home, remote.url, ASK_ALL)
    home.serve()
    client = home.client("remote")
    number = client.start("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}})
    question = home.await_question("add")
    assert remote.ran == []
    assert home.run("approve", question["id"]).returncode == 0
    assert client.answer_to(number)["result"]["content"][0]["text"] == "5"
    assert remote.ran == ["add"]
    assert outcomes(home, 1) == [("add", "approved", "ok")]


def test_a_stateless_client_is_served_as_well(home: ApproverHome, remote: Remote) -> None:
    add(home, remote.url, ALLOW_ALL)
    home.serve()
    client = home.client("remote", greeted=False)
    found = client.request("server/discover", {"_meta": META})
    assert "2026-07-28" in found["result"]["supportedVersions"]
    answer = client.request("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}, "_meta": META})
    assert answer["result"]["content"][0]["text"] == "5"
    slow = client.start("tools/call", {"name": "slow", "arguments": {}, "_meta": META})
    eventually(lambda: remote.ran == ["add", "slow"], "the call runs")
    client.notify("notifications/cancelled", {"requestId": slow})
    assert outcomes(home, 2)[-1] == ("slow", "allowed", "cancelled")


def test_a_server_that_is_killed_between_two_calls_goes_unnoticed(home: ApproverHome, remote: Remote) -> None:
    add(home, remote.url, ALLOW_ALL)
    home.serve()
    client = home.client("remote")
    call(client, "add", a=1, b=1)
    remote.kill()
    number = client.start("tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}})
    remote.start()
    assert client.answer_to(number, within=20)["result"]["content"][0]["text"] == "5"
    assert outcomes(home, 2) == [("add", "allowed", "ok")] * 2


def test_a_call_that_the_end_of_the_server_cuts_off_is_told_and_not_repeated(
    home: ApproverHome, remote: Remote
) -> None:
    add(home, remote.url, ALLOW_ALL)
    home.serve()
    client = home.client("remote")
    number = client.start("tools/call", {"name": "slow", "arguments": {}})
    eventually(lambda: remote.ran == ["slow"], "the call runs")
    remote.kill()
    remote.start()
    assert "look before you repeat it" in client.answer_to(number, within=20)["error"]["message"]
    assert call(client, "add", a=2, b=3)["result"]["content"][0]["text"] == "5"
    assert remote.ran == ["slow", "add"]
    assert outcomes(home, 2)[0] == ("slow", "allowed", "unreachable")


def test_the_sdks_own_client_speaks_through_it(home: ApproverHome, remote: Remote) -> None:
    from mcp import types
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    add(home, remote.url, ALLOW_ALL)
    home.serve()
    command = home.connect("remote")
    program = StdioServerParameters(command=command[0], args=command[1:], env=home.environment, cwd=home.work)

    async def answer(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        return types.ElicitResult(action="accept", content={"name": "Ana"})

    async def converse(mode: str, tool: str, arguments: Any) -> tuple[str, str]:
        async with asyncio.timeout(60), Client(stdio_client(program), mode=mode, elicitation_callback=answer) as client:
            await client.list_tools()
            answered = await client.call_tool(tool, arguments)
            return answered.content[0].text, str(client.protocol_version)

    assert asyncio.run(converse("legacy", "ask", {})) == ("accept Ana", "2025-11-25")
    assert asyncio.run(converse("auto", "add", {"a": 2, "b": 3})) == ("5", "2026-07-28")


# -- logins --------------------------------------------------------------------------------------------------------


@pytest.fixture
def oauth() -> Iterator[tuple[OAuthServer, str]]:
    """A server that wants logins, on a loop in a thread."""
    app = OAuthServer()
    web = WebServer(app)
    app.origin = web.origin
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(web.start(), loop).result(20)
    yield app, web.url
    asyncio.run_coroutine_threadsafe(web.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_a_login_opens_the_way_to_a_server_that_wants_one(tmp_path: Path, oauth: tuple[OAuthServer, str]) -> None:
    app, url = oauth
    browser = shlex.join([sys.executable, str(SERVERS / "browser.py"), "%s"])
    home = ApproverHome(tmp_path, {"BROWSER": browser})
    try:
        add(home, url, ALLOW_ALL)
        home.serve()
        client = home.client("remote", greeted=False)
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        refused = client.request("initialize", hello)
        assert "it wants you to log in: approver server login remote" in refused["error"]["message"]
        assert "approver server login remote" in home.run("doctor").stdout
        done = home.run("server", "login", "remote")
        assert done.returncode == 0, done.stderr
        assert 'Logged in at "remote", until Approver is closed' in done.stdout  # there is no keyring here
        assert "result" in client.request("initialize", hello)
        client.notify("notifications/initialized")
        app.end()
        lost = client.request("tools/call", {"name": "x", "arguments": {}})
        assert "Log in again: approver server login remote" in lost["error"]["message"]
        assert "Log in again" in home.run("doctor").stdout
        assert home.run("server", "login", "remote").returncode == 0
        assert "result" in client.request("tools/call", {"name": "x", "arguments": {}})
        assert "Log in again" not in home.run("doctor").stdout
        assert home.run("server", "logout", "remote").returncode == 0
        assert "error" in client.request("tools/call", {"name": "x", "arguments": {}})
        says = home.engine_output()
    finally:
        home.close()
    assert "Traceback" not in says, says
