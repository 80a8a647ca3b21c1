"""SQLite's errors as sentences: what happened to which file, and what to do about it."""

import sqlite3
from pathlib import Path

_ADVICE = {
    "SQLITE_FULL": "The disk is full. Make room on it",
    "SQLITE_IOERR": "The disk does not take it, or does not give it back. Make room on it and see that it is healthy",
    "SQLITE_READONLY": "It must not be written to. Give yourself the right to write to it and to its folder",
    "SQLITE_PERM": "It must not be opened. Give yourself the right to read and write it",
    "SQLITE_CANTOPEN": "It cannot be opened. See that its folder exists and that you may write to it",
    "SQLITE_BUSY": "Another process keeps it locked. End that process",
    "SQLITE_LOCKED": "Another process keeps it locked. End that process",
    "SQLITE_NOTADB": "It is not a database. Move it away, and Approver will begin a new log there",
    "SQLITE_CORRUPT": "It is damaged. Keep it for a look at it, but move it away, and Approver will begin a new log",
    "SQLITE_CONSTRAINT": "Somebody else writes to it as well. End the other process",
}


def sentence(fault: Exception, path: Path) -> str:
    """What went wrong with the file, in words that help."""
    name = getattr(fault, "sqlite_errorname", "")
    # extended codes begin with the name of the plain one: SQLITE_IOERR_WRITE
    advice = next((advice for code, advice in _ADVICE.items() if name == code or name.startswith(f"{code}_")), None)
    if advice is None:
        return f"{path}: {fault}."
    return f"{path}: {advice}. (SQLite: {fault})"


def is_interruption(fault: sqlite3.Error) -> bool:
    """Whether the query was stopped on our own demand."""
    return getattr(fault, "sqlite_errorname", "") == "SQLITE_INTERRUPT"
