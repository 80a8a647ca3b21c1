"""Each check on a machine, a folder or a configuration that has what it looks for."""

import os
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from approver.cli import checkup
from approver.cli.checkup import Problem
from approver.configuration import Configuration
from approver.desktop.paths import Paths
from approver.secrets import KeyringState, StoreState

ALLOW_ALL = '{"version": "1", "default": "allow"}'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path / "home")
    paths.create()
    return paths


def told(problems: Iterable[Problem]) -> list[str]:
    return [problem.what for problem in problems]


@pytest.mark.parametrize(
    ("python", "qt", "found"),
    [
        ((3, 11, 7), "6.11.3", []),
        ((3, 12, 1), "6.12.0", []),
        ((3, 11, 7), "6.12.0", ["PySide6-Essentials 6.12.0 on Python 3.11 aborts"]),
        ((3, 11, 7), "6.12", ["PySide6-Essentials 6.12 on Python 3.11 aborts"]),
        ((3, 11, 7), "7.0.0", ["PySide6-Essentials 7.0.0 on Python 3.11 aborts"]),
        ((3, 13, 0), None, ["PySide6-Essentials is not installed"]),
        ((3, 10, 2), "6.11.3", ["Python 3.10 is too old."]),
    ],
)
def test_the_versions_that_do_not_go_together_are_named(
    python: tuple[int, ...], qt: str | None, found: list[str]
) -> None:
    problems = told(checkup.check_python(python, qt))
    assert len(problems) == len(found)
    assert all(problem.startswith(start) for problem, start in zip(problems, found, strict=True))


def test_missing_libraries_come_with_the_line_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "missing_libraries", lambda: ("libEGL.so.1", "libxcb-cursor.so.0"))
    (problem,) = checkup.check_libraries()
    assert "libEGL.so.1, libxcb-cursor.so.0 missing" in problem.what
    assert "sudo apt-get install libegl1 libxcb-cursor0" in problem.mend


def test_folders_that_approver_made_are_right(paths: Paths) -> None:
    assert told(checkup.check_folders(paths)) == []


def test_folders_that_are_not_there_yet_are_right(tmp_path: Path) -> None:
    assert told(checkup.check_folders(Paths.under(tmp_path / "nothing"))) == []


def test_a_folder_that_others_may_enter_is_named(paths: Paths) -> None:
    paths.data.chmod(0o755)
    (problem,) = checkup.check_folders(paths)
    assert problem.what == f"{paths.data} is open to other users of this machine."
    assert problem.mend == f"chmod 700 {paths.data}"


def test_a_file_in_the_place_of_a_folder_is_named(paths: Paths) -> None:
    shutil.rmtree(paths.data)
    paths.data.write_text("", encoding="utf-8")
    assert f"{paths.data} is no folder." in told(checkup.check_folders(paths))


def test_a_folder_of_somebody_else_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 123456)
    assert f"{paths.data} belongs to another user." in told(checkup.check_folders(paths))


def test_a_folder_that_cannot_be_written_to_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != paths.data)
    assert told(checkup.check_folders(paths)) == [f"{paths.data} cannot be written to."]


def test_a_file_with_secrets_is_named_only_where_others_reach_it(paths: Paths) -> None:
    paths.servers.write_text("{}", encoding="utf-8")
    paths.servers.chmod(0o644)
    assert told(checkup.check_folders(paths)) == []
    paths.config.chmod(0o755)
    assert told(checkup.check_folders(paths)) == [f"{paths.servers} can be read by other users of this machine."]


def test_a_full_disk_is_told(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(checkup.check_space(paths)) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=5 * 2**20))
    (problem,) = checkup.check_space(Paths.under(paths.data / "not" / "yet"))
    assert "has 5 MiB left" in problem.what


def configure(paths: Paths, servers: str, **policies: str) -> Configuration:
    paths.servers.write_text(f'{{"mcpServers": {servers}}}', encoding="utf-8")
    for name, text in policies.items():
        (paths.policies / f"{name}.json").write_text(text, encoding="utf-8")
    return Configuration.load(paths)


def test_what_does_not_load_and_what_has_no_policy_is_told(paths: Paths) -> None:
    found = configure(paths, '{"a": {"command": "sh"}, "b": {"command": "sh"}}', a=ALLOW_ALL, c='{"version": "2"}')
    broken, without = checkup.check_configuration(found.snapshot)
    assert "policies/c.json does not load" in broken.what
    assert without.what == 'The server "b" has no policy, so every call to it is denied.'
    assert without.mend == "approver policy set b FILE"


