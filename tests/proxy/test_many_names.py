"""Names at the endpoint for many servers: unique, short, the same always, and taken apart again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.proxy import many_names
from approver.proxy.many_names import Addresses, Names, Template, alias, public_name, split_alias

PART = st.one_of(
    st.text("ab_-", min_size=1, max_size=8),
    st.text(min_size=1, max_size=80),
    st.from_regex(r"[a-z]{1,3}_[0-9a-f]{8}", fullmatch=True),
)
THINGS = st.lists(st.tuples(PART, PART), unique=True, max_size=12)


@given(PART, PART)
def test_every_name_is_one_that_clients_accept(server: str, name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", public_name(server, name))


@given(THINGS)
def test_no_two_things_have_the_same_name_in_whatever_order_they_come(things: list[tuple[str, str]]) -> None:
    forwards, backwards = Names(), Names()
    given_names = {thing: forwards.give(*thing) for thing in things}
    assert len(set(given_names.values())) == len(things)
    assert {thing: backwards.give(*thing) for thing in reversed(things)} == given_names


@given(THINGS)
def test_every_name_leads_back(things: list[tuple[str, str]]) -> None:
    names = Names()
    assert all(names.find(names.give(*thing), ()) == thing for thing in things)


@given(PART, PART)
def test_a_plain_name_leads_back_without_a_list(server: str, name: str) -> None:
    if public_name(server, name) == f"{server}__{name}":
        assert Names().find(f"{server}__{name}", {server, "a"}) == (server, name)


@pytest.mark.parametrize(
    ("server", "name", "public"),
    [
        ("files", "read_file", "files__read_file"),
        ("my-files", "_x", "my-files___x"),
        ("files", "x" * 57, f"files__{'x' * 57}"),
    ],
)
def test_names_are_plain_where_they_can_be(server: str, name: str, public: str) -> None:
    assert public_name(server, name) == public


@pytest.mark.parametrize(
    ("server", "name", "stem"),
    [
        ("a__b", "c", "a__b__c_"),
        ("a_", "b", "a___b_"),
        ("My Files", "read.file", "My-Files__read-file_"),
        ("files", "x_deadbeef", "files__x_deadbeef_"),
        ("s" * 64, "read", "s" * 24 + "__read_"),
        ("files", "x" * 99, "files__" + "x" * 48 + "_"),
    ],
)
def test_others_end_in_a_hash(server: str, name: str, stem: str) -> None:
    public = public_name(server, name)
    assert public.startswith(stem) and re.fullmatch(r"[0-9a-f]{8}", public.removeprefix(stem))
    assert Names().find(public, {server}) is None


def test_the_same_hash_twice_is_made_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    real = many_names.public_name
    monkeypatch.setattr(many_names, "public_name", lambda s, n, h=8: "same" if h == 8 else real(s, n, h))
    names = Names()
    first, second = names.give("a", "b.c"), names.give("a", "b d")
    assert first == "same" and re.fullmatch(r"a__b-d_[0-9a-f]{12}", second)
    assert (names.find(first, ()), names.find(second, ())) == (("a", "b.c"), ("a", "b d"))


@given(PART, PART)
def test_an_alias_leads_back(server: str, uri: str) -> None:
    try:
        assert split_alias(alias(server, uri)) == (server, uri)
    except UnicodeEncodeError:
        assert any("\ud800" <= character <= "\udfff" for character in server)


@pytest.mark.parametrize("uri", ["file:///x", "approver://", "approver://files", "approver://files/"])
def test_other_addresses_are_no_aliases(uri: str) -> None:
    assert split_alias(uri) is None


def test_an_address_belongs_to_the_server_that_listed_it_first() -> None:
    addresses = Addresses()
    assert [addresses.give(server, "x://1") for server in ("a", "b", "a")] == ["x://1", "approver://b/x://1", "x://1"]
    assert addresses.find("x://1", ("a", "b")) == ("a", "x://1")
    assert addresses.find("approver://b/x://1", ("a", "b")) == ("b", "x://1")
    assert addresses.find("approver://c/x://1", ("a", "b")) is None
    assert [addresses.shown(server, "x://1") for server in ("a", "b")] == ["x://1", "approver://b/x://1"]
    assert addresses.shown("b", "x://2") == "x://2"


def test_an_address_that_a_template_makes_leads_to_the_templates_server() -> None:
    addresses = Addresses()
    assert addresses.give_template("a", "x://{id}") == "x://{id}"
    assert addresses.give_template("b", "x://{id}") == "approver://b/x://{id}"
    assert addresses.give_template("b", "y://{+path}") == "y://{+path}"
    found = [addresses.find(uri, ("a", "b")) for uri in ("x://7", "approver://b/x://7", "y://a/b", "x://{id}", "z://")]
    assert found == [("a", "x://7"), ("b", "x://7"), ("b", "y://a/b"), ("a", "x://{id}"), None]


@pytest.mark.parametrize(
    ("template", "matching", "other"),
    [
        ("x://{id}/end", "x://7/end", "x://7/8/end"),
        ("x://a{?q,r}", "x://a?q=1&r=2", "x://b?q=1"),
        ("x://{/path*}", "x:///a/b", "y:///a/b"),
        ("x://plain", "x://plain", "x://plainer"),
    ],
)
def test_templates_match_what_they_make(template: str, matching: str, other: str) -> None:
    made = Template(template)
    assert made.makes(matching) and not made.makes(other)


def test_hostile_templates_and_addresses_match_nothing() -> None:
    assert not Template("\ud800{x}").makes("y")
    assert not Template("x{y}").makes("x\ud800")
    assert not Template("x://" + "{+a}b" * 50).makes("x://" + "b" * 5000 + "c")
