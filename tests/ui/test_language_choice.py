"""The choice of a language."""

import pytest
from pytestqt.qtbot import QtBot

from approver.settings import Language
from approver.ui.language_choice import LanguageChoice


@pytest.fixture
def choice(qtbot: QtBot) -> LanguageChoice:
    choice = LanguageChoice()
    qtbot.addWidget(choice)
    return choice


def test_every_language_can_be_chosen_under_its_own_name(choice: LanguageChoice, qtbot: QtBot) -> None:
    languages = choice.languages
    assert [languages.itemData(row) for row in range(languages.count())] == list(Language)
    with qtbot.waitSignal(choice.changed) as told:
        languages.setCurrentText("Deutsch")
    assert told.args == ["de"]


def test_showing_what_holds_changes_nothing(choice: LanguageChoice, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(choice.changed):
        choice.show_language(Language.GERMAN)
    assert choice.languages.currentText() == "Deutsch"
