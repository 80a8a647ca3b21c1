"""Names at the one endpoint for many servers: `server__tool`, and addresses of resources that two servers share. Pure.

    (server, tool) ── public_name ──> what the client sees ── Names.find ──> (server, tool)

A name is plain where it can be taken apart again at its first `__` by anyone, without a list: that is how a client
may call what it saw before a restart. All others (too long, odd characters, or like another's) end in a hash.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote, unquote

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

JOINT = "__"
LONGEST_NAME = 64
"""What clients and the models behind them accept."""
_ALLOWED = re.compile(r"[A-Za-z0-9_-]+")
_HASHED = re.compile(r"_[0-9a-f]{8,}\Z")
_HASH = 8
_LONGEST_SERVER = 24
"""How much of a server's name stands before the joint where all of it does not fit."""
_ALIAS = "approver://"


def public_name(server: str, name: str, hash_length: int = _HASH) -> str:
    """What a server's tool or prompt is called for the client; the same always."""
    plain = f"{server}{JOINT}{name}"
    if hash_length == _HASH and _is_unmistakable(server) and len(plain) <= LONGEST_NAME and _is_plain(name):
        return plain
    encoded = f"{len(server)}:{server}{name}".encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(encoded).hexdigest()[:hash_length]
    stem = f"{_slug(server)[:_LONGEST_SERVER]}{JOINT}{_slug(name)}"
    return f"{stem[: LONGEST_NAME - len(digest) - 1]}_{digest}"


def _is_unmistakable(server: str) -> bool:
    """Whether the first joint in a name that begins with the server's is the one after it."""
    return bool(_ALLOWED.fullmatch(server)) and JOINT not in server and not server.endswith("_")


def _is_plain(name: str) -> bool:
    return bool(_ALLOWED.fullmatch(name)) and not _HASHED.search(name)


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


class Names:
    """The names that the client has been given, for one kind of thing."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[str, str]] = {}

    def give(self, server: str, name: str) -> str:
        """The name for the client, and remember whose it is; no two things get the same."""
        owner = (server, name)
        for length in range(_HASH, 57, 4):
            public = public_name(server, name, length)
            if self._named.setdefault(public, owner) == owner:
                return public
        raise AssertionError("two things have the same SHA-256")

    def find(self, public: str, servers: Collection[str]) -> tuple[str, str] | None:
        """Whose name this is; None: nobody's, as far as is known."""
        if (owner := self._named.get(public)) is not None:
            return owner
        server, joint, name = public.partition(JOINT)
        if joint and server in servers and public_name(server, name) == public:
            return server, name
        return None


def alias(server: str, uri: str) -> str:
    """The address under which the client sees a resource whose own address another server has too."""
    return f"{_ALIAS}{quote(server, safe='')}/{uri}"


def split_alias(uri: str) -> tuple[str, str] | None:
    """The server and its own address; None: the address is no alias."""
    if not uri.startswith(_ALIAS):
        return None
    server, slash, own = uri.removeprefix(_ALIAS).partition("/")
    return (unquote(server), own) if slash and own else None


class Addresses:
    """Which server listed an address first, and the templates that addresses may be made by."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self._templates: dict[str, tuple[str, Template]] = {}

    def give(self, server: str, uri: str) -> str:
        """The address for the client: the server's own, or an alias where another has it."""
        return uri if self._owners.setdefault(uri, server) == server else alias(server, uri)

    def give_template(self, server: str, template: str) -> str:
        """The template for the client, likewise."""
        owner, _ = self._templates.setdefault(template, (server, Template(template)))
        return template if owner == server else alias(server, template)

    def find(self, uri: str, servers: Iterable[str]) -> tuple[str, str] | None:
        """The server that an address leads to, and the address as it knows it."""
        if (taken_apart := split_alias(uri)) is not None and taken_apart[0] in servers:
            return taken_apart
        if (owner := self._owners.get(uri)) is not None:
            return owner, uri
        if uri in self._templates:
            return self._templates[uri][0], uri
        matching = (owner for owner, made in self._templates.values() if made.makes(uri))
        owner = next(matching, None)
        return None if owner is None else (owner, uri)

    def shown(self, server: str, uri: str) -> str:
        """How the client knows an address that a server speaks of."""
        owner = self._owners.get(uri)
        return uri if owner is None or owner == server else alias(server, uri)


_EXPRESSION = re.compile(r"\{([^{}]*)\}")


class Template:
    """The addresses that a URI template (RFC 6570) makes. Hostile text: matched in linear time."""

    def __init__(self, template: str) -> None:
        pattern, end = "", 0
        for found in _EXPRESSION.finditer(template):
            pattern += re.escape(template[end : found.start()]) + _expansion(found.group(1))
            end = found.end()
        options = re2.Options()
        options.log_errors = False
        options.never_capture = True
        options.dot_nl = True
        try:
            self._pattern = re2.compile(pattern + re.escape(template[end:]), options)
        except (re2.error, UnicodeEncodeError):  # too large, or half of a surrogate pair: no address is made by it
            self._pattern = None

    def makes(self, uri: str) -> bool:
        """Whether the template may have made an address."""
        try:
            return self._pattern is not None and self._pattern.fullmatch(uri) is not None
        except UnicodeEncodeError:
            return False


def _expansion(expression: str) -> str:
    if expression[:1] in ("?", "&"):
        return "(?:[?&][^#]*)?"
    if expression[:1] in ("+", "#", "/", ".", ";") or expression.endswith("*"):
        return ".*"
    return "[^/?#]*"
