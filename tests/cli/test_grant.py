"""`approver grant`, run as the command line runs it."""

import hashlib
import json
import socket
from pathlib import Path

import pytest

from approver.cli.main import main
from approver.configuration_edits import add_server, read_grants
from approver.desktop.paths import Paths
from approver.model import Grant, StdioServer


@pytest.fixture(autouse=True)
def paths(approver_home: Path) -> Paths:
    paths = Paths.under(approver_home)
    paths.create()
    add_server(paths, StdioServer("my web", "npx"))
    return paths


def run(*words: str) -> int:
    return main(["grant", *words])


def test_a_grant_is_made_and_its_token_shown_once(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "my web", "--name", "ci", "--json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert set(told) >= {"name", "server", "token", "url"}
    assert (told["name"], told["server"], told["policy"]) == ("ci", "my web", None)
    assert told["url"] == "http://127.0.0.1:8787/mcp/my%20web"
    [grant] = read_grants(paths)
    assert grant.token_sha256 == hashlib.sha256(told["token"].encode()).hexdigest()
    assert told["token"] not in paths.grants.read_text(encoding="utf-8")
    assert 'there is no policy "my web" yet' in err
    assert run("list", "--json") == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert listed == {"name": "ci", "server": "my web", "policy": None, "created": grant.created, "has_token": True}


def test_people_are_told_how_to_use_it(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    paths.settings.write_text(
        "[http]\nport = 9", encoding="utf-8"
    )  # where nobody listens, as others may at the usual one
    (paths.policies / "strict.json").write_text("{}", encoding="utf-8")
    assert run("add", "my web", "--name", "ci", "--policy", "strict") == 0
    out, err = capsys.readouterr()
    assert '"ci" may use "my web" now:' in out and "token    approver_" in out and "Authorization: Bearer" in out
    assert err == ""
    assert read_grants(paths)[0].policy == "strict"
    assert run("list") == 0
    assert capsys.readouterr().out.startswith('"ci" may use "my web" under the policy "strict", since 20')


def test_the_address_is_where_the_app_listens(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    paths.settings.write_text("[http]\nport = 9000", encoding="utf-8")
    run("add", "my web", "--name", "one", "--json")
    assert json.loads(capsys.readouterr().out)["url"] == "http://127.0.0.1:9000/mcp/my%20web"
    (paths.run / "http.json").write_text('{"url": "http://127.0.0.1:4321"}', encoding="utf-8")
    run("add", "my web", "--name", "two", "--json")
    assert json.loads(capsys.readouterr().out)["url"] == "http://127.0.0.1:4321/mcp/my%20web"


def test_whoever_took_the_port_is_warned_of(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        paths.settings.write_text(f"[http]\nport = {port}", encoding="utf-8")
        run("add", "my web", "--name", "one")
        assert f"another program listens at port {port}" in capsys.readouterr().err
        (paths.run / "http.json").write_text(f'{{"url": "http://127.0.0.1:{port}"}}', encoding="utf-8")  # it is ours
        run("add", "my web", "--name", "two")
        assert "another program" not in capsys.readouterr().err


def test_grants_without_a_token_or_a_date_are_listed_too(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert capsys.readouterr().out == "There are no grants. Add one: approver grant add SERVER --name LABEL\n"
    paths.grants.write_text('[{"name": "by hand", "server": "my web"}]', encoding="utf-8")
    assert run("list") == 0
    assert capsys.readouterr().out == '"by hand" may use "my web" (no token)\n'


def test_a_grant_may_be_for_several_servers(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    add_server(paths, StdioServer("files", "npx"))
    assert run("add", "--servers", "files, my web,files", "--name", "two", "--json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["servers"], told["url"]) == (["files", "my web"], "http://127.0.0.1:8787/mcp")
    assert 'no policy "files" yet, so every call to "files" under this grant' in err
    assert run("add", "--all-servers", "--name", "all") == 0
    out, err = capsys.readouterr()
    assert '"all" may use all servers now:' in out and 'call to "my web"' in err
    assert [grant.servers for grant in read_grants(paths)] == [("files", "my web"), ("*",)]
    assert run("list") == 0
    assert '"two" may use "files", "my web", since' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name one SERVER, or several with --servers A,B, or say --all-servers."),
        (("my web", "--all-servers"), "Name one SERVER, or several"),
        (("--servers", ","), "--servers names no server"),
        (("--servers", "my web,nowhere"), 'There is no server "nowhere".'),
        (("--all-servers", "--policy", "strict"), "leave --policy out"),
    ],
)
def test_which_servers_has_to_be_clear(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("add", *words, "--name", "x") != 0
    assert sentence in capsys.readouterr().err


def test_a_revoked_grant_is_gone(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        run("add", "my web", "--name", name)
    capsys.readouterr()
    assert run("revoke", "one") == 0
    assert capsys.readouterr().out == 'Revoked "one": its token admits nobody from the next request on.\n'
    assert run("revoke", "two", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"name": "two", "revoked": True}
    assert read_grants(paths) == ()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "nope", "--name", "ci"), 'There is no server "nope". There are: my web.'),
        (("add", "my web", "--name", "local"), 'A grant cannot be called "local"'),
        (("add", "my web", "--name", "ci", "--policy", "a/b"), 'A policy cannot be called "a/b"'),
        (("revoke", "nope"), 'There is no grant "nope". There are: taken.'),
        (("add", "my web", "--name", "taken"), 'There is a grant "taken" already.'),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(
    paths: Paths, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    paths.grants.write_text('[{"name": "taken", "server": "my web"}]', encoding="utf-8")
    assert run(*words) == 2
    assert sentence in capsys.readouterr().err
    assert read_grants(paths) == (Grant("taken", "my web"),)
