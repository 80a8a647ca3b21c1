r"""How rows are chained: each row's digest is taken over the digest before it and all of its own fields.

    chain(row n) = SHA-256( chain(row n-1) ‖ canonical(row n) )        chain(row 0) = 32 zero bytes

`canonical` is the UTF-8 text of a JSON array without blanks: the row's number and the fields of `Entry`, in the order
of `schema.COLUMNS`. Texts stand as they are, with `"` and the backslash escaped by a backslash, and U+0000 to U+001F as
`\b \t \n \f \r` or `\u00xx` (lower case), nothing else escaped; times are whole microseconds; what is absent is null.
That is what Python's `json.dumps(row, ensure_ascii=False, separators=(",", ":"))` and JavaScript's
`JSON.stringify(row)` give, so anybody can check a journal; `docs/log.md` has a script.

Entries go in, rows for the database come out. Pure.
"""

import hashlib
from operator import attrgetter
from typing import NamedTuple

import msgspec

from approver.journal.schema import Fields
from approver.model import Entry


class Head(NamedTuple):
    """The end of a chain."""

    seq: int
    """The last row's number; 0 where there is none."""
    digest: str
    """The last row's digest, hex."""


START = Head(0, "00" * 32)

canonical = msgspec.json.Encoder().encode
"""The bytes of a row's fields that are hashed."""

_before_waited = attrgetter(
    "call", "session", "client", "grant", "server", "tool", "arguments", "digest", "rule", "outcome", "message", "by"
)


def fields_of(seq: int, entry: Entry) -> Fields:
    """What is kept of an entry, in the order of `schema.COLUMNS`."""
    return (
        seq,
        round(entry.at * 1_000_000),
        entry.kind.value,
        *_before_waited(entry),
        _microseconds(entry.waited),
        entry.shown,
        _microseconds(entry.latency),
        entry.detail,
    )


def _microseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000_000)


def seconds(microseconds: int | None) -> float | None:
    """A kept duration as seconds."""
    return None if microseconds is None else microseconds / 1_000_000


def storable(fields: Fields) -> Fields:
    r"""The fields with what UTF-8 has no room for, lone surrogates, written as JSON does: `\ud800`."""
    return tuple(
        field.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(field, str) else field
        for field in fields
    )


def link(previous: bytes, content: bytes) -> bytes:
    """The digest of a row with this canonical content, that comes after the row with that digest."""
    return hashlib.sha256(previous + content).digest()
