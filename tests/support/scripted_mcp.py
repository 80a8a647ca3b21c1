"""MCP servers that do what a test says: the handshake is done for it, everything else it answers itself."""

from collections.abc import Awaitable, Callable
from typing import Any

from web_servers import Answer, Received, Script, json_answer, result

ANY = Answer | Awaitable[Answer] | None
ACCEPTED = Answer(202)


class ScriptedMcp(Script):
    """A handshake server; `answer` says what else there is, None leaves it to the defaults."""

    def __init__(
        self, answer: Callable[[Received], ANY] = lambda request: None, *, capabilities: Any = None, revision: str = ""
    ) -> None:
        super().__init__(self._choose)
        self._more = answer
        self.capabilities = capabilities or {}
        self.revision = revision
        self.sessions: list[str] = []
        """Every session that was begun, the newest last."""
        self.forgotten: set[str] = set()
        self.offers_stream = False

    def forget(self) -> None:
        """Forget all sessions, as a server that was restarted."""
        self.forgotten |= set(self.sessions)

    def _choose(self, request: Received) -> Answer | Awaitable[Answer]:
        if request.headers.get("mcp-session-id") in self.forgotten:
            refusal = {"code": -32600, "message": "Session not found"}
            return json_answer({"jsonrpc": "2.0", "id": "server-error", "error": refusal}, 404)
        return self._more(request) or self._default(request)

    def _default(self, request: Received) -> Answer:
        if request.method == "DELETE":
            return Answer(200)
        if request.method == "GET":
            return Answer(405)
        message = request.message
        if message.get("method") == "initialize":
            return self._greet(request)
        return ACCEPTED if "id" not in message or "method" not in message else result(request, {})

    def _greet(self, request: Received) -> Answer:
        session = f"session-{len(self.sessions) + 1}"
        self.sessions.append(session)
        revision = self.revision or request.message["params"]["protocolVersion"]
        told = {
            "protocolVersion": revision,
            "capabilities": self.capabilities,
            "serverInfo": {"name": "s", "version": "1"},
        }
        return result(request, told, **{"mcp-session-id": session})


def is_post(request: Received, method: str) -> bool:
    """Whether a request carries this JSON-RPC method."""
    return request.method == "POST" and request.message.get("method") == method
