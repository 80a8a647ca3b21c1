"""Files of AI clients in a home of a test's own, as those clients write them."""

import json
from pathlib import Path
from typing import Any

from approver.clients.finding import FoundFile, look_at
from approver.clients.known import CURSOR, Client, ClientFile, Surroundings
from approver.clients.planning import Choice, Way

WAY = Way(("/opt/approver",), {})
CURSOR_TEXT = """{
  // mine
  "mcpServers": {
    "files": {
      "command": "npx", // the launcher
      "args": ["-y", "server-filesystem", "/home/ana"],
      "env": { "API_KEY": "sk-1234567890abcdef" } // secret
    },
    "remote": { "url": "https://example.com/mcp", "headers": { "X-Team": "a" } },
  },
  "theme": "dark"
}
"""
CODEX_TEXT = """model = "o"  # the best

[mcp_servers.files]
command = "npx"
args = [
  "-y",  # yes
  "server-filesystem",
  "/home/ana",
]
startup_timeout_sec = 20

[mcp_servers.files.env]
API_KEY = "sk-1234567890abcdef"

[tools]
web = true
"""


def around(home: Path, **environment: str) -> Surroundings:
    """A Linux home."""
    return Surroundings(home, "linux", environment)


def write(path: Path, text: str) -> Path:
    """Write a file with all its folders, bytes as given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def found(text: str, name: str = "mcp.json", client: Client = CURSOR, **environment: str) -> FoundFile:
    """A client's file as it is found, without a disk."""
    home = Path("/home/ana")
    return look_at(ClientFile(client, home / name), text.encode(), around(home, **environment))


def choices(*files: FoundFile) -> list[Choice]:
    """Everything that can be taken."""
    return [(file, entry) for file in files for entry in file.takeable]


def entries(**servers: Any) -> str:
    """A file with these servers."""
    return json.dumps({"mcpServers": servers}, indent=2)
