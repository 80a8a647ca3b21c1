"""What the clients' files look like now, and which of them Approver changed: files in, rows out. Reads only."""

from dataclasses import dataclass

from approver.clients.connections import Connection, read_connections
from approver.clients.finding import FoundFile, look
from approver.clients.known import Surroundings, chosen_file
from approver.desktop.paths import Paths
from approver.taking_over import found_files


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client's file."""

    found: FoundFile
    connection: Connection | None = None
    """The newest change that Approver made to it and that was not undone."""

    @property
    def through(self) -> int:
        """How many of its servers go through Approver."""
        return sum(entry.is_ours for entry in self.found.entries)


def survey_clients(paths: Paths, around: Surroundings) -> tuple[ClientRow, ...]:
    """Every file of a known client that is there, and those that a person chose. Raises `ChangeRefused`."""
    made = {connection.path: connection for connection in read_connections(paths)}
    files = list(found_files(around, None))
    known = {found.file.path for found in files}
    for path in made.keys() - known:
        if (found := look(chosen_file(path, around), around)) is not None:
            files.append(found)
    files[len(known) :] = sorted(files[len(known) :], key=lambda found: found.file.path)
    return tuple(ClientRow(found, made.get(found.file.path)) for found in files)
