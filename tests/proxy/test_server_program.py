"""What a command means, and what is said where it means nothing."""

import errno
from pathlib import Path

import pytest

from approver.model import StdioServer
from approver.proxy.server_program import UpstreamUnavailable, find_program, launch_fault, working_folder


def make_program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_bare_name_is_looked_for_in_the_folders_of_path(tmp_path: Path) -> None:
    program = make_program(tmp_path / "bin" / "tool")
    environment = {"PATH": f"/nowhere:{tmp_path / 'bin'}"}
    assert find_program(StdioServer("x", "tool"), environment, tmp_path) == str(program)


def test_a_name_with_a_slash_is_a_file_beside_the_working_folder(tmp_path: Path) -> None:
    program = make_program(tmp_path / "bin" / "tool")
    assert find_program(StdioServer("x", "./bin/tool"), {}, tmp_path) == str(tmp_path / "bin" / "tool")
    assert find_program(StdioServer("x", str(program)), {}, Path("/")) == str(program)


def test_a_tilde_is_the_persons_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    program = make_program(tmp_path / "tool")
    assert find_program(StdioServer("x", "~/tool"), {}, Path("/")) == str(program)
    assert working_folder(StdioServer("x", "tool", cwd="~")) == tmp_path
    assert working_folder(StdioServer("x", "tool")) == tmp_path


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UpstreamUnavailable, match=rf'Its folder "{tmp_path}/no" does not exist\. Mend "cwd"'):
        working_folder(StdioServer("x", "tool", cwd=str(tmp_path / "no")))


def test_an_unknown_command_is_told_with_the_path_that_was_searched(tmp_path: Path) -> None:
    with pytest.raises(UpstreamUnavailable, match=r'"tool" is in none of the folders of PATH \(/a:/b\)\. Install it'):
        find_program(StdioServer("x", "tool"), {"PATH": "/a:/b"}, tmp_path)
    with pytest.raises(UpstreamUnavailable, match=r"folders of PATH \(which is empty\)"):
        find_program(StdioServer("x", "tool"), {}, tmp_path)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("folder", "is a folder"), ("absent", "does not exist"), ("plain", "is not executable")],
)
def test_a_file_that_is_no_program_is_told(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_text("", encoding="utf-8")
    with pytest.raises(UpstreamUnavailable, match=rf'The command "{tmp_path}/{name}" {sentence}'):
        find_program(StdioServer("x", f"./{name}"), {}, tmp_path)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOENT, "the interpreter that its first line names does not exist"),
        (errno.ENOEXEC, 'it is no program, and no script that begins with "#!"'),
        (errno.E2BIG, "its arguments and environment are too long"),
        (errno.EACCES, "Permission denied"),
    ],
)
def test_a_launch_that_fails_is_told_in_words(number: int, sentence: str) -> None:
    fault = OSError(number, "Permission denied")
    assert launch_fault("/bin/tool", fault) == f'"/bin/tool" could not be started: {sentence}.'
