"""Reading our JSON strictly, and writing files in one step."""

import os
import stat
from pathlib import Path

import pytest

from approver.own_files import Unreadable, decode, parse_json, write_json, write_text


def test_text_may_begin_with_a_mark_of_its_encoding() -> None:
    assert decode(b"\xef\xbb\xbf{}") == "{}"


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    with pytest.raises(Unreadable, match=r"line 2: not UTF-8 text\. Save the file as UTF-8"):
        decode(b"{\n\xff}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1, column 1: not valid JSON: The file is empty."),
        ('{\n"a": }', "line 2, column 6: not valid JSON: Expecting value."),
        ('{"a": 1, "a": 2}', 'not valid JSON: "a" stands twice in one object; remove one.'),
        ("[NaN]", "not valid JSON: NaN is no JSON number."),
        ("[" * 100_000, "not valid JSON: nested too deeply."),
    ],
)
def test_what_is_no_json_is_told(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as told:
        parse_json(text)
    assert str(told.value) == sentence


def test_a_written_file_is_complete_and_the_persons_own(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.json"
    write_json(path, {"ä": [1]})
    assert path.read_text(encoding="utf-8") == '{\n  "ä": [\n    1\n  ]\n}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["file.json"]


def test_writing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_text(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text(encoding="utf-8") == "new"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file"
    write_text(path, "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
