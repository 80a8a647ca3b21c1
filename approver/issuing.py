"""Grants as they are made: a label, servers and a policy go in; the grant is written, its token comes out, once.

Commands and windows make grants here, so both say the same. The file holds the token's hash; nothing keeps the token.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from approver.configuration_edits import EditRefused, add_grant, has_policy, read_servers, read_settings
from approver.desktop.paths import Paths
from approver.grants import new_token, token_digest
from approver.model import ALL_SERVERS, Grant
from approver.servers import name_mistake


@dataclass(frozen=True, slots=True)
class Issued:
    """A grant that was just made, and what its client needs."""

    grant: Grant
    url: str
    token: str = field(repr=False)
    """Shown once, and kept nowhere."""


def issue(
    paths: Paths, name: str, server: str = "", servers: tuple[str, ...] = (), policy: str | None = None
) -> Issued:
    """Make a grant for one server, or for several. Raises `EditRefused`."""
    if policy is not None and (mistake := name_mistake(policy)):
        raise EditRefused(f'A policy cannot be called "{policy}": {mistake}.')
    token = new_token()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    grant = Grant(name, server, policy, token_digest(token), created, servers)
    paths.create()
    add_grant(paths, grant)
    return Issued(grant, f"{address(paths)}/mcp" + (f"/{quote(grant.server, safe='')}" if not servers else ""), token)


def address(paths: Paths) -> str:
    """Where the running app listens; where none does, where it will by the settings."""
    return listening(paths) or f"http://127.0.0.1:{read_settings(paths).http.port}"


def listening(paths: Paths) -> str:
    """Where the running app listens for clients over HTTP; empty where none does."""
    try:
        return str(json.loads((paths.run / "http.json").read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def port_warning(paths: Paths) -> str:
    """A sentence, if a client that used the address now would show its token to another program; empty otherwise."""
    port = read_settings(paths).http.port
    if (paths.run / "http.json").exists() or not port:
        return ""
    with socket.socket() as visitor:
        visitor.settimeout(1)
        is_taken = visitor.connect_ex(("127.0.0.1", port)) == 0
    if not is_taken:
        return ""
    return (
        f"Another program listens at port {port}, so Approver cannot. Before a client uses this token, choose another "
        "port in settings.toml: [http] port."
    )


def missing_policies(paths: Paths, grant: Grant) -> tuple[str, ...]:
    """A sentence for each policy that the grant goes by and that is not there."""
    if not grant.servers:
        wanted = [grant.policy or grant.server]
    else:
        wanted = sorted(read_servers(paths)) if grant.servers == (ALL_SERVERS,) else list(grant.servers)
    missing = [policy for policy in wanted if not has_policy(paths, policy)]
    return tuple(_missing(policy, is_one_of_several=bool(grant.servers)) for policy in missing)


def _missing(policy: str, *, is_one_of_several: bool) -> str:
    calls = f'call to "{policy}"' if is_one_of_several else "call"
    return f'There is no policy "{policy}" yet, so every {calls} under this grant is denied.'


def http_snippet(issued: Issued) -> str:
    """What goes into the file of a client that speaks HTTP."""
    entry = {"type": "http", "url": issued.url, "headers": {"Authorization": f"Bearer {issued.token}"}}
    return _snippet(issued.grant, entry)


def connect_snippet(issued: Issued, command: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """What goes into the file of a client on this machine that launches its servers; it needs no token."""
    program, *words = command
    which = "--all" if issued.grant.servers else issued.grant.server
    arguments = [*words, "connect", which, "--client", issued.grant.name]
    entry: dict[str, Any] = {"command": program, "args": arguments}
    return _snippet(issued.grant, entry | ({"env": dict(environment)} if environment else {}))


def _snippet(grant: Grant, entry: Mapping[str, Any]) -> str:
    name = grant.server or "approver"
    return json.dumps({"mcpServers": {name: entry}}, indent=2, ensure_ascii=False)
