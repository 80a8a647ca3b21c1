"""The whole product without a window: builds the parts, starts and stops them, and is all that a front end holds.

Everything here runs on one asyncio loop. `Engine` is created and used on that loop; windows reach it through
`ui/bridge.py`, commands through the socket (`control.py`).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from approver.approvals.queue import ApprovalQueue
from approver.approvals.results import KeptResults
from approver.approvals.timers import SharedTimer
from approver.catalog.tools import Catalog
from approver.clock import Clock, SystemClock
from approver.configuration import Configuration, Snapshot
from approver.control import Control
from approver.desktop.lock import EngineLock
from approver.desktop.paths import Paths
from approver.events import Events, StateChanged
from approver.flooding import Flooding
from approver.http_side import HttpSide
from approver.journal.anchor import AnchorKeeper
from approver.journal.chain import Head
from approver.journal.unfinished import STARTED, STOPPED, left, unfinished
from approver.journal.writer import Journal
from approver.launching import Launching
from approver.local_clients import LocalClients
from approver.logins import Logins
from approver.model import (
    LOCAL_GRANT,
    Answer,
    AnswerKind,
    Call,
    Caller,
    Entry,
    EntryKind,
    HttpServer,
    PendingQuestion,
    ServerHealth,
    StdioServer,
    ToolDefinition,
)
from approver.policy.decide import is_hidden
from approver.policy.document import Policy
from approver.policy.limits import Ledger
from approver.proxy.gate import Gate
from approver.proxy.local_front import LocalConnection, Peer
from approver.proxy.remembering import Remembering
from approver.proxy.rulings import Unasked, Waiting
from approver.proxy.server_log import ServerLogs
from approver.proxy.stdio_upstream import sweep_leftovers
from approver.secrets import SecretStore, anchor_for
from approver.servers import Server
from approver.settings import Settings
from approver.standstill import Standstill
from approver.tasks import spawn
from approver.watching import watch

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.01
"""How long what was kept may wait for the database, and an outcome for being kept. A decision never waits."""
FORGET_SECONDS = 3600.0
"""How often the counts of windows that are over are dropped from memory."""


class Engine:
    """Approver's engine. Attributes that others may read: `events`, `paths`, `configuration`, `catalog`."""

    def __init__(self, paths: Paths, *, clock: Clock | None = None, has_windows: bool = False) -> None:
        self.paths = paths
        self.clock = clock or SystemClock()
        self.events = Events()
        self.has_windows = has_windows
        self.catalog = Catalog()
        self.configuration: Configuration
        self.clients: LocalClients
        self.gate: Gate
        self._lock = EngineLock(paths.lock)
        self._ledger = Ledger()
        self._secrets = SecretStore()
        self._launching = Launching(self._secrets)
        self.logins = Logins(self._secrets, self.clock, self._changed)
        self.credentials = self.logins.of
        self._logs = ServerLogs(paths.logs)
        self.server_log = self._logs.of
        self._standstill = Standstill(self.clock, self)
        self._flooding = Flooding(self.clock, self, lambda: self.settings.asking.most_per_minute)
        self._commit_timer: asyncio.TimerHandle | None = None
        self._forget_at = 0.0
        self._log_problem: str | None = None
        self._anchor: AnchorKeeper
        self._config_problems: tuple[str, ...] = ()
        self._server: asyncio.AbstractServer | None = None
        self._watching: asyncio.Task[Any] | None = None
        self.on_quit: Callable[[], None] = lambda: None
        """Called when a command asks the app to quit; set by whoever runs the engine."""

    # -- start and stop --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take the lock, open the journal, listen.

        Raises:
            AlreadyRunning: another engine has the same folders.
            PathsUnusable, JournalUnwritable: there is no safe place to work in.
        """
        self.paths.create()
        self._lock.acquire()
        try:
            await self._start()
        except BaseException:
            self._lock.release()
            raise

    async def _start(self) -> None:
        timers = SharedTimer(asyncio.get_running_loop())
        sweep_leftovers(self.paths.run)
        self.configuration = Configuration.load(self.paths)
        self._config_problems = self.configuration.problems
        self._journal = Journal(self.paths.journal, self.clock)
        self._standstill.take_over(left(self.paths.journal, self.clock))  # what the last engine kept is in there now
        for entry in unfinished(self.paths.journal, self.clock):
            self._journal.append(entry)
        self._journal.on_keep = self.commit_soon
        self._anchor = AnchorKeeper(anchor_for(self.paths.journal, Head), self._journal)
        self._ledger.load(self._journal.load_counters())
        self._queue: ApprovalQueue[Waiting] = ApprovalQueue(self.clock, timers, self.events)
        self.remembered = Remembering(self._journal, self.clock, self.events, self.commit_soon)
        self.gate = Gate(
            journal=self._journal,
            ledger=self._ledger,
            queue=self._queue,
            kept=KeptResults(self.clock, timers),
            remembered=self.remembered,
            surroundings=self,
            clock=self.clock,
            events=self.events,
            on_problem=self._on_log_problem,
            place_of=self.configuration.place_of,
        )
        self.notice(STARTED, "Approver started.")
        for problem in (*self._config_problems, *self.remembered.load(self._journal.load_standing())):
            self.notice("problem", problem)
        self._journal.flush()
        self._control = Control(self)
        self.clients = LocalClients(self, self, self.configuration, self.paths.run, self._changed)
        self._http = HttpSide(self, self.configuration, self.paths, self._changed)
        self._watching = spawn(watch(self.paths.config, self.configuration, self._reload), name="watch the files")
        await self._listen()
        await self._http.start()
        self._launching.warm_up()
        log.info("listening on %s", self.paths.socket)

    async def _listen(self) -> None:
        self.paths.socket.unlink(missing_ok=True)  # the lock is ours, so a socket left behind is nobody's
        self._server = await asyncio.get_running_loop().create_unix_server(
            self.clients.new_connection, str(self.paths.socket), backlog=128
        )
        self.paths.socket.chmod(0o600)

    async def stop(self) -> None:
        """End in the written order: stop accepting, deny what waits, close the servers, flush the journal."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self.paths.socket.unlink(missing_ok=True)
        if self._watching is not None:
            self._watching.cancel()
        self._queue.shut_down()
        await self._http.stop()
        await self.clients.stop()
        await self._launching.stop()
        await self.logins.cancel()
        self.notice(STOPPED, "Approver was closed.")
        self.gate.commit(settle=True)
        self._standstill.stop()
        self._flooding.stop()
        if self._commit_timer is not None:
            self._commit_timer.cancel()
        await asyncio.to_thread(self._anchor.close)
        self._journal.close()
        self._logs.close()
        self._lock.release()

    # -- for front ends --------------------------------------------------------------------------------------------

    def state(self) -> StateChanged:
        """What the tray shows."""
        found = (self._log_problem, self._anchor.difference, self._http.problem, *self._config_problems)
        problems = (*filter(None, found), *self.logins.problems)
        return StateChanged(
            *self._standstill.panic,
            problems,
            len(self.clients),
            *self._standstill.pause,
            address=self._http.address,
            logins=self.logins.wanted,
            attention=self.settings.attention,
            held_off=self._flooding.held_off,
            window=self.settings.window,
        )

    def pending(self) -> tuple[PendingQuestion, ...]:
        """The open questions, oldest first."""
        return self._queue.pending()

    def servers(self) -> tuple[ServerHealth, ...]:
        """Every configured server, and how it fares."""
        return tuple(self._health(server) for _, server in sorted(self.configuration.snapshot.servers.items()))

    def _health(self, server: Server) -> ServerHealth:
        count, fault = self.clients.health(server.name)
        clients = count + self._http.clients_of(server.name)
        return ServerHealth(server.name, isinstance(server, HttpServer), clients, fault)

    def answer(self, question_id: str, answer: Answer) -> None:
        """Carry out a person's answer. Raises `NotWaiting`."""
        self.gate.answer(question_id, answer)

    def deny_all(self, by: str, reason: str = "", client: str | None = None) -> int:
        """Deny every waiting call, or those of one client; returns how many."""
        denied = [one for one in self.pending() if client is None or one.call.caller.client == client]
        for question in denied:
            self.gate.answer(question.id, Answer(AnswerKind.DENY, by, reason))
        return len(denied)

    def panic(self, seconds: float | None = None, by: str = "window") -> None:
        """Deny everything, what waits or was approved late too, for some seconds or until `resume`."""
        self._queue.take_back()
        self._standstill.deny_everything(seconds, by)

    def pause(self, seconds: float | None = None, by: str = "window") -> None:
        """Ask nobody: rules alone decide, and what they ask about is denied, for some seconds or until `resume`."""
        self._standstill.pause_asking(seconds, by)

    def resume(self, by: str = "window") -> None:
        """Judge calls, and ask, again."""
        self._standstill.resume(by)

    def ask_again(self, client: str, by: str = "window") -> None:
        """Ask about the calls of a client again that was held off for asking too often."""
        self._flooding.ask_again(client, by)

    def standstill_changed(self) -> None:
        """Write down that calls are denied, or judged again, and tell it."""
        self.gate.commit(settle=True)
        self._changed()

    def ask_to_quit(self) -> None:
        """Have whoever runs the engine stop it, soon."""
        asyncio.get_running_loop().call_soon(self.on_quit)

    # -- what the gate looks up ------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.configuration.settings

    @property
    def open_seconds(self) -> float:
        """How long a question stays open."""
        return self.settings.asking.open_seconds

    @property
    def progress_seconds(self) -> float:
        """The interval of progress notifications."""
        return self.settings.asking.progress_seconds

    @property
    def kept_result_seconds(self) -> float:
        """How long results are kept for a repeat."""
        return self.settings.asking.kept_result_seconds

    def policy_for(self, server: str, grant: str) -> Policy | None:
        """The policy in force, edits of a moment ago included."""
        found = self.configuration.snapshot.grant(grant)  # none is called as the local one is
        name = found.policy if found is not None and found.policy else server
        if self.configuration.is_stale(policy=name, grants=grant != LOCAL_GRANT):
            self.refresh()
        return self.configuration.policy_for(server, grant)

    def patience(self, caller: Caller) -> float:
        """Seconds that a request of this caller may be held."""
        return self.settings.patience_of(caller.client_name)

    def definition(self, call: Call) -> ToolDefinition | None:
        """What the server says of the tool, where it is known."""
        known = self.catalog.find(call.caller.server, call.tool)
        if known is None:
            conversation = self.clients.find(call.caller.session)
            session = self._http.session(call.caller.session) if conversation is None else conversation.session
            if session is not None:
                session.ask_for_tools()
        return known

    def panic_message(self) -> str | None:
        """Why everything is denied now."""
        return self._standstill.panic_message()

    def unasked(self, caller: Caller) -> Unasked | None:
        """Why nobody is asked about this caller's calls now."""
        return self._standstill.unasked() or self._flooding.unasked(caller)

    # -- what conversations share ----------------------------------------------------------------------------------

    @property
    def visibility(self) -> "Engine":
        """Who says which tools are hidden."""
        return self

    def is_hidden(self, caller: Caller, tool: str) -> bool:
        """Whether the policy hides the tool from `tools/list`."""
        return (policy := self.policy_for(caller.server, caller.grant)) is not None and is_hidden(policy, tool)

    @property
    def start_seconds(self) -> float:
        """How long a server may take to start."""
        return self.settings.upstream.start_seconds

    @property
    def stop_seconds(self) -> float:
        """How long a server may take to end by itself."""
        return self.settings.upstream.stop_seconds

    def commit(self) -> None:
        """Write down and let happen what was decided."""
        self.gate.commit()

    def commit_soon(self) -> None:
        """Commit within a moment: what became of calls is written in batches."""
        if self._commit_timer is None:
            self._commit_timer = asyncio.get_running_loop().call_later(SETTLE_SECONDS, self._commit_now)

    def _commit_now(self) -> None:
        self._commit_timer = None
        self.gate.commit(settle=True)
        now = self.clock.now()
        if now >= self._forget_at:
            self._forget_at = now + FORGET_SECONDS
            self._ledger.forget_before(now)

    def learned(self, server: str, definitions: list[ToolDefinition]) -> None:
        """Hear what a server says of its tools."""
        self.remembered.learned(server, definitions)
        self._queue.define(server, definitions)
        self.gate.reconsider()

    async def launch_environment(self, server: StdioServer) -> Mapping[str, str]:
        """The login shell's environment with the server's own variables, secrets filled in."""
        return await self._launching.environment(server, self.start_seconds)

    # -- the socket ------------------------------------------------------------------------------------------------

    def connect_client(self, connection: LocalConnection, greeting: dict[str, Any]) -> None:
        """Take a shim."""
        self.clients.connect(connection, greeting)

    async def control(self, command: str, arguments: dict[str, Any], peer: Peer) -> dict[str, Any]:
        """Carry out a command that came over the socket."""
        return await self._control.run(command, arguments, peer)

    # -- changes ---------------------------------------------------------------------------------------------------

    def _reload(self, snapshot: Snapshot) -> None:
        """Hear of edited files: they are in force; what did not load left the last good version, and is told."""
        for problem in snapshot.problems:
            if problem not in self._config_problems:
                self.notice("problem", problem)
        self._config_problems = snapshot.problems
        self._http.reload()
        self.logins.retain(self.configuration.server)
        self.clients.reload()
        self.gate.commit(settle=True)
        self.events.emit(self.state())

    def refresh(self) -> None:
        """Read edited files now."""
        before = self.configuration.snapshot
        self.configuration.refresh()
        if self.configuration.snapshot != before:
            asyncio.get_running_loop().call_soon(self._reload, self.configuration.snapshot)

    def _changed(self) -> None:
        self.events.emit(self.state())

    def _on_log_problem(self, sentence: str | None) -> None:
        if sentence != self._log_problem:
            self._log_problem = sentence
            if sentence:
                log.error("%s", sentence)
            self.events.emit(self.state())

    def notice(self, word: str, sentence: str, detail: str = "") -> None:
        """Write something about Approver itself into the journal, with the next commit."""
        self._journal.append(Entry(self.clock.now(), EntryKind.NOTICE, outcome=word, message=sentence, detail=detail))
