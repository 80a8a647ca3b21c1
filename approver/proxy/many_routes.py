"""Who at the endpoint for many servers is meant: by name, by address, by task, by the id of what a server asked. Pure.

client's request  ── target ──────────> (server, the request as it knows it)
server's request  ── asked_by ────────> the request under an id of our own ── answered ──> (server, its own id)
server's result   ── seen_by ─────────> the result with the addresses that the client knows

What the client has been shown decides, and where it has been shown nothing yet, a plain name says it.
"""

import itertools
from collections.abc import Collection
from typing import Any

from approver.proxy.many_names import Addresses, Names
from approver.proxy.session import REVISION_META_KEY

Message = dict[str, Any]

OWN_ID = "approver:"
BY_NAME = {"tools/call": "tools", "prompts/get": "prompts"}
BY_ADDRESS = ("resources/read", "resources/subscribe", "resources/unsubscribe")
BY_TASK = ("tasks/get", "tasks/result", "tasks/cancel", "tasks/update")
REMOVED = frozenset(
    ("ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/list", "tasks/result")
)
"""What requests without a handshake may not ask any more."""
MOST_TASKS = 10_000
MOST_ASKED = 10_000
"""How many requests of servers' may be unanswered; the oldest is forgotten then."""


def stands_alone(message: Message) -> bool:
    """Whether a request is of a revision without handshake: then it says so itself."""
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    return isinstance(meta, dict) and REVISION_META_KEY in meta


