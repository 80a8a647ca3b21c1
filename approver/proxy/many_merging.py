"""What many servers answer to one question, as one answer. Pure.

    {server: result, …} ── merged_… ──> the result for the client

Servers stand in a fixed order; where only one answer can be kept, the first server's is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from approver.proxy.many_names import Addresses, Names

Result = dict[str, Any]

NAME = "approver"
SERVER_INFO_META_KEY = "io.modelcontextprotocol/serverInfo"
HANDSHAKE_REVISIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
LISTS = {
    "tools/list": "tools",
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
    "tasks/list": "tasks",
}
"""The methods that list something, and the member that holds it."""
CAPABILITY = {"tools": "tools", "prompts": "prompts", "resources": "resources", "resourceTemplates": "resources"}


def merged_initialize(asked: Any, results: Mapping[str, Result], version: str) -> Result:
    """The answer to `initialize`: the client's own revision, and all that the servers can do."""
    revision = asked if asked in HANDSHAKE_REVISIONS else HANDSHAKE_REVISIONS[-1]
    merged: Result = {"protocolVersion": revision, "capabilities": capabilities(results.values())}
    merged["serverInfo"] = {"name": NAME, "version": version}
    return merged | _instructions(results)


def merged_discover(results: Mapping[str, Result], version: str) -> Result | None:
    """The answer to `server/discover`; None where the servers have no revision in common."""
    first = next(iter(results.values()), None)
    if first is None:
        return None
    known = [one.get("supportedVersions") for one in results.values()]
    common = [one for one in first.get("supportedVersions") or () if all(one in (also or ()) for also in known)]
    if not common:
        return None
    merged = {**_common_members(results.values(), "capabilities"), "supportedVersions": common}
    merged["capabilities"] = capabilities(results.values())
    meta = merged.get("_meta")
    if isinstance(meta, dict) and SERVER_INFO_META_KEY in meta:
        merged["_meta"] = {**meta, SERVER_INFO_META_KEY: {"name": NAME, "version": version}}
    merged.pop("instructions", None)
    return merged | _instructions(results)


def capabilities(results: Iterable[Result]) -> dict[str, Any]:
    """All that any server can do; tools may always change, because a server may come later."""
    united: dict[str, Any] = {}
    for result in results:
        own = result.get("capabilities")
        if isinstance(own, dict):
            united = _united(united, own)
    for name in ("tools", "prompts", "resources"):
        if name == "tools" or name in united:
            united[name] = {**(united.get(name) or {}), "listChanged": True}
    return united


def _united(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = dict(one)
    for key, value in other.items():
        known = both.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            both[key] = _united(known, value)
        elif known is None or known is False:
            both[key] = value
    return both


def _instructions(results: Mapping[str, Result]) -> Result:
    texts = {server: result.get("instructions") for server, result in results.items()}
    told = [f"# {server}\n\n{text}" for server, text in texts.items() if isinstance(text, str) and text]
    return {"instructions": "\n\n".join(told)} if told else {}


def merged_list(member: str, results: Mapping[str, list[Result]]) -> Result:
    """All pages of all servers, as one page."""
    pages = [page for several in results.values() for page in several]
    merged = _common_members(pages, member)
    merged.pop("nextCursor", None)
    merged[member] = [item for page in pages for item in _items(page, member)]
    return merged


def _items(page: Result, member: str) -> list[Any]:
    items = page.get(member)
    return items if isinstance(items, list) else []


def _common_members(results: Iterable[Result], but: str) -> Result:
    """The first result's other members; what says how long it may be kept, is the strictest of all."""
    every = list(results)
    merged = {key: value for key, value in (every[0] if every else {}).items() if key != but}
    lifetimes = [one["ttlMs"] for one in every if isinstance(one.get("ttlMs"), int | float)]
    if lifetimes:
        merged["ttlMs"] = min(lifetimes)
    if any(one.get("cacheScope") == "private" for one in every):
        merged["cacheScope"] = "private"
    return merged


def renamed(server: str, member: str, page: Result, names: Mapping[str, Names], addresses: Addresses) -> Result:
    """A page of one server's, with the names that the client gets."""
    items: list[Any] = []
    for item in _items(page, member):
        if isinstance(item, dict):
            item = _renamed_item(server, member, item, names, addresses)
        items.append(item)
    return {**page, member: items}


def _renamed_item(
    server: str, member: str, item: Result, names: Mapping[str, Names], addresses: Addresses
) -> dict[str, Any]:
    if member in names and isinstance(item.get("name"), str):
        return {**item, "name": names[member].give(server, item["name"])}
    if member == "resources" and isinstance(item.get("uri"), str):
        return {**item, "uri": addresses.give(server, item["uri"])}
    if member == "resourceTemplates" and isinstance(item.get("uriTemplate"), str):
        return {**item, "uriTemplate": addresses.give_template(server, item["uriTemplate"])}
    return item
