"""Grants as they are made, for commands and windows alike."""

import json
import socket
from pathlib import Path

import pytest

from approver.configuration_edits import EditRefused, add_server, read_grants, start_policy
from approver.desktop.paths import Paths
from approver.grants import token_digest
from approver.issuing import address, connect_snippet, http_snippet, issue, listening, missing_policies, port_warning
from approver.model import ALL_SERVERS, Grant, StdioServer


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    for name in ("my web", "git"):
        add_server(paths, StdioServer(name, "x"))
    return paths


def test_a_grant_is_written_with_its_hash_alone(paths: Paths) -> None:
    issued = issue(paths, "ci", "my web")
    assert read_grants(paths) == (issued.grant,)
    assert issued.grant.token_sha256 == token_digest(issued.token)
    assert issued.token not in paths.grants.read_text(encoding="utf-8")
    assert issued.token not in repr(issued)
    assert issued.url == "http://127.0.0.1:8787/mcp/my%20web"


def test_a_grant_for_several_has_one_address(paths: Paths) -> None:
    (paths.run / "http.json").write_text('{"url": "http://127.0.0.1:9999"}', encoding="utf-8")
    assert listening(paths) == address(paths) == "http://127.0.0.1:9999"
    assert issue(paths, "ci", servers=("git", "my web")).url == "http://127.0.0.1:9999/mcp"


@pytest.mark.parametrize("junk", ["", "[]", "{}", "{"])
def test_where_nothing_listens_the_settings_tell(paths: Paths, junk: str) -> None:
    (paths.run / "http.json").write_text(junk, encoding="utf-8")
    assert listening(paths) == ""
    assert address(paths) == "http://127.0.0.1:8787"


def test_an_impossible_policy_is_refused(paths: Paths) -> None:
    with pytest.raises(EditRefused, match="A policy cannot be called"):
        issue(paths, "ci", "git", policy="a/b")
    assert read_grants(paths) == ()


def test_missing_policies_are_told(paths: Paths) -> None:
    assert missing_policies(paths, Grant("ci", "git")) == (
        'There is no policy "git" yet, so every call under this grant is denied.',
    )
    assert missing_policies(paths, Grant("ci", "git", "strict"))[0].startswith('There is no policy "strict" yet')
    start_policy(paths, "git")
    assert missing_policies(paths, Grant("ci", "git")) == ()
    several = ('There is no policy "my web" yet, so every call to "my web" under this grant is denied.',)
    assert missing_policies(paths, Grant("ci", "", servers=("git", "my web"))) == several
    assert missing_policies(paths, Grant("ci", "", servers=(ALL_SERVERS,))) == several


def test_the_texts_for_clients_files_lead_to_approver(paths: Paths) -> None:
    issued = issue(paths, "ci", "git")
    over_http = json.loads(http_snippet(issued))["mcpServers"]["git"]
    assert over_http["url"] == issued.url
    assert over_http["headers"] == {"Authorization": f"Bearer {issued.token}"}
    launched = connect_snippet(issued, ("/bin/python", "-m", "approver"), {"APPROVER_HOME": "/x"})
    assert issued.token not in launched
    assert json.loads(launched)["mcpServers"]["git"] == {
        "command": "/bin/python",
        "args": ["-m", "approver", "connect", "git", "--client", "ci"],
        "env": {"APPROVER_HOME": "/x"},
    }
    several = json.loads(connect_snippet(issue(paths, "all", servers=(ALL_SERVERS,)), ("/bin/approver",), {}))
    assert several["mcpServers"]["approver"] == {
        "command": "/bin/approver",
        "args": ["connect", "--all", "--client", "all"],
    }


def test_another_program_at_the_port_is_warned_of(paths: Paths) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        paths.settings.write_text(f"[http]\nport = {other.getsockname()[1]}", encoding="utf-8")
        assert port_warning(paths).startswith("Another program listens at port")
        (paths.run / "http.json").write_text("{}", encoding="utf-8")  # it is ours
        assert port_warning(paths) == ""
