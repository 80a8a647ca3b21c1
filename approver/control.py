"""What commands may ask of a running engine over its socket: the same queue that the windows show.

`approve` is refused to agents: see `desktop/ancestry.py` and docs/threat-model.md. `deny` always works.
"""

import logging
import os
from datetime import UTC, datetime
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from approver.approvals.presentation import present
from approver.approvals.queue import NotWaiting
from approver.approvals.standing_words import remembered_as_json
from approver.desktop.ancestry import CannotTell, Process, lineage, why_refused
from approver.logins import PREFERRED_PORT, LoginFailed, OwnClient
from approver.masking import mask_arguments
from approver.model import Answer, AnswerKind, HttpServer, PendingQuestion
from approver.proxy import jsonrpc
from approver.proxy.local_front import Peer
from approver.secrets import SecretUnavailable
from approver.settings import CommandLineAnswers

if TYPE_CHECKING:
    from approver.engine import Engine

log = logging.getLogger(__name__)


class Refused(Exception):
    """A command is not carried out; the message says why."""


class Control:
    """Carries out commands; each returns a JSON object with `ok` and, where not, `error`."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._commands = {
            "pending": self._pending,
            "approve": self._approve,
            "deny": self._deny,
            "remembered": self._remembered,
            "revoke": self._revoke,
            "panic": self._panic,
            "pause": self._pause,
            "resume": self._resume,
            "state": self._state,
            "quit": self._quit,
            "login": self._login,
            "login_wait": self._login_wait,
            "logout": self._logout,
        }

    async def run(self, command: str, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        """Carry out one command for the process at the other end."""
        known = self._commands.get(command)
        if known is None:
            return {"ok": False, "error": f"This Approver knows no command {command!r}."}
        try:
            answer: Any = known(arguments, peer)
            return {"ok": True, **(await answer if isawaitable(answer) else answer)}
        except (Refused, NotWaiting, CannotTell, SecretUnavailable) as fault:
            return {"ok": False, "error": str(fault)}

    def _pending(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        return {"pending": [_as_json(question) for question in self._engine.pending()]}

    def _approve(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        allowed = self._engine.settings.answers.command_line
        if allowed is CommandLineAnswers.NEVER:
            raise Refused('The settings forbid it (answers.command_line = "never"). Answer in Approver\'s window.')
        if allowed is CommandLineAnswers.WITHOUT_WINDOWS and self._engine.has_windows:
            raise Refused(
                "Approver's windows are open: answer there. "
                '(The setting answers.command_line = "always" allows it here as well.)'
            )
        chain = self._own_lineage("approve", peer)
        return self._answer(AnswerKind.ALLOW, arguments, chain)

    def _deny(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        try:
            chain = self._lineage(peer)
        except CannotTell:
            chain = ()
        return self._answer(AnswerKind.DENY, arguments, chain)

    def _own_lineage(self, command: str, peer: Peer) -> tuple[Process, ...]:
        """The lineage of a process that may act for the person. Raises `Refused`, which is on record then."""
        chain = self._lineage(peer)
        clients = self._engine.clients
        refusal = why_refused(chain, clients.processes)
        if any(process.pid == os.getpid() for process in chain):
            refusal = (
                "This process was started by a server that Approver runs, so what asks may be an agent that uses it. "
                "Answer in Approver's window, or in a terminal of your own."
            )
        if refusal is None and clients.has_untraced:
            refusal = "It cannot be told which processes a connected client consists of. Answer in Approver's window."
        if refusal is not None:
            self._engine.notice("refused", f"approver {command} was refused: {refusal} ({_described(chain)})")
            self._engine.commit()
            raise Refused(refusal)
        return chain

    def _lineage(self, peer: Peer) -> tuple[Process, ...]:
        if peer.pid is None:
            raise CannotTell("This system does not say which process asks. Answer in Approver's window.")
        return lineage(peer.pid)

    def _answer(self, kind: AnswerKind, arguments: dict[str, Any], chain: tuple[Process, ...]) -> dict[str, Any]:
        wanted = str(arguments.get("id", ""))
        question = next((one for one in self._engine.pending() if one.id == wanted), None)
        if question is None:
            raise NotWaiting(f"No call with the id {wanted!r} is waiting. See: approver pending.")
        shown = present(question).digest
        if kind is AnswerKind.ALLOW and arguments.get("shown") not in (None, shown):
            raise Refused("The call on view has changed since it was shown. Look again: approver pending.")
        reason = str(arguments.get("reason") or "")
        answer = Answer(kind, "terminal", reason, shown=shown, detail=_detail(chain))
        self._engine.answer(wanted, answer)
        return {"id": wanted, "answer": kind.value}

    def _remembered(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        now = self._engine.clock.now()
        return {"remembered": [remembered_as_json(kept, now) for kept in self._engine.remembered.all()]}

    def _revoke(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        """Anybody may take an approval back; a denial only who may approve."""
        wanted = str(arguments.get("id", ""))
        found = next((kept.standing for kept in self._engine.remembered.all() if kept.standing.id == wanted), None)
        if found is None:
            raise Refused(f"No remembered answer has the id {wanted!r}. See: approver remembered list.")
        if found.kind is AnswerKind.DENY:
            self._own_lineage("remembered revoke", peer)
        self._engine.remembered.revoke(wanted, "terminal")
        return {"id": wanted}

    def _panic(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        state, seconds = self._engine.state(), _seconds(arguments)
        if not self._is_shorter(seconds, state.panic, state.panic_until):
            self._engine.panic(seconds, by="terminal")
        return {}

    def _pause(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        state, seconds = self._engine.state(), _seconds(arguments)
        if not self._is_shorter(seconds, state.paused, state.paused_until):
            self._engine.pause(seconds, by="terminal")
        return {}

    def _is_shorter(self, seconds: float | None, lasts: bool, until: float | None) -> bool:
        """Whether it lasts for longer than that already: anybody may begin it, so beginning it must not end it."""
        if not lasts or seconds is None:
            return False
        return until is None or self._engine.clock.now() + seconds < until

    def _resume(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        self._own_lineage("resume", peer)
        self._engine.resume(by="terminal")
        return {}

    def _state(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        state = self._engine.state()
        return {
            "panic": state.panic,
            "panic_until": state.panic_until,
            "paused": state.paused,
            "paused_until": state.paused_until,
            "problems": list(state.problems),
            "clients": state.clients,
            "pending": len(self._engine.pending()),
            "windows": self._engine.has_windows,
        }

    async def _login(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        """Begin a login at a remote server; the person's browser has to go to the address that is returned."""
        server = self._remote_server(arguments)
        self._own_lineage("server login", peer)
        identifier, port = arguments.get("client_id"), arguments.get("port")
        own = None
        if isinstance(identifier, str) and identifier:
            secret = str(arguments.get("client_secret") or "")
            own = OwnClient(identifier, secret, port if isinstance(port, int) else PREFERRED_PORT)
        try:
            return {"address": await self._engine.logins.begin(server, own)}
        except LoginFailed as fault:
            raise Refused(_not_logged_in(server, fault)) from fault

    async def _login_wait(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        server = self._remote_server(arguments)
        try:
            return {"message": await self._engine.logins.finish(server)}
        except LoginFailed as fault:
            raise Refused(_not_logged_in(server, fault)) from fault

    async def _logout(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        server = self._remote_server(arguments)
        self._own_lineage("server logout", peer)
        return {"was_logged_in": await self._engine.logins.forget(server)}

    def _remote_server(self, arguments: dict[str, Any]) -> HttpServer:
        self._engine.refresh()  # it may have been added a moment ago
        name = str(arguments.get("server", ""))
        server = self._engine.configuration.server(name)
        if not isinstance(server, HttpServer):
            raise Refused(f'There is no server "{name}" with a url.')
        return server

    def _quit(self, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        self._own_lineage("quit", peer)
        self._engine.ask_to_quit()
        return {}


def _seconds(arguments: dict[str, Any]) -> float | None:
    given = arguments.get("seconds")
    return float(given) if isinstance(given, int | float) else None


def _not_logged_in(server: HttpServer, fault: LoginFailed) -> str:
    return f'Not logged in at "{server.name}": {fault}.'


def _as_json(question: PendingQuestion) -> dict[str, Any]:
    shown = present(question)
    return {
        "id": question.id,
        "client": question.call.caller.client,
        "server": question.call.caller.server,
        "tool": question.call.tool,
        "arguments": mask_arguments(question.call.arguments),
        "rule": question.rule,
        "reason": question.reason,
        "since": _iso(question.since),
        "expires": _iso(question.expires),
        "patience_ends": None if question.patience_ends is None else _iso(question.patience_ends),
        "waiting": question.waiting,
        "text": shown.text,
        "shown": shown.digest,
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _detail(chain: tuple[Process, ...]) -> str:
    if not chain:
        return ""
    processes = [{"pid": one.pid, "name": one.name} for one in chain]
    return jsonrpc.encode({"terminal": chain[0].terminal, "process": processes[0], "ancestors": processes[1:]}).decode()


def _described(chain: tuple[Process, ...]) -> str:
    return " < ".join(f"{one.name} {one.pid}" for one in chain)
