"""`approver server`, run as the command line runs it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from approver.cli.main import main
from approver.configuration_edits import read_servers
from approver.desktop.paths import Paths
from approver.model import HttpServer, StdioServer

SERVER = """
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "initialize":
        itself = {"serverInfo": {"name": "s", "version": "2"}}
        result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, **itself}
    elif message["method"] == "tools/list":
        tools = {"a": "Says a.\\nAnd more.", "b": "x" * 200}
        result = {"tools": [{"name": name, "description": text} for name, text in tools.items()]}
    else:
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""


@pytest.fixture(autouse=True)
def home(approver_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.chdir(tmp_path)
    return approver_home


def servers() -> dict[str, Any]:
    return read_servers(Paths.from_environment())


def run(*words: str) -> int:
    return main(["server", *words])


def test_a_server_is_added_with_its_whole_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run("add", "fs", "--env", "A=1", "--env", "B=x=y", "--cwd", "/tmp", "--", "npx", "-y", "--json", "--", "fs")
        == 0
    )
    assert servers() == {"fs": StdioServer("fs", "npx", ("-y", "--json", "--", "fs"), {"A": "1", "B": "x=y"}, "/tmp")}
    out, err = capsys.readouterr()
    assert out == 'Added "fs": npx -y --json -- fs\n'
    assert "has no policy yet, so every call of its tools is denied" in err and "approver policy set fs FILE" in err


def test_a_server_that_runs_elsewhere_is_added_by_its_address() -> None:
    assert run("add", "web", "--url", "https://example.com/mcp", "--header", "X-Key=a b") == 0
    assert servers() == {"web": HttpServer("web", "https://example.com/mcp", {"X-Key": "a b"})}


def test_a_command_that_names_files_here_starts_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "server.py").write_text("", encoding="utf-8")
    assert run("add", "own", "--", "python", "server.py") == 0
    assert run("add", "own2", "--", "./server.py") == 0
    assert run("add", "other", "--", "python", "-m", "server") == 0
    assert run("add", "same", "--", "server.py") == 0
    assert [server.cwd for server in servers().values()] == [str(tmp_path), str(tmp_path), None, None]
    assert f"It starts in {tmp_path}, where the files are that it names." in capsys.readouterr().out


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced() -> None:
    assert run("add", "fs", "--", "one") == 0
    assert run("add", "fs", "--", "two") == 2
    assert servers()["fs"] == StdioServer("fs", "one")
    assert run("add", "fs", "--replace", "--", "two") == 0
    assert servers()["fs"] == StdioServer("fs", "two")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "fs"), "Say how to reach it: approver server add fs -- COMMAND ARG…, or --url URL."),
        (("add", "fs", "--"), "Say how to reach it"),
        (("add", "fs", "--url", "https://x", "--", "npx"), "--url means a server that runs elsewhere"),
        (("add", "fs", "--header", "A=1", "--", "npx"), "--header is for servers with --url."),
        (("add", "fs", "--env", "A", "--", "npx"), "--env takes NAME=VALUE, and this is 'A'."),
        (("add", "fs", "--url", "nonsense"), "url must be an address"),
        (("add", "a/b", "--", "npx"), "a name cannot hold '/'"),
        (("remove", "nope"), 'There is no server "nope". There are none yet.'),
        (("test", "nope"), 'There is no server "nope" (there are: none yet).'),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert run(*words) == 2
    assert sentence in capsys.readouterr().err
    assert servers() == {}


