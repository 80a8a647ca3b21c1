"""Calls per hour by outcome as a picture: `Hours` go in, stacked bars with a legend are painted.

Each group has a colour and a pattern of its own, so it can be told apart in black and white as well; the whole is also
said in words, for screen readers and, hour by hour, under the mouse.
"""

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QEvent, QLineF, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from approver.journal.records import Tally
from approver.model import Outcome
from approver.ui.colours import Colours, colours_now, mixed
from approver.ui.theme import em

HOUR = 3600
COUNT = 24
LABEL_EVERY = 4
"""Hours between two labels below."""


class Group(enum.Enum):
    """What is told apart, from the foot of a bar to its top."""

    ALLOWED = "allowed"
    APPROVED = "approved"
    DENIED = "denied"
    UNDECIDED = "undecided"


GROUP_OF = {
    Outcome.ALLOWED.value: Group.ALLOWED,
    Outcome.APPROVED.value: Group.APPROVED,
    Outcome.DENIED_BY_POLICY.value: Group.DENIED,
    Outcome.DENIED_BY_USER.value: Group.DENIED,
}
"""Everything else ended without a decision."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The counts of `COUNT` hours, the oldest first."""

    since: float
    """When the first begins, wall time."""
    counts: tuple[dict[Group, int], ...] = ()

    @property
    def totals(self) -> dict[Group, int]:
        """The counts of all hours together."""
        return {group: sum(hour.get(group, 0) for hour in self.counts) for group in Group}

    @property
    def most(self) -> int:
        """The calls of the fullest hour."""
        return max((sum(hour.values()) for hour in self.counts), default=0)


def hours_of(since: float, tallies: Iterable[Tally]) -> Hours:
    """Group what the reader counted in pieces of an hour."""
    counts: list[dict[Group, int]] = [{} for _ in range(COUNT)]
    for tally in tallies:
        if 0 <= tally.piece < COUNT:
            group = GROUP_OF.get(tally.outcome, Group.UNDECIDED)
            hour = counts[tally.piece]
            hour[group] = hour.get(group, 0) + tally.calls
    return Hours(since, tuple(counts))


def group_words(group: Group) -> str:
    """A group's name."""
    words = {
        Group.ALLOWED: QCoreApplication.translate("HoursPicture", "allowed by rules"),
        Group.APPROVED: QCoreApplication.translate("HoursPicture", "approved by you"),
        Group.DENIED: QCoreApplication.translate("HoursPicture", "denied"),
        Group.UNDECIDED: QCoreApplication.translate("HoursPicture", "not decided"),
    }
    return words[group]


def hours_in_words(hours: Hours) -> str:
    """The picture as a sentence."""
    totals = hours.totals
    if not sum(totals.values()):
        return QCoreApplication.translate("HoursPicture", "No calls in the last 24 hours.")
    fullest = max(range(len(hours.counts)), key=lambda at: sum(hours.counts[at].values()))
    text = QCoreApplication.translate(
        "HoursPicture", "{calls} calls in the last 24 hours: {parts}. The most, {most}, from {hour} on."
    )
    parts = ", ".join(f"{_number(count)} {group_words(group)}" for group, count in totals.items() if count)
    return text.format(
        calls=_number(sum(totals.values())), parts=parts, most=_number(hours.most), hour=hour_words(hours, fullest)
    )


def hour_words(hours: Hours, at: int) -> str:
    """When an hour begins."""
    time = QDateTime.fromSecsSinceEpoch(int(hours.since) + at * HOUR).time()
    return QLocale().toString(time, QLocale.FormatType.ShortFormat)


