"""What Approver changed in clients' files, so that it can be undone: `data/clients.json`.

It names files, backups and entries, and holds nothing of what stood in them: the originals are in the backups alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from approver.clients.applying import ChangeRefused, put_in_place
from approver.clients.planning import FilePlan, Led, Way
from approver.desktop.paths import Paths
from approver.own_files import Unreadable, decode, parse_json, write_json


@dataclass(frozen=True, slots=True)
class Connection:
    """One change that was made to one file."""

    path: Path
    backup: Path
    led: tuple[Led, ...]
    way: Way
    """How the entries start Approver."""
    day: str
    client: str
    """What the client is called, which the entries say."""


def connections_file(paths: Paths) -> Path:
    """Where they are kept."""
    return paths.data / "clients.json"


def connect(paths: Paths, plan: FilePlan, way: Way, today: date) -> Connection:
    """Change a client's file and remember it. Raises `ChangeRefused`, and then nothing has changed."""
    known = read_connections(paths)
    backup = put_in_place(plan, today)
    made = Connection(plan.file.path, backup, plan.led, way, today.isoformat(), plan.file.client.name)
    _write(paths, [*known, made])
    return made


def read_connections(paths: Paths) -> tuple[Connection, ...]:
    """Every change that was made and not undone, oldest first. Raises `ChangeRefused`."""
    file = connections_file(paths)
    try:
        return tuple(_connection(entry) for entry in parse_json(decode(file.read_bytes())))
    except FileNotFoundError:
        return ()
    except (Unreadable, KeyError, TypeError, AttributeError, OSError) as fault:
        raise ChangeRefused(
            f"{file}, where Approver notes which clients' files it changed, cannot be read: {fault}. The backups are "
            "beside those files; once you have put them back, remove it."
        ) from fault


def forget(paths: Paths, undone: Iterable[Connection]) -> None:
    """Drop what was undone."""
    gone = list(undone)
    _write(paths, [one for one in read_connections(paths) if one not in gone])


def _write(paths: Paths, connections: Iterable[Connection]) -> None:
    write_json(connections_file(paths), [_entry(one) for one in connections])


def _entry(one: Connection) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "backup": str(one.backup),
        "day": one.day,
        "client": one.client,
        "command": list(one.way.command),
        "environment": dict(one.way.environment),
        "entries": [{"path": list(led.path), "server": led.server} for led in one.led],
    }


def _connection(entry: Any) -> Connection:
    return Connection(
        path=Path(entry["file"]),
        backup=Path(entry["backup"]),
        led=tuple(Led(tuple(led["path"]), led["server"]) for led in entry["entries"]),
        way=Way(tuple(entry["command"]), dict(entry["environment"])),
        day=entry["day"],
        client=entry["client"],
    )
