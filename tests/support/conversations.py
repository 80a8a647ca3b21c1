"""What a client says to a server in the tests of transparency, and what of the answers may differ between two runs.

A conversation drives one `WireClient`; what the client heard is the record. The same conversation is held with the bare
server and through Approver, and the two records have to be equal: every message, in the order it came, ids included.
"""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wire_client import Answerer, Message, Refusal, WireClient

CAPABILITIES = {"roots": {"listChanged": True}, "sampling": {}, "elicitation": {"form": {}, "url": {}}}
CLOCK = re.compile(r"\d{1,2}:\d{2}:\d{2}(?: [AP]M)?")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?")
LONG_DATE = re.compile(r"\w{3} \w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[^\"\\]*")
HEXADECIMAL_NAME = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
BASE64_BLOB = re.compile(r'"blob": "([A-Za-z0-9+/=]+)"')

CLIENT_SIDE: dict[str, Answerer] = {
    "roots/list": lambda _: {"roots": [{"uri": "file:///srv/one", "name": "one"}, {"uri": "file:///srv/two"}]},
    "sampling/createMessage": lambda request: {
        "role": "assistant",
        "model": "none",
        "stopReason": "endTurn",
        "content": {"type": "text", "text": f"{request['params']['maxTokens']} tokens are too few"},
    },
    "elicitation/create": lambda request: (
        {"action": "accept"}
        if request["params"].get("mode") == "url"
        else {"action": "accept", "content": {"name": "Ana"}}
    ),
}


def normalized(heard: list[Message]) -> list[Message]:
    """Replace clock times and random names; nothing else may differ."""

    def in_blob(found: re.Match[str]) -> str:
        text = base64.b64decode(found[1]).decode("utf-8", errors="replace")
        return f'"blob": "{CLOCK.sub("TIME", text)}"' if CLOCK.search(text) else found[0]

    text = json.dumps(heard, sort_keys=True, indent=1)
    for pattern, stands_for in ((INSTANT, "INSTANT"), (LONG_DATE, "DATE"), (CLOCK, "TIME"), (HEXADECIMAL_NAME, "NAME")):
        text = pattern.sub(stands_for, text)
    return json.loads(BASE64_BLOB.sub(in_blob, text))


def hold(
    conversation: Callable[[WireClient], None], command: list[str], *, env: Any, cwd: Path, answerers: Any = None
) -> list[Message]:
    """Launch a server, hold the conversation, leave; return what was heard."""
    cwd.mkdir(parents=True, exist_ok=True)
    with WireClient(command, env=env, cwd=cwd, answerers=CLIENT_SIDE if answerers is None else answerers) as client:
        conversation(client)
    return normalized(client.heard)


def all_pages(client: WireClient, method: str) -> list[Message]:
    """Ask for every page of a list."""
    pages = [client.request(method)]
    while cursor := pages[-1].get("result", {}).get("nextCursor"):
        pages.append(client.request(method, {"cursor": cursor}))
    return pages


def briefly(revision: str) -> Callable[[WireClient], None]:
    """Return a short conversation in one protocol revision."""

    def conversation(client: WireClient) -> None:
        client.initialize(revision)
        client.request("ping")
        client.request("tools/list")
        client.call("echo", {"message": f"in {revision}: ünïcödé, \U0001f600 and \u2028 line ends"})
        client.request("no/such/method", {"a": [1, None, {"b": 1e300}]})

    return conversation


def everything(client: WireClient) -> None:
    """Talk to server-everything about all it can do."""
    client.initialize("2025-11-25", CAPABILITIES)
    client.wait_for(lambda m: "Roots updated" in str(m), "the server asked for the roots")
    client.request("ping")
    for method in ("tools/list", "resources/list", "resources/templates/list", "prompts/list"):
        all_pages(client, method)
    _tools_of_everything(client)
    _wrong_calls(client)
    _resources_of_everything(client)
    _prompts_of_everything(client)
    _client_side_of_everything(client)
    _progress_and_cancellation(client)
    _task_of_everything(client)
    client.request("no/such/method")


def _tools_of_everything(client: WireClient) -> None:
    client.call("echo", {"message": "hello"})
    client.call("echo", {"message": "x" * 300_000})
    client.call("get-sum", {"a": 0.1, "b": 12345678901234567890})
    client.call("get-tiny-image")
    client.call("get-structured-content", {"location": "Chicago"})
    client.call("get-annotated-message", {"messageType": "error", "includeImage": True})
    client.call("get-resource-reference", {"resourceType": "Text", "resourceId": 3})
    client.call("get-resource-links", {"count": 4})
    packed = {"name": "small.gz", "data": "data:text/plain,hello", "outputType": "resource"}
    client.call("gzip-file-as-resource", packed)
    client.call("gzip-file-as-resource", {**packed, "outputType": "resourceLink"})
    client.request("resources/read", {"uri": "demo://resource/session/small.gz"})


