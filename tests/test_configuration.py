"""Which version of which file is in force, whatever is written, broken or taken away."""

import json
from pathlib import Path
from typing import Any

import pytest

from approver.configuration import Configuration
from approver.desktop.paths import Paths
from approver.model import LOCAL_GRANT, StdioServer
from approver.settings import Settings

ALLOW = {"version": "1", "default": "allow"}
DENY = {"version": "1", "default": "deny"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


def write(path: Path, content: Any) -> None:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def default_of(configuration: Configuration, server: str, grant: str = LOCAL_GRANT) -> str | None:
    policy = configuration.policy_for(server, grant)
    return None if policy is None else policy.document["default"]


def test_an_empty_folder_has_no_servers_no_grants_and_default_settings(paths: Paths) -> None:
    configuration = Configuration.load(paths)
    assert configuration.problems == ()
    assert (dict(configuration.snapshot.servers), configuration.grants) == ({}, ())
    assert configuration.settings == Settings()
    assert configuration.server("web") is None
    assert configuration.policy_for("web") is None


def test_a_folder_that_does_not_exist_is_an_empty_one(tmp_path: Path) -> None:
    assert Configuration.load(Paths.under(tmp_path / "nowhere")).problems == ()


def test_all_four_kinds_of_file_are_read(paths: Paths) -> None:
    write(paths.servers, {"mcpServers": {"web": {"command": "x"}}})
    write(paths.policies / "web.json", ALLOW)
    write(paths.grants, [{"name": "ci", "server": "web", "token_sha256": "0" * 64}])
    write(paths.settings, "[http]\nport = 5")
    configuration = Configuration.load(paths)
    assert configuration.problems == ()
    assert configuration.server("web") == StdioServer("web", "x")
    assert default_of(configuration, "web") == "allow"
    assert [grant.name for grant in configuration.grants] == ["ci"]
    assert configuration.settings.http.port == 5


def test_a_grant_names_the_policy_that_judges_it(paths: Paths) -> None:
    for name in ("web", "strict"):
        write(paths.policies / f"{name}.json", ALLOW if name == "web" else DENY)
    write(
        paths.grants,
        [
            {"name": "plain", "server": "web", "token_sha256": "1" * 64},
            {"name": "ci", "server": "web", "policy": "strict", "token_sha256": "2" * 64},
            {"name": "lost", "server": "web", "policy": "gone"},
        ],
    )
    configuration = Configuration.load(paths)
    found = {name: default_of(configuration, "web", name) for name in ("local", "plain", "ci", "lost", "revoked")}
    assert found == {"local": "allow", "plain": "allow", "ci": "deny", "lost": None, "revoked": None}
    assert default_of(configuration, "other", "ci") is None
    assert configuration.problems == (
        'The grant "lost" names the policy "gone", which is not in force, so its calls are denied. Write '
        "policies/gone.json, or name another policy.",
    )
    found_by_token = configuration.snapshot.grant_of_token("2" * 64)
    assert found_by_token is not None and found_by_token.name == "ci"
    assert configuration.snapshot.grant_of_token("3" * 64) is None


def test_where_a_name_leads_and_who_holds_a_grant_can_be_told_apart(paths: Paths) -> None:
    """Environments and headers are left aside: values move into the keyring, and the server stays the same."""

    def place(server: Any, grant: Any, name: str = "work") -> str:
        write(paths.servers, {"mcpServers": {"web": server}})
        write(paths.grants, [{"name": "work", "server": "web", **grant}])
        return Configuration.load(paths).place_of("web", name)

    here = place({"command": "run", "env": {"A": "1"}}, {"created": "monday"})
    assert place({"command": "run", "env": {"A": "2"}}, {"created": "monday", "policy": None}) == here
    others = [
        place({"command": "run", "args": ["x"]}, {"created": "monday"}),
        place({"command": "run", "cwd": "/tmp"}, {"created": "monday"}),
        place({"command": "other"}, {"created": "monday"}),
        place({"url": "http://127.0.0.1/mcp", "headers": {"A": "1"}}, {"created": "monday"}),
        place({"url": "http://127.0.0.1/other"}, {"created": "monday"}),
        place({"command": "run"}, {"created": "tuesday"}),
        place({"command": "run"}, {"created": "monday", "token_sha256": "0" * 64}),
        place({"command": "run"}, {"created": "monday"}, LOCAL_GRANT),
    ]
    assert len({here, *others}) == 9


def test_an_edit_is_in_force_after_a_refresh_and_old_snapshots_stay_as_they_were(paths: Paths) -> None:
    write(paths.policies / "web.json", ALLOW)
    configuration = Configuration.load(paths)
    before = configuration.snapshot
    write(paths.policies / "web.json", DENY)
    assert default_of(configuration, "web") == "allow"
    assert configuration.refresh() == ()
    assert default_of(configuration, "web") == "deny"
    assert before.policies["web"].document["default"] == "allow"


def test_a_refresh_without_an_edit_parses_nothing_anew(paths: Paths) -> None:
    write(paths.policies / "web.json", ALLOW)
    configuration = Configuration.load(paths)
    before = configuration.snapshot
    configuration.refresh()
    assert configuration.snapshot.policies["web"] is before.policies["web"]


def test_a_broken_policy_leaves_the_last_good_one_in_force_until_it_is_mended(paths: Paths) -> None:
    write(paths.policies / "web.json", ALLOW)
    configuration = Configuration.load(paths)
    write(paths.policies / "web.json", '{"version": "2", "default": "alow"}')
    [problem] = configuration.refresh()
    assert problem.startswith("policies/web.json does not load, so its last good version stays in force: line 1, ")
    assert "version" in problem and "alow" in problem
    assert default_of(configuration, "web") == "allow"
    write(paths.policies / "web.json", DENY)
    assert configuration.refresh() == ()
    assert default_of(configuration, "web") == "deny"


def test_a_policy_that_was_broken_from_the_start_denies(paths: Paths) -> None:
    write(paths.policies / "web.json", "{")
    configuration = Configuration.load(paths)
    assert configuration.policy_for("web") is None
    assert "policies/web.json does not load, so calls that it judges are denied: line 1" in configuration.problems[0]


def test_a_deleted_file_is_gone_at_once(paths: Paths) -> None:
    write(paths.servers, {"mcpServers": {"web": {"command": "x"}}})
    write(paths.policies / "web.json", ALLOW)
    write(paths.grants, [{"name": "ci", "server": "web"}])
    write(paths.settings, "[http]\nport = 5")
    configuration = Configuration.load(paths)
    for path in (paths.servers, paths.policies / "web.json", paths.grants, paths.settings):
        path.unlink()
    assert configuration.refresh() == ()
    assert configuration.server("web") is None
    assert configuration.policy_for("web") is None
    assert configuration.grants == ()
    assert configuration.settings == Settings()


def test_a_folder_of_policies_that_is_gone_denies_everything(paths: Paths) -> None:
    write(paths.policies / "web.json", ALLOW)
    configuration = Configuration.load(paths)
    (paths.policies / "web.json").unlink()
    paths.policies.rmdir()
    assert configuration.refresh() == ()
    assert configuration.policy_for("web") is None


@pytest.mark.parametrize("broken", ["{", '{"mcpServers": {"web": {"command": 5}}}', "\ud800"])
def test_a_broken_servers_file_leaves_the_last_good_one(paths: Paths, broken: str) -> None:
    write(paths.servers, {"mcpServers": {"web": {"command": "x"}}})
    configuration = Configuration.load(paths)
    paths.servers.write_bytes(broken.encode("utf-8", "surrogatepass"))
    [problem] = configuration.refresh()
    assert problem.startswith("servers.json does not load, so its last good version stays in force: ")
    assert configuration.server("web") == StdioServer("web", "x")


def test_what_is_right_in_a_file_that_is_wrong_from_the_start_is_used(paths: Paths) -> None:
    write(paths.servers, {"mcpServers": {"web": {"command": "x"}, "bad": {}}})
    write(paths.settings, "[http]\nport = 5\npor = 5")
    configuration = Configuration.load(paths)
    assert configuration.server("web") == StdioServer("web", "x")
    assert configuration.settings.http.port == 5
    assert configuration.problems == (
        'servers.json does not load, so what is right in it is in force: server "bad": has neither a command nor a '
        "url.",
        "settings.toml does not load, so the defaults stand for what is wrong: line 3: unknown key http.por. "
        'Did you mean "port"?',
    )


def test_a_file_that_cannot_be_read_leaves_the_last_good_version(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    write(paths.servers, {"mcpServers": {"web": {"command": "x"}}})
    configuration = Configuration.load(paths)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_bytes", unreadable)
        problems = configuration.refresh()
    assert (
        "servers.json does not load, so its last good version stays in force: it cannot be read: Permission denied."
        in (problems)
    )
    assert configuration.server("web") == StdioServer("web", "x")
    assert configuration.refresh() == ()


def test_an_edit_that_was_not_read_yet_is_seen_at_once(paths: Paths) -> None:
    write(paths.policies / "web.json", ALLOW)
    configuration = Configuration.load(paths)
    assert not configuration.is_stale(policy="web", grants=True)
    assert not configuration.is_stale(policy="other")
    write(paths.policies / "web.json", {**ALLOW, "description": "edited"})
    assert configuration.is_stale(policy="web")
    assert not configuration.is_stale(grants=True)
    write(paths.grants, [])
    assert configuration.is_stale(grants=True)
    configuration.refresh()
    assert not configuration.is_stale(policy="web", grants=True)
    (paths.policies / "web.json").unlink()
    assert configuration.is_stale(policy="web")


def test_an_editors_files_are_no_policies_and_impossible_names_are_told(paths: Paths) -> None:
    for name in (".web.json", "web.json~", "a:b.json"):
        write(paths.policies / name, ALLOW)
    configuration = Configuration.load(paths)
    assert dict(configuration.snapshot.policies) == {}
    [problem] = configuration.problems
    assert problem == "policies/a:b.json is not used: a name cannot hold ':': it is a file's name too. Rename it."
