"""Looks into clients' files: which servers each has, and which of them go through Approver already. Reads only.

places ──> files that are there ──> entries, each with the server that Approver would make of it
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from approver.clients.importing import Around, Imported, NotTaken, imported
from approver.clients.json_text import JsonText, NotReadable
from approver.clients.known import ANY, GEMINI_CLI, ClientFile, Section, Surroundings, user_files
from approver.clients.toml_text import TomlText

ClientText = JsonText | TomlText


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """One server's entry in a client's file."""

    path: tuple[str, ...]
    """Where it stands; its last part is the server's name."""
    imported: Imported | None
    """None: Approver cannot take it, and `reason` says why."""
    reason: str = ""
    is_ours: bool = False
    """Whether it leads to Approver already."""

    @property
    def name(self) -> str:
        """What the client calls it."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A client's file as it is now."""

    file: ClientFile
    data: bytes
    entries: tuple[FoundEntry, ...] = ()
    mistake: str = ""
    """Why it could not be read; empty: it could."""

    @property
    def takeable(self) -> tuple[FoundEntry, ...]:
        """The entries that can be led through Approver and are not yet."""
        return tuple(entry for entry in self.entries if entry.imported is not None and not entry.is_ours)


def find_files(around: Surroundings) -> tuple[FoundFile, ...]:
    """Every file of the person's own that is there."""
    return tuple(found for file in user_files(around) if (found := look(file, around)) is not None)


def look(file: ClientFile, around: Surroundings) -> FoundFile | None:
    """Read one file; None where there is none."""
    try:
        data = file.path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        return FoundFile(file, b"", mistake=f"{file.path} cannot be read: {fault.strerror}.")
    return look_at(file, data, around)


def look_at(file: ClientFile, data: bytes, around: Surroundings) -> FoundFile:
    """Read what stands in a file."""
    try:
        text = parse(file.path, data)
    except NotReadable as fault:
        return FoundFile(file, data, mistake=f"{file.path} does not load, so it is left alone: {fault}")
    places = Around(around.home, around.environment, file.project)
    entries = tuple(
        _entry(file, path, entry, places)
        for section in file.client.sections
        for path, entry in _entries(text.value, section)
    )
    return FoundFile(file, data, entries)


def parse(path: Path, data: bytes) -> ClientText:
    """Read a file's bytes as the text that its name says. Raises `NotReadable`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise NotReadable(f"line {line}: it is no UTF-8 text.") from fault
    return TomlText.of(text) if path.suffix == ".toml" else JsonText.of(text)


def is_ours(entry: Any) -> bool:
    """Whether an entry launches Approver's shim."""
    command, words = _command_line(entry)
    name = PureWindowsPath(PurePosixPath(command).name).name.removesuffix(".exe")
    if name == "approver":
        return words[:1] == ["connect"]
    return words[:3] == ["-m", "approver", "connect"]


def _command_line(entry: Any) -> tuple[str, list[Any]]:
    command = entry.get("command") if isinstance(entry, dict) else None
    words = entry.get("args") if isinstance(entry, dict) else None
    return (command if isinstance(command, str) else ""), (words if isinstance(words, list) else [])


def _entries(value: Mapping[str, Any], section: Section) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every entry of a section, with its path."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    for key in section:
        deeper = []
        for path, inside in waiting:
            if isinstance(inside, dict):
                keys = list(inside) if key == ANY else [key] if key in inside else []
                deeper += [((*path, one), inside[one]) for one in keys]
        waiting = deeper
    for path, inside in waiting:
        if isinstance(inside, dict):
            yield from (((*path, name), entry) for name, entry in inside.items())


def _entry(file: ClientFile, path: tuple[str, ...], entry: Any, around: Around) -> FoundEntry:
    if is_ours(entry):
        return FoundEntry(path, None, is_ours=True)
    project = Path(path[1]) if path[0] == "projects" and Path(path[1]).is_absolute() else around.project
    try:
        found = imported(
            path[-1],
            entry,
            Around(around.home, around.environment, project),
            bare_variables=file.client == GEMINI_CLI,
        )
    except NotTaken as fault:
        return FoundEntry(path, None, str(fault))
    return FoundEntry(path, found)
