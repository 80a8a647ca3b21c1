"""A first start in a home of a test's own: clients' files, a keyring in a dictionary, a day that stands still."""

import sys
from datetime import date
from pathlib import Path

from client_files import CURSOR_TEXT, WAY, around, entries, write

from approver.desktop.paths import Paths
from approver.first_run.machine import FirstRun, Step
from approver.secrets import NO_KEYRING, KeyringState, SecretStore, SecretUnavailable, StoreState

TODAY = date(2026, 11, 22)
SERVER = {"command": sys.executable, "args": ["-m", "approver.first_run.trial_server"]}
THERE = StoreState(KeyringState.STORED, "Secret Service", "Secrets are kept in Secret Service.")
MISSING = StoreState(KeyringState.NOT_AVAILABLE, "", NO_KEYRING)


class DictionaryStore(SecretStore):
    """A keyring that can be missing."""

    def __init__(self, state: StoreState = THERE) -> None:
        self.kept: dict[str, str] = {}
        self.now = state

    def state(self) -> StoreState:
        return self.now

    def put(self, name: str, value: str) -> None:
        if self.now is MISSING:
            raise SecretUnavailable(NO_KEYRING)
        self.kept[name] = value

    def get(self, name: str) -> str:
        if name not in self.kept:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')
        return self.kept[name]


def home(folder: Path) -> Path:
    """Cursor's and Claude Desktop's files: one server in both, and one with secrets."""
    write(folder / ".cursor/mcp.json", CURSOR_TEXT)
    asked = {"command": "npx", "env": {"K": "${input:key}"}}
    write(folder / ".config/Code/User/mcp.json", entries(asked=asked).replace("mcpServers", "servers"))
    write(folder / ".config/Claude/claude_desktop_config.json", entries(trial=SERVER))
    return folder


def machine(folder: Path) -> FirstRun:
    """The machine at its first step, files found."""
    made = FirstRun(Paths.under(folder / "approver"), around(folder), WAY, lambda: TODAY)
    made.take_files(made.find())
    return made


def at(made: FirstRun, step: Step) -> FirstRun:
    """The machine, further on."""
    while made.step < step:
        made.go_on()
    return made
