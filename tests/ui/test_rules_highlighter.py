"""JSON in colours, whole or broken."""

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout

from approver.ui.rules_highlighter import RulesHighlighter, units


@pytest.fixture
def coloured(qapp: QApplication) -> object:
    def colour(text: str) -> list[str]:
        document = QTextDocument()
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.setPlainText(text)
        highlighter = RulesHighlighter(document)
        block = document.firstBlock()
        encoded = block.text().encode("utf-16-le")
        found = [
            encoded[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le")
            for one in block.layout().formats()
        ]
        highlighter.setDocument(None)
        return found

    return colour


def test_keys_texts_numbers_and_words_are_coloured(coloured) -> None:
    assert coloured('{"a\\"b" : "x", "n": -1.5e3, "t": [true, null]}') == [
        '"a\\"b"', '"x"', '"n"', "-1.5e3", '"t"', "true", "null",
    ]  # fmt: skip


def test_characters_that_qt_counts_twice_shift_nothing(coloured) -> None:
    assert coloured('{"😀": 1, "b": 2}') == ['"😀"', "1", '"b"', "2"]
    assert units("a😀") == 3


def test_text_without_an_end_is_coloured_to_the_end_of_the_line(coloured) -> None:
    assert coloured('{"a": "never ends') == ['"a"', '"never ends']
