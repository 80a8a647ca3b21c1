"""Recorded calls as a file."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from sample_log import write_day

from approver.journal.records import Filters
from approver.ui.log_export import LogExport


@pytest.fixture
def export(qtbot: QtBot, tmp_path: Path) -> LogExport:
    write_day(tmp_path / "journal.db", 1500)
    export = LogExport(tmp_path / "journal.db")
    qtbot.addWidget(export)
    return export


def written(qtbot: QtBot, export: LogExport, target: Path) -> Path:
    with qtbot.waitSignal(export.written) as told:
        export.export(target)
    return Path(told.args[0])


def test_json_lines(qtbot: QtBot, export: LogExport, tmp_path: Path) -> None:
    path = written(qtbot, export, tmp_path / "calls.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 1505
    assert lines[0]["tool"] == "status"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "calls were written" in export._words.text()


def test_csv(qtbot: QtBot, export: LogExport, tmp_path: Path) -> None:
    path = written(qtbot, export, tmp_path / "calls.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == 1506
    assert export._words.text().replace(",", "").startswith("1505 calls")


def test_nothing_is_overwritten(qtbot: QtBot, export: LogExport, tmp_path: Path) -> None:
    target = tmp_path / "calls.jsonl"
    target.write_text("mine", encoding="utf-8")
    assert written(qtbot, export, target).name == "calls (2).jsonl"
    assert written(qtbot, export, target).name == "calls (3).jsonl"
    assert target.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob(".*"))


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, export: LogExport, tmp_path: Path) -> None:
    export.export(tmp_path / "nowhere" / "calls.jsonl")
    qtbot.waitUntil(lambda: "nowhere" in export._words.text())


def test_the_person_chooses_the_file_and_the_window_goes_on(qtbot: QtBot, export: LogExport, tmp_path: Path) -> None:
    export.ask(Filters(tool="push"))
    dialog = export.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.selectNameFilter(dialog.nameFilters()[1])
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert dialog.defaultSuffix() == "csv"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("pushes")
    with qtbot.waitSignal(export.written) as told:
        dialog.accept()
    assert Path(told.args[0]).name == "pushes.csv"
    assert "2 calls" in export._words.text()
    assert export.dialog is None
