"""Which policies can be edited, and what is said of them."""

import json
from pathlib import Path

import pytest

from approver.desktop.paths import Paths
from approver.ui.policy_choices import policy_choices


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    servers = {"mcpServers": {name: {"command": "x"} for name in ("web", "git")}}
    paths.servers.write_text(json.dumps(servers), encoding="utf-8")
    return paths


def grants(paths: Paths, *policies: str | None) -> None:
    listed = [
        {"name": f"CI {number}", "server": "web", **({"policy": policy} if policy else {})}
        for number, policy in enumerate(policies)
    ]
    paths.grants.write_text(json.dumps(listed), encoding="utf-8")


def test_servers_come_first_then_other_policies_with_the_grants_they_are_for(paths: Paths) -> None:
    for name in ("strict", "web", "old"):
        (paths.policies / f"{name}.json").write_text("{}", encoding="utf-8")
    grants(paths, "strict", "strict", None, "web", "to\u202ecome")
    assert policy_choices(paths) == {
        "web": "web",
        "git": "git",
        "old": "old",
        "strict": "strict, for the grant CI 0, CI 1",
        "to\u202ecome": "to⟨U+202E⟩come, for the grant CI 4",
    }


def test_files_that_cannot_be_read_hide_nothing_else(paths: Paths) -> None:
    (paths.policies / "strict.json").write_text("{}", encoding="utf-8")
    paths.servers.write_text("{", encoding="utf-8")
    paths.grants.write_text("{", encoding="utf-8")
    assert policy_choices(paths) == {"strict": "strict"}


def test_without_any_folder_there_is_nothing(tmp_path: Path) -> None:
    assert policy_choices(Paths.under(tmp_path / "nowhere")) == {}
