"""One endpoint for many servers, with real servers and real clients: over stdio (`connect --all`) and over HTTP."""

import sys
from pathlib import Path
from typing import Any

import anyio
import httpx2
import mcp_types as types
import pytest
from approver_home import ALLOW_ALL, ApproverHome
from eventually import eventually
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from wire_client import WireClient

SERVERS = Path(__file__).parents[1] / "servers"
PLAIN = [sys.executable, "-S", str(SERVERS / "plain_server.py")]
CAPABILITIES = {"sampling": {}, "elicitation": {}, "roots": {"listChanged": True}}
STRICT = {
    "version": "1",
    "default": "allow",
    "hide": ["secret"],
    "tools": {
        "write": {"require_approval": [{"conditions": [], "reason": "Writes."}]},
        "read": {"deny_if": [{"conditions": [{"path": "args.path", "op": "regex", "value": "^/etc"}]}]},
    },
}
ASK_ECHO = {"version": "1", "default": "allow", "tools": {"echo": {"deny_if": [{"conditions": []}]}}}


def client_of(home: ApproverHome, *options: str, **more: Any) -> WireClient:
    return WireClient(home.connect("--all", *options), env=home.environment, cwd=home.work, **more)


def names(client: WireClient) -> list[str]:
    return [tool["name"] for tool in client.request("tools/list")["result"]["tools"]]


def test_a_client_has_every_servers_tools_each_under_its_own_policy(home: ApproverHome, everything: list[str]) -> None:
    home.add_server("plain", PLAIN, STRICT)
    home.add_server("every", everything, ASK_ECHO, cwd=home.work)
    home.add_server("dead", ["/nowhere/at-all"], ALLOW_ALL)
    home.serve()
    with client_of(home, "--client", "Claude") as client:
        assert client.initialize()["result"]["serverInfo"]["name"] == "approver"
        listed = names(client)
        assert listed[:2] == ["plain__read", "plain__write"] and "every__echo" in listed
        assert "plain__secret" not in listed and not any(name.startswith("dead__") for name in listed)
        assert client.call("plain__read", {"n": 1})["result"]["came"] == {"name": "read", "arguments": {"n": 1}}
        for tool, arguments in (("plain__read", {"path": "/etc/x"}), ("every__echo", {"message": "hi"})):
            assert client.call(tool, arguments)["result"]["content"][0]["text"].startswith("[POLICY DENIED]")
        assert "dead could not be started" in client.call("dead__x")["error"]["message"]
        held = client.start_call("plain__write", {"n": 2})
        question = home.await_question("write")
        assert (question["server"], question["client"]) == ("plain", "Claude")
        assert home.run("approve", question["id"]).returncode == 0
        assert client.answer_to(held)["result"]["came"]["name"] == "write"
    logged = {(row["server"], row["tool"], row["outcome"]) for row in home.log() if row["tool"]}
    assert logged == {
        ("plain", "read", "allowed"),
        ("plain", "read", "denied_by_policy"),
        ("every", "echo", "denied_by_policy"),
        ("dead", "x", "allowed"),
        ("plain", "write", "approved"),
    }
    assert "dead is left out for now" in home.engine_output()


def test_prompts_resources_sampling_and_cancelling_find_their_server(home: ApproverHome, everything: list[str]) -> None:
    home.add_server("one", everything, ALLOW_ALL, cwd=home.work)
    home.add_server("two", everything, ALLOW_ALL, cwd=home.work)
    home.add_server("plain", PLAIN, ALLOW_ALL)
    home.serve()
    sampled = {"role": "assistant", "model": "none", "content": {"type": "text", "text": "forty-two"}}
    answerers: Any = {"sampling/createMessage": lambda message: sampled, "roots/list": lambda message: {"roots": []}}
    with client_of(home, answerers=answerers) as client:
        client.initialize(capabilities=CAPABILITIES)
        uris = [one["uri"] for one in client.request("resources/list")["result"]["resources"]]
        half = len(uris) // 2
        assert uris[half:] == [f"approver://two/{uri}" for uri in uris[:half]]
        for uri in (uris[0], uris[half]):
            assert client.request("resources/read", {"uri": uri})["result"]["contents"][0]["uri"] == uri
        prompts = {one["name"] for one in client.request("prompts/list")["result"]["prompts"]}
        assert {"one__simple-prompt", "two__simple-prompt"} <= prompts
        assert client.request("prompts/get", {"name": "two__simple-prompt"})["result"]["messages"]
        completed = client.request(
            "completion/complete",
            {
                "ref": {"type": "ref/prompt", "name": "two__completable-prompt"},
                "argument": {"name": "department", "value": "E"},
            },
        )
        assert completed["result"]["completion"]["values"] == ["Engineering"]
        for server in ("one", "two"):
            answer = client.call(f"{server}__trigger-sampling-request", {"prompt": "hm", "maxTokens": 3})
            assert "forty-two" in str(answer["result"]["content"])
        waiting = client.start_call("plain__read", {"do": "wait"})
        client.notify("notifications/cancelled", {"requestId": waiting})
        log = home.path / "data" / "logs" / "plain.log"
        eventually(lambda: "stderr: cancelled" in log.read_text(encoding="utf-8"), "the server heard of it", within=20)
        died = client.call("plain__read", {"do": "die"})
        assert "plain has ended" in died["error"]["message"]
        client.wait_for(lambda m: m.get("method") == "notifications/tools/list_changed", "the lists have changed")
        eventually(lambda: "plain__read" in names(client), "the server came back", within=30)
        assert "came" in client.call("plain__read")["result"]


