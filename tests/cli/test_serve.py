"""`approver serve`: the app without windows."""

import pytest

from approver import headless
from approver.cli.main import main
from approver.desktop.paths import Paths


def test_it_runs_in_the_persons_folders_and_ends_with_its_status(
    approver_home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Paths] = []

    def run(paths: Paths) -> int:
        ran.append(paths)
        return 7

    monkeypatch.setattr(headless, "run", run)
    assert main(["serve"]) == 7
    assert ran == [Paths.from_environment()]