def _wrong_calls(client: WireClient) -> None:
    client.call("no-such-tool", {})
    client.call("get-sum", {"a": "one"})
    client.request("tools/call", {"name": "get-tiny-image"})
    client.request("resources/read", {})
    client.request("resources/read", {"uri": "demo://nowhere"})
    client.request("prompts/get", {"name": "no-such-prompt"})
    client.request("prompts/get", {"name": "args-prompt", "arguments": {"city": 7}})
    client.request("completion/complete", {"ref": {"type": "ref/unknown"}})
    client.request("logging/setLevel", {"level": "shout"})
    client.request("tools/list", {"cursor": "made up"})
    client.notify("notifications/no_such_notification", {"a": 1})


def _resources_of_everything(client: WireClient) -> None:
    client.request("resources/read", {"uri": "demo://resource/dynamic/text/1"})
    client.request("resources/read", {"uri": "demo://resource/dynamic/blob/2"})
    client.request("resources/read", {"uri": "demo://resource/static/document/features.md"})
    client.request("logging/setLevel", {"level": "debug"})
    client.request("resources/subscribe", {"uri": "demo://resource/dynamic/text/1"})
    client.call("toggle-subscriber-updates")
    client.wait_for(lambda m: m.get("method") == "notifications/resources/updated", "an update of the resource")
    client.call("toggle-subscriber-updates")
    client.request("resources/unsubscribe", {"uri": "demo://resource/dynamic/text/1"})


def _prompts_of_everything(client: WireClient) -> None:
    client.request("prompts/get", {"name": "simple-prompt"})
    client.request("prompts/get", {"name": "args-prompt", "arguments": {"city": "Graz", "state": "Styria"}})
    arguments = {"resourceType": "Text", "resourceId": "5"}
    client.request("prompts/get", {"name": "resource-prompt", "arguments": arguments})
    prompt = {"type": "ref/prompt", "name": "completable-prompt"}
    client.request("completion/complete", {"ref": prompt, "argument": {"name": "department", "value": "S"}})
    context = {"arguments": {"department": "Sales"}}
    client.request(
        "completion/complete", {"ref": prompt, "argument": {"name": "name", "value": ""}, "context": context}
    )
    template = {"type": "ref/resource", "uri": "demo://resource/dynamic/text/{resourceId}"}
    client.request("completion/complete", {"ref": template, "argument": {"name": "resourceId", "value": "12"}})


def _client_side_of_everything(client: WireClient) -> None:
    client.call("get-roots-list")
    client.notify("notifications/roots/list_changed")
    client.wait_for(lambda m: "Roots updated" in str(m), "the server asked for the roots again", count=2)
    client.call("trigger-sampling-request", {"prompt": "Say something", "maxTokens": 7})
    client.call("trigger-elicitation-request")
    address = {"url": "https://example.com/", "message": "Go there", "elicitationId": "e-1"}
    client.call("trigger-url-elicitation", address)
    client.call("trigger-url-elicitation", {**address, "errorPath": True})


def _progress_and_cancellation(client: WireClient) -> None:
    operation = {"duration": 0.3, "steps": 3}
    client.call("trigger-long-running-operation", operation, meta={"progressToken": "token of the client's own"})
    client.call("trigger-long-running-operation", operation, meta={"progressToken": 7, "example.com/kept": [1, 2]})
    given_up = client.start_call("trigger-long-running-operation", {"duration": 0.5, "steps": 1})
    client.notify("notifications/cancelled", {"requestId": given_up, "reason": "no longer wanted"})
    client.request("ping")
    # It outlasts the cancelled one: an answer to that would be heard before this one's.
    client.call("trigger-long-running-operation", {"duration": 0.8, "steps": 1})


def _task_of_everything(client: WireClient) -> None:
    arguments = {"topic": "lakes"}
    params = {"name": "simulate-research-query", "arguments": arguments, "task": {"ttl": 60_000}}
    created = client.request("tools/call", params)
    task = {"taskId": created["result"]["task"]["taskId"]}
    client.request("tasks/result", task)
    client.request("tasks/get", task)
    client.request("tasks/list")
    client.request("tasks/cancel", task)


