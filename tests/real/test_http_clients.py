"""Real clients that speak HTTP, before Approver, before a server that speaks stdio."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from approver_home import ALLOW_ALL, ASK_ALL, ApproverHome
from eventually import eventually
from installed import inspector, or_say_why, typescript_sdk
from mcp import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from sdk_talk import both_eras_through_the_sdk, hold

HERE = Path(__file__).parents[1]
SECONDS = 60


@pytest.fixture(scope="session")
def node_modules() -> str:
    """Where the TypeScript SDK lies."""
    (folder,) = or_say_why(typescript_sdk, pytest.fail, pytest.skip)
    return folder


@pytest.fixture(scope="session")
def inspecting() -> list[str]:
    """The Inspector's command."""
    return or_say_why(inspector, pytest.fail, pytest.skip)


@pytest.fixture
def address(home: ApproverHome, both_eras: list[str]) -> tuple[str, str]:
    """Where the server of both eras is reached over HTTP, and the token for it."""
    home.settings("[http]\nport = 0\n")
    home.add_server("one", both_eras, ALLOW_ALL, cwd=home.work)
    home.serve()
    return home.grant("one")


@asynccontextmanager
async def over_http(url: str, token: str) -> AsyncIterator[Any]:
    """The Python SDK's transport, with a grant's token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as client,
        streamable_http_client(url, http_client=client) as streams,
    ):
        yield streams


def tool_outcomes(home: ApproverHome) -> list[str]:
    return [row["tool"] for row in home.log() if row["tool"]]


@pytest.mark.parametrize(("mode", "revision"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_the_python_sdks_client_over_http_is_given_what_the_server_gives(
    home: ApproverHome, both_eras: list[str], address: tuple[str, str], mode: str, revision: str
) -> None:
    program = StdioServerParameters(command=both_eras[0], args=both_eras[1:], env=home.environment, cwd=home.work)
    with (home.work / "stderr.txt").open("a", encoding="utf-8") as errors:
        directly = hold(stdio_client(program, errlog=errors), mode, both_eras_through_the_sdk)
    through = hold(over_http(*address), mode, both_eras_through_the_sdk)
    assert through == directly
    assert through[0] == {"revision": revision}
    assert {"echo", "ask_model", "ask_person", "count", "wait"} <= set(tool_outcomes(home))


def run(command: list[str], home: ApproverHome) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, env=home.environment, cwd=home.work,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_typescript_sdks_client(home: ApproverHome, address: tuple[str, str], node_modules: str) -> None:
    done = run(["node", str(HERE / "clients" / "typescript_client.mjs"), node_modules, *address], home)
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    assert given == {
        "revision": "2025-11-25",
        "server": given["server"],
        "tools": ["echo", "ask_model", "ask_person", "count", "wait"],
        "echo": "{'a': 1} 2025-11-25",
        "model": "the model says forty-two",
        "person": "the person accepts {'name': 'Ana'}",
        "progress": [1, 2, 3],
        "count": "counted",
        "cancelled": True,
        "after": "{'a': 1} 2025-11-25",
    }
    assert given["server"]["name"] == "both-eras"
    eventually(lambda: "ended" in (home.path / "data/logs/one.log").read_text(encoding="utf-8"), "the server ended")


def test_the_inspectors_command_line(home: ApproverHome, address: tuple[str, str], inspecting: list[str]) -> None:
    def inspect(token: str, *more: str) -> "subprocess.CompletedProcess[str]":
        where = ["--server-url", address[0], "--transport", "http", "--header", f"Authorization: Bearer {token}"]
        return run([*inspecting, *where, *more], home)

    listed = inspect(address[1], "--method", "tools/list")
    assert "ask_person" in listed.stdout, listed.stderr
    called = inspect(address[1], "--method", "tools/call", "--tool-name", "echo", "--tool-arg", "a=1")
    assert "{'a': 1}" in called.stdout, called.stderr
    assert inspect("wrong", "--method", "tools/list").returncode != 0


MOST_KIB = {"stdio": 28, "http": 28}
"""KiB of the engine's memory that one waiting call may cost: connection, request, question and all."""


def cost(pid: int, name: str) -> int:
    """What the kernel says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what a process costs")
@pytest.mark.parametrize("kind", MOST_KIB)
def test_a_thousand_waiting_calls_cost_no_thread_and_little_memory(
    home: ApproverHome, both_eras: list[str], kind: str
) -> None:
    home.settings("[http]\nport = 0\n[asking]\nhold_seconds = 300\nmost_per_minute = 0\n")
    if kind == "stdio":
        home.add_server("one", both_eras, ASK_ALL, cwd=home.work)
    else:
        home.add_http_server("one", "http://127.0.0.1:9/mcp", ASK_ALL)  # it is never reached
    engine = home.serve()
    command = [sys.executable, str(HERE / "clients" / "many_waiting.py"), *home.grant("one"), "1000"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=home.environment) as clients:
        assert clients.stdin is not None and clients.stdout is not None
        assert clients.stdout.readline() == b"ready\n"
        home.pending()
        before = cost(engine.pid, "Threads"), cost(engine.pid, "VmRSS")
        clients.stdin.write(b"go\n")
        clients.stdin.flush()
        eventually(lambda: len(home.pending()) == 1000, "a thousand questions", within=60)
        assert cost(engine.pid, "Threads") <= before[0]
        assert (cost(engine.pid, "VmRSS") - before[1]) / 1000 < MOST_KIB[kind]
        clients.stdin.close()
        eventually(lambda: home.pending() == [], "the questions of clients that have gone ended", within=30)
