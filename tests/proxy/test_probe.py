"""Servers that are tried out: real processes and a real HTTP server, well-behaved and not."""

import asyncio
import json
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from processes import MARK, marked
from upstream_line import OpenDoor

from approver.model import HttpServer, StdioServer
from approver.proxy.probe import Probed, ProbeFailed, probe_http, probe_stdio
from approver.proxy.server_log import ServerLog

SERVER = """
import json, sys
answers = json.loads(sys.argv[1])
print("hello, I am noise", flush=True)
print("[1, 2]", flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") in answers:
        told = answers[message["method"]]
        page = told.get((message["params"].get("cursor") or "first")) or told
        if "ask" in page:
            print(json.dumps({"jsonrpc": "2.0", "id": "theirs", "method": page["ask"]}), flush=True)
            print("answered:", sys.stdin.readline().strip(), file=sys.stderr, flush=True)
        if "exit" in page:
            print("last words", file=sys.stderr, flush=True)
            sys.exit(page["exit"])
        if "id" in message and "silent" not in page:
            print(json.dumps({"jsonrpc": "2.0", "id": 99, "result": {}}), flush=True)
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **page}), flush=True)
    elif "id" in message:
        refusal = {"code": -32601, "message": "Unknown method."}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": refusal}), flush=True)
"""
HELLO: dict[str, Any] = {
    "result": {
        "protocolVersion": "2025-06-18",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "s", "version": "2"},
    }
}
TOOLS: dict[str, Any] = {"result": {"tools": [{"name": "a"}, "junk", {"name": "b"}]}}


def try_out(folder: Path, answers: dict[str, Any], within: float = 20) -> Probed:
    mark = uuid.uuid4().hex
    server = StdioServer("web", sys.executable, ("-c", SERVER, json.dumps(answers)))
    log = ServerLog(folder / "web.log")
    try:
        return asyncio.run(probe_stdio(server, {**os.environ, MARK: mark}, log, within))
    finally:
        log.close()
        assert marked(mark) == []


def test_a_server_of_the_handshake_tells_its_tools(tmp_path: Path) -> None:
    found = try_out(tmp_path, {"initialize": HELLO, "tools/list": TOOLS})
    assert found == Probed("2025-06-18", "s", "2", ({"name": "a"}, {"name": "b"}))
    noise = [line.partition("Z ")[2] for line in (tmp_path / "web.log").read_text(encoding="utf-8").splitlines()]
    assert {"stdout: hello, I am noise", "stdout: [1, 2]"} <= set(noise)


def test_tools_are_listed_page_by_page(tmp_path: Path) -> None:
    pages = {
        "first": {"result": {"tools": [{"name": "a"}], "nextCursor": "2"}},
        "2": {"result": {"tools": [{"name": "b"}], "nextCursor": None}},
    }
    found = try_out(tmp_path, {"initialize": HELLO, "tools/list": pages})
    assert [tool["name"] for tool in found.tools] == ["a", "b"]


def test_a_server_without_tools_is_not_asked_for_them(tmp_path: Path) -> None:
    assert try_out(tmp_path, {"initialize": {"result": {}}}) == Probed("", "", "", ())


def test_a_stateless_server_is_asked_as_it_wants(tmp_path: Path) -> None:
    about = {"io.modelcontextprotocol/serverInfo": {"name": "s", "version": "3"}}
    discover = {"result": {"capabilities": {"tools": {}}, "_meta": about}}
    found = try_out(tmp_path, {"server/discover": discover, "tools/list": TOOLS})
    assert (found.revision, found.name, found.version, len(found.tools)) == ("2026-07-28", "s", "3", 2)
    assert try_out(tmp_path, {"server/discover": {"result": {}}}).tools == ()


def test_a_server_that_asks_back_is_answered(tmp_path: Path) -> None:
    found = try_out(tmp_path, {"initialize": HELLO, "tools/list": {"ask": "roots/list", **TOOLS}})
    assert len(found.tools) == 2
    assert '"id": "theirs", "error": {"code": -32601' in (tmp_path / "web.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, r"It refused the handshake: Unknown method\."),
        ({"initialize": {"error": {}}}, r"It refused the handshake: no message\."),
        ({"initialize": HELLO}, r"It answered tools/list with an error: Unknown method\."),
        ({"server/discover": {"result": 5}}, r"It answered server/discover with an error: no message\."),
        ({"initialize": {"exit": 3}}, r"It ended before it answered: it ended with status 3\."),
        ({"initialize": {"silent": 1}}, r"It did not answer within 0\.5 seconds\."),
    ],
)
def test_what_a_server_does_wrong_is_told(tmp_path: Path, answers: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProbeFailed, match=sentence) as failed:
        try_out(tmp_path, answers, 0.5 if "silent" in str(answers) else 20)
    assert failed.value.last_words == (("last words",) if "exit" in str(answers) else ())


def test_a_server_that_ended_between_two_questions_is_told(tmp_path: Path) -> None:
    script = (
        "import sys; sys.stdin.readline()\n"
        f"print('''{json.dumps({'jsonrpc': '2.0', 'id': 1, **HELLO})}''', flush=True)\nsys.exit(1)"
    )
    server = StdioServer("web", sys.executable, ("-c", script))
    with pytest.raises(ProbeFailed, match="It ended before it answered"):
        asyncio.run(probe_stdio(server, os.environ, ServerLog(tmp_path / "log"), 20))


