"""Whether the log was changed: has it checked, shows how far that is, says what was found and what cannot be told."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from approver.journal.chain import Head
from approver.journal.reader import Reader
from approver.journal.verify import VerifyResult, verify
from approver.ui.background import Background, Progress
from approver.ui.colours import colours_now
from approver.ui.icons import pixmap
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

STEPS = 1000
MOST_PROBLEMS_SHOWN = 4

LoadAnchor = Callable[[], Head | None]


class LogChain(QFrame):
    """One line of words, a button, and a bar while it works.

    Attributes: none of its own.

    Signals:
        checked: A `VerifyResult`.
    """

    checked = Signal(object)

    def __init__(self, path: Path, load_anchor: LoadAnchor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._load_anchor = load_anchor
        self._total = 0
        self._icon = QLabel()
        self._words = PlainLabel(role="muted")
        self._bar = QProgressBar()
        self._check = QPushButton()
        self._work = Background(self)
        self._work.progressed.connect(self._progressed)
        self._work.done.connect(self._done)
        self._work.failed.connect(self._failed)
        self._work.stopped.connect(self._stopped)
        self._check.clicked.connect(self._toggle)
        self._lay_out()
        self._dress(colours_now().muted)
        self._rest(self.tr("Every row is chained to the one before it. Whether that still holds was not checked yet."))

    def stop(self) -> None:
        """Check nothing more."""
        self._work.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means another icon."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress(colours_now().muted)

    def _toggle(self) -> None:
        if self._work.is_working:
            self._work.stop()
            return
        self._total = 0
        self._bar.setRange(0, 0)
        self._bar.setVisible(True)
        self._check.setText(self.tr("Stop chec&king"))
        self._words.setText(self.tr("Checking the log…"))
        self._be_problem(False)
        path, load_anchor, tell_total = self._path, self._load_anchor, self._set_total
        self._work.start(lambda progress: _checked(path, load_anchor, progress, tell_total))

    def _set_total(self, total: int) -> None:
        """Called on the checking thread, before the first progress."""
        self._total = total

    def _progressed(self, rows: int) -> None:
        if self._total:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(min(STEPS, round(STEPS * rows / self._total)))
        text = self.tr("Checking the log: {rows} of {total} rows are as they were written.")
        locale = self.locale()
        self._words.setText(text.format(rows=locale.toString(rows), total=locale.toString(max(rows, self._total))))

    def _done(self, result: VerifyResult) -> None:
        self._rest(found_in_words(result))
        self._be_problem(not result.is_whole)
        self.checked.emit(result)

    def _failed(self, sentence: str) -> None:
        self._rest(sentence)
        self._be_problem(True)

    def _stopped(self) -> None:
        self._rest(self.tr("Checking was stopped, so nothing is known of the rows after that."))

    def _rest(self, sentence: str) -> None:
        self._words.setText(sentence)
        self._bar.setVisible(False)
        self._check.setText(self.tr("Chec&k the log"))

    def _be_problem(self, is_problem: bool) -> None:
        self.setProperty("role", "problem" if is_problem else "")
        self._words.set_role("" if is_problem else "muted")
        self.style().unpolish(self)
        self.style().polish(self)
        colours = colours_now()
        self._dress(colours.warning.ink if is_problem else colours.muted)

    def _dress(self, ink: str) -> None:
        ratio = self.devicePixelRatioF()
        picture = pixmap("chain", ink, round(em(self.font()) * 1.3 * ratio))
        picture.setDevicePixelRatio(ratio)
        self._icon.setPixmap(picture)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._words.setAccessibleName(self.tr("State of the log's chain"))
        self._bar.setAccessibleName(self.tr("How far checking is"))
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(round(unit * 0.5))
        self._check.setProperty("role", "quiet")
        words = QVBoxLayout()
        words.setSpacing(round(unit * 0.2))
        words.addWidget(self._words)
        words.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (0.4, 0.2, 0.2, 0.2)))
        layout.setSpacing(round(unit * 0.6))
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)
        layout.addWidget(self._check)


def found_in_words(result: VerifyResult) -> str:
    """What was found, and what could not be told."""
    if not result.is_whole:
        shown = [problem.what for problem in result.problems[:MOST_PROBLEMS_SHOWN]]
        first = QCoreApplication.translate("LogChain", "The log was changed. The first bad row is {row}.")
        return "\n".join([first.format(row=result.first_bad_row), *shown])
    if not result.rows:
        return QCoreApplication.translate("LogChain", "The log is empty.")
    whole = QCoreApplication.translate("LogChain", "The log is whole: {rows} rows, each chained to the one before.")
    return f"{whole.format(rows=_number(result.rows))} {_about_the_end(result)}"


def _about_the_end(result: VerifyResult) -> str:
    if result.anchor is None:
        return QCoreApplication.translate(
            "LogChain",
            "There is no anchor in the keyring, so the end cannot be proven: rows cut off from it would go unnoticed.",
        )
    vouched = QCoreApplication.translate("LogChain", "The keyring vouches for the rows up to {row}.")
    if not result.beyond_anchor:
        return vouched.format(row=_number(result.anchor.seq))
    beyond = QCoreApplication.translate(
        "LogChain", "The end beyond that, {rows} rows, is chained but cannot be proven: it is newer than the anchor."
    )
    return f"{vouched.format(row=_number(result.anchor.seq))} {beyond.format(rows=_number(result.beyond_anchor))}"


def _number(number: int) -> str:
    return QLocale().toString(number)


def _checked(
    path: Path, load_anchor: LoadAnchor, progress: Progress, tell_total: Callable[[int], None]
) -> VerifyResult:
    anchor = load_anchor()  # first: the journal goes on meanwhile
    if path.exists():
        with Reader(path) as reader:
            newest = reader.entries(1)
        tell_total(newest[0].seq if newest else 0)
    return verify(path, anchor, progress=progress)
