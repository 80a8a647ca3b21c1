"""`approver doctor`: what is found, what is missing, and how to mend it.

Facts are gathered here, judged in `checkup.py`, and printed: for a person as a list with the problems last, for a
program as one object. Nothing is changed, and nothing has to run. Exit status 1 where something is wrong.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from approver.cli import checkup, remote
from approver.cli.checkup import Problem
from approver.cli.tray import has_display
from approver.configuration import Configuration
from approver.desktop.lock import holder
from approver.desktop.login_environment import LoginEnvironment
from approver.desktop.paths import Paths
from approver.journal.reader import JournalUnreadable
from approver.secrets import KeyringState, SecretStore, SecretUnavailable, StoreState
from approver.visible import make_visible

BUS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found."""

    facts: Mapping[str, Any]
    """By the names that scripts read."""
    problems: tuple[Problem, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--json", action="store_true", help="print one object")


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and tell it."""
    report = look(Paths.from_environment())
    sys.stdout.write(as_json(report) if arguments.json else as_text(report))
    return 1 if report.problems else 0


def look(paths: Paths) -> Report:
    """Gather the facts and judge them."""
    state = _state(paths)
    pid = holder(paths.lock)
    configuration = Configuration.load(paths)
    environment = asyncio.run(_login_environment())
    keyring = SecretStore().state()
    facts: dict[str, Any] = {
        "approver": checkup.installed("approver"),
        "python": ".".join(map(str, checkup.this_python())),
        "pyside6": checkup.installed(checkup.QT),
        "display": has_display(),
        "tray": has_tray(),
        "keyring": keyring.state.value,
        "config": str(paths.config),
        "data": str(paths.data),
        "socket": str(paths.socket),
        "running": state is not None,
        "pid": pid,
        "url": _url(paths) if state is not None else None,
        "journal": _journal(paths),
        "servers": sorted(configuration.snapshot.servers),
    }
    told = tuple((state or {}).get("problems", ()))
    http = configuration.settings.http
    problems = (
        *checkup.check_python(checkup.this_python(), facts["pyside6"]),
        *checkup.check_libraries(),
        *checkup.check_folders(paths),
        *checkup.check_space(paths),
        *checkup.check_configuration(configuration.snapshot, engine_tells=state is not None),
        *checkup.check_servers(configuration.snapshot, environment),
        *checkup.check_secrets(configuration.snapshot, keyring, _known_secrets(keyring)),
        *checkup.check_secret_files(configuration.snapshot),
        *(checkup.check_port(http.port) if http.enabled and pid is None else ()),
        *checkup.check_journal(paths.journal),
        *checkup.check_engine(pid, state is not None, told),
    )
    return Report(facts, tuple(_once(problems)))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The running engine and the files tell of the same mistakes."""
    seen: set[str] = set()
    for problem in problems:
        if problem.what not in seen:
            seen.add(problem.what)
            yield problem


def _state(paths: Paths) -> dict[str, Any] | None:
    try:
        return remote.ask("state", paths=paths)
    except remote.NotRunning:
        return None


def _url(paths: Paths) -> str | None:
    """Where the running engine takes clients over HTTP; it writes that down when it listens."""
    try:
        return str(json.loads((paths.run / "http.json").read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _journal(paths: Paths) -> dict[str, Any] | None:
    try:
        head = checkup.journal_head(paths.journal)
    except JournalUnreadable:
        return None
    return None if head is None else {"rows": head[0], "head": head[1]}


async def _login_environment() -> Mapping[str, str]:
    return await LoginEnvironment().get()


def _known_secrets(keyring: StoreState) -> tuple[str, ...] | None:
    """The names in the keyring, where looking does not have the system ask the person to unlock it."""
    if keyring.state is not KeyringState.STORED:
        return None
    try:
        return SecretStore().names()
    except SecretUnavailable:
        return None


def has_tray() -> bool | None:
    """Whether the desktop has a place for tray icons; None where that cannot be told from here."""
    if sys.platform != "linux":
        return True
    from jeepney import DBusErrorResponse, message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    try:
        with open_dbus_connection("SESSION") as connection:
            bus = Proxy(message_bus, connection, timeout=BUS_SECONDS)
            (owned,) = bus.NameHasOwner("org.kde.StatusNotifierWatcher")
    except (OSError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
        return None
    return True if owned else None  # an older tray says nothing on the bus


def as_json(report: Report) -> str:
    """The report for programs."""
    problems = [{"problem": problem.what, "mend": problem.mend} for problem in report.problems]
    return json.dumps({**report.facts, "problems": problems}, indent=2) + "\n"


def as_text(report: Report) -> str:
    """The report for people."""
    lines = [f"{label:12}{shown(report.facts[name])}" for name, label, shown in LINES]
    if not report.problems:
        return "\n".join([*lines, "", "Nothing is wrong.", ""])
    told = [f"{number}. {_safe(one.what)}\n   -> {_safe(one.mend)}" for number, one in enumerate(report.problems, 1)]
    found = "One thing is wrong:" if len(told) == 1 else f"{len(told)} things are wrong:"
    return "\n".join([*lines, "", found, *told, ""])


def _safe(text: str) -> str:
    return make_visible(text)


def _plain(value: Any) -> str:
    return _safe(str(value)) if value else "not installed"


def _listed(value: Any) -> str:
    return ", ".join(map(_safe, value)) if value else "none yet (approver server add)"


def _is_there(value: Any) -> str:
    return {True: "yes", False: "no: approver runs without windows"}.get(value, "cannot be told from here")


LINES: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("approver", "Approver", _plain),
    ("python", "Python", _plain),
    ("pyside6", "PySide6", _plain),
    ("display", "Display", _is_there),
    ("tray", "Tray", _is_there),
    ("keyring", "Keyring", _plain),
    ("config", "Settings in", _plain),
    ("data", "Log in", _plain),
    ("socket", "Socket", _plain),
    ("running", "Running", lambda running: "yes" if running else "no"),
    ("url", "HTTP", lambda url: _safe(url) if url else "not served"),
    ("journal", "Log", lambda head: f"{head['rows']} rows, the last is {head['head'][:16]}…" if head else "none yet"),
    ("servers", "Servers", _listed),
)
