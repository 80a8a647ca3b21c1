"""Requests that concern many servers at once: the handshake, lists, the log level, subscriptions.

    client's request ──> Questions ──> every server, each under an id of ours ──> answers, merged ──> client

A server that does not answer in time is left out of the answer; when it comes, it is told what the others were told,
and the client hears that the lists have changed.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from approver.proxy import jsonrpc
from approver.proxy.many_merging import CAPABILITY, LISTS, merged_discover, merged_initialize, merged_list, renamed
from approver.proxy.many_routes import OWN_ID, Message, Routes, stands_alone
from approver.proxy.many_server import OWN_NUMBER, Behind
from approver.tasks import spawn

log = logging.getLogger(__name__)

JOIN_SECONDS = 10.0
"""How long the answer to the handshake waits for servers once they can be started; who comes later is announced."""
LIST_SECONDS = 30.0
"""How long a list waits for servers."""
COME_SECONDS = 60.0
"""How long a server that comes late may take for its handshake."""
MOST_PAGES = 200
METHOD_NOT_FOUND = -32601
KINDS = ("tools", "prompts", "resources")


class Refused(Exception):
    """A request of ours was answered with an error."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error))
        self.error = error


def _own_version() -> str:
    try:
        return version("approver")
    except PackageNotFoundError:
        return "0"


