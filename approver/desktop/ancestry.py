"""Which processes stand behind a process, and whether an answer may come from it.

An agent must not answer for the person, and many clients can run a shell. So a process that answers from the command
line is looked at: whoever descends from a connected client is refused, and so is whoever hides its descent. Every doubt
is a refusal.
"""

import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

WRAPPERS = frozenset({"sh", "bash", "dash", "zsh", "fish", "ksh", "env", "npx", "npm", "uvx", "uv", "cmd.exe", "nohup"})
"""Programs that clients put between themselves and the shim: behind one of them stands the real client."""

LOGINS = frozenset({"login", "sshd", "sshd-session", "agetty", "gdm-session-wor", "sddm-helper"})
"""Programs of the system's that begin a person's session, by the name the kernel shows (15 characters). A name is
anybody's to take: one of these is believed only of a process of root's, which no agent's is."""

TERMINALS = frozenset(
    {
        "tmux: server", "screen", "gnome-terminal-", "konsole", "xterm", "kitty", "alacritty", "foot", "footclient",
        "wezterm-gui", "xfce4-terminal", "terminator", "tilix", "ptyxis", "ptyxis-agent", "kgx", "ghostty", "urxvt",
        "urxvtd", "rxvt", "st", "lxterminal", "mate-terminal", "qterminal", "deepin-terminal", "guake", "tilda",
        "yakuake", "Terminal", "iTerm2",
    }
)  # fmt: skip
"""Terminals of a person's own. They run with the same rights as an agent, so the name proves nothing, and neither would
the program: an agent can start one. Believed only where the system keeps the terminal apart from every client."""

UNATTENDED = frozenset({"cron", "crond", "fcron", "anacron", "atd"})
"""Programs that run what they were told to earlier, by whomever: nobody sits before that."""

INTERPRETERS = frozenset({"python", "pypy", "node", "bun", "deno", "java", "ruby", "perl", "php", "dotnet", "mono"})
"""Programs that run others' programs: that parent and child are both of one says nothing."""

REAPERS = frozenset(
    {"systemd", "init", "launchd", "runit", "s6-svscan", "dinit", "tini", "dumb-init", "docker-init", "lxqt-session"}
)
"""Programs that adopt the children of processes that ended: a parent of that name says nothing of who started what."""


@dataclass(frozen=True, slots=True)
class Process:
    """One running process. Pid and start together name it for ever; a pid alone may be used again."""

    pid: int
    parent: int
    name: str
    started: float
    """In the system's own unit (clock ticks since boot on Linux, seconds since the epoch on macOS): only compared."""
    terminal: str = ""
    session: int = 0
    """The process id of its session's leader; 0 where it is not known."""
    program: str = ""
    """The path of its executable file; empty where it is not known."""
    owner: int | None = None
    """The user that it runs as, where that is one user in every respect; None where it is not known."""
    group: str = ""
    """The control group that the system keeps it in, which its children are in too; empty where there is none."""


class CannotTell(Exception):
    """The ancestry of a process can't be known; the message is a sentence."""


def find_process(pid: int) -> Process:
    """Look a process up.

    Raises:
        CannotTell: there is no such process (any more), or the system does not say.
    """
    if sys.platform == "linux":
        return _from_proc(pid)
    if sys.platform == "darwin":
        return _from_ps(pid)
    raise CannotTell("This system does not say which process started which.")


def _from_proc(pid: int) -> Process:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise CannotTell(f"Process {pid} cannot be looked up: {fault.strerror}.") from fault
    name, fields = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
    terminal, session = _terminal_name(int(fields[4])), int(fields[3])
    return Process(
        pid, int(fields[1]), name, float(fields[19]), terminal, session, _program(pid), _owner(pid), _group(pid)
    )


