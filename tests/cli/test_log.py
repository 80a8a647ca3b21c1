"""`approver log`, as a person and as a script meet it."""

import argparse
import csv
import io
import json
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sample_entries import entry, notice, write
from still_time import NOON, StillTime

from approver.cli import log
from approver.cli.log import add_arguments, moment, run
from approver.desktop.paths import Paths
from approver.journal.chain import Head
from approver.journal.verify import verify
from approver.journal.writer import Journal
from approver.model import EntryKind

DECISION, OUTCOME = EntryKind.DECISION, EntryKind.OUTCOME


@pytest.fixture
def journal(approver_home: Path) -> Path:
    """The path of the log of this test's own home."""
    paths = Paths.from_environment()
    paths.create()
    return paths.journal


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A person in Berlin."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def approver_log(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="approver log")
    add_arguments(parser)
    return run(parser.parse_args(words))


@pytest.fixture
def anchored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Head | None]:
    """What the keyring holds."""
    kept: dict[str, Head | None] = {"head": None}

    class Kept:
        def load(self) -> Head | None:
            return kept["head"]

    monkeypatch.setattr(log, "anchor_for", lambda journal, make: Kept())
    return kept


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert approver_log(*words, "--json") == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def ids(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    return [found["id"] for found in objects(capsys, *words)]


# -- list --------------------------------------------------------------------------------------------------------------


def test_calls_are_a_table_the_newest_first(journal: Path, capsys: pytest.CaptureFixture[str], berlin: None) -> None:
    write(
        journal,
        entry(DECISION, "a", rule="/tools/write/deny_if/args.path-regex", outcome="denied_by_policy"),
        entry(DECISION, "b", at=NOON + 60, outcome="approved", by="window", waited=4.25, client="日本"),
        entry(OUTCOME, "b", latency=0.0124),
        notice(),
    )
    assert approver_log() == 0
    assert capsys.readouterr().out == (
        "TIME                 CLIENT  SERVER  TOOL   OUTCOME           RULE                                  "
        "BY                  RESULT       ARGUMENTS\n"
        "2026-11-22 11:01:00  日本    files   write  approved                                                "
        'window after 4.2 s  ok in 12 ms  {"path":"/tmp/x"}\n'
        "2026-11-22 11:00:00  Tester  files   write  denied by policy  /tools/write/deny_if/args.path-regex  "
        'policy                           {"path":"/tmp/x"}\n'
    )


def test_hostile_text_is_made_visible(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, entry(client="\x1b[2J\u202eevil", tool="a\nb", arguments='{"x":"\u200b"}'))
    assert approver_log("list") == 0
    output = capsys.readouterr().out
    assert "␛[2J⟨U+202E⟩evil" in output
    assert "a␊b" in output
    assert '{"x":"⟨U+200B⟩"}' in output
    assert len(output.splitlines()) == 2
    assert approver_log("--json") == 0
    output = capsys.readouterr().out
    assert output.replace("\n", "").isprintable()
    assert json.loads(output)[0]["client"] == "\x1b[2J\u202eevil"


def test_long_texts_are_cut_and_say_so(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, entry(client="x" * 500, server="日" * 500, tool="e\u0301" * 500))
    assert approver_log() == 0
    row = capsys.readouterr().out.splitlines()[1]
    assert "x" * 19 + "…" in row
    assert "日" * 9 + "…" in row
    assert "e\u0301" * 27 + "…" in row


def test_on_a_terminal_lines_are_no_longer_than_it_is_wide(
    journal: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(journal, entry())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    assert approver_log() == 0
    assert {len(line) for line in capsys.readouterr().out.splitlines()} == {50}


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0004, "0 ms"), (0.25, "250 ms"), (4.25, "4.2 s"), (59.9, "59.9 s"), (600.0, "10 min")]
)
def test_durations_are_short(seconds: float, said: str) -> None:
    assert log._duration(seconds) == said


