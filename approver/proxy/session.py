"""One client's conversation with one server, message by message, whatever carries them.

    client ── lines ──> Session ──> gate (tools/call) ──> server
    client <── lines ── Session <── envelope only ─────── server

Everything but `tools/call` and `tools/list` passes untouched, requests, responses and notifications alike, also methods
that did not exist when this was written. Request ids pass as they are: each conversation has a server of its own.
Lines of the client's are numbered by the shim; whatever ends a line's business (an answer, or nothing to answer) is
sent back with its number, so that the shim knows what was in flight if the engine goes away.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec

from approver.catalog.tools import Catalog
from approver.clock import Clock
from approver.model import Caller, Result, ToolDefinition
from approver.proxy import jsonrpc
from approver.proxy.edits import message_to_send
from approver.proxy.gate import Gate
from approver.proxy.own_listing import OWN_LIST_ID, OwnListing
from approver.proxy.rulings import Forward, Reply, Ruling
from approver.proxy.tool_lists import ToolLists

log = logging.getLogger(__name__)

CLIENT_INFO_META_KEY = "io.modelcontextprotocol/clientInfo"
REVISION_META_KEY = "io.modelcontextprotocol/protocolVersion"
"""What a request that stands alone says of itself, as there was no handshake; and so it says who sends it."""


class Ends(Protocol):
    """The two ends of a conversation, as the session uses them. Neither call may block or raise."""

    def to_client(self, number: int | None, message: bytes) -> None:
        """Send a message, without line feed; `number` is the client's line that it answers.

        An empty message only says that the line needs no answer.
        """
        ...

    def to_server(self, message: bytes) -> bool:
        """Send a message, without line feed; False where there is no server to send it to."""
        ...

    def server_noise(self, line: bytes) -> None:
        """Keep a line of the server's that is no JSON-RPC."""
        ...

    def commit_soon(self) -> None:
        """See that the gate commits within a moment."""
        ...


class Visibility(Protocol):
    """What of a server's tools a client may see."""

    def is_hidden(self, caller: Caller, tool: str) -> bool:
        """Whether the policy hides the tool from `tools/list`."""
        ...


@dataclass(slots=True, eq=False)
class _ToolCall:
    """A `tools/call` on its way; the gate's `Request`."""

    session: "Session"
    number: int
    message: dict[str, Any]
    ruling: Forward | None = None
    sent: float = 0.0
    cancelled: bool = False

    def deliver(self, ruling: Ruling) -> None:
        self.session.carry_out(self, ruling)

    def tell_progress(self, count: int) -> None:
        self.session.tell_progress(self, count)


@dataclass(slots=True, eq=False)
class _Listing:
    """A `tools/list` on its way."""

    number: int


