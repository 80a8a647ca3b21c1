"""`approver client`, run as the command line runs it, in a home with clients' files."""

import json
from pathlib import Path
from typing import Any

import pytest
from client_files import CODEX_TEXT, CURSOR_TEXT, entries, write

from approver.cli.main import main
from approver.clients.connections import connections_file
from approver.configuration_edits import read_servers
from approver.desktop.paths import Paths


@pytest.fixture(autouse=True)
def home(approver_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = tmp_path / "ana"
    write(home / ".cursor/mcp.json", CURSOR_TEXT)
    write(home / ".codex/config.toml", CODEX_TEXT)
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_CONFIG_HOME", "CODEX_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return home


def run(*words: str) -> int:
    return main(["client", *words])


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_clients_are_listed_with_their_servers(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    write(home / ".gemini/settings.json", entries(a={"command": "x", "envFile": ".env"}))
    write(home / ".config/zed/settings.json", "{")
    assert run("list") == 0
    out, err = capsys.readouterr()
    assert "files  past Approver: npx -y server-filesystem /home/ana" in out
    assert "remote  past Approver: https://example.com/mcp" in out
    assert "a  cannot be taken: it reads variables" in out
    assert "does not load" in err
    assert run("list", "--json") == 0
    listed = printed(capsys)
    assert [file["client"] for file in listed] == ["cursor", "zed", "gemini-cli", "codex"]
    assert "problem" in listed[1] and listed[2]["servers"][0]["can_be_connected"] is False


def test_where_no_client_is_that_is_said(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / ".cursor/mcp.json").unlink()
    (home / ".codex/config.toml").unlink()
    assert run("list") == 0
    assert "No file of a client" in capsys.readouterr().out


def test_a_client_is_connected_with_a_diff_that_tells_no_secret_and_disconnected_again(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert run("connect", "cursor", "codex") == 0
    out, _ = capsys.readouterr()
    assert '+      "args": ["connect", "files", "--client", "Cursor"]' in out
    assert "sk-1234567890abcdef" not in out
    assert f"{home}/.cursor/mcp.json.approver-20" in out
    assert '"files" asks about every call' in out
    paths = Paths.from_environment()
    assert set(read_servers(paths)) == {"files", "remote"}
    assert json.loads((paths.policies / "files.json").read_text(encoding="utf-8"))["default"] == "require_approval"
    assert run("list") == 0 and capsys.readouterr().out.count("through Approver") == 3
    assert run("connect", "cursor") == 1
    assert "nothing to connect" in capsys.readouterr().err
    assert run("disconnect", "cursor", str(home / ".codex/config.toml")) == 0
    assert "sk-1234567890abcdef" not in capsys.readouterr().out
    assert (home / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT
    assert (home / ".codex/config.toml").read_text(encoding="utf-8") == CODEX_TEXT
    assert run("disconnect", "--all") == 1


def test_a_dry_run_shows_everything_and_changes_nothing(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run("connect", "cursor", "--dry-run", "--json") == 0
    told = printed(capsys)
    assert told["servers"] == ["files", "remote"] and "+++" in told["files"][0]["diff"]
    assert told["files"][0]["changed"] is False and told["files"][0]["backup"] is None
    assert (home / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT
    assert not Paths.from_environment().servers.exists()
    assert run("connect", "cursor") == 0
    changed = (home / ".cursor/mcp.json").read_text(encoding="utf-8")
    assert run("disconnect", "--all", "--dry-run") == 0
    assert (home / ".cursor/mcp.json").read_text(encoding="utf-8") == changed


def test_machines_are_told_what_was_done(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run("connect", "cursor", "--json") == 0
    (file,) = printed(capsys)["files"]
    assert file["changed"] is True and Path(file["backup"]).read_text(encoding="utf-8") == CURSOR_TEXT
    assert file["servers"] == [{"entry": "files", "server": "files"}, {"entry": "remote", "server": "remote"}]
    assert run("disconnect", "cursor", "--json") == 0
    assert printed(capsys)["files"][0]["changed"] is True
    assert run("disconnect", "cursor", "--json") == 1
    assert printed(capsys) == {"servers": [], "files": []}


def test_one_server_alone_can_be_connected(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("connect", "cursor", "--server", "remote") == 0
    assert set(read_servers(Paths.from_environment())) == {"remote"}
    assert run("connect", "cursor", "--server", "nope") == 2
    assert 'no server "nope"' in capsys.readouterr().err


def test_a_project_is_looked_into_and_its_file_may_be_shared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    project = write(tmp_path / "site/.mcp.json", entries(a={"command": "x"})).parent
    assert run("connect", "claude-code", "--project", str(project)) == 0
    err = capsys.readouterr().err
    assert "may be shared with others" in err and "close it first" in err


def test_values_that_are_wanted_are_named(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    write(
        home / ".config/Code/User/mcp.json",
        json.dumps({"servers": {"a": {"command": "x", "env": {"K": "${input:k}"}}}}),
    )
    assert run("connect", "vscode") == 0
    assert "approver secret set a-k" in capsys.readouterr().err


def test_without_a_keyring_nothing_is_moved_into_it(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run("connect", "cursor", "--keyring") == 1
    assert "keyring" in capsys.readouterr().err
    assert (home / ".cursor/mcp.json").read_text(encoding="utf-8") == CURSOR_TEXT


def test_what_cannot_be_read_or_named_is_refused(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / ".cursor/mcp.json").write_text("{", encoding="utf-8")
    assert run("connect", "cursor") == 2
    assert "does not load" in capsys.readouterr().err
    assert run("connect", "nobody") == 2
    assert run("disconnect") == 2
    assert "--all" in capsys.readouterr().err
    write(connections_file(Paths.from_environment()), "[")
    assert run("disconnect", "--all") == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_file_that_cannot_be_put_back_is_told_of(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run("connect", "cursor") == 0
    capsys.readouterr()
    (home / ".cursor/mcp.json").write_text("{", encoding="utf-8")
    assert run("disconnect", "cursor", "--json") == 1
    assert "left alone" in printed(capsys)["files"][0]["error"]
    assert run("disconnect", "cursor") == 1
    assert "left alone" in capsys.readouterr().err
