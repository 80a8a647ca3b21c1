"""Servers as people type them."""

import pytest

from approver.clients.typed import Mistyped, command_text, typed_address, typed_command, values_of, values_text
from approver.model import HttpServer, StdioServer


def test_a_command_is_split_as_a_shell_does_and_expands_nothing() -> None:
    server = typed_command(" web ", "npx -y 'a b' $HOME \"c\"\\ d", "A=1\n\nexport B=x=y\n", " /srv ", {})
    assert server == StdioServer("web", "npx", ("-y", "a b", "$HOME", "c d"), {"A": "1", "B": "x=y"}, "/srv")
    assert isinstance(server, StdioServer)
    assert typed_command("web", command_text(server), values_text(server.env, "="), "/srv", server.env) == server


def test_an_address_has_headers() -> None:
    server = typed_address("web", " https://x.org/mcp ", "X-Key: a:b\nAccept:c", {})
    assert server == HttpServer("web", "https://x.org/mcp", {"X-Key": "a:b", "Accept": "c"})


def test_what_is_left_covered_stays_what_it_was() -> None:
    before = {"TOKEN": "s3cret", "LEVEL": "1"}
    text = values_text(before, "=")
    assert text == "TOKEN=••• (6 characters hidden)\nLEVEL=1"
    assert values_of(text.replace("LEVEL=1", "LEVEL=2"), "=", before) == {"TOKEN": "s3cret", "LEVEL": "2"}
    assert values_of("TOKEN=new", "=", before) == {"TOKEN": "new"}
    assert values_text({"A": "Bearer abcdefgh1"}, ":") == "A: Bearer ••• (9 characters hidden)"


@pytest.mark.parametrize(
    ("name", "line", "values", "words"),
    [
        ("a", "", "", "Type the command"),
        ("a", "npx 'x", "", "cannot be read: no closing quotation"),
        ("", "npx", "", "Give the server a name"),
        ("a/b", "npx", "", "cannot hold '/'"),
        ("a", "npx", "A", "Line 1: write NAME=VALUE"),
        ("a", "npx", "\n=x", "Line 2: write NAME=VALUE"),
        ("a", "npx", "A=1\nA=2", 'Line 2: "A" stands twice'),
    ],
)
def test_what_is_mistyped_is_told(name: str, line: str, values: str, words: str) -> None:
    with pytest.raises(Mistyped, match=words):
        typed_command(name, line, values, "", {})


@pytest.mark.parametrize(
    ("url", "values", "words"),
    [("", "", "Type the server's address"), ("x", "", "url must be an address"), ("http://x/", "A", "NAME: VALUE")],
)
def test_a_mistyped_address_is_told(url: str, values: str, words: str) -> None:
    with pytest.raises(Mistyped, match=words):
        typed_address("a", url, values, {})
