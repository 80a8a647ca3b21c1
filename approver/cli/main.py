"""The command line: finds the command's module, and imports nothing else.

Exit status: 0 done, 1 the answer is no, 2 wrong usage or unreadable input.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "tray": "run the app with its windows and its tray icon (what a bare `approver` does)",
    "serve": "run the app without windows",
    "connect": "what a client launches as its server: join it to a server of Approver's list",
    "demo": "watch a scripted agent be allowed, denied, limited and asked about",
    "server": "the servers: add, list, remove, test, login, logout",
    "policy": "the policies: show, set, validate, test, replay",
    "client": "the AI clients on this machine: list, connect, disconnect",
    "grant": "which client may use which server: add, list, revoke",
    "secret": "values for ${keyring:NAME}: set, list, remove",
    "pending": "the calls that wait for a person",
    "approve": "approve a waiting call",
    "deny": "deny a waiting call",
    "remembered": "answers that stand: list, revoke",
    "log": "what was decided: list, verify, export",
    "panic": "deny everything, now",
    "pause": "ask nobody: rules alone decide, and what they ask about is denied",
    "resume": "judge calls by the rules again",
    "quit": "end the running app",
    "doctor": "what is found, what is missing, and how to mend it",
}


def main(arguments: Sequence[str]) -> int:
    """Run a command line without its program name; returns the exit status."""
    words = list(arguments)
    if not words or words[0].startswith("-") and words[0] not in ("-h", "--help", "--version"):
        words.insert(0, "tray")
    name = words[0]
    if name in ("-h", "--help"):
        sys.stdout.write(_overview())
        return 0
    if name == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"approver {version('approver')}\n")
        return 0
    if name not in COMMANDS:
        sys.stderr.write(f"approver: there is no command {name!r}.{_suggestion(name)}\n\n{_overview()}")
        return 2
    return _run(name, words[1:])


def _run(name: str, words: list[str]) -> int:
    module = importlib.import_module(f"approver.cli.{name}")
    parser = argparse.ArgumentParser(prog=f"approver {name}", description=_sentence(COMMANDS[name]))
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(words)))
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:  # the reader of our output (`| head`) has seen enough
        sys.stderr.close()
        return 0


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _overview() -> str:
    lines = "".join(f"  {name:10} {what}\n" for name, what in COMMANDS.items())
    return f"usage: approver [COMMAND] [ARGUMENT ...]\n\n{lines}\n`approver COMMAND --help` tells more.\n"


def _suggestion(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, COMMANDS, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
