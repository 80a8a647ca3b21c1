"""What an action's faults become: a sentence and an exit status."""

import argparse
from pathlib import Path

import pytest

from approver.cli.actions import add_action, run_action
from approver.configuration_edits import EditRefused
from approver.desktop.paths import Paths, PathsUnusable
from approver.secrets import SecretUnavailable


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (EditRefused("no"), 2, "no\n"),
        (PathsUnusable("no folder"), 2, "no folder\n"),
        (SecretUnavailable("no keyring"), 1, "no keyring\n"),
        (OSError(28, "No space left on device", "/x"), 2, "/x: No space left on device.\n"),
        (OSError("odd"), 2, "odd.\n"),
    ],
)
def test_a_fault_becomes_a_sentence_and_a_status(
    capsys: pytest.CaptureFixture[str], fault: Exception, status: int, sentence: str
) -> None:
    def act(paths: Paths, arguments: argparse.Namespace) -> int:
        raise fault

    assert run_action({"act": act}, argparse.Namespace(action="act")) == status
    assert capsys.readouterr().err == sentence


def test_an_action_gets_the_persons_folders_and_its_arguments(approver_home: Path) -> None:
    parser = argparse.ArgumentParser()
    add_action(parser.add_subparsers(dest="action"), "act", "do a thing").add_argument("name")

    def act(paths: Paths, arguments: argparse.Namespace) -> int:
        assert paths.config == approver_home / "config"
        assert (arguments.name, arguments.json) == ("x", True)
        return 0

    assert run_action({"act": act}, parser.parse_args(["act", "x", "--json"])) == 0
