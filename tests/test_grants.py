"""What grants.json may hold, and tokens."""

import hashlib
import json
from typing import Any

import pytest

from approver.grants import entry_of, grant_name_mistake, new_token, parse_grants, token_digest
from approver.model import Grant

DIGEST = "0" * 64


def test_tokens_are_long_different_and_kept_as_their_hash() -> None:
    first, second = new_token(), new_token()
    assert first != second and len(first) > 40
    assert token_digest(first) == hashlib.sha256(first.encode()).hexdigest()
    assert len(token_digest("\ud800")) == 64


def test_grants_are_read_back_as_they_were_written() -> None:
    grants = (Grant("ci", "web", "strict", DIGEST, "2026-11-22T10:00:00+00:00"), Grant("two", "web"))
    assert parse_grants(json.dumps([entry_of(grant) for grant in grants])) == (grants, ())


def test_a_grant_may_be_for_several_servers_or_for_all() -> None:
    several, everything = Grant("two", "", servers=("web", "files")), Grant("all", "", servers=("*",))
    assert [several.is_for(name) for name in ("web", "files", "other", "")] == [True, True, False, False]
    assert everything.is_for("other") and not Grant("one", "web").is_for("files")
    assert (several.scope, everything.scope, Grant("one", "web").scope) == ("web, files", "all servers", "web")
    assert [entry_of(grant)["servers"] for grant in (several, everything)] == [["web", "files"], "*"]
    assert parse_grants(json.dumps([entry_of(several), entry_of(everything)])) == ((several, everything), ())


@pytest.mark.parametrize(
    ("entry", "mistake"),
    [
        ({"servers": "web"}, 'grant 1: servers must be a list of names, or "*" for all.'),
        ({"servers": []}, 'grant 1: servers must be a list of names, or "*" for all.'),
        ({"servers": [5]}, 'grant 1: servers must be a list of names, or "*" for all.'),
        ({"servers": ["a/b"]}, "grant 1: servers: a name cannot hold '/': it is a file's name too."),
        ({"servers": "*", "server": "web"}, "grant 1: it has either server or servers, not both."),
        (
            {"servers": "*", "policy": "strict"},
            "grant 1: policy: a grant for several servers is judged by each server's own policy, so it can name none.",
        ),
    ],
)
def test_mistakes_of_a_grant_for_several_servers_are_told(entry: Any, mistake: str) -> None:
    assert parse_grants(json.dumps([{"name": "a", **entry}]))[1] == (mistake,)


def test_keys_we_do_not_know_are_left_alone() -> None:
    assert parse_grants('[{"name": "ci", "server": "web", "note": 5}]') == ((Grant("ci", "web"),), ())


@pytest.mark.parametrize(
    ("document", "mistakes"),
    [
        ({}, ["the file must be a list of grants."]),
        (["x"], ["grant 1: must be an object with a name and a server."]),
        ([{}], ["grant 1: name must be text.", "grant 1: server must be text."]),
        ([{"name": "", "server": "web"}], ["grant 1: name: a name has 1 to 64 characters."]),
        (
            [{"name": "a", "server": "web"}, {"name": "a", "server": "other"}],
            ['grant 2: the name "a" stands twice.'],
        ),
        (
            [{"name": "a", "server": "web", "policy": 5, "created": []}],
            ["grant 1: policy must be text or null.", "grant 1: created must be text or null."],
        ),
        (
            [{"name": "a", "server": "web", "token_sha256": "ABC"}],
            ["grant 1: token_sha256 must be 64 hexadecimal digits in lower case."],
        ),
    ],
)
def test_every_mistake_is_told(document: Any, mistakes: list[str]) -> None:
    assert parse_grants(json.dumps(document))[1] == tuple(mistakes)


def test_a_file_that_is_no_json_holds_no_grants() -> None:
    assert parse_grants("nonsense") == ((), ("line 1, column 1: not valid JSON: Expecting value.",))


def test_the_name_of_local_clients_is_taken() -> None:
    assert grant_name_mistake("local") is not None
    assert grant_name_mistake("ci") is None
    assert grant_name_mistake("a/b") is not None
