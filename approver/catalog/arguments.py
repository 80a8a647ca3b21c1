"""Which arguments a tool takes, as its server says: an input schema goes in, paths as policies write them come out.

Untrusted like everything a server says: it proposes names to a person who writes a rule, and decides nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 3
MOST = 200


def argument_paths(schema: Mapping[str, Any]) -> dict[str, str]:
    """Return paths such as `args.options.depth`, each with its JSON type, or an empty string where that is not said."""
    found: dict[str, str] = {}
    for path, kind in _paths("args", schema, DEEPEST):
        if len(found) >= MOST:
            break
        found.setdefault(path, kind)
    return found


def _paths(start: str, schema: Mapping[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or depth == 0:
        return
    for name, described in properties.items():
        if not isinstance(name, str) or not name or "." in name:
            continue  # a policy's path can't name it
        inner = described if isinstance(described, Mapping) else {}
        kind = inner.get("type")
        yield f"{start}.{name}", kind if isinstance(kind, str) else ""
        yield from _paths(f"{start}.{name}", inner, depth - 1)
