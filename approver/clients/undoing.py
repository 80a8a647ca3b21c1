"""Undoes what was done to a client's file: the entries as they were before, whatever else was edited since.

    file now, backup, what was done ──> the file's text with the original entries

Where nothing was edited the file becomes what it was, byte for byte; where only other things were edited, the original
entries are put back as they were written; where the entries themselves were edited, their members are put back and new
ones stay. An entry that leads elsewhere by now, or is gone, is left alone and told of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from approver.clients.connections import Connection
from approver.clients.finding import ClientText, is_ours, parse
from approver.clients.json_text import NotReadable
from approver.clients.known import Client, ClientFile
from approver.clients.planning import GIVES_WAY, Led, diff, entry_at, led_through

Rebuild = Callable[[str], Mapping[str, Any] | None]
"""An entry made of what Approver knows of a server, where the backup is gone; None: it knows nothing."""
_OURS = ("command", "args", "type", *GIVES_WAY)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What becomes of one file."""

    file: ClientFile
    before: bytes
    after: bytes
    notes: tuple[str, ...] = ()
    """What could not be put back, in sentences."""

    @property
    def diff(self) -> str:
        """The change, as `diff -u` would tell it."""
        return diff(self.before, self.after, self.file.path)


def undo(connection: Connection, now: bytes, backup: bytes | None, rebuild: Rebuild) -> Undoing:
    """Plan how one change is undone. Raises `NotReadable` where the file does not load as it is now."""
    file = ClientFile(Client(connection.client, connection.client, ()), connection.path)
    if backup is not None and led_through(file, backup, connection.led, connection.way) == now:
        return Undoing(file, now, backup)
    text = parse(file.path, now)
    original = parse(file.path, backup) if backup is not None else None
    written = None if backup is None else parse(file.path, led_through(file, backup, connection.led, connection.way))
    notes = []
    for led in connection.led:
        name = ".".join(led.path)
        if not is_ours(entry_at(text.value, led.path)):
            notes.append(f"{name} does not lead to Approver any more, so it stays as it is.")
            continue
        restored = _restored(file.path, text, led, original, written, rebuild)
        if restored is None:
            notes.append(f"{name} stays as it is: the backup {connection.backup} is gone, and so is its server.")
        else:
            text = restored
    return Undoing(file, now, text.text.encode(), tuple(notes))


def _restored(
    path: Path,
    text: ClientText,
    led: Led,
    original: ClientText | None,
    written: ClientText | None,
    rebuild: Rebuild,
) -> ClientText | None:
    """The text with one entry as it was; None where nobody knows how it was."""
    if original is not None and written is not None:
        here, there, ours = text.extent(led.path), original.extent(led.path), written.extent(led.path)
        if here and there and ours and text.text[slice(*here)] == written.text[slice(*ours)]:
            return parse(path, (text.text[: here[0]] + original.text[slice(*there)] + text.text[here[1] :]).encode())
        before: Mapping[str, Any] | None = entry_at(original.value, led.path)
    else:
        before = rebuild(led.server)
    if before is None:
        return None
    members = {key: before.get(key) for key in _OURS if key in before or key in entry_at(text.value, led.path)}
    return parse(path, text.with_members(led.path, members).encode())


def read_for_undoing(connection: Connection) -> tuple[bytes, bytes | None]:
    """The file as it is now, and its backup if that is still there. Raises `NotReadable`."""
    try:
        now = connection.path.read_bytes()
    except OSError as fault:
        raise NotReadable(f"{connection.path} cannot be read: {fault.strerror}.") from fault
    try:
        return now, connection.backup.read_bytes()
    except OSError:
        return now, None
