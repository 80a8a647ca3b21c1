"""The AI clients that are known: what each is called, where its files are on each system, where servers stand in them.

A home folder, a system's name and an environment go in; paths come out. Nothing is opened here.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ANY = "*"
"""In a section: whatever key stands there."""

Section = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Client:
    """A program that uses MCP servers."""

    key: str
    """What commands call it."""
    name: str
    """What people call it; the log and the dialog name it so."""
    sections: tuple[Section, ...]
    """The places of servers in its files."""
    note: str = ""
    """What to know before its file is changed."""


@dataclass(frozen=True, slots=True)
class ClientFile:
    """One file of one client, whether it is there or not."""

    client: Client
    path: Path
    project: Path | None = None
    """The project that the file belongs to; None: it is the person's own, for all projects."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the places depend on."""

    home: Path
    platform: str = sys.platform
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """Where programs keep their configuration."""
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        if self.platform == "win32":
            return self._named("APPDATA", self.home / "AppData" / "Roaming")
        return self._named("XDG_CONFIG_HOME", self.home / ".config")

    def _named(self, variable: str, fallback: Path) -> Path:
        value = self.environment.get(variable, "")
        return Path(value) if value and Path(value).is_absolute() else fallback


_USUAL: tuple[Section, ...] = (("mcpServers",),)
_REWRITES = "It rewrites this file while it runs: close it first."

CLAUDE_DESKTOP = Client("claude-desktop", "Claude Desktop", _USUAL)
CLAUDE_CODE = Client("claude-code", "Claude Code", (("mcpServers",), ("projects", ANY, "mcpServers")), _REWRITES)
CURSOR = Client("cursor", "Cursor", _USUAL)
VS_CODE = Client("vscode", "VS Code", (("servers",),))
WINDSURF = Client("windsurf", "Windsurf", _USUAL)
ZED = Client("zed", "Zed", (("context_servers",),))
GEMINI_CLI = Client("gemini-cli", "Gemini CLI", _USUAL)
CODEX = Client("codex", "Codex", (("mcp_servers",),))

CLIENTS = (CLAUDE_DESKTOP, CLAUDE_CODE, CURSOR, VS_CODE, WINDSURF, ZED, GEMINI_CLI, CODEX)

_PROJECT_FILES = (
    (CLAUDE_CODE, ".mcp.json"),
    (CURSOR, ".cursor/mcp.json"),
    (VS_CODE, ".vscode/mcp.json"),
    (ZED, ".zed/settings.json"),
    (GEMINI_CLI, ".gemini/settings.json"),
    (CODEX, ".codex/config.toml"),
)
_EVERY_SECTION: tuple[Section, ...] = (("mcpServers",), ("servers",), ("context_servers",), ("mcp_servers",))


def user_files(around: Surroundings) -> tuple[ClientFile, ...]:
    """The files that hold for all projects of the person."""
    home, config = around.home, around.config
    if around.platform == "win32":
        desktop = [config / "Claude", *_packaged_claude(around)]
        zed = config / "Zed"
    else:
        desktop = [config / "Claude"]
        zed = (home / ".config" if around.platform == "darwin" else config) / "zed"
    codex = around.environment.get("CODEX_HOME", "")
    return (
        *(ClientFile(CLAUDE_DESKTOP, folder / "claude_desktop_config.json") for folder in desktop),
        ClientFile(CLAUDE_CODE, home / ".claude.json"),
        ClientFile(CURSOR, home / ".cursor" / "mcp.json"),
        ClientFile(VS_CODE, config / "Code" / "User" / "mcp.json"),
        ClientFile(WINDSURF, home / ".codeium" / "windsurf" / "mcp_config.json"),
        ClientFile(ZED, zed / "settings.json"),
        ClientFile(GEMINI_CLI, home / ".gemini" / "settings.json"),
        ClientFile(CODEX, (Path(codex) if codex else home / ".codex") / "config.toml"),
    )


def project_files(project: Path) -> tuple[ClientFile, ...]:
    """The files that a project's folder may hold."""
    return tuple(ClientFile(client, project / name, project) for client, name in _PROJECT_FILES)


def chosen_file(path: Path, around: Surroundings) -> ClientFile:
    """Say whose file a path is: a known client's by its place or name, otherwise a client's that nobody knows."""
    for known in user_files(around):
        if known.path == path:
            return known
    for client, name in _PROJECT_FILES:
        parts = Path(name).parts
        if path.parts[-len(parts) :] == parts:
            return ClientFile(client, path, path.parents[len(parts) - 1])
    for known in user_files(around):
        if known.path.name == path.name and path.name not in ("mcp.json", "settings.json"):
            return ClientFile(known.client, path)
    return ClientFile(Client(path.stem, path.stem, _EVERY_SECTION), path)


def client_named(word: str) -> Client | None:
    """The client that a command's word means."""
    return next((client for client in CLIENTS if word.casefold() in (client.key, client.name.casefold())), None)


def _packaged_claude(around: Surroundings) -> list[Path]:
    """Where the Microsoft Store's package of Claude Desktop has its own %APPDATA%."""
    local = Path(around.environment.get("LOCALAPPDATA") or around.home / "AppData" / "Local")
    try:
        packages = sorted(folder for folder in (local / "Packages").glob("Claude_*") if folder.is_dir())
    except OSError:
        packages = []
    return [package / "LocalCache" / "Roaming" / "Claude" for package in packages]
