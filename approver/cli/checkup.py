"""What `approver doctor` looks at: each check takes what it needs and yields what is wrong, with how to mend it.

Nothing here changes anything. Checks of the machine come first, then those of the configuration and of what runs. Facts
(what was found, right or wrong) are gathered by `doctor.py`.
"""

import os
import re
import shutil
import socket
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from approver.configuration import Snapshot
from approver.desktop.libraries import PACKAGE_OF_LIBRARY, missing_libraries
from approver.desktop.paths import Paths
from approver.journal.reader import JournalUnreadable, Reader
from approver.model import LOCAL_GRANT, StdioServer
from approver.secrets import KeyringState, SecretUnavailable, StoreState, from_file, places, references

LEAST_FREE = 100 * 1024 * 1024
"""Bytes. Below that the journal may fail any moment, and then every call is denied."""
QT = "PySide6-Essentials"
NO_KEYRING = (
    "Set up a keyring (gnome-keyring, KWallet), or name a variable (${env:NAME}) or a file (${file:PATH}) instead."
)
_FILE_MEND = "Write the value into it, for yourself alone: chmod 600"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    what: str
    """A sentence."""
    mend: str
    """A sentence: what to do."""


def installed(package: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def check_python(python: tuple[int, ...], qt: str | None) -> Iterator[Problem]:
    """The two versions, and the one pair that aborts."""
    named = ".".join(map(str, python[:2]))
    if python < (3, 11):
        yield Problem(f"Python {named} is too old.", "Use Python 3.11 or newer.")
    if qt is None:
        yield Problem(f"{QT} is not installed, so there are no windows.", f"pip install {QT}, or use approver serve.")
    elif python < (3, 12) and tuple(map(int, re.findall(r"\d+", qt)[:2])) >= (6, 12):
        yield Problem(
            f"{QT} {qt} on Python {named} aborts after some thousand calls (it loses references to None).",
            f"pip install '{QT}<6.12', or use Python 3.12 or newer.",
        )


def check_libraries() -> Iterator[Problem]:
    """What Qt needs of the system."""
    if missing := missing_libraries():
        packages = " ".join(PACKAGE_OF_LIBRARY[name] for name in missing)
        yield Problem(
            f"Qt's windows cannot open: {', '.join(missing)} missing.",
            f"On Debian and Ubuntu: sudo apt-get install {packages}. Elsewhere: the packages with these libraries.",
        )


def check_folders(paths: Paths) -> Iterator[Problem]:
    """That the folders are there, the person's own, and closed to others."""
    for folder in dict.fromkeys((paths.config, paths.data, paths.run, paths.socket.parent)):
        if folder.exists():  # otherwise it is made at the first start
            yield from _check_folder(folder, private=folder != paths.config)
    for file in (paths.servers, paths.grants, paths.journal):
        if file.exists() and _is_open(file, 0o077) and _is_open(file.parent, 0o011):
            yield Problem(f"{file} can be read by other users of this machine.", f"chmod 600 {file}")


def _check_folder(folder: Path, *, private: bool) -> Iterator[Problem]:
    if not folder.is_dir():
        yield Problem(f"{folder} is no folder.", "Move it away, or set APPROVER_HOME.")
    elif folder.stat().st_uid != os.getuid():
        yield Problem(f"{folder} belongs to another user.", "Move it away, or set APPROVER_HOME.")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Problem(f"{folder} cannot be written to.", f"chmod u+rwx {folder}")
    elif private and _is_open(folder, 0o077):
        yield Problem(f"{folder} is open to other users of this machine.", f"chmod 700 {folder}")


def _is_open(place: Path, to: int) -> bool:
    """Whether any of these permissions is given."""
    return bool(stat.S_IMODE(place.stat().st_mode) & to)


def check_space(paths: Paths) -> Iterator[Problem]:
    """That the journal has room."""
    place = next(folder for folder in (paths.data, *paths.data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE:
        yield Problem(
            f"{place} has {free // 2**20} MiB left. When the journal cannot be written, every call is denied.",
            "Make room on that disk.",
        )


def check_configuration(snapshot: Snapshot, *, engine_tells: bool = False) -> Iterator[Problem]:
    """What the files themselves say is wrong with them, and servers whose every call is denied.

    A running engine tells of the files itself: it may go by the last good version of one that does not load.
    """
    for problem in snapshot.problems if not engine_tells else ():
        yield Problem(problem, "Mend the file; the running app takes it at once.")
    for name in snapshot.servers:
        judged = snapshot.policy_for(name, LOCAL_GRANT) or any(grant.is_for(name) for grant in snapshot.grants)
        is_broken = any(problem.startswith(f"policies/{name}.json ") for problem in snapshot.problems)
        if not (judged or is_broken):
            yield Problem(
                f'The server "{name}" has no policy, so every call to it is denied.', f"approver policy set {name} FILE"
            )


def check_servers(snapshot: Snapshot, environment: Mapping[str, str]) -> Iterator[Problem]:
    """That what Approver starts is found, where the login shell would find it."""
    for server in snapshot.servers.values():
        if not isinstance(server, StdioServer):
            continue
        folder = Path(server.cwd).expanduser() if server.cwd else None
        if folder is not None and not folder.is_dir():
            yield Problem(f'The server "{server.name}" is to start in {folder}, which is no folder.', "Mend its cwd.")
        path = server.env.get("PATH", environment.get("PATH", ""))
        if shutil.which(_command(server.command, folder), path=path) is None:
            yield Problem(
                f'The server "{server.name}" cannot start: {server.command!r} is not found in {path}.',
                "Install it, or write its full path into servers.json.",
            )


def _command(command: str, folder: Path | None) -> str:
    """A command with a slash in it is looked for from the folder that it starts in."""
    path = Path(command).expanduser()
    return str(folder / path) if folder is not None and os.sep in command and not path.is_absolute() else str(path)


def check_secrets(snapshot: Snapshot, keyring: StoreState, known: Collection[str] | None) -> Iterator[Problem]:
    """That the keyring has what the servers name. `known` is None where the keyring does not tell without asking."""
    for server in snapshot.servers.values():
        values = server.env if isinstance(server, StdioServer) else server.headers
        for name in (name for text in values.values() for name in references(text)):
            if keyring.state is KeyringState.NOT_AVAILABLE:
                yield Problem(
                    f'The server "{server.name}" needs the secret "{name}". {keyring.explanation}', NO_KEYRING
                )
            elif known is not None and name not in known:
                yield Problem(
                    f'The server "{server.name}" needs the secret "{name}", which is not in the keyring.',
                    f"approver secret set {name}",
                )


def check_secret_files(snapshot: Snapshot) -> Iterator[Problem]:
    """That the files with secrets that the servers name can be used. Variables are those of the app, not of this."""
    for server in snapshot.servers.values():
        values = server.env if isinstance(server, StdioServer) else server.headers
        for kind, place in (one for text in values.values() for one in places(text)):
            try:
                if kind == "file":
                    from_file(place)
            except SecretUnavailable as fault:
                yield Problem(f'The server "{server.name}" needs the file {place}. {fault}', _FILE_MEND)


def check_port(port: int) -> Iterator[Problem]:
    """That the port for clients over HTTP is free. Only asked while no engine of ours has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the engine does: a port just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            yield Problem(
                f"The port {port} on 127.0.0.1 cannot be used ({fault.strerror}), so clients cannot come in over HTTP.",
                "Choose another in settings.toml: [http] port.",
            )


def check_journal(path: Path) -> Iterator[Problem]:
    """That the log can be read, where there is one. Whether it is whole is what `approver log verify` tells."""
    if path.exists():
        try:
            journal_head(path)
        except JournalUnreadable as fault:
            yield Problem(str(fault), f"Move {path} away; Approver begins a new log, and the old one stays as it is.")


def journal_head(path: Path) -> tuple[int, str] | None:
    """Number and digest of the last row. Raises `JournalUnreadable`."""
    if not path.exists():
        return None
    with Reader(path) as reader:
        newest = reader.entries(1)
    return (newest[0].seq, newest[0].chain) if newest else None


def check_engine(holder: int | None, answers: bool, told: tuple[str, ...]) -> Iterator[Problem]:
    """That the engine that holds the lock answers, and what it says is wrong."""
    if holder is not None and not answers:
        yield Problem(
            f"Approver runs (process {holder}) but does not answer.",
            f"Wait a moment and look again; if that does not help: kill {holder}",
        )
    for sentence in told:
        yield Problem(sentence, "This is what the running app says; it takes it back by itself once it is mended.")


def this_python() -> tuple[int, ...]:
    """The version that runs now."""
    return tuple(sys.version_info[:3])
