"""What of the log is wanted: choices go in by mouse and keyboard, `Filters` for the reader come out."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QDateTime, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from approver.approvals.presentation import short_name
from approver.clock import Clock
from approver.journal.records import Filters
from approver.model import Outcome
from approver.ui.log_words import midnight, outcome_words
from approver.ui.theme import em, inset

FACETS = ("client", "server", "tool", "rule")
"""Filters whose choices are what occurs in the log."""
TYPING_MILLISECONDS = 300
LONGEST_CHOICE = 40
_HOUR, _DAY = 3600.0, 86_400.0
_TODAY, _UP_TO = "today", "up to"
_DENIED = (Outcome.DENIED_BY_POLICY.value, Outcome.DENIED_BY_USER.value)
_ASKED = tuple(
    outcome.value
    for outcome in (Outcome.APPROVED, Outcome.DENIED_BY_USER, Outcome.PENDING, Outcome.EXPIRED, Outcome.ABORTED)
)


class LogFilterBar(QWidget):
    """Two rows of choices.

    Attributes:
        search: The field for text.

    Signals:
        changed: Something else is wanted; what is typed counts when typing rests.
    """

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.search = QLineEdit()
        self._time = QComboBox()
        self._until = QDateTimeEdit()
        inset(self._until)
        self._outcome = QComboBox()
        self._facets = {name: QComboBox() for name in FACETS}
        self._clear = QPushButton(self.tr("Clear &filters"))
        self._rest = QTimer(self)
        self._fill()
        self._dress()
        self._lay_out()
        self._connect()

    @property
    def is_clear(self) -> bool:
        """Whether everything is wanted."""
        return self.filters() == Filters()

    def filters(self) -> Filters:
        """What is wanted; relative times are reckoned from now."""
        chosen = self._time.currentData()
        since = until = None
        if chosen == _UP_TO:
            until = float(self._until.dateTime().toSecsSinceEpoch() + 60)  # the minute itself included
        elif chosen == _TODAY:
            since = float(midnight(self._clock.now()))
        elif chosen is not None:
            since = self._clock.now() - chosen
        facets: dict[str, Any] = {name: box.currentData() for name, box in self._facets.items()}
        return Filters(
            since=since,
            until=until,
            outcomes=tuple(self._outcome.currentData() or ()),
            search=self.search.text().strip(),
            **facets,
        )

    def set_choices(self, name: str, values: Sequence[str]) -> None:
        """Offer what occurs; what is chosen stays chosen."""
        box = self._facets[name]
        chosen = box.currentData()
        wanted = [value for value in values if value] + ([chosen] if chosen and chosen not in values else [])
        if wanted == [box.itemData(at) for at in range(1, box.count())]:
            return
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(box.count() - 1)
        for value in wanted:
            box.addItem(short_name(value, LONGEST_CHOICE), value)
        box.setCurrentIndex(wanted.index(chosen) + 1 if chosen else 0)
        box.blockSignals(False)

    def choose(self, name: str, value: str) -> None:
        """Want only what has this client, server, tool or rule."""
        box = self._facets[name]
        if box.findData(value) < 0:
            box.addItem(short_name(value, LONGEST_CHOICE), value)
        box.setCurrentIndex(box.findData(value))

    def clear(self) -> None:
        """Want everything."""
        if self.is_clear:
            return
        for box in self._boxes():
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._tell()

    def _boxes(self) -> list[QComboBox]:
        return [self._time, self._outcome, *self._facets.values()]

    def _fill(self) -> None:
        times: tuple[tuple[str, Any], ...] = (
            (self.tr("Any time"), None),
            (self.tr("Today"), _TODAY),
            (self.tr("Last hour"), _HOUR),
            (self.tr("Last 24 hours"), _DAY),
            (self.tr("Last 7 days"), 7 * _DAY),
            (self.tr("Last 30 days"), 30 * _DAY),
            (self.tr("Up to…"), _UP_TO),
        )
        for text, value in times:
            self._time.addItem(text, value)
        self._outcome.addItem(self.tr("Any outcome"), ())
        self._outcome.addItem(self.tr("Denied"), _DENIED)
        self._outcome.addItem(self.tr("Asked about"), _ASKED)
        self._outcome.insertSeparator(self._outcome.count())
        for outcome in Outcome:
            self._outcome.addItem(outcome_words(outcome.value), (outcome.value,))
        anything = {
            "client": self.tr("Any client"),
            "server": self.tr("Any server"),
            "tool": self.tr("Any tool"),
            "rule": self.tr("Any rule"),
        }
        for name, box in self._facets.items():
            box.addItem(anything[name], None)

    def _dress(self) -> None:
        names = {
            "client": self.tr("Client"),
            "server": self.tr("Server"),
            "tool": self.tr("Tool"),
            "rule": self.tr("Rule"),
        }
        for name, box in self._facets.items():
            box.setAccessibleName(names[name])
        self._time.setAccessibleName(self.tr("Time"))
        self._outcome.setAccessibleName(self.tr("Outcome"))
        for box in self._boxes():
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.setMaxVisibleItems(20)
        self.search.setPlaceholderText(self.tr("Search names, arguments, rules, messages"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self._until.setAccessibleName(self.tr("Newest call to show"))
        self._until.setCalendarPopup(True)
        self._until.setDateTime(QDateTime.fromSecsSinceEpoch(int(self._clock.now())))
        self._until.setVisible(False)
        self._clear.setProperty("role", "quiet")
        self._clear.setEnabled(False)
        self._rest.setSingleShot(True)
        self._rest.setInterval(TYPING_MILLISECONDS)

    def _lay_out(self) -> None:
        unit = em(self.font())
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(round(unit * 0.5))
        first.addWidget(self.search, 1)
        first.addWidget(self._time)
        first.addWidget(self._until)
        for name in ("client", "server", "tool"):
            second.addWidget(self._facets[name], 1)
        second.addWidget(self._outcome, 1)
        second.addWidget(self._facets["rule"], 1)
        first.addWidget(self._clear)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(round(unit * 0.5))
        layout.addLayout(first, 0, 0)
        layout.addLayout(second, 1, 0)

    def _connect(self) -> None:
        for box in self._boxes():
            box.currentIndexChanged.connect(self._tell)
        self._until.dateTimeChanged.connect(lambda _: self._rest.start())
        self.search.textChanged.connect(lambda _: self._rest.start())
        self.search.returnPressed.connect(self._tell)
        self._rest.timeout.connect(self._tell)
        self._clear.clicked.connect(self.clear)

    def _tell(self) -> None:
        self._rest.stop()
        self._until.setVisible(self._time.currentData() == _UP_TO)
        self._clear.setEnabled(not self.is_clear)
        self.changed.emit()
