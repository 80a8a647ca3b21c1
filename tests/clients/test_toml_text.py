"""TOML files of clients, changed in places."""

import tomllib
from datetime import date

import pytest
from client_files import CODEX_TEXT
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.clients.json_text import NotReadable
from approver.clients.toml_text import TomlText, dump

FILES = ("mcp_servers", "files")
OURS = {"command": "/a", "args": ["connect", "x"], "env": None, "url": None}


def test_a_table_is_changed_in_place_and_the_rest_stays() -> None:
    after = TomlText.of(CODEX_TEXT).with_members(FILES, OURS)
    assert after == (
        'model = "o"  # the best\n\n[mcp_servers.files]\ncommand = "/a"\nargs = ["connect", "x"]\n'
        "startup_timeout_sec = 20\n\n[tools]\nweb = true\n"
    )


def test_a_table_of_its_own_gives_way_to_a_member() -> None:
    after = TomlText.of(CODEX_TEXT).with_members(FILES, {"env": {"HOME": "/h"}})
    assert tomllib.loads(after)["mcp_servers"]["files"]["env"] == {"HOME": "/h"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "[s]\nx = { command = 'a', env = { K = \"v\" } } # it\n",
            '[s]\nx = { command = "/a", args = ["connect", "x"] } # it\n',
        ),
        ("[s.x]\n  url = 'u'", '[s.x]\n  command = "/a"\n  args = ["connect", "x"]\n'),
        ("[s]\nx.url = 'u'\n", '[s]\nx.command = "/a"\nx.args = ["connect", "x"]\n'),
        ("[s.x]\n[t]\n", '[s.x]\ncommand = "/a"\nargs = ["connect", "x"]\n[t]\n'),
        ("[s.x] # end", '[s.x] # end\ncommand = "/a"\nargs = ["connect", "x"]\n'),
        ('[s.x]\r\ncommand = "b"\r\n', '[s.x]\r\ncommand = "/a"\r\nargs = ["connect", "x"]\r\n'),
    ],
)
def test_entries_are_changed_however_they_are_written(before: str, after: str) -> None:
    changed = TomlText.of(before).with_members(("s", "x"), OURS)
    assert changed.rstrip("\n") == after.rstrip("\n")
    assert tomllib.loads(changed)["s"]["x"] == {"command": "/a", "args": ["connect", "x"]}


def test_where_a_server_stands_together_its_extent_is_known() -> None:
    text = TomlText.of(CODEX_TEXT)
    start, end = text.extent(FILES) or (0, 0)
    assert text.text[start:end].startswith("[mcp_servers.files]") and text.text[start:end].endswith('abcdef"\n')
    scattered = TomlText.of("[s.x]\na = 1\n[t]\n[s.x.env]\nb = 1\n")
    assert scattered.extent(("s", "x")) is None
    assert scattered.extent(("s", "y")) is None


def test_what_does_not_load_is_refused_with_its_line() -> None:
    with pytest.raises(NotReadable, match="line 2"):
        TomlText.of("a = 1\nb = = 2\n")
    with pytest.raises(NotReadable, match="cannot change safely"):
        TomlText.of("[s.x.env]\na = 1\n").with_members(("s", "x"), OURS)


values = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6) | st.booleans() | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(values)
@settings(max_examples=40)
def test_what_is_dumped_is_read_as_it_was(value: object) -> None:
    assert tomllib.loads(f"x = {dump(value)}")["x"] == value


def test_dates_write_themselves() -> None:
    assert tomllib.loads(f"x = {dump(date(2026, 11, 22))}")["x"] == date(2026, 11, 22)
