"""Says what the person allows by habit and offers to make a rule of it: a `HabitWatch` goes in, presses go back to it.

It stands in the list and in the log, never in the dialog: whoever is being asked is to look at the call.
"""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from approver.approvals.presentation import quoted_if_odd
from approver.ui.colours import colours_now
from approver.ui.habit_watch import HabitWatch
from approver.ui.icons import icon
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em


class HabitBar(QFrame):
    """Hidden while there is nothing to say.

    Attributes:
        make: «Make a rule…».
        dismiss: Never again for this tool.

    Signals: none of its own.
    """

    def __init__(self, watch: HabitWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self._sign = QLabel()
        self._text = PlainLabel()
        self.make = QPushButton(self.tr("Ma&ke a rule…"))
        self.dismiss = QToolButton()
        self.setProperty("role", "block")
        self.make.setAutoDefault(False)
        self.make.setAccessibleDescription(self.tr("Opens the form for a rule, with the newest call's arguments"))
        self.dismiss.setProperty("role", "link")
        self.dismiss.setAccessibleName(self.tr("Do not say this of this tool again"))
        self.dismiss.setToolTip(self.tr("Do not say this of this tool again"))
        unit = em(self.font())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(round(unit * share) for share in (0.8, 0.4, 0.4, 0.4)))
        layout.setSpacing(round(unit * 0.6))
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.make)
        layout.addWidget(self.dismiss)
        self.make.clicked.connect(watch.make_rule)
        self.dismiss.clicked.connect(watch.dismiss)
        watch.changed.connect(self._show)
        self._dress()
        self._show()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def changeEvent(self, event: QEvent) -> None:
        """Another palette means other icons."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        edge = round(em(self.font()))
        self.dismiss.setIcon(icon("close", colours_now().muted))
        self.dismiss.setIconSize(QSize(edge, edge))
        self._sign.setPixmap(icon("info", colours_now().muted).pixmap(edge, edge))

    def _show(self) -> None:
        offer = self._watch.offer
        if offer is not None:
            habit, locale = offer.habit, self.locale()
            text = self.tr("You allowed {allowed} of the last {asked} {tool} calls on {server}.").format(
                allowed=locale.toString(habit.allowed),
                asked=locale.toString(habit.asked),
                tool=quoted_if_odd(habit.tool),
                server=quoted_if_odd(habit.server),
            )
            self._text.setText(drawable(text, self.font()))
        self.setVisible(offer is not None)
