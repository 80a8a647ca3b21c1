"""How every window looks: the desktop's palette and font go in, the application's palette and style sheet come out.

Where the desktop gives a palette its colours are taken; where it gives none (Qt's own grey) two palettes of our own
step in. Sizes follow the font's height, never pixels, so larger text makes larger windows.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from approver.resources import resource
from approver.settings import ColorScheme
from approver.ui.colours import Colours, colours_now, mixed

_SCHEMES = {
    ColorScheme.SYSTEM: Qt.ColorScheme.Unknown,
    ColorScheme.LIGHT: Qt.ColorScheme.Light,
    ColorScheme.DARK: Qt.ColorScheme.Dark,
}
_OWN_LIGHT = {
    QPalette.ColorRole.Window: "#f4f5f7",
    QPalette.ColorRole.WindowText: "#1d232b",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#f8f9fb",
    QPalette.ColorRole.Text: "#1d232b",
    QPalette.ColorRole.Button: "#ffffff",
    QPalette.ColorRole.ButtonText: "#1d232b",
    QPalette.ColorRole.BrightText: "#b3261e",
    QPalette.ColorRole.Highlight: "#2d62c4",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.ToolTipBase: "#1d232b",
    QPalette.ColorRole.ToolTipText: "#f4f5f7",
    QPalette.ColorRole.PlaceholderText: "#6d7682",
    QPalette.ColorRole.Link: "#2d62c4",
}
_OWN_DARK = {
    QPalette.ColorRole.Window: "#1f2329",
    QPalette.ColorRole.WindowText: "#e7eaee",
    QPalette.ColorRole.Base: "#171a1f",
    QPalette.ColorRole.AlternateBase: "#1c2026",
    QPalette.ColorRole.Text: "#e7eaee",
    QPalette.ColorRole.Button: "#2b3038",
    QPalette.ColorRole.ButtonText: "#e7eaee",
    QPalette.ColorRole.BrightText: "#ff8a80",
    QPalette.ColorRole.Highlight: "#7fb0ff",
    QPalette.ColorRole.HighlightedText: "#10151c",
    QPalette.ColorRole.ToolTipBase: "#e7eaee",
    QPalette.ColorRole.ToolTipText: "#1f2329",
    QPalette.ColorRole.PlaceholderText: "#929ba8",
    QPalette.ColorRole.Link: "#7fb0ff",
}


class Theme(QObject):
    """Dresses the application now, and again whenever the desktop's colours or font change.

    Attributes:
        colours: The colours in force.

    Signals:
        changed: The colours are others now.
    """

    changed = Signal()

    def __init__(self, app: QApplication, scheme: ColorScheme = ColorScheme.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = _SCHEMES[scheme]
        app.setStyle("Fusion")
        self._desktop_gives_none = app.palette() == app.style().standardPalette()
        hints = app.styleHints()
        if self._scheme is not Qt.ColorScheme.Unknown:
            hints.setColorScheme(self._scheme)
        hints.colorSchemeChanged.connect(self._dress)
        self._sheet = ""
        self._dress()
        app.installEventFilter(self)

    def choose(self, scheme: ColorScheme) -> None:
        """Take light or dark colours, or those of the desktop."""
        if _SCHEMES[scheme] is not self._scheme:
            self._scheme = _SCHEMES[scheme]
            self._app.styleHints().setColorScheme(self._scheme)
            self._dress()

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return colours_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See palette and font changes of the whole application."""
        if watched is self._app and event.type() in (
            QEvent.Type.ApplicationPaletteChange,
            QEvent.Type.ApplicationFontChange,
        ):
            self._dress_sheet()
        return False

    def _dress(self) -> None:
        if self._desktop_gives_none:
            told = self._scheme if self._scheme is not Qt.ColorScheme.Unknown else self._app.styleHints().colorScheme()
            self._app.setPalette(own_palette(dark=told is Qt.ColorScheme.Dark))
        self._dress_sheet()

    def _dress_sheet(self) -> None:
        sheet = style_sheet(self.colours, em(self._app.font()))
        if sheet != self._sheet:
            self._sheet = sheet
            self._app.setStyleSheet(sheet)
            self.changed.emit()