def test_servers_over_http_are_among_them_and_one_that_is_down_is_left_out(
    home: ApproverHome, both_eras: list[str]
) -> None:
    home.settings("[http]\nport = 0\n")
    home.add_server("one", both_eras, ALLOW_ALL)
    home.serve()
    url, token = home.grant("one")  # Approver's own address stands for a server elsewhere
    home.add_http_server("web", url, ALLOW_ALL, {"Authorization": f"Bearer {token}"})
    home.add_http_server("down", "http://127.0.0.1:9/mcp", ALLOW_ALL)
    sampled = {"role": "assistant", "model": "none", "content": {"type": "text", "text": "forty-two"}}
    with client_of(home, answerers={"sampling/createMessage": lambda message: sampled}) as client:
        client.initialize(capabilities={"sampling": {}})
        assert {name.partition("__")[0] for name in names(client)} == {"one", "web"}
        assert "forty-two" in str(client.call("web__ask_model")["result"]["content"])
        assert "could not be reached" in client.call("down__x")["error"]["message"]


# -- the protocol's own client -----------------------------------------------------------------------------------------


async def _sample(_: Any, params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    text = types.TextContent(type="text", text="forty-two")
    return types.CreateMessageResult(role="assistant", model="none", content=text)


async def _elicit(_: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
    return types.ElicitResult(action="accept", content={"name": "Ana"})


async def _converse(transport: Any, mode: str) -> tuple[str, list[str], list[str]]:
    with anyio.fail_after(40):
        async with Client(
            transport, mode=mode, sampling_callback=_sample, elicitation_callback=_elicit, cache=None
        ) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            said = []
            for tool in ("one__echo", "two__ask_model", "two__ask_person", "one__count"):
                result = await client.call_tool(tool, {"a": 1})
                said.append(getattr(result.content[0], "text", ""))
            return client.protocol_version, tools, said


def _with_two(home: ApproverHome, both_eras: list[str]) -> None:
    denied = {
        "version": "1",
        "default": "allow",
        "hide": ["wait"],
        "tools": {"count": {"deny_if": [{"conditions": []}]}},
    }
    home.add_server("one", both_eras, denied)
    home.add_server("two", both_eras, ALLOW_ALL)


def _check(found: tuple[str, list[str], list[str]], revision: str) -> None:
    version, tools, (echo, model, person, count) = found
    assert version == revision
    assert "one__echo" in tools and "two__wait" in tools and "one__wait" not in tools
    assert echo == f"{{'a': 1}} {revision}"
    assert "forty-two" in model and "Ana" in person and count.startswith("[POLICY DENIED]")


@pytest.mark.parametrize(("mode", "revision"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_the_sdks_client_over_stdio_in_both_eras(
    home: ApproverHome, both_eras: list[str], mode: str, revision: str
) -> None:
    _with_two(home, both_eras)
    home.serve()
    command = home.connect("--all")
    server = StdioServerParameters(command=command[0], args=command[1:], env=home.environment, cwd=home.work)
    with (home.work / "stderr.txt").open("a", encoding="utf-8") as errors:
        _check(anyio.run(_converse, stdio_client(server, errlog=errors), mode), revision)


@pytest.mark.parametrize(("mode", "revision"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_the_sdks_client_over_http_in_both_eras(
    home: ApproverHome, both_eras: list[str], mode: str, revision: str
) -> None:
    home.settings("[http]\nport = 0\n")
    _with_two(home, both_eras)
    home.serve()
    made = home.read("grant", "add", "--servers", "one,two", "--name", "test")
    assert made["url"].startswith("http://127.0.0.1:") and made["url"].endswith("/mcp")

    async def over_http() -> tuple[str, list[str], list[str]]:
        headers = {"Authorization": f"Bearer {made['token']}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            return await _converse(streamable_http_client(made["url"], http_client=http), mode)

    _check(anyio.run(over_http), revision)
    assert {row["grant"] for row in home.log() if row["tool"]} == {"test"}


def test_a_client_in_the_era_without_handshake_falls_back_where_one_server_needs_it(
    home: ApproverHome, both_eras: list[str], everything: list[str]
) -> None:
    _with_two(home, both_eras)
    home.add_server("every", everything, ALLOW_ALL, cwd=home.work)
    home.serve()
    command = home.connect("--all")
    server = StdioServerParameters(command=command[0], args=command[1:], env=home.environment, cwd=home.work)
    with (home.work / "stderr.txt").open("a", encoding="utf-8") as errors:
        found = anyio.run(_converse, stdio_client(server, errlog=errors), "auto")
    _check(found, "2025-11-25")
    assert "every__echo" in found[1]