def test_a_server_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    server = StdioServer("web", "no-such-command")
    with pytest.raises(ProbeFailed, match="in none of the folders of PATH"):
        asyncio.run(probe_stdio(server, {"PATH": "/bin"}, ServerLog(tmp_path / "log"), 20))


# -- HTTP ----------------------------------------------------------------------------------------------------------

Answer = Callable[[str, dict[str, Any] | None], tuple[int, str, str]]


class Site:
    """A web server that answers as the test says, and remembers what it was sent."""

    def __init__(self, answer: Answer, folder: Path) -> None:
        self.folder = folder
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                message = json.loads(self.rfile.read(length)) if length else None
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.requests.append((self.command, (message or {}).get("method", ""), headers))
                status, kind, body = answer(self.command, message)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body.encode())))
                if (message or {}).get("method") == "initialize" and "session" in kind:
                    self.send_header("mcp-session-id", "s1")
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_DELETE = do_GET = handle_one

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/mcp"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[Answer], Site]]:
    sites: list[Site] = []

    def start(answer: Answer) -> Site:
        sites.append(Site(answer, tmp_path))
        return sites[-1]

    yield start
    for one in sites:
        one.close()


def ask_site(site: Site, within: float = 20) -> Probed:
    return probe(site.url, site.folder, within)


def probe(url: str, folder: Path, within: float = 20) -> Probed:
    log = ServerLog(folder / "web.log")
    door = OpenDoor((b"authorization", b"Bearer t"))
    try:
        return asyncio.run(probe_http(HttpServer("web", url), door, log, within))
    finally:
        log.close()


def as_json(message: dict[str, Any] | None) -> str:
    answers = {"initialize": HELLO, "tools/list": TOOLS}
    if message is None or message["method"] not in answers:
        return ""
    return json.dumps({"jsonrpc": "2.0", "id": message["id"], **answers[message["method"]]})


def test_a_site_with_sessions_is_asked_and_left(site: Callable[[Answer], Site]) -> None:
    def answer(way: str, message: dict[str, Any] | None) -> tuple[int, str, str]:
        if way == "GET":
            return 405, "text/plain", ""
        return 200 if as_json(message) else 202, "application/json; session", as_json(message)

    there = site(answer)
    assert len(ask_site(there).tools) == 2
    asked = [one for one in there.requests if one[0] != "GET"]
    ways = [(way, method) for way, method, _ in asked]
    assert ways == [
        ("POST", "initialize"),
        ("POST", "notifications/initialized"),
        ("POST", "tools/list"),
        ("DELETE", ""),
    ]
    assert all(headers["authorization"] == "Bearer t" for _, _, headers in there.requests)
    assert [headers.get("mcp-session-id") for _, _, headers in asked] == [None, "s1", "s1", "s1"]
    assert asked[2][2]["mcp-protocol-version"] == "2025-06-18"


def test_an_answer_may_come_as_a_stream_of_events(site: Callable[[Answer], Site]) -> None:
    def answer(way: str, message: dict[str, Any] | None) -> tuple[int, str, str]:
        noise = 'event: message\ndata: {"jsonrpc": "2.0", "method": "notifications/message"}\n\ndata: nonsense\n\n'
        return 200, "text/event-stream", f"{noise}data: {as_json(message)}\n\n"

    assert len(ask_site(site(answer)).tools) == 2


def test_a_stateless_site_is_told_the_revision_in_each_request(site: Callable[[Answer], Site]) -> None:
    def answer(way: str, message: dict[str, Any] | None) -> tuple[int, str, str]:
        assert message is not None
        result: dict[str, Any] = (
            {"capabilities": {"tools": {}}} if message["method"] == "server/discover" else {"tools": []}
        )
        body = {"error": {"code": -32601, "message": "no"}} if message["method"] == "initialize" else {"result": result}
        return 200, "application/json", json.dumps({"jsonrpc": "2.0", "id": message["id"], **body})

    there = site(answer)
    assert ask_site(there).revision == "2026-07-28"
    assert [headers.get("mcp-protocol-version") for _, _, headers in there.requests] == [
        None,
        "2026-07-28",
        "2026-07-28",
    ]
    assert there.requests[1][2]["mcp-method"] == "server/discover"


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("text/html", "<h1>hello</h1>", r"The server web gave no answer: HTTP 404 Not Found\.$"),
        ("application/json", '{"detail": "x"}', r"The server web gave no answer: HTTP 404 Not Found: x\.$"),
    ],
)
def test_a_site_that_speaks_no_mcp_is_told(site: Callable[[Answer], Site], kind: str, body: str, sentence: str) -> None:
    with pytest.raises(ProbeFailed, match=sentence):
        ask_site(site(lambda way, message: (404, kind, body)))


def test_a_site_that_is_not_there_or_does_not_answer_is_told(site: Callable[[Answer], Site]) -> None:
    held = threading.Event()

    def wait(way: str, message: dict[str, Any] | None) -> tuple[int, str, str]:
        held.wait(20)
        return 200, "text/plain", ""

    there = site(wait)
    with pytest.raises(ProbeFailed, match=r"It did not answer within 0\.3 seconds"):
        ask_site(there, 0.3)
    held.set()
    with pytest.raises(ProbeFailed, match=r"The server web could not be reached: nothing answers at 127\.0\.0\.1:1"):
        probe("http://127.0.0.1:1/mcp", there.folder)


def test_a_site_that_wants_a_login_is_told(site: Callable[[Answer], Site]) -> None:
    with pytest.raises(ProbeFailed, match=r"it wants you to log in \(HTTP 401\)"):
        ask_site(site(lambda way, message: (401, "text/plain", "")))
