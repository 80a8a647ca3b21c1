"""The grants in `config/grants.json`: which client may use which server, and what proves that it is that client.

Text goes in; grants and a sentence for every mistake come out. A token is random and shown once; the file holds its
hash only, so that reading the file admits nobody.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from typing import Any

from approver.model import ALL_SERVERS, LOCAL_GRANT, Grant
from approver.own_files import Unreadable, parse_json
from approver.servers import name_mistake

_DIGEST = re.compile(r"[0-9a-f]{64}")


def new_token() -> str:
    """Make a token nobody can guess."""
    return f"approver_{secrets.token_urlsafe(32)}"


def token_digest(token: str) -> str:
    """Hash a token as the file holds it. A plain hash will do: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def parse_grants(text: str) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Read the file's text; return the grants without mistakes, revoked ones too, and a sentence for each mistake."""
    try:
        document = parse_json(text)
    except Unreadable as fault:
        return (), (str(fault),)
    if not isinstance(document, list):
        return (), ("the file must be a list of grants.",)
    grants: dict[str, Grant] = {}
    mistakes: list[str] = []
    for place, entry in enumerate(document, start=1):
        found = [*_mistakes(entry)]
        if not found and entry["name"] in grants:
            found = [f'the name "{entry["name"]}" stands twice']
        mistakes += (f"grant {place}: {mistake}." for mistake in found)
        if not found:
            grants[entry["name"]] = _grant(entry)
    return tuple(grants.values()), tuple(mistakes)


def entry_of(grant: Grant) -> dict[str, Any]:
    """Write a grant as an entry."""
    several = ALL_SERVERS if grant.servers == (ALL_SERVERS,) else list(grant.servers)
    return {
        "name": grant.name,
        **({"servers": several} if grant.servers else {"server": grant.server}),
        "policy": grant.policy,
        "token_sha256": grant.token_sha256,
        "created": grant.created,
        **({"revoked": grant.revoked} if grant.revoked else {}),
    }


def grant_name_mistake(name: str) -> str | None:
    """Say why a grant cannot have this name; None: it can."""
    if name == LOCAL_GRANT:
        return f'"{LOCAL_GRANT}" means the clients on this machine that name no grant; choose another name'
    return name_mistake(name)


def _grant(entry: dict[str, Any]) -> Grant:
    several = entry.get("servers", ())
    return Grant(
        name=entry["name"],
        server=entry.get("server", ""),
        policy=entry.get("policy"),
        token_sha256=entry.get("token_sha256"),
        created=entry.get("created") or "",
        servers=(ALL_SERVERS,) if several == ALL_SERVERS else tuple(several),
        revoked=entry.get("revoked") or "",
    )


def _mistakes(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "must be an object with a name and a server"
        return
    for key in ("name",) if "servers" in entry else ("name", "server"):
        if not isinstance(entry.get(key), str):
            yield f"{key} must be text"
        elif mistake := (grant_name_mistake if key == "name" else name_mistake)(entry[key]):
            yield f"{key}: {mistake}"
    yield from _mistakes_of_several(entry)
    for key in ("policy", "token_sha256", "created", "revoked"):
        if not isinstance(entry.get(key), str | None):
            yield f"{key} must be text or null"
    if isinstance(entry.get("token_sha256"), str) and not _DIGEST.fullmatch(entry["token_sha256"]):
        yield "token_sha256 must be 64 hexadecimal digits in lower case"


def _mistakes_of_several(entry: dict[str, Any]) -> Iterator[str]:
    if "servers" not in entry:
        return
    names = entry["servers"]
    if "server" in entry:
        yield "it has either server or servers, not both"
    if names != ALL_SERVERS and not (isinstance(names, list) and names and all(isinstance(one, str) for one in names)):
        yield f'servers must be a list of names, or "{ALL_SERVERS}" for all'
    elif names != ALL_SERVERS:
        yield from (f"servers: {mistake}" for one in names if (mistake := name_mistake(one)))
    if entry.get("policy") is not None:
        yield "policy: a grant for several servers is judged by each server's own policy, so it can name none"
