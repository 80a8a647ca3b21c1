"""Where the secrets of new servers are kept: in the keyring, or as the person chose where there is none. Pure.

a plan and a choice ──> the same plan with its secrets elsewhere
"""

import enum
from dataclasses import replace

from approver.clients.importing import values_of, with_values
from approver.clients.planning import Plan
from approver.model import HttpServer
from approver.secrets import expand, references
from approver.servers import Server


class Keeping(enum.Enum):
    """Who keeps the secrets."""

    KEYRING = "keyring"
    FILE = "file"
    """Plain text in servers.json, which only the person may read."""
    ENVIRONMENT = "environment"
    """Nobody: the login shell sets the variables. Headers have no variables, so theirs stay in the file."""


def kept(plan: Plan, keeping: Keeping) -> Plan:
    """Move the plan's secrets to where they are to be kept."""
    if keeping is Keeping.KEYRING:
        return plan
    values = {secret.name: secret.value for secret in plan.secrets}
    servers = tuple(_without_keyring(server, values, keeping) for server in plan.servers)
    return replace(plan, servers=servers, secrets=())


def told(plan: Plan, values: dict[str, str]) -> Plan:
    """The plan with values that the person gave for secrets that were wanted."""
    secrets = tuple(replace(one, value=one.value or values.get(one.name) or None) for one in plan.secrets)
    return replace(plan, secrets=secrets)


def _without_keyring(server: Server, values: dict[str, str | None], keeping: Keeping) -> Server:
    stay = {}
    for key, text in values_of(server).items():
        names = [name for name in references(text) if name in values]
        if not names:
            stay[key] = text
        elif keeping is Keeping.FILE or isinstance(server, HttpServer):
            stay[key] = expand(text, lambda name: _plain(name, values))
    return with_values(server, stay)


def _plain(name: str, values: dict[str, str | None]) -> str:
    value = values.get(name)
    return value if value is not None else f"${{keyring:{name}}}"