class HoursPicture(QWidget):
    """Paints `Hours`.

    Attributes:
        hours: What is painted.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hours = Hours(0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Calls per hour by outcome"))
        self.set_hours(self.hours)

    def set_hours(self, hours: Hours) -> None:
        """Paint these."""
        self.hours = hours
        self.setAccessibleDescription(hours_in_words(hours))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for bars that can be read."""
        unit = em(self.font())
        return QSize(round(unit * 30), round(unit * 10))

    def minimumSizeHint(self) -> QSize:
        """Room for bars that can be told apart."""
        unit = em(self.font())
        return QSize(round(unit * 18), round(unit * 8))

    def event(self, event: QEvent) -> bool:
        """Tell the hour under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """The hour at this place, in words; empty beside the bars."""
        plot = self._plot()
        at = math.floor((x - plot.left()) / plot.width() * COUNT)
        if not 0 <= at < len(self.hours.counts):
            return ""
        hour = self.hours.counts[at]
        lines = [self.tr("From {hour} on: {count} calls").format(
            hour=hour_words(self.hours, at), count=_number(sum(hour.values()))
        )]  # fmt: skip
        return "\n".join(lines + [f"{_number(hour[group])} {group_words(group)}" for group in Group if hour.get(group)])

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint scale, bars and legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, colours = self._plot(), colours_now()
        top = _nice(self.hours.most)
        self._paint_scale(painter, plot, top, colours)
        step = plot.width() / COUNT
        for at, hour in enumerate(self.hours.counts):
            foot = plot.bottom()
            for group in Group:
                height = plot.height() * hour.get(group, 0) / top
                bar = QRectF(plot.left() + at * step + step * 0.14, foot - height, step * 0.72, height)
                _paint_group(painter, bar, group, colours, em(self.font()))
                foot -= height
        self._paint_legend(painter, colours)
        painter.end()

    def _plot(self) -> QRectF:
        unit = em(self.font())
        left = QFontMetricsF(self.font()).horizontalAdvance(_number(_nice(self.hours.most))) + unit * 0.6
        return QRectF(self.rect()).adjusted(left, unit * 1.9, -unit * 0.3, -unit * 1.4)

    def _paint_scale(self, painter: QPainter, plot: QRectF, top: int, colours: Colours) -> None:
        unit = em(self.font())
        for share in (0.0, 0.5, 1.0):
            if share == 0.5 and top % 2:
                continue
            y = plot.bottom() - plot.height() * share
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            painter.setPen(QColor(colours.muted))
            lift = 1.0 if share else 1.4  # the first hour's words may be wide, and stand below
            place = QRectF(0, y - unit * lift, plot.left() - unit * 0.4, unit * 2)
            painter.drawText(place, _RIGHT, _number(round(top * share)))
        if not self.hours.counts:
            return
        step = plot.width() / COUNT
        for at in range(COUNT % LABEL_EVERY, COUNT, LABEL_EVERY):
            place = QRectF(
                plot.left() + at * step - unit * 3 + step / 2, plot.bottom() + unit * 0.2, unit * 6, unit * 1.2
            )
            painter.drawText(place.translated(max(0.0, -place.left()), 0), _CENTRE, hour_words(self.hours, at))

    def _paint_legend(self, painter: QPainter, colours: Colours) -> None:
        unit, metrics, totals = em(self.font()), QFontMetricsF(self.font()), self.hours.totals
        left = 0.0
        for group in Group:
            _paint_group(painter, QRectF(left, unit * 0.2, unit, unit), group, colours, unit)
            text = f"{group_words(group)}  {_number(totals[group])}"
            painter.setPen(QColor(colours.ink))
            painter.drawText(QPointF(left + unit * 1.4, unit * 0.2 + metrics.ascent() * 0.95), text)
            left += unit * 2.8 + metrics.horizontalAdvance(text)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


def _paint_group(painter: QPainter, bar: QRectF, group: Group, colours: Colours, unit: float) -> None:
    """A piece of a bar: plain, with level lines, with slanting lines, or hollow."""
    if bar.height() <= 0:
        return
    ink = QColor(_ink_of(group, colours))
    painter.save()
    if group is Group.UNDECIDED:
        painter.setPen(QPen(ink, max(1.0, unit * 0.09)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()
        return
    is_plain = group is Group.ALLOWED
    painter.fillRect(bar, QColor(mixed(colours.window, ink.name(), 0.62 if is_plain else 0.35)))
    painter.setClipRect(bar)
    painter.setPen(QPen(ink, max(1.0, unit * 0.11)))
    painter.drawLines(_pattern(bar, group, unit * 0.34))
    painter.restore()


def _pattern(bar: QRectF, group: Group, gap: float) -> list[QLineF]:
    if group is Group.APPROVED:
        count = math.ceil(bar.height() / gap)
        return [QLineF(bar.left(), y, bar.right(), y) for y in (bar.bottom() - at * gap for at in range(count + 1))]
    if group is Group.DENIED:
        count = math.ceil((bar.height() + bar.width()) / gap)
        places = (bar.left() - bar.height() + at * gap for at in range(count + 1))
        return [QLineF(x, bar.bottom(), x + bar.height(), bar.top()) for x in places]
    return []


def _ink_of(group: Group, colours: Colours) -> str:
    inks = {Group.ALLOWED: colours.yes, Group.APPROVED: colours.accent, Group.DENIED: colours.no}
    return inks.get(group, colours.muted)


def _nice(most: int) -> int:
    """The least round number that is not below this one."""
    if most <= 4:
        return 4
    power = int(10 ** math.floor(math.log10(most)))
    return next(factor * power for factor in (1, 2, 4, 5, 6, 8, 10) if factor * power >= most)


def _number(number: int) -> str:
    return QLocale().toString(number)
