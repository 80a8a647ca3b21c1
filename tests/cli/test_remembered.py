"""`approver remembered`: what stands is listed, and one is taken back."""

import json
from typing import Any

import pytest

from approver.cli import remote
from approver.cli.main import main

ONE = {
    "id": "abc234", "rule": "Cursor may run push on git with any arguments, always.", "void": False, "uses": 2,
    "last_used": "2026-11-22T10:00:00.000Z",
}  # fmt: skip


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the app is asked, and what it answers."""
    app: dict[str, Any] = {"answer": {"ok": True, "remembered": [ONE], "id": "abc234"}}

    def ask(command: str, arguments: Any = None, **_: Any) -> dict[str, Any]:
        app["asked"] = (command, arguments)
        return app["answer"]

    monkeypatch.setattr(remote, "ask", ask)
    return app


def test_each_is_told_as_a_sentence_and_how_often_it_served(told, capsys) -> None:
    told["answer"]["remembered"] = [ONE, {**ONE, "void": True}, {**ONE, "uses": 0}, {**ONE, "uses": 1}]
    assert main(["remembered", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "abc234  Cursor may run push on git with any arguments, always.",
        "        Used 2 times, last 2026-11-22T10:00:00.000Z.",
        "abc234  Cursor may run push on git with any arguments, always.",
        "        Void: the server has changed what it says of the tool since.",
        "abc234  Cursor may run push on git with any arguments, always.",
        "        Never used yet.",
        "abc234  Cursor may run push on git with any arguments, always.",
        "        Used once, last 2026-11-22T10:00:00.000Z.",
    ]


def test_programs_get_all_of_it(told, capsys) -> None:
    assert main(["remembered", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [ONE]


def test_nothing_is_told_as_nothing(told, capsys) -> None:
    told["answer"]["remembered"] = []
    assert main(["remembered", "list"]) == 0
    assert capsys.readouterr().out == "No answer is remembered.\n"


def test_one_is_revoked(told, capsys) -> None:
    assert main(["remembered", "revoke", "abc234"]) == 0
    assert told["asked"] == ("revoke", {"id": "abc234"})
    assert capsys.readouterr().out.startswith("abc234 stands no longer.")
    assert main(["remembered", "revoke", "abc234", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "abc234", "revoked": True}


@pytest.mark.parametrize("words", [["list"], ["revoke", "zzz"]])
def test_a_refusal_is_told(told, capsys, words) -> None:
    told["answer"] = {"ok": False, "error": "No remembered answer has that id."}
    assert main(["remembered", *words]) == 1
    assert f"approver remembered {words[0]}: No remembered answer has that id." in capsys.readouterr().err
