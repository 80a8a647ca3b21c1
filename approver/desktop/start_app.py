"""Starts Approver from the shim: detached, on the person's desktop. Standard library only."""

import os
import sys


def start_app(logs: str) -> None:
    """Start Approver, detached: it must outlive this client, and not be ended with it.

    Clients hand their servers a thinned-out environment, so the desktop's variables are taken from the nearest ancestor
    that has them. `APPROVER_START` may say `serve` (no windows) or `none`.
    """
    wish = os.environ.get("APPROVER_START", "")
    if wish == "none":
        raise OSError("APPROVER_START=none forbids it")
    environment = {**_desktop_variables(os.getppid()), **os.environ}
    if home := environment.get("APPROVER_HOME"):  # counts from our folder, which the app does not start in
        environment["APPROVER_HOME"] = os.path.abspath(os.path.expanduser(home))
    windows = sys.platform in ("win32", "darwin") or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    command = [sys.executable, "-m", "approver", *(["tray", "--hidden"] if windows and wish != "serve" else ["serve"])]
    os.makedirs(logs, mode=0o700, exist_ok=True)
    log = os.open(os.path.join(logs, "start.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _detached(command, environment, log)
    finally:
        os.close(log)


def _detached(command: list[str], environment: dict[str, str], log: int) -> None:
    if sys.platform == "win32":
        import subprocess

        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, creationflags=flags
        )
        return
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:  # no more Python than needed between fork and exec, and none after: what follows a return is the parent's
        os.setsid()
        if os.fork():
            os._exit(0)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 256)
        os.chdir("/")
        os.execve(command[0], command, environment)
    finally:
        os._exit(127)


_DESKTOP = (
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LANG", "LC_ALL", "QT_QPA_PLATFORMTHEME",
)  # fmt: skip


def _desktop_variables(pid: int) -> dict[str, str]:
    """The desktop's variables, from the nearest ancestor that has a display."""
    while pid > 1 and sys.platform == "linux":
        try:
            with open(f"/proc/{pid}/environ", "rb") as source:
                pairs = [entry.partition(b"=") for entry in source.read().split(b"\0")]
            with open(f"/proc/{pid}/stat", "rb") as source:
                pid = int(source.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
        found = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
        if found.get("DISPLAY") or found.get("WAYLAND_DISPLAY"):
            return {name: found[name] for name in _DESKTOP if found.get(name)}
    return {}
