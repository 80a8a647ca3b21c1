"""The command line finds the command's module, imports nothing else, and says what is wrong with what was typed."""

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest

from approver.cli import main as module
from approver.cli.main import COMMANDS, main


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Put a stand-in in the place of every command's module; returns what was run, with which arguments."""

    def install(run: Callable[[Any], int] = lambda arguments: 0) -> list[Any]:
        ran: list[Any] = []

        def load(name: str) -> SimpleNamespace:
            def noted(arguments: Any) -> int:
                ran.append((name, vars(arguments)))
                return run(arguments)

            return SimpleNamespace(add_arguments=lambda parser: parser.add_argument("--flag"), run=noted)

        monkeypatch.setattr(module.importlib, "import_module", load)
        return ran

    return install


def test_a_command_is_run_with_its_arguments_and_its_status_returned(command) -> None:
    ran = command(lambda arguments: 1)
    assert main(["pending", "--flag", "x"]) == 1
    assert ran == [("approver.cli.pending", {"flag": "x"})]


@pytest.mark.parametrize("words", [[], ["--flag", "x"]])
def test_a_bare_approver_runs_the_tray(command, words) -> None:
    ran = command()
    assert main(words) == 0
    assert ran[0][0] == "approver.cli.tray"


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_lists_every_command(capsys, word) -> None:
    assert main([word]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_the_version_is_told(capsys) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("approver ")


@pytest.mark.parametrize(
    ("word", "words"),
    [("aprove", "Did you mean 'approve'?"), ("xyzzy", "there is no command 'xyzzy'."), ("", "there is no command ''")],
)
def test_an_unknown_command_is_wrong_usage_and_a_near_miss_is_named(capsys, word, words) -> None:
    assert main([word]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert ("Did you mean" in shown.err) is ("Did you mean" in words)
    assert "usage: approver [COMMAND]" in shown.err
    assert shown.out == ""


def test_wrong_arguments_are_wrong_usage(command, capsys) -> None:
    ran = command()
    with pytest.raises(SystemExit) as ended:
        main(["pending", "--unheard-of"])
    assert ended.value.code == 2
    assert "usage: approver pending" in capsys.readouterr().err
    assert ran == []


def test_an_interrupted_command_ends_quietly(command, capsys) -> None:
    def interrupted(arguments: Any) -> int:
        raise KeyboardInterrupt

    command(interrupted)
    assert main(["pending"]) == 1
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_has_seen_enough_is_no_failure(command, monkeypatch) -> None:
    def cut_off(arguments: Any) -> int:
        raise BrokenPipeError

    closed = []
    monkeypatch.setattr(module.sys, "stderr", SimpleNamespace(close=lambda: closed.append(True)))
    command(cut_off)
    assert main(["pending"]) == 0
    assert closed == [True]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "connect"])
def test_every_command_there_is_has_its_module_and_its_help(name, capsys) -> None:
    assert find_spec(f"approver.cli.{name}") is not None
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: approver {name}")


@pytest.mark.parametrize("words", [["pending", "--help"], ["--help"], ["connect", "--help"]])
def test_a_light_command_loads_nothing_heavy(words) -> None:
    program = (
        "import sys\nfrom approver.__main__ import main\nsys.argv[1:] = sys.argv[1:]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'PySide6', 'mcp', 'sqlite3', 'keyring', 'starlette', 'uvicorn', 'approver.engine'}\n"
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stderr == ""
    assert done.stdout.startswith("usage: approver")