def filesystem(root: Path) -> Callable[[WireClient], None]:
    """Return the conversation with server-filesystem about files under a folder."""

    def conversation(client: WireClient) -> None:
        client.initialize("2025-06-18")
        all_pages(client, "tools/list")
        client.call("list_allowed_directories")
        client.call("create_directory", {"path": str(root / "new")})
        client.call("write_file", {"path": str(root / "new" / "a.txt"), "content": "one\ntwo\nthree\n"})
        edits = [{"oldText": "two", "newText": "zwei"}]
        client.call("edit_file", {"path": str(root / "new" / "a.txt"), "edits": edits, "dryRun": True})
        client.call("edit_file", {"path": str(root / "new" / "a.txt"), "edits": edits})
        client.call("read_text_file", {"path": str(root / "new" / "a.txt"), "head": 2})
        client.call("move_file", {"source": str(root / "new" / "a.txt"), "destination": str(root / "b.txt")})
        client.call("read_multiple_files", {"paths": [str(root / "b.txt"), str(root / "missing.txt")]})
        client.call("read_media_file", {"path": str(root / "b.txt")})
        client.call("list_directory", {"path": str(root)})
        client.call("list_directory_with_sizes", {"path": str(root)})
        client.call("directory_tree", {"path": str(root)})
        client.call("search_files", {"path": str(root), "pattern": "**/*.txt"})
        client.call("get_file_info", {"path": str(root / "b.txt")})
        client.call("read_text_file", {"path": "/etc/passwd"})
        client.call("write_file", {"path": 3})

    return conversation


def session_of_both_eras(client: WireClient) -> None:
    """Talk to the server of both eras after a handshake."""
    client.initialize("2025-11-25", {"sampling": {}, "elicitation": {}})
    all_pages(client, "tools/list")
    for tool in ("echo", "ask_model", "ask_person", "no-such-tool"):
        client.call(tool, {"a": 1})
    client.call("count", meta={"progressToken": "p"})
    given_up = client.start_call("wait")
    client.notify("notifications/cancelled", {"requestId": given_up})
    client.request("server/discover")
    client.request("ping")


def stateless(client: WireClient) -> None:
    """Talk to the server of both eras in the revision without sessions, where every request says who asks."""
    envelope = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "wire-client", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {"sampling": {}, "elicitation": {"form": {}}},
    }
    client.request("server/discover", {"_meta": envelope})
    client.request("tools/list", {"_meta": envelope})
    client.request("tools/list", {"_meta": envelope, "cursor": "more"})
    client.call("echo", {"a": 1}, meta=envelope)
    _answer_what_is_asked(client, "ask_person", envelope)
    _answer_what_is_asked(client, "ask_model", envelope)
    client.call("count", meta={**envelope, "progressToken": "p"})
    given_up = client.start_call("wait", meta=envelope)
    client.notify("notifications/cancelled", {"requestId": given_up})
    client.request("tools/list", {"_meta": envelope})
    client.request("tools/list")
    client.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}})


def stateless_demo(client: WireClient) -> None:
    """Talk to the demo server in the revision without sessions."""
    envelope = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "wire-client", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    client.request("server/discover", {"_meta": envelope})
    client.request("tools/list", {"_meta": envelope})
    client.call("list_jobs", {}, meta=envelope)
    client.call("no_such_tool", {}, meta=envelope)
    client.request("initialize", {"_meta": envelope, "protocolVersion": "2025-11-25"})
    client.request("prompts/list", {"_meta": envelope})


def asking(client: WireClient) -> None:
    """Have server-everything ask the client for everything that a client can be asked for."""
    client.initialize("2025-11-25", CAPABILITIES)
    client.wait_for(lambda m: m.get("method") == "roots/list", "the server asked for the roots")
    client.call("trigger-sampling-request", {"prompt": "Say something"})
    client.call("trigger-elicitation-request")
    client.call("get-roots-list")


def _answer_what_is_asked(client: WireClient, tool: str, envelope: Any) -> None:
    asked = client.call(tool, {"a": 1}, meta=envelope)["result"]
    responses = {}
    for name, request in asked["inputRequests"].items():
        responses[name] = CLIENT_SIDE[request["method"]](request)
    params = {"name": tool, "arguments": {"a": 1}, "_meta": envelope, "inputResponses": responses}
    client.request("tools/call", {**params, "requestState": asked["requestState"]})


def refuse_all(_: Message) -> Any:
    """Answer a server's request as a client does whose person declines."""
    raise Refusal(-1, "the person declined")