def test_a_server_whose_policy_does_not_load_is_not_said_to_have_none(paths: Paths) -> None:
    found = configure(paths, '{"a": {"command": "sh"}}', a='{"version": "2"}')
    (broken,) = checkup.check_configuration(found.snapshot)
    assert "policies/a.json does not load" in broken.what


def test_of_files_that_do_not_load_a_running_engine_tells_itself(paths: Paths) -> None:
    found = configure(paths, '{"a": {"command": "sh"}, "b": {"command": "sh"}}', a='{"version": "2"}')
    (without,) = checkup.check_configuration(found.snapshot, engine_tells=True)
    assert without.what == 'The server "b" has no policy, so every call to it is denied.'


def test_a_command_is_looked_for_where_the_server_would_be_started(paths: Paths, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "a-server"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    servers = f"""{{
        "by name": {{"command": "a-server"}},
        "with a PATH of its own": {{"command": "a-server", "env": {{"PATH": "/nowhere"}}}},
        "from its folder": {{"command": "bin/a-server", "cwd": "{tmp_path}"}},
        "by its full path": {{"command": "{program}"}},
        "misspelt": {{"command": "a-sever"}},
        "in no folder": {{"command": "a-server", "cwd": "{tmp_path}/nothing"}},
        "elsewhere": {{"url": "https://example.com/mcp"}}
    }}"""
    problems = told(checkup.check_servers(configure(paths, servers).snapshot, {"PATH": str(program.parent)}))
    assert problems == [
        "The server \"with a PATH of its own\" cannot start: 'a-server' is not found in /nowhere.",
        f"The server \"misspelt\" cannot start: 'a-sever' is not found in {program.parent}.",
        f'The server "in no folder" is to start in {tmp_path}/nothing, which is no folder.',
    ]


def test_an_engine_that_does_not_answer_is_told() -> None:
    (problem,) = checkup.check_engine(77, False, ())
    assert "process 77" in problem.what
    assert told(checkup.check_engine(77, True, ())) == []
    assert told(checkup.check_engine(None, False, ())) == []


def test_what_the_engine_says_is_passed_on() -> None:
    assert told(checkup.check_engine(77, True, ("The log cannot be written.",))) == ["The log cannot be written."]


def test_packages_are_found_by_name() -> None:
    assert checkup.installed("approver") is not None
    assert checkup.installed("no-such-package-of-anybodys") is None


STORED = StoreState(KeyringState.STORED, "A keyring", "Secrets are kept in a keyring.")
NOWHERE = StoreState(KeyringState.NOT_AVAILABLE, "", "There is no keyring.")
WITH_SECRETS = """{
    "local": {"command": "sh", "env": {"KEY": "${keyring:here} ${keyring:missing}"}},
    "remote": {"url": "https://example.com/mcp", "headers": {"Authorization": "Bearer ${keyring:here}"}}
}"""


def test_a_secret_that_is_not_in_the_keyring_is_named(paths: Paths) -> None:
    (problem,) = checkup.check_secrets(configure(paths, WITH_SECRETS).snapshot, STORED, ("here", "another"))
    assert problem.what == 'The server "local" needs the secret "missing", which is not in the keyring.'
    assert problem.mend == "approver secret set missing"


def test_without_a_keyring_every_secret_is_a_problem(paths: Paths) -> None:
    problems = told(checkup.check_secrets(configure(paths, WITH_SECRETS).snapshot, NOWHERE, None))
    assert len(problems) == 3
    assert all(problem.endswith("There is no keyring.") for problem in problems)


def test_a_keyring_that_does_not_tell_is_not_guessed_about(paths: Paths) -> None:
    assert told(checkup.check_secrets(configure(paths, WITH_SECRETS).snapshot, STORED, None)) == []


def test_a_file_with_a_secret_that_others_may_read_is_told(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("s3cret", encoding="utf-8")
    file.chmod(0o644)
    servers = f'{{"web": {{"url": "https://x.org/", "headers": {{"A": "${{env:NOT_SET}} ${{file:{file}}}"}}}}}}'
    (problem,) = checkup.check_secret_files(configure(paths, servers).snapshot)
    assert problem.what.startswith(f'The server "web" needs the file {file}. Others may read')
    assert "chmod 600" in problem.mend
    file.chmod(0o600)
    assert told(checkup.check_secret_files(configure(paths, servers).snapshot)) == []


def test_a_port_that_somebody_has_is_told() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        (problem,) = checkup.check_port(port)
    assert f"The port {port} on 127.0.0.1 cannot be used" in problem.what
    assert told(checkup.check_port(port)) == []


def test_a_log_that_is_not_there_yet_is_no_problem(tmp_path: Path) -> None:
    assert told(checkup.check_journal(tmp_path / "journal.db")) == []
    assert checkup.journal_head(tmp_path / "journal.db") is None