class Routes:
    """What one client has been shown, and by which server."""

    def __init__(self) -> None:
        self.names = {"tools": Names(), "prompts": Names()}
        self.addresses = Addresses()
        self._tasks: dict[str, str] = {}
        self._asked: dict[str, tuple[str, Any, Any]] = {}
        self._numbers = itertools.count(1)

    # -- from the client -------------------------------------------------------------------------------------------

    def target(self, message: Message, servers: Collection[str]) -> tuple[str, Message] | None:
        """The server that a request is for, and the request as that server knows it; None: not known."""
        method, params = message.get("method"), message.get("params")
        if not isinstance(method, str) or not isinstance(params, dict):
            return None
        if method == "completion/complete":
            return self._completed(message, params, servers)
        if method in BY_NAME:
            return _with(message, "name", self._named(BY_NAME[method], params.get("name"), servers))
        if method in BY_ADDRESS:
            return _with(message, "uri", self._addressed(params.get("uri"), servers))
        if method in BY_TASK and isinstance(params.get("taskId"), str) and params["taskId"] in self._tasks:
            return self._tasks[params["taskId"]], message
        return None

    def _completed(self, message: Message, params: Message, servers: Collection[str]) -> tuple[str, Message] | None:
        reference = params.get("ref")
        if not isinstance(reference, dict):
            return None
        if reference.get("type") == "ref/prompt":
            member, found = "name", self._named("prompts", reference.get("name"), servers)
        else:
            member, found = "uri", self._addressed(reference.get("uri"), servers)
        if found is None:
            return None
        server, own = found
        return server, {**message, "params": {**params, "ref": {**reference, member: own}}}

    def _named(self, kind: str, name: Any, servers: Collection[str]) -> tuple[str, str] | None:
        return self.names[kind].find(name, servers) if isinstance(name, str) else None

    def _addressed(self, uri: Any, servers: Collection[str]) -> tuple[str, str] | None:
        return self.addresses.find(uri, servers) if isinstance(uri, str) else None

    def answered(self, message: Message) -> tuple[str, Message] | None:
        """The server whose request the client answers, and the answer under the server's own id."""
        request_id = message.get("id")
        asked = self._asked.pop(request_id, None) if isinstance(request_id, str) else None
        return None if asked is None else (asked[0], {**message, "id": asked[1]})

    def progress_of_client(self, message: Message) -> tuple[str, Message] | None:
        """The server that a progress notification of the client's is for."""
        params = message.get("params")
        token = params.get("progressToken") if isinstance(params, dict) else None
        asked = self._asked.get(token) if isinstance(token, str) else None
        if asked is None or not isinstance(params, dict):
            return None
        return asked[0], {**message, "params": {**params, "progressToken": asked[2]}}

    # -- from a server ---------------------------------------------------------------------------------------------

    def asked_by(self, server: str, message: Message) -> Message:
        """A server's request under an id, and a progress token, that no other server has."""
        own = f"{OWN_ID}{next(self._numbers)}:{server}"
        params = message.get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        token = meta.get("progressToken") if isinstance(meta, dict) else None
        if len(self._asked) >= MOST_ASKED:
            self._asked.pop(next(iter(self._asked)))
        self._asked[own] = (server, message["id"], token)
        if token is not None and isinstance(params, dict) and isinstance(meta, dict):
            message = {**message, "params": {**params, "_meta": {**meta, "progressToken": own}}}
        return {**message, "id": own}

    def told_by(self, server: str, message: Message) -> Message | None:
        """A server's notification as the client gets it; None: it is about nothing that the client knows."""
        method, params = message["method"], message.get("params")
        if not isinstance(params, dict):
            return message
        if method == "notifications/cancelled":
            found = self._taken_back(server, params.get("requestId"))
            return None if found is None else {**message, "params": {**params, "requestId": found}}
        if method == "notifications/resources/updated" and isinstance(params.get("uri"), str):
            return {**message, "params": {**params, "uri": self.addresses.shown(server, params["uri"])}}
        if method == "notifications/message":
            logger = params.get("logger")
            named = f"{server}/{logger}" if isinstance(logger, str) and logger else server
            return {**message, "params": {**params, "logger": named}}
        return message

    def _taken_back(self, server: str, request_id: Any) -> str | None:
        mine = (own for own, asked in self._asked.items() if asked[:2] == (server, request_id))
        own = next(mine, None)
        if own is not None:
            del self._asked[own]
        return own

    def seen_by(self, server: str, result: Any) -> None:
        """Learn from a server's result, and put the addresses into it that the client knows. Changes the result."""
        if not isinstance(result, dict):
            return
        self._learn_task(server, result)
        task = result.get("task")
        if isinstance(task, dict):
            self._learn_task(server, task)
        for block in _blocks(result):
            own = block.get("uri")
            if isinstance(own, str):
                block["uri"] = self.addresses.give(server, own)

    def learn_tasks(self, server: str, tasks: Any) -> None:
        """Learn whose tasks these are."""
        for task in tasks if isinstance(tasks, list) else ():
            if isinstance(task, dict):
                self._learn_task(server, task)

    def _learn_task(self, server: str, task: Message) -> None:
        if isinstance(task.get("taskId"), str):
            if len(self._tasks) >= MOST_TASKS:
                self._tasks.pop(next(iter(self._tasks)))
            self._tasks.setdefault(task["taskId"], server)

    def forget(self, server: str) -> list[str]:
        """A server has ended: what it asked needs no answer. Returns the ids under which the client knows that."""
        theirs = [own for own, asked in self._asked.items() if asked[0] == server]
        for own in theirs:
            del self._asked[own]
        return theirs


def lists_for(method: str) -> tuple[str, ...]:
    """The lists on which what such a request is about can be found."""
    if method == "tools/call":
        return ("tools/list",)
    if method == "prompts/get":
        return ("prompts/list",)
    if method == "completion/complete":
        return ("prompts/list", "resources/templates/list")
    if method in BY_ADDRESS:
        return ("resources/list", "resources/templates/list")
    return ("tasks/list",) if method.startswith("tasks/") else ()


def _with(message: Message, member: str, found: tuple[str, str] | None) -> tuple[str, Message] | None:
    if found is None:
        return None
    server, own = found
    return server, {**message, "params": {**message["params"], member: own}}


def _blocks(result: Message) -> list[Message]:
    """Everything in a result that has an address: links, embedded resources, and what a resource consists of."""
    found: list[Message] = []
    messages = result.get("messages")
    of_prompt = [one.get("content") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    for blocks in (result.get("content"), result.get("contents"), of_prompt):
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, dict):
                inner = block.get("resource") if block.get("type") == "resource" else block
                found += [inner] if isinstance(inner, dict) else []
    return found
