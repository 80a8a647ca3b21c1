"""The pane below the log: a `Story` goes in and stands there in full; wishes come out as signals."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from approver.clock import Clock
from approver.journal.export import as_object, to_json
from approver.ui.colours import colours_now
from approver.ui.icons import pixmap
from approver.ui.log_story import Story, arguments_of, facts, headline, remembered_by
from approver.ui.log_words import outcome_icon, outcome_words
from approver.ui.marks import drawable
from approver.ui.outline_frame import OutlineFrame
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, scaled


class LogDetail(QStackedWidget):
    """Shows one call, or says how to choose one.

    Attributes:
        story: What is shown, or None.
        may_make_rules: Whether «Make a rule from this…» is there: only where somebody makes it.

    Signals:
        rule_wanted: Server, tool and arguments of the call.
        remembered_wanted: The id of the remembered answer that the call was answered by.
    """

    rule_wanted = Signal(str, str, object)
    remembered_wanted = Signal(str)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.story: Story | None = None
        self.may_make_rules = False
        self._nothing = PlainLabel(self.tr("Select a call to see all of it."), role="muted")
        self._icon = QLabel()
        self._headline = PlainLabel()
        self._row = PlainLabel(role="muted", wraps=False)
        self._arguments = OutlineFrame(self.tr("Sent by the client, as recorded"), fewest=3)
        self._facts = OutlineFrame(self.tr("What became of it"), fewest=3)
        self._rule = QPushButton(self.tr("&Make a rule from this…"))
        self._copy = QPushButton(self.tr("&Copy as JSON"))
        self._remembered = QPushButton(self.tr("Change the re&membered answer…"))
        self._rule.clicked.connect(self._want_rule)
        self._remembered.clicked.connect(self._want_remembered)
        self._copy.clicked.connect(self._copy_json)
        self._lay_out()

    def show_story(self, story: Story) -> None:
        """Show this call."""
        is_other = self.story is None or self.story.row.seq != story.row.seq
        self.story = story
        self._headline.setText(drawable(headline(story), self.font()))
        row = self.tr("Row {number}, {outcome}")
        number = self.locale().toString(story.record.seq)
        self._row.setText(row.format(number=number, outcome=outcome_words(story.record.outcome)))
        if is_other:
            self._arguments.set_lines(story.arguments)
        self._facts.set_lines(facts(story, self._clock.now()))
        self._rule.setVisible(self.may_make_rules and bool(story.record.tool))
        self._rule.setEnabled(arguments_of(story.record) is not None)
        self._remembered.setVisible(bool(remembered_by(story.record)))
        self._dress()
        self.setCurrentIndex(1)

    def show_nothing(self) -> None:
        """Forget the call."""
        self.story = None
        self.setCurrentIndex(0)

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means another icon."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _want_rule(self) -> None:
        if self.story is not None:
            record = self.story.record
            self.rule_wanted.emit(record.server, record.tool, arguments_of(record))

    def _want_remembered(self) -> None:
        if self.story is not None:
            self.remembered_wanted.emit(remembered_by(self.story.record))

    def _copy_json(self) -> None:
        if self.story is not None:
            QGuiApplication.clipboard().setText(to_json(as_object(self.story.record), indent=2))

    def _dress(self) -> None:
        if self.story is not None:
            ratio = self.devicePixelRatioF()
            name = outcome_icon(self.story.record.outcome)
            picture = pixmap(name, colours_now().ink, round(em(self.font()) * 1.2 * ratio))
            picture.setDevicePixelRatio(ratio)
            self._icon.setPixmap(picture)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._headline.setFont(scaled(self.font(), 1.1, QFont.Weight.DemiBold))
        head = QHBoxLayout()
        head.setSpacing(round(unit * 0.6))
        head.addWidget(self._icon)
        head.addWidget(self._headline, 1)
        head.addWidget(self._row)
        blocks = QSplitter(Qt.Orientation.Horizontal)
        blocks.setObjectName("log-detail")
        blocks.setChildrenCollapsible(False)
        blocks.setHandleWidth(round(unit * 0.6))
        blocks.addWidget(self._arguments)
        blocks.addWidget(self._facts)
        buttons = QHBoxLayout()
        buttons.setSpacing(round(unit * 0.6))
        buttons.addWidget(self._remembered)
        buttons.addWidget(self._rule)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        pane = QWidget()
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.5))
        layout.addLayout(head)
        layout.addWidget(blocks, 1)
        layout.addLayout(buttons)
        self.addWidget(self._nothing)
        self.addWidget(pane)
