"""Approver's own JSON files: read strictly, written in one step, so that nobody ever sees half a file.

Reading gives the value or a sentence with the line; writing goes to a new file beside the old one, which then takes its
place. Only the person may read what is written: servers and grants are nobody else's business.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Unreadable(ValueError):
    """The text is not what it should be; the message says what and where."""


def decode(data: bytes) -> str:
    """Turn a file's bytes into text. Raises `Unreadable`."""
    try:
        return data.decode("utf-8-sig")  # some editors put a mark in front
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise Unreadable(f"line {line}: not UTF-8 text. Save the file as UTF-8.") from fault


def parse_json(text: str) -> Any:
    """Parse JSON in which no name stands twice. Raises `Unreadable`."""
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        hint = "The file is empty." if not text.strip() else f"{fault.msg}."
        raise Unreadable(f"line {fault.lineno}, column {fault.colno}: not valid JSON: {hint}") from fault
    except RecursionError as fault:
        raise Unreadable("not valid JSON: nested too deeply.") from fault
    except ValueError as fault:
        raise Unreadable(f"not valid JSON: {fault}.") from fault


def write_json(path: Path, value: Any) -> None:
    """Put a value into the file at once, synced, readable by the person alone."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Put text into the file at once, synced, readable by the person alone; a link's target is replaced."""
    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'"{twice}" stands twice in one object; remove one')
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")
