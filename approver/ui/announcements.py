"""Tells screen readers what appeared by itself: a widget and a sentence go in."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent


def announce(source: QObject, sentence: str) -> None:
    """Have the sentence read out when the reader comes to it, without moving the focus."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, sentence))
