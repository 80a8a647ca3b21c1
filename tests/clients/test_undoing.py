"""The original entries come back, whatever else was edited since."""

import json
from pathlib import Path
from typing import Any

import pytest
from client_files import CODEX_TEXT, CURSOR_TEXT, WAY, choices, found
from hypothesis import given, settings
from hypothesis import strategies as st

from approver.clients.connections import Connection
from approver.clients.finding import FoundFile
from approver.clients.json_text import NotReadable
from approver.clients.known import CODEX
from approver.clients.planning import plan
from approver.clients.undoing import Undoing, read_for_undoing, undo

HOME = Path("/home/ana")


def done(file: FoundFile) -> tuple[bytes, Connection]:
    (planned,) = plan(choices(file), {}, WAY, {}).files
    return planned.after, Connection(
        file.file.path, HOME / "backup", planned.led, WAY, "2026-11-22", file.file.client.name
    )


def back(file: FoundFile, now: bytes, *, has_backup: bool = True, entry: Any = None) -> Undoing:
    _, connection = done(file)
    return undo(connection, now, file.data if has_backup else None, lambda name: entry)


@pytest.mark.parametrize("file", [found(CURSOR_TEXT), found(CODEX_TEXT, "config.toml", CODEX)])
def test_an_unedited_file_becomes_what_it_was(file: FoundFile) -> None:
    now, _ = done(file)
    undoing = back(file, now)
    assert (undoing.after, undoing.notes) == (file.data, ())
    assert "+" in undoing.diff


def test_what_was_edited_elsewhere_stays_and_the_entries_are_as_they_were_written() -> None:
    file = found(CURSOR_TEXT)
    now = done(file)[0].replace(b'"theme": "dark"', b'"theme": "light", "new": 1')
    assert back(file, now).after == CURSOR_TEXT.replace('"theme": "dark"', '"theme": "light", "new": 1').encode()


def test_the_same_holds_for_toml() -> None:
    file = found(CODEX_TEXT, "config.toml", CODEX)
    now = done(file)[0].replace(b"web = true", b"web = false # no")
    assert back(file, now).after == CODEX_TEXT.replace("web = true", "web = false # no").encode()


def test_an_edited_entry_gets_its_members_back_and_keeps_new_ones() -> None:
    file = found(CURSOR_TEXT)
    now = done(file)[0].replace(
        b'"command": "/opt/approver", // the', b'"disabled": true, "command": "/opt/approver", // the'
    )
    files = found(back(file, now).after.decode()).entries[0]
    assert files.imported == file.entries[0].imported
    assert b'"disabled": true' in back(file, now).after


def test_an_entry_that_leads_elsewhere_by_now_stays() -> None:
    file = found(CURSOR_TEXT)
    now = done(file)[0].replace(b'"command": "/opt/approver", // the', b'"command": "node", // the')
    undoing = back(file, now)
    assert undoing.notes == ("mcpServers.files does not lead to Approver any more, so it stays as it is.",)
    assert b'"command": "node"' in undoing.after and b"https://example.com/mcp" in undoing.after


def test_without_the_backup_the_entry_is_made_of_what_approver_knows() -> None:
    file = found(CURSOR_TEXT)
    now, _ = done(file)
    undoing = back(file, now, has_backup=False, entry={"command": "npx", "args": ["a"], "env": {"K": "v"}})
    entry = found(undoing.after.decode()).entries[0].imported
    assert entry is not None and undoing.notes == ()
    assert b'"env": {"K": "v"}' in undoing.after
    nothing = back(file, now, has_backup=False)
    assert nothing.after == now and "backup /home/ana/backup is gone" in nothing.notes[0]


def test_a_file_that_does_not_load_now_is_refused() -> None:
    with pytest.raises(NotReadable):
        back(found(CURSOR_TEXT), b"{")


def test_file_and_backup_are_read_and_a_missing_backup_is_none(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "c", tmp_path / "b", (), WAY, "2026-11-22", "Cursor")
    with pytest.raises(NotReadable, match="cannot be read"):
        read_for_undoing(connection)
    connection.path.write_bytes(b"x")
    assert read_for_undoing(connection) == (b"x", None)
    connection.backup.write_bytes(b"y")
    assert read_for_undoing(connection) == (b"x", b"y")


servers = st.dictionaries(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5),
    st.fixed_dictionaries(
        {"command": st.sampled_from(["npx", "/bin/x"])},
        optional={
            "args": st.lists(st.text("ab ", max_size=3), max_size=3),
            "env": st.dictionaries(st.sampled_from(["A", "B"]), st.text("xyz", max_size=3)),
            "disabled": st.booleans(),
        },
    ),
    min_size=1,
    max_size=4,
)


@given(servers, st.sampled_from([None, 2, "\t"]), st.sampled_from(["", "// top\n"]))
@settings(max_examples=40)
def test_what_is_done_and_undone_is_as_it_was_even_where_more_was_written(written: Any, indent: Any, top: str) -> None:
    text = top + json.dumps({"mcpServers": written, "last": 1}, indent=indent)
    file = found(text)
    now, _ = done(file)
    assert back(file, now).after.decode() == text
    assert back(file, now.replace(b'"last": 1', b'"last": 2')).after.decode() == text.replace('"last": 1', '"last": 2')
