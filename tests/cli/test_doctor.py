"""The check-up as a person and as a script see it."""

import argparse
import json
from pathlib import Path

import pytest

from approver.cli import checkup, doctor
from approver.cli.checkup import Problem
from approver.cli.doctor import Report, as_text
from approver.clock import SystemClock
from approver.desktop.paths import Paths
from approver.journal.writer import Journal
from approver.model import Entry, EntryKind
from approver.secrets import SecretStore

WITH_JSON, WITHOUT = argparse.Namespace(json=True), argparse.Namespace(json=False)


@pytest.fixture(autouse=True)
def _a_sound_machine(approver_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setattr(checkup, "missing_libraries", lambda: ())
    monkeypatch.setattr(checkup, "check_port", lambda port: ())  # whoever runs the tests may run an Approver


def test_scripts_get_one_object(capsys: pytest.CaptureFixture[str], approver_home: Path) -> None:
    assert doctor.run(WITH_JSON) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == []
    assert found["url"] is None
    assert found["running"] is False
    assert found["socket"] == str(Paths.from_environment().socket)


def test_looking_makes_no_files(approver_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor.run(WITHOUT)
    assert list(approver_home.rglob("*")) == []
    assert capsys.readouterr().out.endswith("Nothing is wrong.\n")


def test_a_problem_is_told_with_its_mend_and_a_status(approver_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    servers = approver_home / "config" / "servers.json"
    servers.parent.mkdir(mode=0o700)
    servers.write_text('{"mcpServers": {"x": {"command": "sh"}}}', encoding="utf-8")
    assert doctor.run(WITHOUT) == 1
    out = capsys.readouterr().out
    assert 'One thing is wrong:\n1. The server "x" has no policy' in out
    assert "-> approver policy set x FILE" in out
    assert doctor.run(WITH_JSON) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert set(problem) == {"problem", "mend"}


def test_a_running_engine_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"ok": True, "problems": ["The log is full.", "The log is full."]}
    monkeypatch.setattr(doctor.remote, "ask", lambda command, paths: told)
    paths = Paths.from_environment()
    paths.create()
    (paths.run / "http.json").write_text('{"url": "http://127.0.0.1:8787"}', encoding="utf-8")
    report = doctor.look(paths)
    assert report.facts["running"] is True
    assert report.facts["url"] == "http://127.0.0.1:8787"
    assert [problem.what for problem in report.problems] == ["The log is full."]


@pytest.mark.parametrize("note", ["", "[]", "{}", "{"])
def test_an_address_that_the_engine_did_not_write_is_not_told(note: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.remote, "ask", lambda command, paths: {"ok": True})
    paths = Paths.from_environment()
    paths.create()
    (paths.run / "http.json").write_text(note, encoding="utf-8")
    assert doctor.look(paths).facts["url"] is None


def test_the_log_is_told_with_its_last_row(capsys: pytest.CaptureFixture[str]) -> None:
    paths = Paths.from_environment()
    paths.create()
    journal = Journal(paths.journal, SystemClock())
    journal.append(Entry(at=1.0, kind=EntryKind.NOTICE, message="A row."))
    journal.flush()
    head = journal.head
    journal.close()
    assert doctor.run(WITH_JSON) == 0
    assert json.loads(capsys.readouterr().out)["journal"] == {"rows": head.seq, "head": head.digest}
    doctor.run(WITHOUT)
    assert f"1 rows, the last is {head.digest[:16]}…" in capsys.readouterr().out


def test_a_log_that_is_none_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    paths = Paths.from_environment()
    paths.create()
    paths.journal.write_text("This is no database, but it is long enough to look at." * 100, encoding="utf-8")
    paths.journal.chmod(0o600)
    assert doctor.run(WITH_JSON) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["journal"] is None
    assert [problem["mend"].partition(";")[0] for problem in found["problems"]] == [f"Move {paths.journal} away"]


def test_hostile_names_are_made_visible() -> None:
    facts = dict.fromkeys((name for name, _, _ in doctor.LINES), "") | {"servers": ["a\x1b[2Jb"]}
    text = as_text(Report(facts, (Problem("bad\u202ename", "mend\x1b it"), Problem("another", "mend"))))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "2 things are wrong:" in text


def test_without_a_bus_nothing_is_said_of_the_tray() -> None:
    assert doctor.has_tray() is None


@pytest.mark.desktop
def test_on_a_desktop_the_bus_is_asked_for_a_tray() -> None:
    assert doctor.has_tray() in (True, None)


@pytest.mark.desktop
def test_on_a_desktop_the_keyring_tells_which_secrets_are_missing(
    approver_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = approver_home / "config" / "servers.json"
    (servers.parent / "policies").mkdir(mode=0o700, parents=True)
    servers.parent.chmod(0o700)
    entries = {"x": {"command": "sh", "env": {"A": "${keyring:there}", "B": "${keyring:absent}"}}}
    servers.write_text(json.dumps({"mcpServers": entries}), encoding="utf-8")
    policy = servers.parent / "policies" / "x.json"
    policy.write_text('{"version": "1", "default": "deny"}', encoding="utf-8")
    SecretStore().put("there", "a value")
    assert doctor.run(WITH_JSON) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["keyring"] == "stored"
    assert [problem["mend"] for problem in found["problems"]] == ["approver secret set absent"]
