"""Starting with the desktop's session: a file or a registry value of the person's own, written only when asked.

What the system will really do is read anew each time: an entry may have been removed, switched off in the system's own
settings, or lead to an Approver that is not there any more. Switching off leaves nothing behind but what is needed to
overrule an entry for all users.
"""

import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as ParserError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from approver.desktop.own_command import own_command, own_environment
from approver.own_files import write_text

LABEL = "io.github.approver"
_NAME = "approver.desktop"
_SECTION = "Desktop Entry"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_SWITCHED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_VALUE = "Approver"
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")


@dataclass(frozen=True, slots=True)
class LoginState:
    """What happens at the next login."""

    is_on: bool
    problem: str = ""
    """Why it will not do what the person expects; a sentence."""


class LoginItem(Protocol):
    """One system's way to start programs with a session. All of it may raise `OSError`."""

    def state(self) -> LoginState:
        """What the system will do, read now."""
        ...

    def turn_on(self) -> None:
        """Have Approver started, with its windows hidden."""
        ...

    def turn_off(self) -> None:
        """Have it not started."""
        ...


def login_item(environment: Mapping[str, str], home: Path, platform: str = sys.platform) -> LoginItem:
    """The way of this system."""
    command = (*own_command(), "tray", "--hidden")
    variables = own_environment(environment)
    if platform == "darwin":
        return LaunchAgent(home / "Library" / "LaunchAgents", command, variables)
    if platform == "win32":
        return RunKey(_registry(), command, variables)
    configured = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(configured) if Path(configured).is_absolute() else home / ".config"
    shared = [Path(one) for one in environment.get("XDG_CONFIG_DIRS", "").split(":") if one] or [Path("/etc/xdg")]
    return DesktopEntry(folder / "autostart", [one / "autostart" for one in shared], command, variables)


class DesktopEntry:
    """A file as the Autostart specification of freedesktop.org wants it."""

    def __init__(
        self, folder: Path, shared: Sequence[Path], command: Sequence[str], variables: Mapping[str, str]
    ) -> None:
        self.path = folder / _NAME
        self._shared = [folder / _NAME for folder in shared]
        self._command = tuple(command)
        self._variables = dict(variables)

    def state(self) -> LoginState:
        """The person's own file counts; without it the one for all users."""
        path = next((path for path in (self.path, *self._shared) if path.exists()), None)
        if path is None:
            return LoginState(False)
        entry = _desktop_entry(path)
        if entry is None:
            return LoginState(False, f"{path} cannot be read as a desktop entry, so it starts nothing.")
        if entry.get("Hidden") == "true" or entry.get("X-GNOME-Autostart-enabled") == "false":
            return LoginState(False)
        program = entry.get("TryExec", "")
        if program and not _can_run(program):
            return LoginState(False, f"{path} names {program}, which is not there, so it starts nothing.")
        if path == self.path and entry.get("Exec") != self._exec:
            return LoginState(True, f"{path} starts another Approver than this one. Switch it off and on to mend that.")
        return LoginState(True)

    def turn_on(self) -> None:
        """Write the person's own file."""
        lines = [
            f"[{_SECTION}]",
            "Type=Application",
            "Version=1.5",
            "Name=Approver",
            "Comment=Asks you before an AI agent's tool call does something you would mind",
            f"TryExec={_string(self._command[0])}",
            f"Exec={self._exec}",
            "Icon=approver",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        ]
        write_text(self.path, "\n".join(lines) + "\n")

    def turn_off(self) -> None:
        """Remove the file; where one for all users would take its place, hide that."""
        if any(path.exists() for path in self._shared):
            write_text(self.path, f"[{_SECTION}]\nType=Application\nName=Approver\nHidden=true\n")
        else:
            self.path.unlink(missing_ok=True)

    @property
    def _exec(self) -> str:
        words = [f"{name}={value}" for name, value in self._variables.items()]
        return " ".join(map(_quoted, (*(["/usr/bin/env"] if words else []), *words, *self._command)))