def test_a_full_page_says_how_to_go_on(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, *(entry(call=f"c{number}") for number in range(60)))
    assert approver_log() == 0
    output = capsys.readouterr().out
    assert len(output.splitlines()) == 1 + 50 + 2
    assert output.endswith("\nThere may be older ones: --before 11\n")
    assert approver_log("--before", "11") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 10
    assert ids(capsys, "--limit", "2") == ["c59", "c58"]


def test_where_nothing_fits_that_is_said(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, notice())
    assert approver_log() == 0
    assert capsys.readouterr().out == "No such calls.\n"
    assert ids(capsys) == []


def test_every_filter_filters(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        journal,
        entry(call="plain"),
        entry(call="client", client="Other"),
        entry(call="server", server="git"),
        entry(call="grant", grant="ci"),
        entry(call="tool", tool="read"),
        entry(call="rule", rule="/r"),
        entry(call="policy", outcome="denied_by_policy"),
        entry(call="user", outcome="denied_by_user"),
        entry(call="search", arguments='{"path":"NEEDLE"}'),
        entry(call="later", at=NOON + 3600),
    )
    for name, value in (("client", "Other"), ("server", "git"), ("grant", "ci"), ("tool", "read"), ("rule", "/r")):
        assert ids(capsys, f"--{name}", value) == [name]
    assert ids(capsys, "--outcome", "denied-by-user") == ["user"]
    assert ids(capsys, "--outcome", "denied") == ["user", "policy"]
    assert ids(capsys, "--outcome", "denied_by_user", "--outcome", "Denied By Policy") == ["user", "policy"]
    assert ids(capsys, "--search", "needle") == ["search"]
    assert ids(capsys, "--since", "2026-11-22T10:30Z") == ["later"]
    assert "later" not in ids(capsys, "--until", "2026-11-22T10:30Z")


def test_filters_may_stand_before_or_behind_the_word(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, entry(call="a"), entry(call="b", client="Other"), entry(call="c", client="Other", tool="read"))
    assert ids(capsys, "--client", "Other", "list", "--tool", "write") == ["b"]
    assert approver_log("--client", "Other", "--json", "list") == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_an_impossible_time_does_not_keep_the_rest_from_being_shown() -> None:
    assert log._local_time(1e18) == "1000000000000000000 s"


# -- what cannot be read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--json",), ("export", "--format", "csv"), ("verify",)])
def test_a_log_that_is_not_there_is_explained(
    journal: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert approver_log(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"approver log: There is no log at {journal} yet.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "refussed"), "there is no outcome 'refussed'. There are: allowed, "),
        (("--since", "soon"), "'soon' is no time. Write 2026-11-22"),
        (("--since", ""), "'' is no time"),
        (("--until", "12:99"), "'12:99' is no time"),
        (("--since", "99999999999d"), "is no time"),
        (("--limit", "0"), "'0' is no number from 1 on"),
        (("--before", "x"), "'x' is no number from 1 on"),
        (("--limit", str(2**63)), "is no number"),
        (("export",), "--format"),
        (("export", "--format", "xml"), "invalid choice: 'xml'"),
        (("verify", "--client", "x"), "unrecognized arguments"),
    ],
)
def test_wrong_words_are_explained(
    journal: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        approver_log(*words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+01:00"),
        ("2026-11-22T14:30", "2026-11-22T14:30:00+01:00"),
        ("2026-11-22 14:30:05", "2026-11-22T14:30:05+01:00"),
        ("2026-07-01T14:30", "2026-07-01T14:30:00+02:00"),
        ("2026-11-22t14:30z", "2026-11-22T14:30:00+00:00"),
        ("2026-11-22T14:30+05:00", "2026-11-22T14:30:00+05:00"),
        ("14:30", "2026-11-22T14:30:00+01:00"),
        ("08:30:15", "2026-11-22T08:30:15+01:00"),
        ("today", "2026-11-22T00:00:00+01:00"),
        (" Yesterday", "2026-11-21T00:00:00+01:00"),
        ("90s", "2026-11-22T15:58:30+01:00"),
        ("15m", "2026-11-22T15:45:00+01:00"),
        ("2h", "2026-11-22T14:00:00+01:00"),
        ("7d", "2026-11-15T16:00:00+01:00"),
        ("1w", "2026-11-15T16:00:00+01:00"),
    ],
)
def test_times_can_be_written_in_many_ways(berlin: None, text: str, meant: str) -> None:
    assert moment(text, datetime(2026, 11, 22, 16, 0)) == datetime.fromisoformat(meant).timestamp()


