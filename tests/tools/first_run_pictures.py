"""Pictures of the first start: each step over a home with clients' files, nothing of which is the person's own."""

from collections.abc import Callable
from pathlib import Path

from client_files import CODEX_TEXT, CURSOR_TEXT, around, entries, write
from first_run_room import TODAY, DictionaryStore
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from approver.clients.planning import Way
from approver.desktop.autostart import LoginState
from approver.desktop.paths import Paths
from approver.first_run.machine import FirstRun, Step
from approver.first_run.probing import Learned
from approver.first_run.trial_call import CallEnd, CallResult
from approver.first_run.trial_server import GREETING
from approver.ui.first_run_wizard import FirstRunWizard

TOOLS = ("read_file", "list_directory", "search_files", "write_file", "move_file")


class _Off:
    """Nothing is started at login."""

    def state(self) -> LoginState:
        return LoginState(False)

    def turn_on(self) -> None: ...

    def turn_off(self) -> None: ...


def draw_first_run(
    home: Path, until: Callable[[Callable[[], object]], None], keep: Callable[[QWidget, str], None]
) -> None:
    """Go through all steps."""
    write(home / ".cursor/mcp.json", CURSOR_TEXT)
    write(home / ".codex/config.toml", CODEX_TEXT)
    notes = {"command": "uvx", "args": ["mcp-notes"], "env": {"NOTES_TOKEN": "${input:token}"}}
    write(home / ".config/Claude/claude_desktop_config.json", entries(notes=notes))
    way = Way(("/home/ana/.local/bin/approver",), {})
    machine = FirstRun(Paths.under(home / "approver"), around(home), way, lambda: TODAY)
    wizard = FirstRunWizard(machine, DictionaryStore(), 5.0, _Off())
    wizard.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    wizard.show()
    names = ("welcome", "clients", "servers", "rules", "secrets", "apply", "try")
    for step, name in zip(Step, names, strict=True):
        until(lambda: not wizard._works)
        if step is Step.SERVERS:
            wizard.servers.moves[0].click()
        elif step is Step.RULES:
            machine.take_learned({key: Learned(TOOLS) for key in machine.to_learn()})
            wizard.rules.refresh()
        elif step is Step.APPLY:
            keep(wizard, f"first-start-{name}")
            wizard.applying.apply.click()
            until(lambda: machine.outcomes is not None)
            name = "applied"
        elif step is Step.TRY:
            wizard.trying.show_result(CallResult(CallEnd.ALLOWED, GREETING))
        keep(wizard, f"first-start-{name}")
        wizard.onward.click()
