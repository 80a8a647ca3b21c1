"""The environment that the person has in a terminal, for the servers that Approver starts.

A desktop starts programs with a bare PATH; `npx`, `uvx` and the person's tools stand in the one that the login shell
sets up. So the shell is run once and asked for its environment, which is then laid over our own. If that fails our own
is used, and the log says why: a server may then not be found, which its own error says.
"""

import asyncio
import logging
import os
import signal
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

from approver.tasks import spawn

log = logging.getLogger(__name__)

OURS = frozenset(
    {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "VIRTUAL_ENV", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CURRENT_DESKTOP"}
    | {"XDG_RUNTIME_DIR", "XDG_SESSION_ID", "XDG_SESSION_TYPE"}
)
"""Variables that tell of the session we really run in: a start-up file's idea of them does not win."""

PASSING = frozenset({"_", "OLDPWD", "PWD", "SHLVL"})
"""Variables of the shell's own that mean nothing to anyone else."""

MODEST = {
    "APPROVER_READS_ENVIRONMENT": "1",  # lets a start-up file tell this run from a terminal
    "DISABLE_AUTO_UPDATE": "true",  # Oh My Zsh asks whether to update
    "ZSH_TMUX_AUTOSTART": "false",  # and starts tmux, which would never return
}
_READ_AT_ONCE = 65536
_POLITE_SECONDS = 1.0
_POLITE_STEPS = 100
"""How long a shell has to heed a signal, and how often it is looked at meanwhile."""


class LoginEnvironment:
    """The login shell's environment over our own, read once."""

    def __init__(
        self, own: Mapping[str, str] | None = None, *, shell: str | None = None, timeout: float = 10.0
    ) -> None:
        self._own = dict(os.environ if own is None else own)
        self._shell = shell
        self._timeout = timeout
        self._reading: asyncio.Task[dict[str, str]] | None = None

    async def get(self) -> Mapping[str, str]:
        """Return the environment; the first call runs the shell, all that come meanwhile wait for that one run."""
        if self._reading is None:
            self._reading = spawn(self._read(), name="login environment")
        return dict(await asyncio.shield(self._reading))

    def forget(self) -> None:
        """Have the next `get` run the shell again: the person may have installed something."""
        self._reading = None

    async def stop(self) -> None:
        """End the shell if it still runs; whoever waits for it is cancelled."""
        if self._reading is not None and not self._reading.done():
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def _read(self) -> dict[str, str]:
        if sys.platform == "win32":
            return self._own  # Windows gives every program the person's whole environment
        shell = self._shell or _login_shell(self._own)
        try:
            login = await asyncio.wait_for(_ask_shell(shell, self._own), self._timeout)
        except TimeoutError:
            log.warning(
                "%s did not tell its environment within %g seconds, so servers get Approver's own. Does a start-up "
                "file of the shell wait for something?",
                shell,
                self._timeout,
            )
        except (OSError, _NoAnswer) as fault:
            log.warning("%s did not tell its environment (%s), so servers get Approver's own.", shell, fault)
        else:
            return merged(login, self._own)
        return self._own


class _NoAnswer(Exception):
    """The shell ended without printing its environment."""


def merged(login: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Lay the shell's environment over our own; PATH keeps our entries, after the shell's."""
    ours = {name: value for name, value in own.items() if name in OURS | PASSING or name.startswith("APPROVER_")}
    theirs = {name: value for name, value in login.items() if not _is_passing(name, value)}
    result = {**own, **theirs, **ours}
    folders = [*login.get("PATH", "").split(os.pathsep), *own.get("PATH", "").split(os.pathsep)]
    result["PATH"] = os.pathsep.join(dict.fromkeys(folder for folder in folders if folder))
    return result


def _is_passing(name: str, value: str) -> bool:
    return name in PASSING or MODEST.get(name) == value


def _login_shell(own: Mapping[str, str]) -> str:
    if own.get("SHELL"):
        return own["SHELL"]
    import pwd  # does not exist on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    except KeyError:
        return "/bin/sh"


def _arguments(shell: str, command: str) -> list[str]:
    name = Path(shell).name
    if name in ("csh", "tcsh"):
        return ["-i", "-c", command]  # these take -l only alone
    if name == "pwsh":
        return ["-Login", "-Command", command]
    return ["-l", "-i", "-c", command]


async def _ask_shell(shell: str, own: Mapping[str, str]) -> dict[str, str]:
    """Run the shell in a session of its own: it must not touch our terminal, nor leave anything behind."""
    marker = f"approver-{uuid.uuid4().hex}"
    process = await asyncio.create_subprocess_exec(
        shell,
        *_arguments(shell, f"echo {marker}; /usr/bin/env -0; echo {marker}"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**own, **MODEST},
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        return _parsed(await _between(process.stdout, marker.encode() + b"\n"))
    finally:
        # its output first: newer Pythons wait for that too, and a job that was left behind may hold it for ever
        process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]  # there is no public way
        await _end_group(process.pid)
        await process.wait()


async def _between(output: asyncio.StreamReader, marker: bytes) -> bytes:
    """Read up to the second marker, not to the end: something the shell left running may hold the output open."""
    seen = b""
    while seen.count(marker) < 2:
        data = await output.read(_READ_AT_ONCE)
        if not data:
            raise _NoAnswer("it ended without an answer")
        seen += data
    return seen.split(marker)[1]


def _parsed(listing: bytes) -> dict[str, str]:
    pairs = (os.fsdecode(item).partition("=") for item in listing.split(b"\0"))
    return {name: value for name, equals, value in pairs if equals}


async def _end_group(pid: int) -> None:
    """End the shell and what it runs, politely first.

    A start-up file that is cut off in the middle may leave a lock behind, which every later terminal then waits for: a
    shell that sets up pyenv does so at each start.
    """
    try:
        for number in (signal.SIGHUP, signal.SIGTERM):  # an interactive shell heeds the first only
            os.killpg(pid, number)
            for _ in range(_POLITE_STEPS):
                await asyncio.sleep(_POLITE_SECONDS / _POLITE_STEPS)
                os.killpg(pid, 0)
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group that is all dead
        return