def own_palette(*, dark: bool) -> QPalette:
    """The palette for desktops that give none."""
    roles = _OWN_DARK if dark else _OWN_LIGHT
    palette = QPalette(QColor(roles[QPalette.ColorRole.Button]), QColor(roles[QPalette.ColorRole.Window]))
    for role, name in roles.items():
        palette.setColor(role, QColor(name))
    faint = QColor(mixed(roles[QPalette.ColorRole.WindowText], roles[QPalette.ColorRole.Window], 0.5))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def em(font: QFont) -> float:
    """The height of a line of text: the unit of every size."""
    return QFontMetricsF(font).height()


def scaled(font: QFont, factor: float, weight: QFont.Weight | None = None) -> QFont:
    """The font, larger or smaller, whichever unit its size is in."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(1, round(font.pixelSize() * factor)))
    if weight is not None:
        copy.setWeight(weight)
    return copy


def monospace(widget: QWidget) -> QFont:
    """The desktop's font of equally wide letters, as large as the widget's own text."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFixedPitch(True)
    if widget.font().pointSizeF() > 0:
        font.setPointSizeF(widget.font().pointSizeF())
    else:
        font.setPixelSize(widget.font().pixelSize())
    return font


def inset(box: QAbstractSpinBox) -> None:
    """Keep a spin box's text off its edge, which a style sheet cannot: it takes the field within for the box itself."""
    field = box.findChild(QLineEdit)
    if field is not None:
        field.setTextMargins(round(em(box.font()) * 0.3), 0, 0, 0)


def style_sheet(colours: Colours, em: float) -> str:
    """The shapes of buttons, fields and tables in these colours; `em` is the height of a line in device pixels."""
    pressed, hovered = mixed(colours.card, colours.ink, 0.12), mixed(colours.card, colours.ink, 0.05)
    unit = {name: f"{max(1, round(em * share))}px" for name, share in _SHARES.items()}
    unit["choice"] = f"{round(em * _SHARES['pad']) + 2}px"  # as far in as the text of a line edit
    unit["head"] = f"{round(em * _SHARES['pad']) + 3}px"  # Qt moves what stands in cells by three pixels more
    return _SHEET.format(
        c=colours,
        u=unit,
        pressed=pressed,
        hovered=hovered,
        selected=mixed(colours.card, colours.accent, 0.2),
        handle=mixed(colours.window, colours.ink, 0.35),
        on="dark" if colours.is_dark else "light",
        icons=str(resource("icons")).replace("\\", "/"),
    )