class LaunchAgent:
    """A property list as macOS wants it."""

    def __init__(self, folder: Path, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self.path = folder / f"{LABEL}.plist"
        self._command = list(command)
        self._variables = dict(variables)

    def state(self) -> LoginState:
        """What the file says."""
        try:
            found = plistlib.loads(self.path.read_bytes())
        except FileNotFoundError:
            return LoginState(False)
        except (plistlib.InvalidFileException, ValueError):
            return LoginState(False, f"{self.path} cannot be read as a property list, so it starts nothing.")
        words = found.get("ProgramArguments") if isinstance(found, dict) else None
        if not words or found.get("Disabled") or not found.get("RunAtLoad"):
            return LoginState(False)
        if not _can_run(str(words[0])):
            return LoginState(False, f"{self.path} names {words[0]}, which is not there, so it starts nothing.")
        if words != self._command:
            return LoginState(True, f"{self.path} starts another Approver than this one. Switch it off and on.")
        return LoginState(True)

    def turn_on(self) -> None:
        """Write the file."""
        entry: dict[str, Any] = {"Label": LABEL, "ProgramArguments": self._command, "RunAtLoad": True}
        entry |= {"ProcessType": "Interactive"}
        entry |= {"EnvironmentVariables": self._variables} if self._variables else {}
        write_text(self.path, plistlib.dumps(entry).decode())

    def turn_off(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)


class Registry(Protocol):
    """The values below HKEY_CURRENT_USER."""

    def get(self, key: str, name: str) -> Any:
        """A value; None where there is none."""
        ...

    def put(self, key: str, name: str, text: str) -> None:
        """Set a text."""
        ...

    def remove(self, key: str, name: str) -> None:
        """Remove a value, if it is there."""
        ...


class RunKey:
    """A value of the registry as Windows wants it."""

    def __init__(self, registry: Registry, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._registry = registry
        self._line = " ".join(f'"{word}"' if " " in word else word for word in command)
        self._needs_variables = bool(variables)

    def state(self) -> LoginState:
        """What the value says, and whether the task manager overrules it."""
        line = self._registry.get(_RUN, _VALUE)
        if line is None:
            return LoginState(False)
        switched = self._registry.get(_SWITCHED, _VALUE)
        if isinstance(switched, bytes) and switched[:1] and switched[0] % 2:
            return LoginState(False, "It is switched off in the task manager, under startup apps.")
        if line != self._line:
            return LoginState(True, "It starts another Approver than this one. Switch it off and on to mend that.")
        return LoginState(True)

    def turn_on(self) -> None:
        """Set the value, and take back what the task manager says."""
        if self._needs_variables:
            raise OSError("Windows starts programs with no variables of their own, and APPROVER_HOME is set.")
        self._registry.put(_RUN, _VALUE, self._line)
        self._registry.remove(_SWITCHED, _VALUE)

    def turn_off(self) -> None:
        """Remove the value."""
        self._registry.remove(_RUN, _VALUE)


def _registry() -> Registry:
    from approver.desktop.windows_registry import CurrentUser

    return CurrentUser()


def _desktop_entry(path: Path) -> Mapping[str, str] | None:
    parser = ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys of desktop entries have their case
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        return dict(parser[_SECTION])
    except (ParserError, KeyError, UnicodeDecodeError):
        return None


def _can_run(program: str) -> bool:
    return not Path(program).is_absolute() or (Path(program).is_file() and os.access(program, os.X_OK))


def _quoted(word: str) -> str:
    """A word of Exec: quoted where it has to be, and then escaped as every string of a desktop entry."""
    word = word.replace("%", "%%")
    if word and not _RESERVED.intersection(word):
        return word
    for character in '\\"`$':
        word = word.replace(character, f"\\{character}")
    return _string(f'"{word}"')


def _string(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
