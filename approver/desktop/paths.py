"""Where Approver keeps its files: the one place that knows, asked by the engine, the commands and the shim alike.

`APPROVER_HOME` puts `config/`, `data/` and `run/` under one folder; otherwise each system's own places are used, those
that platformdirs names, spelled out here because the shim has nothing but the standard library. The answer must be the
same in every process of the person, and clients start servers with a thinned-out environment: so the run folder is also
found without `XDG_RUNTIME_DIR`, and never depends on `TMPDIR`.
"""

import os
import stat
import sys
from pathlib import Path

SOCKET_LIMIT = 104
"""Bytes of a Unix socket's path, its final NUL included, that every system takes (macOS the fewest)."""


class PathsUnusable(Exception):
    """A folder cannot be made or is not safe; the message says which and what to do."""


class Paths:
    """The three folders and everything in them that has a name.

    No dataclass, because importing `dataclasses` would cost the shim a tenth of its time to start.

    Attributes:
        config: what the person edits.
        data: what Approver keeps: journal, logs.
        run: what lives as long as the engine: lock, socket, notes of running servers.
    """

    __slots__ = ("config", "data", "run")

    def __init__(self, config: Path, data: Path, run: Path) -> None:
        self.config = config
        self.data = data
        self.run = run

    def __eq__(self, other: object) -> bool:
        """Whether both name the same folders."""
        return isinstance(other, Paths) and self._folders() == other._folders()

    def __hash__(self) -> int:
        """Equal ones hash alike."""
        return hash(self._folders())

    def _folders(self) -> tuple[Path, Path, Path]:
        return (self.config, self.data, self.run)

    @classmethod
    def from_environment(cls) -> "Paths":
        """`APPROVER_HOME`, or the system's places."""
        home = os.environ.get("APPROVER_HOME")
        if home:
            home = os.path.realpath(Path(home).expanduser())  # however it is spelt, one home has one socket
            return cls.under(Path(home))
        if sys.platform == "darwin":
            return cls.under(Path.home() / "Library" / "Application Support" / "approver")
        if sys.platform == "win32":
            return cls.under(Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "approver")
        data = _xdg("XDG_DATA_HOME", ".local/share")
        return cls(config=_xdg("XDG_CONFIG_HOME", ".config"), data=data, run=_xdg_run() or data / "run")

    @classmethod
    def under(cls, home: Path) -> "Paths":
        """All three folders in one."""
        return cls(config=home / "config", data=home / "data", run=home / "run")

    @property
    def servers(self) -> Path:
        """The servers, in the shape that every client's file has."""
        return self.config / "servers.json"

    @property
    def policies(self) -> Path:
        """The folder of policies, one file each."""
        return self.config / "policies"

    @property
    def grants(self) -> Path:
        """Which client may use which server."""
        return self.config / "grants.json"

    @property
    def settings(self) -> Path:
        """Everything else that the person can choose."""
        return self.config / "settings.toml"

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.data / "journal.db"

    @property
    def windows(self) -> Path:
        """Where the windows stood."""
        return self.data / "windows.json"

    @property
    def habits(self) -> Path:
        """Of which habits the person wants to hear no more."""
        return self.data / "habits.json"

    @property
    def logs(self) -> Path:
        """The folder of Approver's log and the servers' own."""
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one engine that runs."""
        return self.run / "engine.lock"

    @property
    def socket(self) -> Path:
        """The engine's Unix socket: in `run`, or in a short folder of the person's own where that path is too long."""
        usual = self.run / "engine.sock"
        if len(os.fsencode(usual)) < SOCKET_LIMIT:
            return usual
        import hashlib  # rarely needed, and slow to import

        digest = hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]
        return Path("/tmp") / f"approver-{_user()}-{digest}" / "engine.sock"

    def create(self) -> None:
        """Make the folders, readable by nobody else. Raises `PathsUnusable`."""
        for folder in (self.config, self.policies, self.data, self.logs, self.run):
            _make(folder)
        for folder in {self.data, self.run, self.socket.parent}:
            _make_private(folder)


def _xdg(variable: str, fallback: str) -> Path:
    base = os.environ.get(variable, "")
    # the specification has relative values ignored
    return (Path(base) if Path(base).is_absolute() else Path.home() / fallback) / "approver"


def _xdg_run() -> Path | None:
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{_user()}"):
        if Path(base).is_absolute() and Path(base).is_dir() and os.access(base, os.W_OK):
            return Path(base) / "approver"
    return None


def _user() -> int:
    return os.getuid() if sys.platform != "win32" else 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise PathsUnusable(
            f"The folder {folder} cannot be made: {fault.strerror}. Make it yourself, or set APPROVER_HOME to a folder "
            "that you can write to."
        ) from fault


def _make_private(folder: Path) -> None:
    """Close the folder to others: whoever can write to it could put another socket in our place."""
    _make(folder)
    if sys.platform == "win32":
        return
    found = folder.lstat() if folder.parent == Path("/tmp") else folder.stat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PathsUnusable(f"{folder} belongs to somebody else. Remove it, or set APPROVER_HOME to another folder.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
