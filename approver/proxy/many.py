"""One client before many servers: one conversation with the client, one with each server.

    client ── requests ──> Many ─┬─ to one server: by name, address or task (many_routes)
                                 └─ to all of them, and their answers merged (many_questions)
    client <── answers, notifications, servers' requests under ids of ours ── every server

Tools and prompts are named `server__name`. A call is judged, held and written down by its own server's session, under
its own name. A server that is not there is left out of what is merged, and announced when it comes.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from approver.model import Caller
from approver.proxy import jsonrpc
from approver.proxy.conversation import House
from approver.proxy.many_listening import Listening
from approver.proxy.many_questions import METHOD_NOT_FOUND, Questions, Refused
from approver.proxy.many_routes import BY_ADDRESS, BY_NAME, BY_TASK, REMOVED, Message, Routes, lists_for, stands_alone
from approver.proxy.many_server import OWN_NUMBER, Behind
from approver.servers import Server
from approver.tasks import spawn

log = logging.getLogger(__name__)

RESOURCE_NOT_FOUND = -32002
_LEARN_FROM = (b'"uri"', b'"taskId"')
_CHANGED = "notifications/{}/list_changed"
_CHANGES = frozenset(_CHANGED.format(kind) for kind in ("tools", "prompts", "resources"))


@dataclass(slots=True)
class _Sent:
    """A request of the client's that one server has."""

    behind: Behind
    request_id: jsonrpc.RequestId


