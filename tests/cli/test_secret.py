"""`approver secret`, run as the command line runs it, on a keyring in memory."""

import getpass
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_keyring import in_memory

from approver.cli.main import main
from approver.configuration_edits import add_server
from approver.desktop.paths import Paths
from approver.model import HttpServer, StdioServer
from approver.secrets import SecretStore


@pytest.fixture(autouse=True)
def paths(approver_home: Path) -> Paths:
    return Paths.under(approver_home)


@pytest.fixture
def memory() -> Iterator[None]:
    with in_memory():
        yield


def run(*words: str, piped: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> int:
    if monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
    return main(["secret", *words])


@pytest.mark.usefixtures("memory")
def test_a_value_that_is_piped_in_is_kept_without_its_line_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("set", "token", piped=" s3cret \r\n", monkeypatch=monkeypatch) == 0
    assert SecretStore().get("token") == " s3cret "
    out = capsys.readouterr().out
    assert out == 'Stored "token". Use it in servers.json as "${keyring:token}".\n'
    assert run("set", "token", "--json", piped="x", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "token", "stored": True}


@pytest.mark.usefixtures("memory")
def test_at_a_terminal_the_value_is_asked_for_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: f"typed at {prompt}")
    assert run("set", "token") == 0
    assert SecretStore().get("token") == "typed at Value of token: "


@pytest.mark.usefixtures("memory")
def test_names_are_listed_with_who_uses_them(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list") == 0
    assert capsys.readouterr().out == "There are no secrets. Keep one: approver secret set NAME\n"
    add_server(paths, StdioServer("fs", "npx", (), {"A": "${keyring:a}${keyring:a}", "B": "${keyring:b}"}))
    add_server(paths, HttpServer("web", "https://x", {"A": "Bearer ${keyring:a}"}))
    for name in ("a", "c"):
        run("set", name, piped="value", monkeypatch=monkeypatch)
    capsys.readouterr()
    assert run("list") == 0
    assert capsys.readouterr().out == (
        "a  (used by fs, web)\nb  (used by fs; not stored yet: approver secret set b)\nc  (not used)\n"
    )
    assert run("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "a", "stored": True, "servers": ["fs", "web"]},
        {"name": "b", "stored": False, "servers": ["fs"]},
        {"name": "c", "stored": True, "servers": []},
    ]


@pytest.mark.usefixtures("memory")
def test_a_value_is_forgotten(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for options, told in ((("--json",), '{\n  "name": "a",\n  "removed": true\n}\n'), ((), 'Removed "a".\n')):
        run("set", "a", piped="value", monkeypatch=monkeypatch)
        capsys.readouterr()
        assert run("remove", "a", *options) == 0
        assert capsys.readouterr().out == told
    assert run("remove", "a") == 1
    assert 'There is no secret "a"' in capsys.readouterr().err


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(("name", "value"), [("a{b", "x"), ("a", ""), ("a", "\n")])
def test_wrong_use_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    assert run("set", name, piped=value, monkeypatch=monkeypatch) == 2
    assert capsys.readouterr().err.startswith("Nothing was stored: ")


def test_without_a_keyring_the_answer_is_no_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("set", "a"), ("list",), ("remove", "a")):
        assert run(*words, piped="value", monkeypatch=monkeypatch) == 1
        assert "There is no keyring on this machine or in this session. Start one" in capsys.readouterr().err
