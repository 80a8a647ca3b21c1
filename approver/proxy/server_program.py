"""Finds what a server's command means on this machine, and says what is wrong where it means nothing."""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from approver.model import StdioServer


class UpstreamUnavailable(Exception):
    """A server cannot be used; the message says why and what to do."""


def working_folder(server: StdioServer) -> Path:
    """Tell the folder a server starts in: its own, or the person's home. Raises `UpstreamUnavailable`."""
    if server.cwd is None:
        return Path.home()
    folder = Path(server.cwd).expanduser()
    if not folder.is_dir():
        raise UpstreamUnavailable(f'Its folder "{folder}" does not exist. Mend "cwd" in servers.json.')
    return folder.absolute()


def find_program(server: StdioServer, environment: Mapping[str, str], folder: Path) -> str:
    """Find the program that a server's command names, as a shell in that folder would. Raises `UpstreamUnavailable`."""
    command = os.path.expanduser(server.command)  # noqa: PTH111  # a path would lose the "./" that makes it one
    if "/" in command or os.sep in command:
        return _file(folder / command)
    searched = environment.get("PATH", "")
    found = shutil.which(command, path=searched)
    if found is None:
        raise UpstreamUnavailable(
            f'The command "{command}" is in none of the folders of PATH ({searched or "which is empty"}). Install it, '
            "or give its full path in servers.json."
        )
    return str(Path(found).absolute())


def _file(path: Path) -> str:
    if path.is_dir():
        raise UpstreamUnavailable(f'The command "{path}" is a folder. Mend "command" in servers.json.')
    if not path.exists():
        raise UpstreamUnavailable(f'The command "{path}" does not exist. Mend "command" in servers.json.')
    if not os.access(path, os.X_OK):
        raise UpstreamUnavailable(
            f'The command "{path}" is not executable. Run chmod +x on it, or name its interpreter.'
        )
    return str(path)


def launch_fault(program: str, fault: OSError) -> str:
    """Say why a program that is there could not be started."""
    if fault.errno == errno.ENOENT:
        return f'"{program}" could not be started: the interpreter that its first line names does not exist.'
    if fault.errno == errno.ENOEXEC:
        return f'"{program}" could not be started: it is no program, and no script that begins with "#!".'
    if fault.errno == errno.E2BIG:
        return f'"{program}" could not be started: its arguments and environment are too long.'
    return f'"{program}" could not be started: {fault.strerror or fault}.'