class Many:
    """One client's conversation with many servers. To the client's side it is what a `Session` is."""

    def __init__(
        self,
        house: House,
        servers: Iterable[Server],
        caller: Caller,
        to_client: Callable[[int | None, bytes], None],
        run_folder: Path,
        *,
        keep_label: bool = False,
        batch: Callable[[Callable[[], None]], None] = lambda work: work(),
        on_pause: Callable[[bool], None] = lambda paused: None,
    ) -> None:
        self.caller = caller
        self.batch = batch
        self._gate = house.gate
        self._house, self._run_folder, self._keep_label = house, run_folder, keep_label
        self._to_client = to_client
        self._on_pause = on_pause
        self._paused: set[str] = set()
        self.behind = {server.name: self._new_behind(server) for server in servers}
        self._routes = Routes()
        self._questions = Questions(self.behind, self._routes, self._announce)
        self._listening = Listening(self.behind, self._routes, self._say)
        self._sent: dict[int, _Sent] = {}
        self._numbers: dict[jsonrpc.RequestId, int] = {}
        self._merging: dict[jsonrpc.RequestId, asyncio.Task[None]] = {}
        self._changes: dict[str, Message] = {}
        self._stopped = False

    # -- beginning and end -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all servers, side by side."""
        for behind in self.behind.values():
            spawn(behind.start(), name=f"start {behind.name}")

    def _new_behind(self, server: Server) -> Behind:
        caller = replace(self.caller, session=f"{self.caller.session}/{server.name}", server=server.name)
        return Behind(self._house, server, caller, self, self._run_folder, keep_label=self._keep_label)

    def reload(self, servers: Iterable[Server]) -> None:
        """Hear which servers there are for this client now, and how each is configured."""
        now = {server.name: server for server in servers}
        for name, behind in self.behind.items():
            behind.become(now.pop(name, None))
        for name, server in now.items():
            self.behind[name] = self._new_behind(server)
            spawn(self.behind[name].join(), name=f"start {name}")

    async def stop(self) -> None:
        """Let what was asked be answered for a while, then end all servers."""
        if self._merging:
            await asyncio.wait(self._merging.values(), timeout=self._house.stop_seconds)
        self._stopped = True
        for task in self._merging.values():
            task.cancel()
        await asyncio.gather(*(behind.stop() for behind in self.behind.values()))

    def begin_batch(self) -> None:
        """Hold messages to the servers back until `flush`."""
        for behind in self.behind.values():
            behind.begin_batch()

    def flush(self) -> None:
        """Send what is held back."""
        for behind in self.behind.values():
            behind.flush()

    def pause_servers(self, paused: bool) -> None:
        """Stop or go on reading what the servers send: the client does not keep up."""
        for behind in self.behind.values():
            behind.pause_reading(paused)

    # -- from the client -------------------------------------------------------------------------------------------

    def client_line(self, number: int, line: bytes) -> None:
        """Take one line of the client's. Follow a batch of lines with `Gate.commit`."""
        try:
            self._client_message(number, jsonrpc.parse(line))
        except jsonrpc.WireFault as fault:
            self.refuse(number, fault, line)

    def refuse(self, number: int, fault: jsonrpc.WireFault, line: bytes) -> None:
        """Answer wire input that is not accepted, and write it down."""
        self._gate.refuse(self.caller, fault.message, line[:300].decode("utf-8", "replace"))
        self._to_client(number, jsonrpc.error(fault.request_id, fault.code, fault.message))

    def _client_message(self, number: int, message: Message) -> None:
        method = message.get("method")
        if "method" not in message:
            self._pass_on(self._routes.answered(message))
            self._to_client(number, b"")
        elif not isinstance(method, str):
            raise jsonrpc.WireFault(jsonrpc.INVALID_REQUEST, "Refused: a method is a string.", jsonrpc.id_of(message))
        elif "id" not in message:
            self._notified(method, message)
            self._to_client(number, b"")
        elif not jsonrpc.is_request_id(message["id"]):
            raise jsonrpc.WireFault(jsonrpc.INVALID_REQUEST, "Refused: an id is a string or an integer.")
        else:
            self._requested(number, method, message)

    def _pass_on(self, found: tuple[str, Message] | None) -> None:
        if found is not None and found[0] in self.behind:
            self.behind[found[0]].client(OWN_NUMBER, found[1])

    def _notified(self, method: str, message: Message) -> None:
        if method == "notifications/cancelled":
            self._cancelled(message)
        elif method == "notifications/progress":
            self._pass_on(self._routes.progress_of_client(message))
        elif method == "notifications/initialized":
            self._questions.initialized = message
            for behind in self._questions.ready:
                self._questions.welcome(behind, message)
        else:
            for behind in self._questions.ready:
                behind.client(OWN_NUMBER, message)

    def _cancelled(self, message: Message) -> None:
        params = message.get("params")
        request_id = params.get("requestId") if isinstance(params, dict) else None
        if not jsonrpc.is_request_id(request_id) or not isinstance(request_id, str | int):
            return
        if (task := self._merging.get(request_id)) is not None:
            task.cancel()
        self._listening.cancelled(request_id, message)
        if (number := self._numbers.get(request_id)) is not None:
            self._sent[number].behind.client(OWN_NUMBER, message)

    def hang_up(self, request_id: jsonrpc.RequestId) -> bool:
        """Hear that nobody waits for this request's answer any more; whether that ended it."""
        if (task := self._merging.get(request_id)) is not None:
            return task.cancel()
        number = self._numbers.get(request_id)
        if number is None or not self._sent[number].behind.session.hang_up(request_id):
            return False
        self._settled(number)
        return True

    def _settled(self, number: int) -> None:
        if (sent := self._sent.pop(number, None)) is not None:
            del self._numbers[sent.request_id]

    def _requested(self, number: int, method: str, message: Message) -> None:
        request_id = message["id"]
        self._check_unused(request_id)
        if method == "tools/call":
            jsonrpc.check_tool_call(message)
        if method in REMOVED and stands_alone(message):
            self._say({"jsonrpc": "2.0", "id": request_id, "error": _no_method(method)}, number)
        elif method == "ping":
            self._answer(number, request_id, {})
        elif method == "subscriptions/listen":
            self._listening.begin(number, message)
        elif (ask := self._questions.which(method)) is not None:
            self._begin(number, request_id, ask(message))
            if method == "initialize":
                self._merging[request_id].add_done_callback(lambda _: self._questions.shaken.set())
        elif self._questions.shaken.is_set() and (found := self._routes.target(message, self.behind)) is not None:
            self._send(number, *found)
        else:
            self._begin(number, request_id, self._look_up(number, method, message))

    def _check_unused(self, request_id: jsonrpc.RequestId) -> None:
        if request_id in self._merging or request_id in self._numbers or self._listening.has(request_id):
            text = "Refused: a request with this id is still in flight."
            raise jsonrpc.WireFault(jsonrpc.INVALID_REQUEST, text, request_id)

    def _send(self, number: int, server: str, message: Message) -> None:
        behind = self.behind[server]
        self._sent[number] = _Sent(behind, message["id"])
        self._numbers[message["id"]] = number
        behind.client(number, message)

    # -- what takes more than one step -----------------------------------------------------------------------------

    def _begin(self, number: int, request_id: jsonrpc.RequestId, work: Coroutine[Any, Any, Message | None]) -> None:
        task = self._merging[request_id] = spawn(self._finish(number, request_id, work), name="ask many servers")

        def over(task: asyncio.Task[None]) -> None:
            work.close()  # it may have been cancelled before it began
            if self._merging.get(request_id) is task:
                del self._merging[request_id]

        task.add_done_callback(over)

    async def _finish(
        self, number: int, request_id: jsonrpc.RequestId, work: Coroutine[Any, Any, Message | None]
    ) -> None:  # fmt: skip
        try:
            result = await work
        except Refused as fault:
            self._to_client(number, jsonrpc.encode({"jsonrpc": "2.0", "id": request_id, "error": fault.error}))
        except asyncio.CancelledError:
            if self._stopped:
                raise
            self._to_client(number, b"")
        except Exception:  # a request's top level: its client is to hear something
            log.exception("a request to many servers failed")
            self._to_client(number, jsonrpc.error(request_id, jsonrpc.UNAVAILABLE, "Approver failed at this request."))
        else:
            if result is not None:
                self._answer(number, request_id, result)
        finally:
            self._merging.pop(request_id, None)

    async def _look_up(self, number: int, method: str, message: Message) -> Message | None:
        """A name or an address that nobody has listed to this client yet: ask for the lists, then try again."""
        if method in BY_TASK and stands_alone(message):  # such tasks are on no list
            return await self._questions.ask_who_knows(message)
        meta = params.get("_meta") if isinstance(params := message.get("params"), dict) else None
        await self._questions.shaken.wait()
        found = self._routes.target(message, self.behind)
        for one in lists_for(method) if found is None else ():
            await self._questions.list_all({"method": one, "params": {} if meta is None else {"_meta": meta}})
        found = found or self._routes.target(message, self.behind)
        if found is None and method in BY_ADDRESS:
            able = [behind for behind in self._questions.ready if "resources" in behind.capabilities]
            found = (able[0].name, message) if len(able) == 1 else None
        if found is None:
            raise Refused(self._unknown(method, message))
        self._send(number, *found)
        if self._gate.has_rulings:
            self._gate.commit()
        return None

    def _unknown(self, method: str, message: Message) -> Message:
        params = message.get("params")
        wanted = params.get("name", params.get("uri")) if isinstance(params, dict) else None
        if method == "tools/call":
            self._gate.refuse(self.caller, f"No server here has a tool {str(wanted)[:200]!r}.", str(wanted)[:300])
            self._gate.commit()
        if method in BY_NAME:
            kind = "tool" if method == "tools/call" else "prompt"
            return {"code": jsonrpc.INVALID_PARAMS, "message": f"Unknown {kind}: {wanted}"}
        if method in BY_ADDRESS:
            code = jsonrpc.INVALID_PARAMS if stands_alone(message) else RESOURCE_NOT_FOUND
            return {"code": code, "message": "Resource not found", "data": {"uri": wanted}}
        if method == "completion/complete" or method.startswith("tasks/"):
            return {"code": jsonrpc.INVALID_PARAMS, "message": "What this is about is not known here."}
        return _no_method(method)

    # -- from the servers ------------------------------------------------------------------------------------------

    def heard(self, behind: Behind, number: int | None, message: bytes) -> None:
        """Take what a server's session has for the client."""
        if number == OWN_NUMBER:
            if message and not self._listening.ended(behind, message):
                self._questions.answered(behind, message)
        elif number is not None:
            self._settled(number)
            self._to_client(number, self._learnt(behind, message))
        else:
            self._told(behind, message)

    def _learnt(self, behind: Behind, line: bytes) -> bytes:
        """A server's answer, with the addresses that the client knows."""
        if not any(word in line for word in _LEARN_FROM):
            return line
        try:
            message = jsonrpc.read(line)
        except ValueError:
            return line
        self._routes.seen_by(behind.name, message.get("result"))
        return jsonrpc.encode(message)

    def _told(self, behind: Behind, line: bytes) -> None:
        """A request or a notification of a server's. An answer that nobody waits for goes nowhere."""
        envelope = jsonrpc.read_envelope(line)
        if envelope is None or not isinstance(envelope.method, str):
            return
        if envelope.method == "notifications/progress":  # by a token of the client's own, so as it is
            self._to_client(None, line)
            return
        message = jsonrpc.read(line)
        if envelope.id is not msgspec.UNSET:
            self._say(self._routes.asked_by(behind.name, message))
        elif (told := self._routes.told_by(behind.name, message)) is None or self._listening.takes(behind, told):
            return
        elif envelope.method in _CHANGES and not _belongs(told):
            self._announce_as(told)
        else:
            self._say(told)

    def _announce(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            self._announce_as({"jsonrpc": "2.0", "method": _CHANGED.format(kind)})

    def _announce_as(self, message: Message) -> None:
        """Tell of a changed list; what several servers tell at once is told once."""
        if not self._changes:
            asyncio.get_running_loop().call_soon(self._tell_changes)
        self._changes[message["method"]] = message

    def _tell_changes(self) -> None:
        changes, self._changes = self._changes, {}
        for message in changes.values() if self._questions.initialized is not None and not self._stopped else ():
            self._say(message)

    def came(self, behind: Behind) -> None:
        """Hear that a server was started anew."""
        self._listening.came(behind)
        spawn(self._questions.rejoin(behind), name=f"{behind.name} comes")

    def left(self, behind: Behind, sentence: str) -> None:
        """Hear that a server is not there (any more): what it asked is taken back, what it listed is gone."""
        for own in self._routes.forget(behind.name):
            params = {"requestId": own, "reason": sentence}
            self._say({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})
        if behind.greeting is not None:
            self._announce(kind for kind in ("tools", "prompts", "resources") if kind in behind.capabilities)

    def edited(self, behind: Behind) -> None:
        """Hear that a server was edited: what a person was asked about is not for what is started now."""
        error = jsonrpc.UNAVAILABLE, f"The server {behind.name} was just edited; try again."
        for number, sent in list(self._sent.items()):
            if sent.behind is behind and behind.session.hang_up(sent.request_id, "server edited"):
                self._settled(number)
                self._to_client(number, jsonrpc.error(sent.request_id, *error))

    def pause_client(self, behind: Behind, paused: bool) -> None:
        """Hear that a server does not keep up, or does again: the client waits for the slowest."""
        before = bool(self._paused)
        (self._paused.add if paused else self._paused.discard)(behind.name)
        if bool(self._paused) != before:
            self._on_pause(not before)

    def _answer(self, number: int, request_id: jsonrpc.RequestId, result: Message) -> None:
        self._to_client(number, jsonrpc.encode({"jsonrpc": "2.0", "id": request_id, "result": result}))

    def _say(self, message: Message, number: int | None = None) -> None:
        self._to_client(number, jsonrpc.encode(message))


def _no_method(method: str) -> Message:
    return {"code": METHOD_NOT_FOUND, "message": "Method not found", "data": method}


def _belongs(message: Message) -> bool:
    """Whether a notification belongs to a request that asked for it."""
    params = message.get("params")
    return isinstance(params, dict) and "_meta" in params
