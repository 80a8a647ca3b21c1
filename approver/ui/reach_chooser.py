"""For which calls an answer holds, and for how long: a question goes in, a `Wish` or nothing comes out.

Every question begins with the narrowest: this call, once. Both choices are made apart; a wider one of the first moves
the second from «Once» to the shortest that lasts, and «Once» moves the first back. What would be saved stands below as
a sentence. The chooser answers nothing itself.
"""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QTime, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QRadioButton,
    QTimeEdit,
    QToolButton,
    QWidget,
)

from approver.approvals.lapsed import time_words
from approver.approvals.presentation import quoted_if_odd
from approver.approvals.standing import standing_of, why_not
from approver.approvals.standing_words import sentence
from approver.clock import Clock
from approver.model import Answer, AnswerKind, PendingQuestion
from approver.standing_model import Lifetime, Reach, Wish
from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, inset

SOONEST_MINUTES = 30
LONGEST_NAMES = 40


class ReachChooser(QWidget):
    """Lets a person say how far an answer goes.

    Attributes: none that others change.

    Signals:
        changed: The wish is another one, and so is what the answers mean.
    """

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._question: PendingQuestion | None = None
        self._is_filling = False
        self._told: object = None
        self._reaches = {reach: QRadioButton(self) for reach in Reach}
        self._group = QButtonGroup(self)
        self._fields = QToolButton(self)
        self._menu = QMenu(self)
        self._lifetime = QComboBox(self)
        self._time = QTimeEdit(self)
        inset(self._time)
        self._sentence = PlainLabel(role="muted")
        self._reach_label = PlainLabel(self.tr("Apply to"), wraps=False)
        self._lifetime_label = PlainLabel(self.tr("&For"), wraps=False)
        self._dress()
        self._lay_out()
        self._connect()

    # -- what goes in ----------------------------------------------------------------------------------------------

    def show_question(self, question: PendingQuestion) -> None:
        """Begin anew, with the narrowest; or, if it is the question on show, look again at what is possible."""
        is_other = self._question is None or self._question.id != question.id
        self._question = question
        if is_other:
            self._begin()
        self._tell()

    def reset(self) -> None:
        """Back to this call, once."""
        if self._question is not None:
            self._begin()
            self._tell()

    def _begin(self) -> None:
        assert self._question is not None
        call = self._question.call
        self._is_filling = True
        self._reaches[Reach.ARGUMENTS].setChecked(True)
        has_fields = bool(call.arguments)
        self._reaches[Reach.FIELDS].setVisible(has_fields)
        self._fields.setVisible(has_fields)
        self._fill_fields(list(call.arguments))
        self._fill_lifetimes(has_session=call.caller.has_session)
        self._is_filling = False

    def _fill_fields(self, names: list[str]) -> None:
        self._menu.clear()
        for name in names:
            action = self._menu.addAction(quoted_if_odd(name).replace("&", "&&"))
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(self._fields_changed)
        self._show_fields()

    def _fill_lifetimes(self, *, has_session: bool) -> None:
        soon = datetime.fromtimestamp(self._clock.now()) + timedelta(minutes=SOONEST_MINUTES)
        hour = (soon + timedelta(hours=1)).replace(minute=0)
        self._time.setTime(QTime(hour.hour, hour.minute))
        self._lifetime.clear()
        self._lifetime.addItem(self.tr("Once"), None)
        if has_session:
            self._lifetime.addItem(self.tr("This session"), Lifetime.SESSION)
        self._lifetime.addItem(self.tr("Until a time"), Lifetime.UNTIL)
        self._lifetime.addItem(self.tr("Always"), Lifetime.ALWAYS)

    # -- what comes out --------------------------------------------------------------------------------------------

    @property
    def wish(self) -> Wish | None:
        """How far an answer goes beyond its call; None: no further."""
        lifetime = self._lifetime.currentData()
        if lifetime is None or self._question is None:
            return None
        reach = self._reach
        definition = self._question.definition
        return Wish(
            reach,
            lifetime,
            fields=self._ticked() if reach is Reach.FIELDS else (),
            until=self._until() if lifetime is Lifetime.UNTIL else None,
            definition=definition.digest if definition is not None else "",
        )

    @property
    def sentence(self) -> str:
        """The rule that approving would save; empty where it would save none."""
        return self._saved(AnswerKind.ALLOW)

    def sentence_of(self, kind: AnswerKind) -> str:
        """The rule that this answer would save."""
        return self._saved(kind)

    @property
    def obstacle(self) -> str:
        """Why an approval cannot be remembered like this; empty where it can."""
        wish = self.wish
        if wish is None or self._question is None:
            return ""
        return why_not(self._question, Answer(AnswerKind.ALLOW, "window", wish=wish), self._clock.now())

    def words(self, kind: AnswerKind, count: int = 1) -> str:
        """What the button for this answer is called, with its letter; of `count` identical calls one is allowed."""
        wish = self.wish
        allows = kind is AnswerKind.ALLOW
        if wish is None and count > 1:
            many = self.tr("&Allow one of {count}") if allows else self.tr("&Deny all {count}")
            return many.format(count=count)
        if wish is None:
            return self.tr("&Allow once") if allows else self.tr("&Deny")
        template = self.tr("&Allow {calls} {time}") if allows else self.tr("&Deny {calls} {time}")
        words = template.format(calls=self._calls(wish), time=self._time_words(wish))
        if count > 1:
            many = self.tr("{answer} (one of {count})") if allows else self.tr("{answer} (all {count})")
            return many.format(answer=words, count=count)
        return words

    def _calls(self, wish: Wish) -> str:
        words = {
            Reach.ARGUMENTS: self.tr("this call"),
            Reach.FIELDS: self.tr("such calls"),
            Reach.TOOL: self.tr("this tool"),
        }
        return words[wish.reach]

    def _time_words(self, wish: Wish) -> str:
        if wish.until is not None:
            return self.tr("until {time}").format(time=time_words(wish.until, self._clock.now()))
        return self.tr("for the session") if wish.lifetime is Lifetime.SESSION else self.tr("always")

    def _saved(self, kind: AnswerKind) -> str:
        wish = self.wish
        if wish is None or self._question is None:
            return ""
        now = self._clock.now()
        saved = standing_of(self._question, Answer(kind, "window", wish=wish), "", now)
        return sentence(saved, now, QCoreApplication.translate)

    @property
    def _reach(self) -> Reach:
        return next(reach for reach, button in self._reaches.items() if button.isChecked())

    def _ticked(self) -> tuple[str, ...]:
        return tuple(action.data() for action in self._menu.actions() if action.isChecked())

    def _until(self) -> float:
        """The next time that the clock on the wall shows this."""
        now = datetime.fromtimestamp(self._clock.now())
        chosen = self._time.time()
        then = now.replace(hour=chosen.hour(), minute=chosen.minute(), second=0, microsecond=0)
        return (then if then > now else then + timedelta(days=1)).timestamp()

    # -- what the person does --------------------------------------------------------------------------------------

    def _reach_changed(self) -> None:
        if self._is_filling:
            return
        if self._reach is not Reach.ARGUMENTS and self._lifetime.currentData() is None:
            self._lifetime.setCurrentIndex(1)  # the shortest that lasts; it tells
        else:
            self._tell()

    def _lifetime_changed(self) -> None:
        if self._is_filling:
            return
        if self._lifetime.currentData() is None:
            self._reaches[Reach.ARGUMENTS].setChecked(True)
        self._tell()

    def _fields_changed(self) -> None:
        if not self._is_filling:
            self._show_fields()
            self._reaches[Reach.FIELDS].setChecked(True)
            self._tell()

    def _show_fields(self) -> None:
        """Name what is ticked; the last tick cannot be taken away."""
        ticked = [action for action in self._menu.actions() if action.isChecked()]
        for action in self._menu.actions():
            action.setEnabled(len(ticked) > 1 or action not in ticked)
        names = ", ".join(action.text() for action in ticked)
        if len(names) > LONGEST_NAMES:
            names = self.tr("{count} fields").format(count=len(ticked))
        self._fields.setText(drawable(names, self.font()))

    def _tell(self) -> None:
        self._time.setVisible(self._lifetime.currentData() is Lifetime.UNTIL)
        saved = self._saved(AnswerKind.ALLOW)
        if not saved:
            text = self.tr("Rule that would be saved: none.")
        elif self.obstacle:
            text = self.tr("An approval cannot be remembered: {why}").format(why=self.obstacle)
        else:
            text = self.tr("If you allow it, this is remembered: {rule}").format(rule=saved)
        if (told := (self._question and self._question.id, self.wish, text)) != self._told:
            self._told = told
            self._sentence.setText(drawable(text, self.font()))
            self.changed.emit()

    # -- building --------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        self._reaches[Reach.ARGUMENTS].setText(self.tr("t&his call"))
        self._reaches[Reach.FIELDS].setText(self.tr("this tool, &same"))
        self._reaches[Reach.TOOL].setText(self.tr("this &tool"))
        self._reaches[Reach.ARGUMENTS].setAccessibleName(self.tr("Apply to this call, with exactly these arguments"))
        self._reaches[Reach.FIELDS].setAccessibleName(self.tr("Apply to this tool with the ticked fields the same"))
        self._reaches[Reach.TOOL].setAccessibleName(self.tr("Apply to this tool, with any arguments"))
        self._fields.setMenu(self._menu)
        self._fields.setProperty("role", "menu")
        self._fields.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._fields.setAccessibleName(self.tr("Fields that must be the same"))
        self._lifetime.setAccessibleName(self.tr("For how long"))
        self._time.setAccessibleName(self.tr("Until"))
        self._lifetime_label.setBuddy(self._lifetime)
        self._sentence.setAccessibleName(self.tr("Rule that would be saved"))

    def _lay_out(self) -> None:
        unit = em(self.font())
        reach = QHBoxLayout()
        reach.setSpacing(round(unit * 0.5))
        for one, button in self._reaches.items():
            self._group.addButton(button)
            reach.addWidget(button)
            if one is Reach.FIELDS:
                reach.addWidget(self._fields)
            reach.addSpacing(round(unit * 0.7))
        reach.addStretch(1)
        lifetime = QHBoxLayout()
        lifetime.setSpacing(round(unit * 0.5))
        lifetime.addWidget(self._lifetime)
        lifetime.addWidget(self._time)
        lifetime.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(round(unit * 0.9))
        grid.setVerticalSpacing(round(unit * 0.45))
        grid.addWidget(self._reach_label, 0, 0)
        grid.addLayout(reach, 0, 1)
        grid.addWidget(self._lifetime_label, 1, 0)
        grid.addLayout(lifetime, 1, 1)
        grid.addWidget(self._sentence, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        for button in self._reaches.values():
            button.toggled.connect(lambda is_on: self._reach_changed() if is_on else None)
        self._lifetime.currentIndexChanged.connect(lambda _: self._lifetime_changed())
        self._time.timeChanged.connect(lambda _: None if self._is_filling else self._tell())