_SHARES = {
    "round": 0.38,
    "small": 0.2,
    "pad": 0.42,
    "side": 0.95,
    "tall": 1.35,
    "bar": 0.6,
    "field": 1.25,
    "arrow": 0.8,
    "line": 1.8,
    "name": 1.3,
    "menu": 1.7,
    "knob": 0.24,
    "box": 0.9,
    "half_box": 0.5,
}
_SHEET = """
QPushButton, QToolButton[role="menu"] {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[round]};
    padding: {u[pad]} {u[side]}; min-height: {u[tall]};
}}
QPushButton:hover, QToolButton[role="menu"]:hover {{ background: {hovered}; }}
QPushButton:pressed, QToolButton[role="menu"]:pressed {{ background: {pressed}; }}
QPushButton:focus, QToolButton[role="menu"]:focus {{ border: 2px solid {c.accent}; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.window}; }}
QPushButton[role="quiet"] {{ background: transparent; border-color: transparent; color: {c.muted}; }}
QPushButton[role="quiet"]:hover {{ background: {hovered}; color: {c.ink}; }}
QPushButton[role="quiet"]:focus {{ border: 2px solid {c.accent}; }}
QToolButton[role="menu"] {{ padding-right: {u[menu]}; }}
QToolButton[role="menu"]::menu-indicator {{
    image: url("{icons}/down_{on}.svg"); width: {u[arrow]}; height: {u[arrow]};
    subcontrol-position: right center; right: {u[pad]};
}}
QToolButton[role="link"] {{
    background: transparent; border: 1px solid transparent; border-radius: {u[small]}; color: {c.muted};
    padding: {u[small]} {u[pad]};
}}
QToolButton[role="link"]:hover {{ background: {hovered}; color: {c.ink}; }}
QToolButton[role="link"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton[role="link"]:disabled {{ color: {c.line}; }}
QToolButton[role="view"] {{
    background: transparent; border: 1px solid {c.line}; border-radius: {u[small]}; color: {c.muted};
    padding: {u[small]} {u[pad]};
}}
QToolButton[role="view"]:checked {{ background: {selected}; color: {c.ink}; font-weight: 600; }}
QToolButton[role="view"]:focus {{ border: 1px solid {c.accent}; }}
QPlainTextEdit[role="field"] {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[round]};
    padding: {u[small]}; selection-background-color: {c.accent};
}}
QPlainTextEdit[role="field"]:focus {{ border: 2px solid {c.accent}; }}
QLabel[role="mistake"] {{ color: {c.no}; }}
QLineEdit, QComboBox, QAbstractSpinBox {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[round]};
    padding: {u[pad]}; selection-background-color: {c.accent}; min-height: {u[field]};
}}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 2px solid {c.accent}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ color: {c.muted}; background: {c.window}; }}
QComboBox:hover:!editable {{ background: {hovered}; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: {u[tall]}; }}
QComboBox::down-arrow {{ image: url("{icons}/down_{on}.svg"); width: {u[arrow]}; height: {u[arrow]}; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{
    background: transparent; border: none; padding: 0; min-height: 0;
}}
QComboBox:!editable {{ padding-left: {u[choice]}; }}
QComboBox QAbstractItemView {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; outline: none;
    selection-background-color: {selected}; selection-color: {c.ink};
}}
QComboBox QAbstractItemView::item {{ min-height: {u[line]}; padding: 0 {u[pad]}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: {u[tall]}; border: none; background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ image: url("{icons}/up_{on}.svg"); width: {u[arrow]}; height: {u[arrow]}; }}
QAbstractSpinBox::down-arrow {{ image: url("{icons}/down_{on}.svg"); width: {u[arrow]}; height: {u[arrow]}; }}
QTableView QLineEdit, QTableView QComboBox {{ padding: 0 {u[pad]}; border-radius: 0; min-height: 0; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; color: {c.muted}; border: none; border-bottom: 2px solid transparent;
    padding: {u[pad]} {u[side]};
}}
QTabBar::tab:hover {{ color: {c.ink}; }}
QTabBar::tab:selected {{ color: {c.ink}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:selected:focus {{ background: {selected}; }}
QLabel[role="name"] {{ min-height: {u[name]}; }}
QFrame[role="block"] {{ background: {c.sunken}; border: 1px solid {c.line}; border-radius: {u[round]}; }}
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{
    width: {u[box]}; height: {u[box]}; border: 1px solid {handle}; background: {c.card}; border-radius: {u[small]};
}}
QRadioButton::indicator {{ border-radius: {u[half_box]}; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {c.accent}; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QListView::indicator:checked {{
    background: {c.accent}; border-color: {c.accent};
}}
QCheckBox::indicator:checked, QListView::indicator:checked {{ image: url("{icons}/tick_{on}.svg"); }}
QRadioButton::indicator:checked {{ image: url("{icons}/dot_{on}.svg"); }}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{ border: 2px solid {c.ink}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {c.window}; border-color: {c.line}; }}
QCheckBox, QRadioButton {{ spacing: {u[pad]}; }}
QWidget[role="steps"] {{ background: {c.sunken}; border-right: 1px solid {c.line}; }}
QPlainTextEdit[role="change"] {{
    background: {c.sunken}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[small]};
    selection-background-color: {c.accent};
}}
QPlainTextEdit[role="change"]:focus {{ border: 1px solid {c.accent}; }}
QFrame[role="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="note"] {{ background: {selected}; border: none; border-radius: {u[round]}; }}
QFrame[role="problem"] {{ background: {c.warning.fill}; border: none; border-radius: {u[round]}; }}
QFrame[role="problem"] QLabel {{ color: {c.warning.ink}; }}
QPlainTextEdit[role="outline"] {{
    background: transparent; color: {c.ink}; border: 2px solid transparent; border-radius: {u[small]};
    selection-background-color: {c.accent};
}}
QPlainTextEdit[role="outline"]:focus {{ border: 2px solid {c.accent}; }}
QPlainTextEdit[role="field"], QListView[role="field"] {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[round]}; outline: none;
    padding: {u[small]}; selection-background-color: {c.accent};
}}
QPlainTextEdit[role="field"]:focus, QListView[role="field"]:focus {{ border: 2px solid {c.accent}; }}
QListView[role="field"]::item {{ color: {c.ink}; padding: {u[small]}; border-radius: {u[small]}; }}
QListView[role="field"]::item:selected {{ background: {selected}; color: {c.ink}; }}
QLabel[role="muted"], QLabel[role="heading"] {{ color: {c.muted}; }}
QLabel[role="flash"] {{ color: {c.warning.ink}; font-weight: 600; }}
QLabel[role="heading"] {{ font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="warning"] {{
    color: {c.warning.ink}; background: {c.warning.fill}; border-radius: {u[small]}; padding: {u[small]} {u[pad]};
}}
QListWidget[role="pages"] {{
    background: {c.sunken}; color: {c.ink}; border: none; border-right: 1px solid {c.line}; outline: none;
    padding: {u[pad]};
}}
QListWidget[role="pages"]::item {{ border-radius: {u[round]}; padding-left: {u[pad]}; }}
QListWidget[role="pages"]::item:hover {{ background: {hovered}; }}
QListWidget[role="pages"]::item:selected {{ background: {selected}; color: {c.ink}; }}
QListWidget[role="pages"]::item:selected:focus {{ border: 2px solid {c.accent}; }}
QListWidget[role="problems"] {{
    background: {c.warning.fill}; color: {c.warning.ink}; border: none; border-radius: {u[round]}; padding: {u[small]};
}}
QListWidget[role="problems"]:focus {{ border: 2px solid {c.accent}; }}
QListWidget[role="problems"]::item {{ color: {c.warning.ink}; padding: {u[small]}; }}
QListWidget[role="problems"]::item:selected {{ background: {selected}; color: {c.ink}; }}
QTableView {{
    background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {u[round]};
    gridline-color: transparent; outline: none;
}}
QTableView:focus {{ border: 2px solid {c.accent}; }}
QTableView::item {{ padding: 0 {u[pad]}; border: none; }}
QTableView::item:selected {{ background: {selected}; color: {c.ink}; }}
QTableView[role="cells"]::item:focus {{ border: 1px solid {c.accent}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section:first {{ border-top-left-radius: {u[round]}; }}
QHeaderView::section:last {{ border-top-right-radius: {u[round]}; }}
QHeaderView::section:only-one {{ border-top-left-radius: {u[round]}; border-top-right-radius: {u[round]}; }}
QHeaderView::section {{
    background: {c.window}; color: {c.muted}; border: none; border-bottom: 1px solid {c.line};
    padding: {u[pad]} {u[head]}; font-weight: 600; text-align: left;
}}
QScrollArea {{ background: transparent; border: none; }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {u[bar]}; }}
QScrollBar:horizontal {{ height: {u[bar]}; }}
QScrollBar::handle {{ background: {handle}; border-radius: {u[knob]}; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: {u[tall]}; }}
QScrollBar::handle:horizontal {{ min-width: {u[tall]}; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: transparent; }}
"""
