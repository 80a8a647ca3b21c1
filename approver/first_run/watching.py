"""Ends the watching of servers whose week is over: `data/watching.json` says which, until when, and what comes then.

    at the start, and every hour ──> whose day has come ──> still the policy that let everything run? ──> the asking one

A policy that was edited since is the person's own, and stays.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from approver.desktop.paths import Paths
from approver.own_files import Unreadable, decode, parse_json, write_json


class WatchingUnreadable(Exception):
    """The notes cannot be read; the message says which file and why."""


def watching_file(paths: Paths) -> Path:
    """Where it is noted."""
    return paths.data / "watching.json"


def watch(paths: Paths, later: Mapping[str, Mapping[str, Any]], until: date) -> None:
    """Note that the policies in force of these servers are to be replaced on a day, and by which."""
    if not later:
        return
    entries = [one for one in _noted(paths) if one["server"] not in later]
    for name, policy in later.items():
        digest = _digest(paths.policies / f"{name}.json")
        entries.append({"server": name, "until": until.isoformat(), "policy_sha256": digest, "then": policy})
    write_json(watching_file(paths), entries)


def end_watching(paths: Paths, today: date) -> tuple[str, ...]:
    """Put the asking policies in force whose day has come; returns their servers. Raises `WatchingUnreadable`."""
    entries = _noted(paths)
    due = [one for one in entries if one["until"] <= today.isoformat()]
    ended = []
    for one in due:
        policy = paths.policies / f"{one['server']}.json"
        if policy.exists() and _digest(policy) == one["policy_sha256"]:
            write_json(policy, one["then"])
            ended.append(str(one["server"]))
    if due:
        write_json(watching_file(paths), [one for one in entries if one not in due])
    return tuple(ended)


def _noted(paths: Paths) -> list[dict[str, Any]]:
    file = watching_file(paths)
    try:
        entries = parse_json(decode(file.read_bytes()))
        for one in entries:
            date.fromisoformat(one["until"])
            if not isinstance(one["server"], str) or not isinstance(one["then"], dict) or "policy_sha256" not in one:
                raise ValueError("an entry is not whole")
    except FileNotFoundError:
        return []
    except (Unreadable, KeyError, TypeError, ValueError, OSError) as fault:
        raise WatchingUnreadable(
            f"{file}, which says until when servers are only watched, cannot be read: {fault}. Remove it, and choose "
            "their rules yourself."
        ) from fault
    return list(entries)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
