"""What commands print is seen, all of it."""

import json

import pytest

from approver.cli.saying import complain, say, say_json


def test_lines_show_what_cannot_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb")
    complain("c\u202ed")
    assert capsys.readouterr() == ("a␛[2Jb\n", "c⟨U+202E⟩d\n")


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"ä": [1]})
    out = capsys.readouterr().out
    assert out.isascii() and json.loads(out) == {"ä": [1]}