class Session:
    """Carries one conversation. `caller` is replaced when the client says who it is."""

    def __init__(
        self, caller: Caller, *, gate: Gate, ends: Ends, catalog: Catalog, visibility: Visibility, clock: Clock,
        on_definitions: Callable[[str, list[ToolDefinition]], None], unavailable: str = "", keep_label: bool = False,
    ) -> None:  # fmt: skip
        self.caller = caller
        self._unnamed = caller
        self._gate = gate
        self._ends = ends
        self._catalog = catalog
        self._visibility = visibility
        self._clock = clock
        self._on_definitions = on_definitions
        self._unavailable = unavailable
        self._keep_label = keep_label
        self._in_flight: dict[Any, int | _ToolCall | _Listing] = {}
        self._own_listing = OwnListing(ends.to_server)
        self.tool_lists = ToolLists(self._is_hidden)
        self._meta: dict[str, Any] = {}
        self._left = False
        self.fault = ""
        """Why the server is not there; empty while it is."""
        self.has_heard_server = False
        """Whether the server has ever said anything that is JSON-RPC."""

    # -- from the client -------------------------------------------------------------------------------------------

    def client_line(self, number: int, line: bytes) -> None:
        """Take one line of the client's. Follow a batch of lines with `Gate.commit`."""
        try:
            self.client_message(number, jsonrpc.parse(line))
        except jsonrpc.WireFault as fault:
            self.refuse(number, fault, line)

    def refuse(self, number: int, fault: jsonrpc.WireFault, line: bytes) -> None:
        """Answer wire input that is not accepted, and write it down."""
        received = line[:300].decode("utf-8", "replace") + (f"… ({len(line):,} bytes)" if len(line) > 300 else "")
        self._gate.refuse(self.caller, fault.message, received)
        self._ends.to_client(number, jsonrpc.error(fault.request_id, fault.code, fault.message))
        self._ends.commit_soon()

    def client_message(self, number: int, message: dict[str, Any]) -> None:
        """Take a message of the client's, strictly read. Raises `WireFault`: follow that with `refuse`."""
        method = message.get("method")
        if method == "tools/call":
            self._tool_call(number, message)
            return
        if self._gate.has_rulings:  # what the client sent before must go out before
            self._gate.commit()
        if "method" not in message:
            self._pass(number, message)  # a response to a request of the server's
            self._ends.to_client(number, b"")
        elif not isinstance(method, str):
            raise jsonrpc.WireFault(jsonrpc.INVALID_REQUEST, "Refused: a method is a string.", jsonrpc.id_of(message))
        elif "id" in message:
            self._request(number, method, message)
        else:
            if method != "notifications/cancelled" or not self._cancelled(message):
                self._pass(number, message)
            self._ends.to_client(number, b"")

    def _request(self, number: int, method: str, message: dict[str, Any]) -> None:
        request_id = message["id"]
        self._check_unused(request_id)
        if method == "initialize":
            params = message.get("params")
            self._introduce(params.get("clientInfo") if isinstance(params, dict) else None, self.caller)
        self.tool_lists.requested(method, message)
        if isinstance(request_id, str | int | float):
            self._in_flight[request_id] = _Listing(number) if method == "tools/list" else number
        if not self._pass(number, message):
            self._in_flight.pop(request_id, None)
            self._fail(number, request_id)

    def _check_unused(self, request_id: Any) -> None:
        if isinstance(request_id, str | int | float) and request_id in self._in_flight:
            text = "Refused: a request with this id is still in flight."
            raise jsonrpc.WireFault(jsonrpc.INVALID_REQUEST, text, request_id)  # type: ignore[arg-type]  # sent back as is

    def _pass(self, number: int, message: dict[str, Any]) -> bool:
        return self._ends.to_server(jsonrpc.encode(message))

    def _fail(self, number: int, request_id: Any) -> None:
        self._ends.to_client(number, jsonrpc.error(request_id, jsonrpc.UNAVAILABLE, self._unavailable))

    def _introduce(self, info: Any, otherwise: Caller) -> None:
        """Hear what the client calls itself; its label, where it was launched with one, is kept."""
        name = info.get("name") if isinstance(info, dict) else None
        if not isinstance(name, str) or not name:
            self.caller = otherwise
        elif name != self.caller.client_name:
            client = self._unnamed.client if self._keep_label else name
            self.caller = replace(self._unnamed, client=client, client_name=name)

    def _tool_call(self, number: int, message: dict[str, Any]) -> None:
        params = message.get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        self._meta = meta if isinstance(meta, dict) else {}
        if REVISION_META_KEY in self._meta:  # it stands alone: over HTTP another client may have sent the last one
            self._introduce(self._meta.get(CLIENT_INFO_META_KEY), self._unnamed)
        elif CLIENT_INFO_META_KEY in self._meta:
            self._introduce(self._meta[CLIENT_INFO_META_KEY], self.caller)
        jsonrpc.check_tool_call(message)
        self._check_unused(message["id"])
        request = _ToolCall(self, number, message)
        self._in_flight[message["id"]] = request
        self._gate.judge(self._gate.freeze(self.caller, message["params"]), request)

    def _cancelled(self, message: dict[str, Any]) -> bool:
        """Act on a cancellation; whether it is dealt with here, since the server never saw the request."""
        params = message.get("params")
        request_id = params.get("requestId") if isinstance(params, dict) else None
        if not jsonrpc.is_request_id(request_id):
            return False
        self.tool_lists.forget(request_id)
        request = self._in_flight.get(request_id)
        if not isinstance(request, _ToolCall):
            return False
        if request.ruling is None:  # held: the client wants no answer any more
            self._gate.withdraw(request, "client cancelled")
            del self._in_flight[request_id]
            self._ends.to_client(request.number, b"")
            return True
        request.cancelled = True
        self._gate.abandoned(request.ruling)
        self._ends.commit_soon()
        return False

    def hang_up(self, request_id: jsonrpc.RequestId, why: str = "client left") -> bool:
        """Hear that nobody waits for this request's answer any more; whether that ended it, since it was held."""
        request = self._in_flight.get(request_id)
        if not isinstance(request, _ToolCall):
            return False
        if request.ruling is not None:
            self._gate.abandoned(request.ruling)
            self._ends.commit_soon()
            return False
        self._gate.withdraw(request, why)
        del self._in_flight[request_id]
        return True

    # -- rulings of the gate ---------------------------------------------------------------------------------------

    def carry_out(self, request: _ToolCall, ruling: Ruling) -> None:
        """Let happen what the gate has decided and written down."""
        if self._left:
            if isinstance(ruling, Forward):
                self._gate.settle(ruling, Result.UNREACHABLE, 0.0, None)
            return
        request_id = request.message["id"]
        if isinstance(ruling, Forward):
            request.ruling = ruling
            request.sent = self._clock.monotonic()
            if not self._pass(request.number, message_to_send(request.message, ruling)):
                del self._in_flight[request_id]
                self._gate.settle(ruling, Result.UNREACHABLE, 0.0, None)
                self._fail(request.number, request_id)
                self._ends.commit_soon()
            return
        del self._in_flight[request_id]
        result: Any = ruling.result if isinstance(ruling, Reply) else msgspec.Raw(ruling.result)
        self._ends.to_client(request.number, jsonrpc.encode({"jsonrpc": "2.0", "id": request_id, "result": result}))

    def tell_progress(self, request: _ToolCall, count: int) -> None:
        """Send a progress notification for a held call, if its client asked for progress."""
        token = jsonrpc.progress_token(request.message["params"])
        if token is None:
            return
        params = {
            "progressToken": token,
            # small: whatever the server reports later, from 0 or from 1, must not seem to go back
            "progress": count * 1e-6,
            "message": f"Waiting for a person to approve {request.message['params']['name']}",
        }
        message = {"jsonrpc": "2.0", "method": "notifications/progress", "params": params}
        self._ends.to_client(None, jsonrpc.encode(message))

    def ask_for_tools(self) -> None:
        """Ask the server for its tools on our own account, once: a person is to see what a tool is said to do."""
        self._own_listing.begin(self._meta)

    def tell_of_hidden(self) -> None:
        """Hear that a policy may have been edited: the client is told where its list of tools is another now."""
        for message in self.tool_lists.news():
            self._ends.to_client(None, message)

    # -- from the server -------------------------------------------------------------------------------------------

    def server_line(self, line: bytes) -> None:
        """Take one line of the server's. Follow a batch of lines with `Gate.commit` where it has something ready."""
        envelope = jsonrpc.read_envelope(line)
        if envelope is None:
            self._odd_line(line)
            return
        self.has_heard_server = True
        if envelope.method is not msgspec.UNSET or envelope.id is msgspec.UNSET:
            self.tool_lists.told(line)
            self._ends.to_client(None, line)
        else:
            self._response(envelope, line)

    def _odd_line(self, line: bytes) -> None:
        """A line that is no plain message: a batch is taken apart, anything else is noise."""
        if line.lstrip()[:1] == b"[":
            try:
                items = msgspec.json.decode(line, type=list[msgspec.Raw])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                items = []
            if items and all(jsonrpc.read_envelope(item) is not None for item in items):
                for item in items:
                    self.server_line(bytes(item))
                return
        self._ends.server_noise(line)

    def _response(self, envelope: jsonrpc.Envelope, line: bytes) -> None:
        request = self._in_flight.get(envelope.id)
        if isinstance(request, _ToolCall) and request.ruling is None:
            self._ends.server_noise(line)  # it was never sent this call, which still waits for its ruling
            return
        self._in_flight.pop(envelope.id, None)
        if isinstance(request, int):
            self.tool_lists.answered(envelope.id, envelope)
            self._ends.to_client(request, line)
        elif isinstance(request, _ToolCall):
            self._tool_response(request, envelope, line)
        elif isinstance(request, _Listing):
            self._ends.to_client(request.number, self._listed(envelope, line))
        elif envelope.id == OWN_LIST_ID and self._own_listing.has_begun:
            self._learn(self._own_listing.answered(line))
        else:
            self._ends.to_client(None, line)

    def _tool_response(self, request: _ToolCall, envelope: jsonrpc.Envelope, line: bytes) -> None:
        assert request.ruling is not None
        self._ends.to_client(request.number, line)
        latency = self._clock.monotonic() - request.sent
        if envelope.result is msgspec.UNSET:
            result = Result.CANCELLED if request.cancelled else Result.RPC_ERROR
            self._gate.settle(request.ruling, result, latency, None)
        else:
            seen = jsonrpc.read_tool_result(envelope.result)
            result = Result.TOOL_ERROR if seen.isError else Result.OK
            rounds = seen.resultType == "input_required"
            self._gate.settle(request.ruling, result, latency, bytes(envelope.result), rounds=rounds)
        self._ends.commit_soon()

    def _listed(self, envelope: jsonrpc.Envelope, line: bytes) -> bytes:
        """Learn what a `tools/list` says, and take out what the policy hides; nothing else in it changes."""
        if envelope.result is msgspec.UNSET:
            return line
        shown, definitions = self.tool_lists.shown(line)
        self._learn(definitions)
        return shown

    def _learn(self, definitions: list[ToolDefinition]) -> None:
        self._catalog.learn(self.caller.server, definitions)
        if definitions:
            self._on_definitions(self.caller.server, definitions)

    def _is_hidden(self, tool: str) -> bool:
        return self._visibility.is_hidden(self.caller, tool)

    # -- endings ---------------------------------------------------------------------------------------------------

    def server_gone(self, sentence: str, *, for_good: bool = False) -> None:
        """The server is not there (any more): what is in flight fails, and so will what comes."""
        self._unavailable = self.fault = sentence
        waiting = [(key, request) for key, request in self._in_flight.items()]
        for request_id, request in waiting:
            if isinstance(request, _ToolCall):
                if request.ruling is not None:
                    self._gate.settle(request.ruling, Result.UNREACHABLE, self._clock.monotonic() - request.sent, None)
                elif not for_good:
                    continue  # held: it may still be denied, expire, or be found unreachable
            number = request if isinstance(request, int) else request.number
            del self._in_flight[request_id]
            self.tool_lists.forget(request_id)
            self._fail(number, request_id)
        self._ends.commit_soon()

    def request_ended(self, request_id: Any, line: bytes) -> None:
        """One request ends without the server's answer; `line` tells the client, which wants none where it is empty."""
        request = self._in_flight.get(request_id) if isinstance(request_id, str | int | float) else None
        if isinstance(request, _ToolCall):
            if request.ruling is None:
                return  # it waits for its ruling: it is another one than what was sent
            result = Result.UNREACHABLE if line and not request.cancelled else Result.CANCELLED
            self._gate.settle(request.ruling, result, self._clock.monotonic() - request.sent, None)
        if request is not None:
            del self._in_flight[request_id]
            self.tool_lists.forget(request_id)
        number = request if isinstance(request, int) or request is None else request.number
        if number is not None or (line and request_id != OWN_LIST_ID):
            self._ends.to_client(number, line)
        self._ends.commit_soon()

    def client_gone(self) -> None:
        """The client left: its questions end, and what still runs for it has nobody to report to."""
        self._left = True
        for request in self._in_flight.values():
            if isinstance(request, _ToolCall) and request.ruling is not None:
                latency = self._clock.monotonic() - request.sent
                self._gate.settle(request.ruling, Result.CANCELLED, latency, None)
        self._in_flight.clear()
        self._gate.leave(self.caller.session)
        self._ends.commit_soon()
