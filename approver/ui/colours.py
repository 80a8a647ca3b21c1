"""The colours of every window, mixed from a palette's roles: a `QPalette` goes in, frozen `Colours` come out."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QGuiApplication, QPalette

from approver.catalog.risk import Tier


@dataclass(frozen=True, slots=True)
class Pair:
    """A background and the ink that can be read on it, as `#rrggbb`."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Colours:
    """What windows paint with, each as `#rrggbb`."""

    is_dark: bool
    window: str
    card: str
    """Fields and buttons, a step above the window."""
    sunken: str
    """What others wrote stands on this."""
    ink: str
    muted: str
    """Second-rank text; still readable on `window` and `sunken`."""
    line: str
    accent: str
    """Focus and selection."""
    warning: Pair
    """Marks of hidden characters, problems."""
    yes: str
    no: str
    tiers: Mapping[Tier, Pair]

    def edge(self, tier: Tier) -> str:
        """The tier's colour for thin things, which needs to stand out from the window."""
        pair = self.tiers[tier]
        return pair.fill if tier is Tier.DESTROYS else pair.ink


_LIGHT_TIERS = {
    Tier.READS: Pair("#e2f2e8", "#17583a"),
    Tier.CHANGES: Pair("#fdf0cf", "#6b4800"),
    Tier.EXECUTES: Pair("#ffe6d3", "#823700"),
    Tier.SENDS_OUT: Pair("#f4e1f6", "#74206f"),
    Tier.DESTROYS: Pair("#b92b27", "#ffffff"),
}
_DARK_TIERS = {
    Tier.READS: Pair("#1d3a2b", "#9de2b9"),
    Tier.CHANGES: Pair("#43360f", "#f4d480"),
    Tier.EXECUTES: Pair("#4a2c12", "#ffc090"),
    Tier.SENDS_OUT: Pair("#44244a", "#efb8f0"),
    Tier.DESTROYS: Pair("#c23632", "#ffffff"),
}


def colours_now() -> Colours:
    """The colours for the application's palette. A widget's own tells less: a style sheet puts other things into it."""
    return colours_of(QGuiApplication.palette())


def colours_of(palette: QPalette) -> Colours:
    """Mix the colours that go with this palette."""
    return _mixed(
        palette.color(QPalette.ColorRole.Window).name(),
        palette.color(QPalette.ColorRole.Base).name(),
        palette.color(QPalette.ColorRole.WindowText).name(),
        palette.color(QPalette.ColorRole.Highlight).name(),
    )


@functools.lru_cache(maxsize=8)
def _mixed(window: str, base: str, ink: str, accent: str) -> Colours:
    is_dark = QColor(window).lightnessF() < QColor(ink).lightnessF()
    return Colours(
        is_dark=is_dark,
        window=window,
        card=mixed(window, "#ffffff", 0.06) if is_dark else base,
        sunken=mixed(window, "#000000", 0.28) if is_dark else mixed(window, base, 0.55),
        ink=ink,
        muted=mixed(ink, window, 0.30),
        line=mixed(window, ink, 0.18),
        accent=accent,
        warning=Pair("#55330c", "#ffc078") if is_dark else Pair("#ffe3b8", "#7a3d00"),
        yes="#6ccf93" if is_dark else "#176f3d",
        no="#ff8a80" if is_dark else "#b3261e",
        tiers=_DARK_TIERS if is_dark else _LIGHT_TIERS,
    )


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a share of `other` in it, from 0 to 1."""
    first, second = QColor(one), QColor(other)
    channels = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in channels)).name()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