# -- verify ------------------------------------------------------------------------------------------------------------


def test_a_whole_log_is_whole_as_far_as_can_be_told(
    journal: Path, capsys: pytest.CaptureFixture[str], anchored: dict[str, Head | None]
) -> None:
    write(journal, entry(), notice())
    assert approver_log("verify") == 0
    assert capsys.readouterr().out == (
        "The log is whole: 2 rows, each chained to the one before.\n"
        "There is no anchor in the keyring, so the end of the log cannot be proven: rows cut off from it would not be "
        "noticed.\n"
    )


def test_an_anchored_log_is_proven_to_its_anchor(
    journal: Path, capsys: pytest.CaptureFixture[str], anchored: dict[str, Head | None]
) -> None:
    write(journal, entry(), notice())
    anchored["head"] = head = verify(journal, None).head
    assert approver_log("verify") == 0
    assert capsys.readouterr().out == (
        "The log is whole: 2 rows, each chained to the one before.\n"
        "The anchor in the keyring vouches for the rows up to 2.\n"
    )
    write(journal, notice())
    assert approver_log("verify") == 0
    assert "The 1 after it are chained, but newer than the anchor." in capsys.readouterr().out
    assert approver_log("verify", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["anchor"] == {"seq": 2, "digest": head.digest}
    assert (found["whole"], found["rows"], found["first_bad_row"], found["problems"]) == (True, 3, None, [])
    assert found["head"]["seq"] == 3


def test_a_changed_log_ends_with_one_and_names_the_row(
    journal: Path, capsys: pytest.CaptureFixture[str], anchored: dict[str, Head | None]
) -> None:
    write(journal, entry())
    anchored["head"] = Head(3, "0" * 64)
    assert approver_log("verify") == 1
    assert capsys.readouterr().out == (
        "The log was changed. The first bad row is 2.\n"
        "Rows 2 to 3 are missing. The log ends at row 1, but had reached row 3.\n"
    )
    assert approver_log("verify", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["whole"], found["first_bad_row"]) == (False, 2)
    assert found["problems"] == [
        {"row": 2, "what": "Rows 2 to 3 are missing. The log ends at row 1, but had reached row 3."}
    ]


def test_a_changed_log_without_an_anchor_says_both(
    journal: Path, capsys: pytest.CaptureFixture[str], anchored: dict[str, Head | None]
) -> None:
    write(journal, entry(), entry())
    connection = sqlite3.connect(journal)
    connection.execute("DELETE FROM entries WHERE seq = 1")
    connection.commit()
    connection.close()
    assert approver_log("verify", "--json") == 1
    assert json.loads(capsys.readouterr().out)["anchor"] is None
    assert approver_log("verify") == 1
    assert "no anchor" in capsys.readouterr().out


def test_an_empty_log_is_said_to_be_empty(
    journal: Path, capsys: pytest.CaptureFixture[str], anchored: dict[str, Head | None]
) -> None:
    write(journal)
    assert approver_log("verify") == 0
    assert capsys.readouterr().out.startswith("The log is empty.\n")


def test_without_a_keyring_verify_works(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tests' own keyring fails always."""
    write(journal, entry())
    assert approver_log("verify") == 0
    assert "There is no anchor" in capsys.readouterr().out


# -- export ------------------------------------------------------------------------------------------------------------


def test_json_lines_go_to_the_standard_output(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, *(entry(call=f"c{number}") for number in range(700)))
    assert approver_log("export", "--format", "jsonl") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [f"c{number}" for number in range(699, -1, -1)]
    assert json.loads(lines[0]) == objects(capsys, "--limit", "1")[0]


def test_an_export_can_be_filtered(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, *(entry(call=f"c{number}", tool=f"t{number % 2}") for number in range(10)))
    assert approver_log("export", "--format", "csv", "--tool", "t1", "--limit", "3", "--before", "8") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == ["c5", "c3", "c1"]


@pytest.mark.parametrize(("form", "count"), [("jsonl", 1), ("csv", 2)])
def test_a_file_is_written_for_its_owner_only(
    journal: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str, count: int
) -> None:
    write(journal, entry())
    file = tmp_path / "calls.txt"
    file.write_text("what was there before", encoding="utf-8")
    assert approver_log("export", "--format", form, "--output", str(file)) == 0
    assert capsys.readouterr().out == f"Wrote 1 call to {file}.\n"
    assert len(file.read_text(encoding="utf-8").splitlines()) == count
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    write(journal, entry(call="c2"))
    assert approver_log("export", "--format", form, "--output", str(file)) == 0
    assert capsys.readouterr().out == f"Wrote 2 calls to {file}.\n"


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(
    journal: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(journal, entry())
    folder = tmp_path / "folder"
    folder.mkdir()
    before = sorted(tmp_path.iterdir())
    assert approver_log("export", "--format", "csv", "--output", str(folder)) == 2
    assert capsys.readouterr().err.startswith(f"approver log: {folder} cannot be written: ")
    assert approver_log("export", "--format", "csv", "--output", str(tmp_path / "nowhere" / "x")) == 2
    assert "No such file or directory. Choose another file." in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_an_export_beside_a_writer_sees_one_state(
    journal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A question that is answered meanwhile must not fall out between two pages."""
    write(journal, entry(EntryKind.ASKED, "open"), *(entry(call=f"c{number}") for number in range(600)))
    writer = Journal(journal, StillTime())
    lines = log.jsonl

    def meanwhile(records: Any) -> Iterator[str]:
        for number, line in enumerate(lines(records)):
            if number == 10:
                writer.append(entry(DECISION, "open", outcome="denied_by_user"))
                writer.flush()
            yield line

    monkeypatch.setattr(log, "jsonl", meanwhile)
    assert approver_log("export", "--format", "jsonl") == 0
    writer.close()
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == 601
    assert (found[-1]["id"], found[-1]["outcome"]) == ("open", "pending")


# -- notices -----------------------------------------------------------------------------------------------------------


def test_notices_are_shown_newest_first_with_what_is_hostile_in_them_visible(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(journal, notice(at=NOON, outcome="started", message="Approver started."), entry(call="a"))
    write(journal, notice(at=NOON + 1, outcome="problem", message="files.json \x1b[2J does not load."))
    assert approver_log("notices") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == ["problem", "started"]
    assert "\x1b" not in lines[0] and "does not load." in lines[0]


def test_notices_for_programs_are_objects(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(journal, *(notice(at=NOON, outcome="started", message=str(number)) for number in range(3)))
    assert approver_log("notices", "--json", "--limit", "2") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["seq"], one["notice"], one["message"]) for one in found] == [(3, "started", "2"), (2, "started", "1")]
    assert found[0]["at"].endswith("Z")


def test_an_edited_call_is_told_as_such_and_found_by_what_was_sent(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detail = '{"edited":{"arguments":{"path":"/elsewhere"},"digest":"e","by":"window","changed":["/path"]}}'
    write(journal, entry(outcome="approved", by="window", waited=2.0, detail=detail))
    assert approver_log("list", "--search", "ELSEWHERE") == 0
    assert "window, edited after 2.0 s" in capsys.readouterr().out
    (found,) = objects(capsys, "list", "--search", "elsewhere")
    assert found["edited"]["changes"] == [{"path": "/path", "before": "/tmp/x", "after": "/elsewhere"}]
    assert objects(capsys, "list", "--search", "nowhere at all") == []