def _program(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/exe")  # noqa: PTH115  (a text is wanted, not a Path)
    except OSError:
        return ""


def _owner(pid: int) -> int | None:
    """Asked of `status`, not of the folder: a process may have that belong to root."""
    users = re.search(r"^Uid:\t(.*)$", _text(pid, "status"), re.MULTILINE)
    found = {int(user) for user in users[1].split()} if users else set()
    return found.pop() if len(found) == 1 else None


def _group(pid: int) -> str:
    """The group in the one hierarchy of today, or in systemd's of before."""
    for hierarchy in ("0:", r"\d+:name=systemd"):
        found = re.search(rf"^{hierarchy}:(/.+)$", _text(pid, "cgroup"), re.MULTILINE)
        if found:
            return found[1]
    return ""


def _text(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _terminal_name(device: int) -> str:
    major, minor = os.major(device), os.minor(device)
    if device == 0:
        return ""
    return (
        f"pts/{minor + 256 * (major - 136)}"
        if 136 <= major <= 143
        else f"tty{minor}"
        if major == 4
        else f"{major}:{minor}"
    )


def _from_ps(pid: int) -> Process:
    import time

    command = ["ps", "-o", "ppid=,uid=,tty=,lstart=,comm=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False, env={"LC_ALL": "C"})
    fields = done.stdout.split(None, 8)
    if done.returncode or len(fields) < 9:
        raise CannotTell(f"Process {pid} cannot be looked up.")
    parent, owner, terminal, *moment, name = fields
    started = time.mktime(time.strptime(" ".join(moment), "%a %b %d %H:%M:%S %Y"))
    return Process(pid, int(parent), Path(name.strip()).name, started, terminal.replace("??", ""), owner=int(owner))


def lineage(pid: int) -> tuple[Process, ...]:
    """The process and its ancestors, up to the system's first process, or to where a container begins.

    Raises:
        CannotTell: a link of the chain can't be looked up.
    """
    chain: list[Process] = []
    while pid > 0 and len(chain) < 128:
        process = find_process(pid)
        if chain and process.started > chain[-1].started:
            raise CannotTell("A parent that is younger than its child: the chain has changed while it was read.")
        chain.append(process)
        pid = process.parent
    return tuple(chain)


def clients_behind(shim_parent: int) -> tuple[Process, ...]:
    """The processes that count as the client that launched a shim: its parent and, behind wrappers, theirs.

    A client that consists of several processes of one program (VS Code, Cursor and all else that is built on Electron)
    counts as a whole: the one that launches servers is the sibling of the one that runs the agent's terminal.
    """
    found: list[Process] = []
    pid = shim_parent
    while pid > 1:
        try:
            process = find_process(pid)
        except CannotTell:
            break
        is_wrapper = process.name in WRAPPERS
        is_interactive = is_wrapper and bool(process.terminal) and process.session == process.pid
        if found and is_interactive:
            break  # a person's own interactive shell is where they started the client, not the client's wrapper
        if found and found[-1].name not in WRAPPERS and not _is_of_one_program(found[-1], process):
            break  # the client is found already
        found.append(process)
        if is_interactive:
            break
        pid = process.parent
    return tuple(found)


def _is_of_one_program(child: Process, parent: Process) -> bool:
    """Whether both run the same program, and one that is no interpreter of others' programs."""
    named = Path(child.program).name.rstrip("0123456789.")
    return bool(child.program) and child.program == parent.program and named not in INTERPRETERS


def why_refused(chain: tuple[Process, ...], clients: Iterable[Process]) -> str | None:
    """Why a process may not answer for the person; None if it may.

    Args:
        chain: the process that wants to answer and its ancestors, as `lineage` gives them.
        clients: the processes that connected clients consist of.
    """
    named = {(client.pid, client.started): client for client in clients}
    for process in chain:
        if (process.pid, process.started) in named:
            return (
                f"This process was started by a connected client ({process.name}, process {process.pid}). "
                "An agent cannot answer for the person: answer in Approver's window, or in a terminal of your own."
            )
    return _why_unknown(chain, named.values())


def _highest_known(chain: tuple[Process, ...]) -> Process:
    """The last one of a chain up to which every process was surely started by the one it now has as its parent."""
    for process, parent in zip(chain, chain[1:], strict=False):
        if parent.pid == 1 or parent.name in REAPERS or _was_adopted(process, parent):
            return process
    return chain[-1]


def _was_adopted(process: Process, parent: Process) -> bool:
    """Whether the process must have had another parent: a session passes from parent to child."""
    is_leader = process.session == process.pid
    return not is_leader and 0 not in (process.session, parent.session) and process.session != parent.session


def _why_unknown(chain: tuple[Process, ...], clients: Collection[Process]) -> str | None:
    """A process that cut itself off from its parents could be anyone's child, unless it is older than every client."""
    if not chain:
        return "It cannot be told which process asks."
    first_client = min((client.started for client in clients), default=None)
    top = _highest_known(chain)
    if top.parent == 0 or first_client is None:
        return None  # entered from outside the container, where no client of this engine lives; or there is no client
    if waiting := next((process for process in chain if process.name in UNATTENDED), None):
        return f"This was started by {waiting.name}, so nobody may be there who answers. Answer in Approver's window."
    if top.started < first_client or _is_login(top) or _is_terminal_apart(top, clients):
        return None
    return (
        f"It cannot be told who started {top.name} (process {top.pid}): it has no parent left. "
        "Answer in Approver's window, or in a terminal that was open before the first client was started."
    )


def _is_login(process: Process) -> bool:
    return process.name in LOGINS and process.owner == 0 and os.getuid() != 0


def _is_terminal_apart(process: Process, clients: Iterable[Process]) -> bool:
    """Whether it is a terminal in a group of its own: what a client starts stays in the client's, parents or none."""
    if process.name not in TERMINALS or not process.group:
        return False
    return not any(not client.group or f"{process.group}/".startswith(f"{client.group}/") for client in clients)