class Questions:
    """Asks the servers of one client. `announce` is called with the kinds of lists that have changed."""

    def __init__(
        self, behind: Mapping[str, Behind], routes: Routes, announce: Callable[[Iterable[str]], None]
    ) -> None:  # fmt: skip
        self._behind = behind
        self._routes = routes
        self._announce = announce
        self._numbers = itertools.count(1)
        self._open: dict[str, tuple[Behind, asyncio.Future[Message]]] = {}
        self._initialize: Message | None = None
        self._has_answered = False
        self.shaken = asyncio.Event()
        """Cleared while hands are being shaken: what a hasty client asks meanwhile waits."""
        self.shaken.set()
        self._level: Message | None = None
        self.initialized: Message | None = None
        """What the client said once it was greeted; servers that come late hear it too."""

    def which(self, method: str) -> Callable[[Message], Coroutine[Any, Any, Message]] | None:
        """Who answers requests of this method; None: they concern one server."""
        if method in LISTS:
            return self.list_all
        if method == "initialize":
            self.shaken.clear()
        return {
            "initialize": self._shake_hands,
            "server/discover": self._discover,
            "logging/setLevel": self._set_level,
        }.get(method)

    @property
    def ready(self) -> list[Behind]:
        """The servers that may be spoken to."""
        return [behind for behind in self._behind.values() if behind.is_ready]

    # -- one question to one server --------------------------------------------------------------------------------

    def answered(self, behind: Behind, line: bytes) -> None:
        """Take a server's answer to a request of ours."""
        try:
            message = jsonrpc.read(line)
        except ValueError:
            return
        request_id = message.get("id") if isinstance(message, dict) else None
        asked, future = self._open.get(request_id, (None, None)) if isinstance(request_id, str) else (None, None)
        if asked is behind and future is not None and not future.done():
            future.set_result(message)

    async def ask(self, behind: Behind, method: str, params: Any) -> Message:
        """Ask one server; return its result. Raises `Refused`."""
        request_id = f"{OWN_ID}q{next(self._numbers)}"
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._open[request_id] = (behind, future)
        message = {"jsonrpc": "2.0", "id": request_id, "method": method}
        try:
            behind.client(OWN_NUMBER, message if params is None else {**message, "params": params})
            answer = await future
        except asyncio.CancelledError:
            self._take_back(behind, method, request_id)
            raise
        finally:
            del self._open[request_id]
        result = answer.get("result")
        if not isinstance(result, dict):
            raise Refused(answer.get("error") or {"code": jsonrpc.UNAVAILABLE, "message": f"{behind.name}: no result"})
        return result

    @staticmethod
    def _take_back(behind: Behind, method: str, request_id: str) -> None:
        if method != "initialize":  # which the protocol says may not be cancelled
            params = {"requestId": request_id}
            behind.client(OWN_NUMBER, {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})

    async def _ask_all(
        self, asked: Mapping[str, Coroutine[Any, Any, Any]], seconds: float
    ) -> tuple[dict[str, Any], list[Any]]:
        """Wait for several answers; returns those that came in time, by server, and the errors."""
        tasks = {name: spawn(_caught(work), name=f"ask {name}") for name, work in asked.items()}
        try:
            if tasks:
                await asyncio.wait(tasks.values(), timeout=seconds)
        finally:
            for task in tasks.values():
                task.cancel()
        answers = {name: task.result() for name, task in tasks.items() if task.done() and not task.cancelled()}
        errors = [one.error for one in answers.values() if isinstance(one, Refused)]
        return {name: one for name, one in answers.items() if not isinstance(one, Refused)}, errors

    # -- the handshake ---------------------------------------------------------------------------------------------

    async def _shake_hands(self, message: Message) -> Message:
        self._initialize = message
        greetings = []
        for behind in self._behind.values():
            greetings.append(spawn(self._greet(behind), name=f"greet {behind.name}"))
        try:
            for behind in tuple(self._behind.values()):  # some may be added meanwhile
                await behind.prepared.wait()
            if greetings:
                await asyncio.wait(greetings, timeout=JOIN_SECONDS)
        finally:
            self.shaken.set()
        self._has_answered = True
        params = message.get("params")
        revision = params.get("protocolVersion") if isinstance(params, dict) else None
        results = {one.name: one.greeting for one in self.ready if one.greeting is not None}
        return merged_initialize(revision, results, _own_version())

    async def _greet(self, behind: Behind) -> None:
        """Shake hands with one server; however long it takes, it is welcome."""
        assert self._initialize is not None
        if behind.was_spoken_to:  # in the other era, and many serve only the era of the first request
            await behind.restart()
        try:
            async with asyncio.timeout(COME_SECONDS):
                result = await self.ask(behind, "initialize", self._initialize.get("params"))
        except (Refused, TimeoutError) as fault:
            log.warning("%s is left out for now: its handshake failed: %s", behind.name, fault)
            behind.retry_later()
            return
        behind.has_come(result)
        if self.initialized is not None:
            self.welcome(behind, self.initialized)
        if self._has_answered:
            self._announce(kind for kind in KINDS if kind in behind.capabilities or kind == "tools")

    def welcome(self, behind: Behind, initialized: Message) -> None:
        """Tell a server that the client is there, and what the others know."""
        behind.client(OWN_NUMBER, initialized)
        if self._level is not None and "logging" in behind.capabilities:
            spawn(_caught(self.ask(behind, "logging/setLevel", self._level.get("params"))), name="set the log level")

    async def rejoin(self, behind: Behind) -> None:
        """Have a server take part that was started later, or again."""
        if self._initialize is not None:
            await self._greet(behind)

    async def _discover(self, message: Message) -> Message:
        params = message.get("params")
        asked = {one.name: self.ask(one, "server/discover", params) for one in self._behind.values()}
        results, errors = await self._ask_all(asked, JOIN_SECONDS)
        if errors and len(errors) < len(asked):
            log.info("not every server knows the revision without handshake, so the client is asked for a handshake")
        merged = None if errors and not self._may_leave_out(errors) else merged_discover(results, _own_version())
        if merged is None:
            telling = [one for one in errors if not self._may_leave_out([one])]
            raise Refused(telling[0] if telling else _NO_COMMON_REVISION if results or not errors else errors[0])
        for name, result in results.items():
            self._behind[name].has_come(result)
        return merged

    @staticmethod
    def _may_leave_out(errors: Iterable[Any]) -> bool:
        """Whether these errors are only of servers that are not there."""
        return all(isinstance(one, dict) and one.get("code") == jsonrpc.UNAVAILABLE for one in errors)

    # -- lists, and the log level ----------------------------------------------------------------------------------

    async def list_all(self, message: Message) -> Message:
        """All that the servers list, under the names that the client is to use."""
        await self.shaken.wait()
        member = LISTS[message["method"]]
        params = message.get("params") or {}
        if isinstance(params, dict) and params.get("cursor") is not None:
            raise Refused({"code": jsonrpc.INVALID_PARAMS, "message": "There are no further pages: no such cursor."})
        if isinstance(params, dict) and "progressToken" in (params.get("_meta") or {}):
            params = {**params, "_meta": {key: one for key, one in params["_meta"].items() if key != "progressToken"}}
        able = [one for one in self._behind.values() if self._may_list(one, CAPABILITY.get(member, member))]
        asked = {one.name: self._pages(one, message["method"], params) for one in able}
        found, _ = await self._ask_all(asked, LIST_SECONDS)
        pages = {name: found[name] for name in self._behind if name in found}
        named = {
            name: [renamed(name, member, page, self._routes.names, self._routes.addresses) for page in several]
            for name, several in pages.items()
        }
        if member == "tasks":
            for name, several in named.items():
                for page in several:
                    self._routes.learn_tasks(name, page.get(member))
        merged = merged_list(member, named)
        return {**_OF_NO_SERVER, **merged} if stands_alone(message) else merged

    def _may_list(self, behind: Behind, capability: str) -> bool:
        if behind.is_ready:
            return not behind.greeting or capability in behind.capabilities
        return self._initialize is None  # requests of the era without handshake may come at once

    async def _pages(self, behind: Behind, method: str, params: Message) -> list[Message]:
        """Every page of one server's list."""
        pages: list[Message] = []
        cursor = None
        while len(pages) < MOST_PAGES:
            page = await self.ask(behind, method, params if cursor is None else {**params, "cursor": cursor})
            pages.append(page)
            cursor = page.get("nextCursor")
            if not isinstance(cursor, str):
                return pages
        log.warning("%s lists more than %d pages; the rest is left out", behind.name, MOST_PAGES)
        return pages

    async def ask_who_knows(self, message: Message) -> Message:
        """Ask all servers what only one can know; of errors the one that tells most is passed on."""
        asked = {one.name: self.ask(one, message["method"], message["params"]) for one in self._behind.values()}
        results, errors = await self._ask_all(asked, LIST_SECONDS)
        if results:
            name, result = next(iter(results.items()))
            self._routes.seen_by(name, result)
            known: Message = result
            return known
        telling = (one for one in errors if isinstance(one, dict) and one.get("code") not in _TELLING_LITTLE)
        raise Refused(next(telling, next(iter(errors), _NOBODY_KNOWS)))

    async def _set_level(self, message: Message) -> Message:
        self._level = message
        await self.shaken.wait()
        able = [one for one in self.ready if "logging" in one.capabilities]
        asked = {one.name: self.ask(one, "logging/setLevel", message.get("params")) for one in able}
        results, errors = await self._ask_all(asked, LIST_SECONDS)
        if errors and not results:
            raise Refused(errors[0])
        return {}


_OF_NO_SERVER = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
"""What a list must say of itself where there is no handshake, if no server says it."""
_TELLING_LITTLE = (METHOD_NOT_FOUND, jsonrpc.UNAVAILABLE)
_NOBODY_KNOWS = {"code": jsonrpc.INVALID_PARAMS, "message": "What this is about is not known here."}
_NO_COMMON_REVISION = {
    "code": METHOD_NOT_FOUND,
    "message": "The servers have no revision in common; shake hands instead.",
}


async def _caught(work: Coroutine[Any, Any, Any]) -> Any:
    """The result, or the `Refused` that was raised instead."""
    try:
        return await work
    except Refused as fault:
        return fault
