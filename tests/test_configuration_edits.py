"""What commands and windows change in the files, and what stays as the person wrote it."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from approver.configuration import Configuration
from approver.configuration_edits import (
    EditRefused,
    add_grant,
    add_server,
    edit_server,
    has_policy,
    read_grants,
    read_servers,
    read_settings,
    remove_server,
    revoke_grant,
    start_policy,
)
from approver.desktop.paths import Paths
from approver.grants import entry_of
from approver.model import Grant, HttpServer, StdioServer
from approver.settings import Settings

WEB = StdioServer("web", "npx", ("-y", "web"))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path)


def written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def test_a_command_gets_settings_whatever_the_file_is_like(paths: Paths) -> None:
    assert read_settings(paths) == Settings()
    write(paths.settings, "[http]\nport = 5\nnonsense = 1")
    assert read_settings(paths).http.port == 5
    paths.settings.write_bytes(b"\xff")
    assert read_settings(paths) == Settings()


def test_the_first_server_makes_the_file(paths: Paths) -> None:
    assert read_servers(paths) == {}
    add_server(paths, WEB)
    assert read_servers(paths) == {"web": WEB}
    assert written(paths.servers) == {"mcpServers": {"web": {"command": "npx", "args": ["-y", "web"]}}}
    assert stat.S_IMODE(paths.servers.stat().st_mode) == 0o600


def test_what_we_do_not_know_stays_where_it_was(paths: Paths) -> None:
    write(
        paths.servers, {"theme": 1, "mcpServers": {"z": {"command": "z", "disabled": True}, "a": {"url": "https://a"}}}
    )
    add_server(paths, HttpServer("m", "https://m", {"X": "1"}))
    remove_server(paths, "a")
    assert list(written(paths.servers)) == ["theme", "mcpServers"]
    assert written(paths.servers)["mcpServers"] == {
        "z": {"command": "z", "disabled": True},
        "m": {"url": "https://m", "headers": {"X": "1"}},
    }


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced(paths: Paths) -> None:
    add_server(paths, WEB)
    with pytest.raises(EditRefused, match=r'There is a server "web" already.*approver server remove web'):
        add_server(paths, StdioServer("web", "other"))
    add_server(paths, StdioServer("web", "other"), replace=True)
    assert read_servers(paths)["web"] == StdioServer("web", "other")


def test_a_server_that_would_not_load_is_not_written(paths: Paths) -> None:
    with pytest.raises(EditRefused, match="a name cannot hold '/'"):
        add_server(paths, StdioServer("a/b", "x"))
    with pytest.raises(EditRefused, match="url must be an address"):
        add_server(paths, HttpServer("web", "nonsense"))
    assert not paths.servers.exists()


def test_a_file_that_does_not_load_is_not_touched(paths: Paths) -> None:
    write(paths.servers, '{"mcpServers": {,}}')
    with pytest.raises(
        EditRefused, match=r"servers\.json does not load, and stays as it is until that is mended: line 1"
    ):
        add_server(paths, WEB)
    assert paths.servers.read_text(encoding="utf-8") == '{"mcpServers": {,}}'
    paths.servers.write_bytes(b"\xff")
    with pytest.raises(EditRefused, match="not UTF-8 text"):
        read_servers(paths)


def test_a_file_that_cannot_be_read_is_told(paths: Paths) -> None:
    paths.servers.mkdir(parents=True)
    with pytest.raises(EditRefused, match=r"servers\.json cannot be read: Is a directory"):
        read_servers(paths)


def test_removing_what_is_not_there_names_what_is(paths: Paths) -> None:
    with pytest.raises(EditRefused, match=r'There is no server "nope"\. There are none yet\.'):
        remove_server(paths, "nope")
    add_server(paths, WEB)
    with pytest.raises(EditRefused, match=r'There is no server "nope"\. There are: web\.'):
        remove_server(paths, "nope")


def test_grants_come_and_go_and_the_others_stay_as_written(paths: Paths) -> None:
    add_server(paths, WEB)
    write(paths.grants, [{"name": "old", "server": "web", "note": "kept"}])
    add_grant(paths, Grant("ci", "web", None, "0" * 64, "now"))
    assert [grant.name for grant in read_grants(paths)] == ["old", "ci"]
    add_grant(paths, Grant("two", "web"))
    revoke_grant(paths, "ci")
    assert written(paths.grants)[0] == {"name": "old", "server": "web", "note": "kept"}
    assert [grant.name for grant in read_grants(paths)] == ["old", "two"]
    assert stat.S_IMODE(paths.grants.stat().st_mode) == 0o600


def test_a_revoked_grant_leaves_its_name_without_its_token_until_it_is_made_anew(paths: Paths) -> None:
    add_server(paths, WEB)
    add_grant(paths, Grant("ci", "web", None, "0" * 64, "now"))
    revoke_grant(paths, "ci")
    (left,) = written(paths.grants)
    assert (left["name"], left["token_sha256"], bool(left["revoked"])) == ("ci", None, True)
    assert (read_grants(paths), Configuration.load(paths).grants) == ((), ())
    assert [grant.name for grant in Configuration.load(paths).snapshot.revoked] == ["ci"]
    with pytest.raises(EditRefused, match='There is no grant "ci"'):
        revoke_grant(paths, "ci")
    add_grant(paths, Grant("ci", "web", None, "1" * 64, "later"))
    assert written(paths.grants) == [entry_of(Grant("ci", "web", None, "1" * 64, "later"))]


def test_the_first_grant_makes_the_file(paths: Paths) -> None:
    add_server(paths, WEB)
    assert read_grants(paths) == ()
    add_grant(paths, Grant("ci", "web"))
    assert read_grants(paths) == (Grant("ci", "web"),)


@pytest.mark.parametrize(
    ("grant", "sentence"),
    [
        (Grant("ci", "nope"), r'There is no server "nope"\. There are: web\.'),
        (Grant("local", "web"), r'A grant cannot be called "local": "local" means'),
        (Grant("taken", "web"), r'There is a grant "taken" already\. Revoke it first \(approver grant revoke taken\)'),
    ],
)
def test_an_impossible_grant_is_refused(paths: Paths, grant: Grant, sentence: str) -> None:
    add_server(paths, WEB)
    add_grant(paths, Grant("taken", "web"))
    with pytest.raises(EditRefused, match=sentence):
        add_grant(paths, grant)
    assert len(read_grants(paths)) == 1


def test_revoking_what_is_not_there_names_what_is(paths: Paths) -> None:
    with pytest.raises(EditRefused, match=r'There is no grant "ci"\. There are none yet\.'):
        revoke_grant(paths, "ci")


def test_an_edited_server_keeps_its_place_and_what_we_do_not_know_of_it(paths: Paths) -> None:
    first = {"command": "old", "env": {"A": "1"}, "cwd": "/x", "note": "mine"}
    write(paths.servers, {"mcpServers": {"web": first, "git": {"command": "git"}}, "theme": "dark"})
    edit_server(paths, WEB)
    assert written(paths.servers) == {
        "mcpServers": {"web": {"command": "npx", "args": ["-y", "web"], "note": "mine"}, "git": {"command": "git"}},
        "theme": "dark",
    }
    assert [*written(paths.servers)["mcpServers"]] == ["web", "git"]


def test_a_server_that_is_gone_or_wrong_is_not_edited(paths: Paths) -> None:
    with pytest.raises(EditRefused, match='no server "web"'):
        edit_server(paths, WEB)
    with pytest.raises(EditRefused, match="command must be text"):
        edit_server(paths, StdioServer("web", ""))


def test_a_server_without_a_policy_is_given_one_that_asks(paths: Paths) -> None:
    assert not has_policy(paths, "web")
    assert start_policy(paths, "web")
    assert written(paths.policies / "web.json")["default"] == "require_approval"
    write(paths.policies / "web.json", "mine")
    assert not start_policy(paths, "web")
    assert (paths.policies / "web.json").read_text(encoding="utf-8") == "mine"
