"""Finds argument names that differ only in case from another, which servers that ignore case take one for the other.

A call's arguments and what the server says of them go in, pairs of names come out. Rules tell such names apart, as JSON
does; whoever answers is to know that the server may not. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any


def namesakes(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each name that was sent with the other that it differs from only in case: one sent beside it, or the server's."""
    properties = schema.get("properties")
    own = properties if isinstance(properties, Mapping) else {}
    of_server = {name.casefold(): name for name in own}
    pairs = dict.fromkeys(_among(arguments))
    for name in arguments:
        other = of_server.get(name.casefold())
        if other is not None and name not in own and other not in arguments:
            pairs[name, other] = None
    return tuple(pairs)


def _among(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names that stand in one object, however deep that is."""
    level: list[Any] = [arguments]
    while level:
        value = level.pop()
        if isinstance(value, Mapping):
            first: dict[str, str] = {}
            for name in value:
                known = first.setdefault(name.casefold(), name)
                if known != name:
                    yield known, name
            level.extend(value.values())
        elif isinstance(value, list):
            level.extend(value)
