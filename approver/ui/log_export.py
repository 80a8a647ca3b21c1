"""Writes recorded calls to a file that the person chooses: filters go in, a file and a sentence about it come out.

The file is written beside its place and put there when it is whole. Nothing is overwritten: where the name is taken,
the next free one is. Only the person may read it.
"""

import itertools
import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from approver.journal.export import csv_lines, jsonl
from approver.journal.reader import Reader
from approver.journal.records import Filters
from approver.ui.background import Background, Progress
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

ROWS_BETWEEN_WORDS = 1000
FORMATS = {".jsonl": jsonl, ".csv": csv_lines}


class LogExport(QWidget):
    """A line that is only there while something is written, and after.

    Attributes:
        dialog: Asks for the file, or None.

    Signals:
        written: The file that was written.
    """

    written = Signal(str)

    def __init__(self, journal: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._journal = journal
        self._filters = Filters()
        self.dialog: QFileDialog | None = None
        self._words = PlainLabel(role="muted")
        self._stop = QPushButton()
        self._work = Background(self)
        self._work.progressed.connect(self._progressed)
        self._work.done.connect(self._done)
        self._work.failed.connect(self._say_end)
        self._work.stopped.connect(lambda: self._say_end(self.tr("Nothing was exported.")))
        self._stop.setProperty("role", "quiet")
        self._stop.clicked.connect(self._stop_or_close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.6))
        layout.addWidget(self._words, 1)
        layout.addWidget(self._stop)
        self.hide()

    def ask(self, filters: Filters) -> None:
        """Ask where to, then write what these filters admit."""
        if self._work.is_working or self.dialog is not None:
            return
        self._filters = filters
        self.dialog = dialog = QFileDialog(self.window(), self.tr("Export calls"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is overwritten
        dialog.setNameFilters([self.tr("JSON Lines, exact (*.jsonl)"), self.tr("CSV for spreadsheets (*.csv)")])
        dialog.setDefaultSuffix("jsonl")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("csv" if ".csv" in chosen else "jsonl"))
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog.setDirectory(documents if Path(documents).is_dir() else QDir.homePath())
        dialog.selectFile("calls.jsonl")
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def export(self, target: Path) -> None:
        """Write to this file, or to the next free name; how, its ending says."""
        journal, filters = self._journal, self._filters
        self._words.setText(self.tr("Exporting…"))
        self._stop.setText(self.tr("Stop e&xporting"))
        self.show()
        self._work.start(lambda progress: write(journal, filters, target, progress))

    def stop(self) -> None:
        """Write nothing more."""
        self._work.stop()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _progressed(self, count: int) -> None:
        self._words.setText(self.tr("Exporting: {count} calls so far").format(count=self.locale().toString(count)))

    def _done(self, what: tuple[Path, int]) -> None:
        path, count = what
        text = self.tr("{count} calls were written to {file}.")
        self._say_end(text.format(count=self.locale().toString(count), file=path))
        self.written.emit(str(path))

    def _say_end(self, sentence: str) -> None:
        self._words.setText(sentence)
        self._stop.setText(self.tr("Close"))

    def _stop_or_close(self) -> None:
        if self._work.is_working:
            self._work.stop()
        else:
            self.hide()


def write(journal: Path, filters: Filters, target: Path, progress: Progress) -> tuple[Path, int]:
    """Write the calls that pass; returns the file and how many they were. Raises `OSError`, `JournalUnreadable`."""
    lines_of = FORMATS.get(target.suffix.lower(), jsonl)
    count = 0
    with Reader(journal) as reader, reader.snapshot():
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                for line in lines_of(reader.every_call(filters)):
                    stream.write(line)
                    count += 1
                    if count % ROWS_BETWEEN_WORDS == 0:
                        progress(count)
            place = _put(Path(name), target)
        finally:
            Path(name).unlink(missing_ok=True)
    return place, count - (lines_of is csv_lines)  # a CSV has a line of names


def _put(written: Path, target: Path) -> Path:
    for number in itertools.count(2):
        try:
            os.link(written, target)  # unlike a rename, never takes another file's place
        except FileExistsError:
            target = target.with_name(f"{target.stem.removesuffix(f' ({number - 1})')} ({number}){target.suffix}")
        except OSError:  # a file system without links
            if not target.exists():
                return written.replace(target)
        else:
            return target
    raise AssertionError("numbers do not end")
