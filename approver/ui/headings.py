"""Titles of pages and of their parts, and the names of fields: text goes in, a label as large as its rank comes out."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, scaled

BUTTON_HEIGHT = 2.35
"""In line heights; as high as a button, so that every page begins at the same height."""


def page_title(text: str) -> PlainLabel:
    """The title of a page."""
    label = PlainLabel(text, wraps=False)
    label.setMinimumHeight(round(em(label.font()) * BUTTON_HEIGHT))
    label.setFont(scaled(label.font(), 1.4, QFont.Weight.DemiBold))
    return label


def part_title(text: str) -> PlainLabel:
    """The title of a part of a page."""
    label = PlainLabel(text, wraps=False)
    label.setFont(scaled(label.font(), 1.15, QFont.Weight.DemiBold))
    return label


def field_name(text: str, field: QWidget) -> QLabel:
    """The name of a field, whose letter goes to it; a screen reader says it without mark and colon."""
    label = QLabel(text)
    label.setProperty("role", "name")
    label.setBuddy(field)
    field.setAccessibleName(text.replace("&", "").rstrip(":"))
    return label
