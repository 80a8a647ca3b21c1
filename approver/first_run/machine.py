"""The first start, step by step: what was found and chosen so far goes in, a plan and whether one can go on come out.

    WELCOME -> CLIENTS -> SERVERS -> RULES -> SECRETS -> APPLY -> TRY

What takes long (`find`, `learn_tools`, `carry_out`) is work for a thread, and what came of it is taken back. Nothing
changes before `carry_out`; back goes to every step before.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from approver.clients.finding import FoundEntry, FoundFile, look
from approver.clients.importing import Imported, with_secrets_moved
from approver.clients.json_text import NotReadable
from approver.clients.known import Surroundings, chosen_file
from approver.clients.planning import Choice, Key, Plan, Way, key_of, new_servers, plan
from approver.configuration_edits import EditRefused, read_servers
from approver.desktop.paths import Paths
from approver.first_run.keeping import Keeping, kept, told
from approver.first_run.probing import Learned
from approver.first_run.start_rules import Preview, StartRules, policy_for, preview
from approver.first_run.watching import watch
from approver.secrets import KeyringState, SecretStore, StoreState
from approver.taking_over import FileOutcome, carry_out, found_files

WATCHING_DAYS = 7


class Step(enum.IntEnum):
    """Where one is."""

    WELCOME = 0
    CLIENTS = 1
    SERVERS = 2
    RULES = 3
    SECRETS = 4
    APPLY = 5
    TRY = 6


class Obstacle(enum.Enum):
    """Why one cannot go on."""

    NO_SERVER = "no server is chosen"
    NO_KEEPING = "there is no keyring, and nothing else was chosen"
    NOT_APPLIED = "nothing was applied yet"


@dataclass(frozen=True, slots=True)
class Counts:
    """What would become of the tools."""

    preview: Preview
    unknown: int
    """Servers whose tools nobody has asked for."""


class FirstRun:
    """What was found and chosen.

    Attributes:
        step: Where one is.
        files: The clients' files that were found, and those that the person named.
        chosen_files, chosen: Paths of files and keys of entries that are to be taken over.
        moves: Which plain values go into the keyring.
        rules: What servers begin with.
        learned: The tools of servers, by key.
        keyring: The keyring's state; None: nobody looked yet.
        keeping: Who keeps secrets; None: not chosen yet.
        values: What the person typed for secrets that were wanted.
        outcomes: What was done; None: nothing yet.
    """

    def __init__(self, paths: Paths, around: Surroundings, way: Way, today: Callable[[], date]) -> None:
        self.paths = paths
        self.around = around
        self.way = way
        self._today = today
        self.step = Step.WELCOME
        self.files: tuple[FoundFile, ...] = ()
        self.chosen_files: set[Path] = set()
        self.chosen: set[Key] = set()
        self.moves: dict[Key, frozenset[str]] = {}
        self.rules = StartRules.ASK
        self.learned: dict[Key, Learned] = {}
        self.keyring: StoreState | None = None
        self.keeping: Keeping | None = None
        self.values: dict[str, str] = {}
        self.outcomes: tuple[FileOutcome, ...] | None = None

    # -- steps ---------------------------------------------------------------------------------------------------------

    @property
    def obstacle(self) -> Obstacle | None:
        """Why one cannot go on from here; None: one can. Skipping everything is always possible."""
        if self.step is Step.SERVERS and not self.choices:
            return Obstacle.NO_SERVER
        if self.step is Step.SECRETS and self.has_secrets and self.effective_keeping is None:
            return Obstacle.NO_KEEPING
        if self.step is Step.APPLY and self.choices and self.outcomes is None:
            return Obstacle.NOT_APPLIED
        return None

    def go_on(self) -> None:
        """Take the next step. Without any server to take over the steps about servers are left out."""
        if self.obstacle is None and self.step is not Step.TRY:
            if self.step is Step.CLIENTS and not self.has_servers:
                self.step = Step.TRY
            else:
                self.step = Step(self.step + 1)

    def go_back(self) -> None:
        """Take the step before."""
        if self.step is Step.TRY and not self.has_servers:
            self.step = Step.CLIENTS
        elif self.step is not Step.WELCOME:
            self.step = Step(self.step - 1)

    # -- clients and servers -------------------------------------------------------------------------------------------

    def find(self) -> tuple[FoundFile, ...]:
        """Look for clients' files, the named ones too. Reads only; may take a moment."""
        found = list(found_files(self.around, None))
        known = {file.file.path for file in found}
        named = [file.file for file in self.files if file.file.path not in known]
        return (*found, *(again for file in named if (again := look(file, self.around)) is not None))

    def take_files(self, files: Iterable[FoundFile]) -> None:
        """What was found. New files with servers that can be taken are chosen, all of their servers too."""
        before = {file.file.path for file in self.files}
        self.files = tuple(files)
        for file in self.files:
            if file.file.path not in before and file.takeable:
                self._choose(file)
        there = {key_of((file, entry)) for file in self.files for entry in file.takeable}
        self.chosen &= there
        self.outcomes = None

    def add_file(self, path: Path) -> str:
        """Take a file that the person named; returns why it cannot be, or nothing."""
        file = look(chosen_file(path, self.around), self.around)
        if file is None:
            return f"{path} is not there any more."
        if file.mistake:
            return file.mistake
        if not file.entries:
            return f"{path} has no servers in it."
        self.files = (*(one for one in self.files if one.file.path != path), file)
        self._choose(file)
        return ""

    def _choose(self, file: FoundFile) -> None:
        self.chosen_files.add(file.file.path)
        self.chosen |= {key_of((file, entry)) for entry in file.takeable}

    @property
    def has_servers(self) -> bool:
        """Whether there is anything to take over in the files that were chosen."""
        return any(file.takeable for file in self.files if file.file.path in self.chosen_files)

    @property
    def offered(self) -> tuple[Choice, ...]:
        """Every entry of the chosen files, also those that cannot be taken."""
        return tuple(
            (file, entry) for file in self.files if file.file.path in self.chosen_files for entry in file.entries
        )

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The entries that are to be taken over."""
        return tuple(one for one in self.offered if one[1].imported is not None and key_of(one) in self.chosen)

    def movable(self, entry: FoundEntry) -> tuple[str, ...]:
        """Which plain values could go into the keyring."""
        return entry.imported.movable if entry.imported is not None else ()

    # -- rules -----------------------------------------------------------------------------------------------------

    def to_learn(self) -> dict[str, Imported]:
        """The servers that can be asked for their tools, by a text that stands for their keys."""
        return {str(key_of(one)): one[1].imported for one in self.choices if one[1].imported is not None}

    def take_learned(self, found: Mapping[str, Learned]) -> None:
        """What was learned of them."""
        for one in self.choices:
            if (learned := found.get(str(key_of(one)))) is not None:
                self.learned[key_of(one)] = learned

    @property
    def watch_until(self) -> date:
        """When watching ends, if it begins today."""
        return self._today() + timedelta(days=WATCHING_DAYS)

    def counts(self, rules: StartRules) -> Counts:
        """What the rules would make of the tools that are known."""
        total, unknown = Preview(), 0
        for choice in self.choices:
            tools = self._tools(key_of(choice))
            if tools is None:
                unknown += 1
            else:
                total = total.plus(preview(self._policy(rules, tools), tools))
        return Counts(total, unknown)

    def _tools(self, key: Key) -> tuple[str, ...] | None:
        learned = self.learned.get(key)
        return learned.tools if learned is not None else None

    def _policy(self, rules: StartRules, tools: Iterable[str]) -> dict[str, Any]:
        return policy_for(rules, tools, self.watch_until.isoformat())

    # -- secrets -------------------------------------------------------------------------------------------------------

    @property
    def has_secrets(self) -> bool:
        """Whether any chosen server has a value that is to be kept somewhere."""
        for choice in self.choices:
            found = choice[1].imported
            if found is not None and with_secrets_moved(found, self.moves.get(key_of(choice), frozenset())).secrets:
                return True
        return False

    @property
    def effective_keeping(self) -> Keeping | None:
        """Who keeps the secrets: the keyring where there is one; otherwise only what the person chose."""
        if self.keyring is not None and self.keyring.state is not KeyringState.NOT_AVAILABLE:
            return self.keeping or Keeping.KEYRING
        return self.keeping if self.keeping is not Keeping.KEYRING else None

    # -- applying ------------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What is to be done. Raises `EditRefused` where servers.json or a client's file is in the way."""
        try:
            made = plan(self.choices, read_servers(self.paths), self.way, self.moves)
        except NotReadable as fault:
            raise EditRefused(f"A client's file cannot be changed: {fault}") from fault
        return kept(told(made, self.values), self.effective_keeping or Keeping.KEYRING)

    def wanted(self) -> tuple[str, ...]:
        """Names of secrets that the person is asked for."""
        try:
            _, secrets = new_servers(self.choices, read_servers(self.paths), self.moves)
        except EditRefused:
            return ()  # told of when it is applied
        return tuple(secret.name for secret in secrets if not secret.value)

    def policies(self, made: Plan) -> dict[str, dict[str, Any]]:
        """The rules of each server that is led to and has none."""
        tools: dict[str, set[str]] = {}
        for file in made.files:
            for led in file.led:
                known = self._tools((file.file.path, led.path)) or ()
                tools.setdefault(led.server, set()).update(known)
        return {name: self._policy(self.rules, names) for name, names in tools.items()}

    def later_policies(self, made: Plan) -> dict[str, dict[str, Any]]:
        """What takes their place when watching ends; nothing where nothing is watched."""
        if self.rules is not StartRules.WATCH:
            return {}
        asking = dict.fromkeys(self.policies(made))
        tools = {name: self._tools_of(made, name) for name in asking}
        return {name: policy_for(StartRules.ASK, names) for name, names in tools.items()}

    def _tools_of(self, made: Plan, server: str) -> set[str]:
        keys = [(file.file.path, led.path) for file in made.files for led in file.led if led.server == server]
        return {tool for key in keys for tool in self._tools(key) or ()}

    def carry_out(self, made: Plan, store: SecretStore) -> tuple[FileOutcome, ...]:
        """Do it. Blocks. Raises `EditRefused`, `SecretUnavailable` or `OSError` before any client's file is touched."""
        policies = self.policies(made)
        later = {
            name: policy
            for name, policy in self.later_policies(made).items()
            if not (self.paths.policies / f"{name}.json").exists()
        }
        outcomes = carry_out(self.paths, made, policies, self.way, store, self._today())
        watch(self.paths, later, self.watch_until)
        return outcomes

    def take_outcomes(self, outcomes: tuple[FileOutcome, ...]) -> None:
        """What was done."""
        self.outcomes = outcomes

    @property
    def has_failed(self) -> bool:
        """Whether some client's file was left as it was."""
        return any(outcome.connection is None for outcome in self.outcomes or ())
