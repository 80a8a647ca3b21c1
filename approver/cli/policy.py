"""`approver policy`: check, test, try, show and set policies. Works on files alone; the running app notices a change.

Files go in; a sentence for each mistake, a line for each test, or a policy in force comes out.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from approver.cli import policy_replay
from approver.configuration_edits import EditRefused, read_servers
from approver.desktop.paths import Paths, PathsUnusable
from approver.own_files import write_text
from approver.policy.cases import CaseFileUnreadable, CaseResult, run_file, run_text
from approver.policy.document import Policy, PolicyInvalid, parse
from approver.policy.problems import Problem
from approver.servers import name_mistake
from approver.visible import escape_json, make_visible

DONE, NO, UNREADABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="validate | test | replay | show | set")
    _add(actions, "validate", "check policies; every mistake is told", "FILE…")
    _add(actions, "test", "run policy test files", "FILE…")
    policy_replay.add_arguments(actions)
    _add(actions, "show", "print a server's policy", "SERVER")
    _add(actions, "set", "give a server a policy; one that is not valid is refused", "SERVER FILE")


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action; returns the exit status."""
    return _ACTIONS[arguments.action](arguments)


def _add(actions: Any, name: str, what: str, takes: str) -> None:
    parser = actions.add_parser(name, help=what, description=what.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="print it for a program to read")
    if "SERVER" in takes:
        parser.add_argument("server", metavar="SERVER")
    if takes == "FILE…":
        parser.add_argument("files", metavar="FILE", nargs="+", help="a file, or - for what is piped in")
    elif "FILE" in takes:
        parser.add_argument("file", metavar="FILE", help="the policy's file, or - for what is piped in")


def _validate(arguments: argparse.Namespace) -> int:
    status, told = DONE, []
    for name in arguments.files:
        try:
            parse(_read(name))
            problems: tuple[Problem, ...] = ()
        except OSError as fault:
            _complain(_unreadable(name, fault))
            status = UNREADABLE
            continue
        except PolicyInvalid as invalid:
            problems = invalid.problems
            status = max(status, NO)
        told.append({"file": name, "valid": not problems, "problems": [_problem(problem) for problem in problems]})
        if not arguments.json:
            _say(f"{name}: {_counted(len(problems), 'mistake') if problems else 'fine'}")
            _say_each(f"  {problem}" for problem in problems)
    if arguments.json:
        _say_json(told)
    return status


def _test(arguments: argparse.Namespace) -> int:
    status = DONE
    results: list[CaseResult] = []
    for name in arguments.files:
        try:
            results += run_text(_read("-"), Path(), "-") if name == "-" else run_file(Path(name))
        except OSError as fault:
            _complain(_unreadable(name, fault))
            status = UNREADABLE
        except CaseFileUnreadable as unreadable:
            _complain(f"{name} is no policy test file:")
            for problem in unreadable.problems:
                _complain(f"  {problem}")
            status = UNREADABLE
    failed = sum(not result.passed for result in results)
    if arguments.json:
        _say_json([_result(result) for result in results])
    else:
        _say_each(line for result in results for line in _told(result))
        _say(f"{_counted(len(results) - failed, 'test')} passed, {failed} failed.")
    return status or (NO if failed else DONE)


def _show(arguments: argparse.Namespace) -> int:
    path = _policy_path(arguments.server)
    if path is None:
        return UNREADABLE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        give = f"approver policy set {arguments.server} FILE"
        _complain(f'"{arguments.server}" has no policy, so every call of its tools is denied. Give it one: {give}')
        return NO
    except OSError as fault:
        _complain(_unreadable(str(path), fault))
        return UNREADABLE
    policy = _valid(raw, str(path))
    if arguments.json and policy is not None:
        _say_json(policy.document)
    elif not arguments.json:
        sys.stdout.write(escape_json(raw.decode("utf-8", "backslashreplace")).rstrip("\n") + "\n")
    return NO if policy is None else DONE


def _set(arguments: argparse.Namespace) -> int:
    path = _policy_path(arguments.server)
    if path is None:
        return UNREADABLE
    try:
        raw = _read(arguments.file)
    except OSError as fault:
        _complain(_unreadable(arguments.file, fault))
        return UNREADABLE
    if _valid(raw, arguments.file) is None:
        _complain(f"Nothing was changed: {'the old policy stays' if path.exists() else 'no policy is'} in force.")
        return NO
    try:
        Paths.from_environment().create()
        write_text(path, raw.decode("utf-8"))
    except (OSError, PathsUnusable) as fault:
        _complain(f"{path} cannot be written: {fault}")
        return UNREADABLE
    if arguments.json:
        _say_json({"server": arguments.server, "path": str(path)})
    else:
        _say(f'"{arguments.server}" has this policy now ({path}); it judges the next call.')
    _warn_of_unknown(arguments.server)
    return DONE


def _policy_path(server: str) -> Path | None:
    if mistake := name_mistake(server):
        _complain(f"{json.dumps(server)} is no server's name: {mistake}.")
        return None
    return Paths.from_environment().policies / f"{server}.json"


def _warn_of_unknown(server: str) -> None:
    """A policy under a mistyped name judges nothing, and nothing else would say so."""
    try:
        servers = read_servers(Paths.from_environment())
    except (EditRefused, OSError):
        return
    if server not in servers:
        known = ", ".join(servers) or "none yet"
        _complain(f'Note: there is no server "{server}" (there are: {known}). Add it: approver server add {server} …')


def _valid(raw: bytes, name: str) -> Policy | None:
    try:
        return parse(raw)
    except PolicyInvalid as invalid:
        _complain(f"{name} is not a valid policy:")
        for problem in invalid.problems:
            _complain(f"  {problem}")
        return None


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _problem(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("pointer", "message", "hint", "line", "column")}


def _result(result: CaseResult) -> dict[str, Any]:
    return {
        "file": result.file,
        "case": result.case,
        "passed": result.passed,
        "got": dict(result.got),
        "expected": dict(result.expected),
    }


def _told(result: CaseResult) -> Iterable[str]:
    yield f"{'ok  ' if result.passed else 'FAIL'} {result.file}: {result.case}"
    if not result.passed:
        yield f"       expected {json.dumps(dict(result.expected), ensure_ascii=False)}"
        yield f"       got      {json.dumps(dict(result.got), ensure_ascii=False)}"


def _unreadable(name: str, fault: OSError) -> str:
    return f"{name} cannot be read: {fault.strerror or fault}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _say_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def _say_each(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(make_visible(line) + "\n")


def _complain(line: str) -> None:
    sys.stderr.write(make_visible(line) + "\n")


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "validate": _validate,
    "test": _test,
    "replay": policy_replay.run,
    "show": _show,
    "set": _set,
}
