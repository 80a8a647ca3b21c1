"""How risky a call is, by word, icon and colour at once: a `Risk` goes in, a badge comes out."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from approver.catalog.risk import Risk, Tier
from approver.ui.colours import colours_now
from approver.ui.icons import renderer
from approver.ui.theme import scaled


def tier_words(tier: Tier) -> str:
    """What a tool of this tier does."""
    words = {
        Tier.READS: QCoreApplication.translate("Tier", "reads"),
        Tier.CHANGES: QCoreApplication.translate("Tier", "changes"),
        Tier.EXECUTES: QCoreApplication.translate("Tier", "executes"),
        Tier.SENDS_OUT: QCoreApplication.translate("Tier", "sends out"),
        Tier.DESTROYS: QCoreApplication.translate("Tier", "destroys"),
    }
    return words[tier]


def risk_words(risk: Risk) -> str:
    """Where the tier comes from: nobody is to take it for more than a guess."""
    if not risk.word:
        return QCoreApplication.translate("Tier", "the tool's name says nothing: it may do anything")
    return QCoreApplication.translate("Tier", "guessed from “{word}” in the tool's name").format(word=risk.word)


class TierBadge(QWidget):
    """A coloured label with the tier's icon and word.

    Attributes:
        tier: What is shown.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tier = Tier.EXECUTES
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_risk(self, risk: Risk) -> None:
        """Show another tier."""
        self.tier = risk.tier
        self.setAccessibleName(self.tr("Risk: {tier}").format(tier=tier_words(risk.tier)))
        self.setAccessibleDescription(risk_words(risk))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as icon and word."""
        metrics = QFontMetricsF(self._font())
        height = metrics.height()
        return QSize(round(metrics.horizontalAdvance(self._words()) + height * 2.6), round(height * 1.7))

    def minimumSizeHint(self) -> QSize:
        """The word is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge."""
        pair = colours_now().tiers[self.tier]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.fill))
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        line = QFontMetricsF(self._font()).height()
        top = (area.height() - line) / 2
        left = line * 0.75
        text_left = left + line * 1.25
        icon_area = QRectF(left, top, line, line)
        text_area = QRectF(text_left, 0, area.width() - text_left, area.height())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            icon_area.moveLeft(area.width() - left - line)
            text_area.moveLeft(0)
        renderer(self.tier.value, pair.ink).render(painter, icon_area)
        painter.setFont(self._font())
        painter.setPen(QColor(pair.ink))
        painter.drawText(text_area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, self._words())
        painter.end()

    def _font(self) -> QFont:
        font = scaled(self.font(), 0.92, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
        return font

    def _words(self) -> str:
        return tier_words(self.tier).upper()
