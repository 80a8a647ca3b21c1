"""The command line that other programs start Approver with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from approver.desktop.own_command import own_command, own_environment


def test_it_is_absolute_and_starts_approver_from_any_folder(tmp_path: Path) -> None:
    command = own_command()
    assert Path(command[0]).is_absolute()
    run = subprocess.run([*command, "--version"], cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("approver ")


def test_the_program_beside_this_python_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert own_command() == (str(tmp_path / "python"), "-m", "approver")
    program = tmp_path / "approver"
    program.touch()
    assert own_command()[0] == str(tmp_path / "python")  # nobody may run it
    program.chmod(0o755)
    assert own_command() == (str(program),)


def test_a_folder_of_its_own_is_said_in_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert own_environment({"APPROVER_HOME": "here"}) == {"APPROVER_HOME": str(tmp_path / "here")}
    assert own_environment({}) == {} == own_environment({"APPROVER_HOME": ""})
    assert os.environ.get("APPROVER_HOME")