@pytest.mark.parametrize(
    "words", [(), ("add",), ("nonsense",), ("add", "fs", "extra", "--", "npx"), ("list", "--nonsense")]
)
def test_what_cannot_be_parsed_is_wrong_use(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2


def test_servers_are_listed_for_people(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert capsys.readouterr().out == "There are no servers yet. Add one: approver server add NAME -- COMMAND ARG…\n"
    run("add", "fs", "--", "npx", "a b")
    run("add", "web", "--url", "https://x/mcp")
    (home / "config" / "policies" / "web.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert run("list") == 0
    assert capsys.readouterr().out == "fs   npx 'a b'  (no policy: all is denied)\nweb  https://x/mcp\n"


def test_servers_are_listed_for_programs_without_their_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "fs", "--env", "API_KEY=hunter2hunter2", "--env", "TOKEN=${keyring:t}", "--env", "PORT=80", "--", "npx")
    run("add", "web", "--url", "https://x/mcp", "--header", "Authorization=Bearer abcdefghijklmnop")
    capsys.readouterr()
    assert run("list", "--json") == 0
    out = capsys.readouterr().out
    fs, web = json.loads(out)
    assert (fs["name"], fs["command"], fs["args"], fs["has_policy"]) == ("fs", "npx", [], False)
    assert fs["env"]["TOKEN"] == "${keyring:t}" and fs["env"]["PORT"] == "80"
    assert web["url"] == "https://x/mcp"
    assert "hunter2" not in out and "abcdef" not in out


def test_added_and_removed_servers_are_told_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "fs", "--json", "--", "npx") == 0
    assert json.loads(capsys.readouterr().out) == {"name": "fs", "command": "npx", "args": [], "has_policy": False}
    assert run("remove", "fs", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"name": "fs", "removed": True}
    run("add", "fs", "--", "npx")
    capsys.readouterr()
    assert run("remove", "fs") == 0
    assert capsys.readouterr().out.startswith('Removed "fs".')
    assert servers() == {}


def test_a_file_that_does_not_load_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config").mkdir()
    (home / "config" / "servers.json").write_text("{", encoding="utf-8")
    for words in (("list",), ("add", "fs", "--", "npx"), ("remove", "fs"), ("test", "fs")):
        assert run(*words) == 2
        assert "servers.json does not load" in capsys.readouterr().err


def test_a_server_is_tried_out_and_its_tools_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "fs", "--", sys.executable, "-c", SERVER)
    capsys.readouterr()
    assert run("test", "fs") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        '"fs" works: it is s 2 and speaks MCP 2025-06-18.',
        "It has 2 tools:",
        "  a  Says a.",
        f"  b  {'x' * 80}…",
    ]
    assert run("test", "fs", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["server"], told["ok"], told["revision"], told["name"]) == ("fs", True, "2025-06-18", "s")
    assert [tool["name"] for tool in told["tools"]] == ["a", "b"]


def test_a_server_that_fails_is_told_with_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    run(
        "add",
        "fs",
        "--env",
        "WHY=no licence",
        "--",
        sys.executable,
        "-c",
        "import os, sys; sys.exit(os.environ['WHY'])",
    )
    capsys.readouterr()
    assert run("test", "fs") == 1
    err = capsys.readouterr().err
    assert err == '"fs" does not work. It ended before it answered: it ended with status 1.\n  stderr: no licence\n'
    assert run("test", "fs", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False and told["stderr"] == ["no licence"] and "status 1" in told["error"]


def test_a_server_that_needs_a_secret_nobody_has_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "fs", "--env", "KEY=${keyring:k}", "--", "npx")
    run("add", "web", "--url", "https://x/mcp", "--header", "A=${keyring:k}")
    for name, variable in (("fs", "KEY"), ("web", "A")):
        capsys.readouterr()
        assert run("test", name) == 1
        assert f'{variable} of the server "{name}" cannot be filled in: ' in capsys.readouterr().err


def test_a_site_that_cannot_be_reached_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "web", "--url", "http://127.0.0.1:1/mcp")
    capsys.readouterr()
    assert run("test", "web") == 1
    assert capsys.readouterr().err == (
        '"web" does not work. The server web could not be reached: nothing answers at 127.0.0.1:1. Is it running?\n'
    )


def test_a_folder_that_cannot_be_made_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.rmdir()
    home.write_text("a file", encoding="utf-8")
    assert run("add", "fs", "--", "npx") == 2
    assert "cannot be made" in capsys.readouterr().err
