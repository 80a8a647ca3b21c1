"""Which language the windows speak, and that all of it is there."""

import hashlib
from collections.abc import Iterator

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QLabel
from sample_questions import writing
from translation_files import messages

from approver.approvals.presentation import present
from approver.resources import resource
from approver.settings import Language
from approver.ui import languages
from approver.ui.empty_page import EmptyPage
from approver.ui.front import Front
from approver.ui.languages import SOURCE, TRANSLATED, speak, spoken


@pytest.fixture
def spoken_after(qapp: QApplication) -> Iterator[None]:
    """Takes away what a test has installed."""
    before = QLocale()
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("de-Latn-AT", "de-AT", "de", "en"), "de"),
        (("de_DE",), "de"),
        (("en-GB", "en", "de"), "en"),
        (("fr-FR", "fr", "de-CH"), "de"),
        (("fr-FR", "fr"), "en"),
        (("C",), "en"),
        ((), "en"),
    ],
)
def test_the_first_of_the_systems_languages_that_there_is_is_spoken(wanted: tuple[str, ...], found: str) -> None:
    assert spoken(Language.SYSTEM, wanted) == found


def test_a_chosen_language_goes_before_the_systems() -> None:
    assert spoken(Language.ENGLISH, ("de", "en")) == "en"
    assert spoken(Language.GERMAN, ("en",)) == "de"


def test_every_language_that_can_be_chosen_is_there() -> None:
    assert {choice.value for choice in Language} == {"system", SOURCE, *TRANSLATED}


@pytest.mark.usefixtures("spoken_after")
def test_windows_speak_german_where_it_is_chosen_and_so_do_qts_own_dialogs(qapp: QApplication) -> None:
    assert speak(qapp, Language.GERMAN) == "de"
    page = EmptyPage()
    assert "Nichts wartet." in {label.text() for label in page.findChildren(QLabel)}
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert QLocale().language() is QLocale.Language.German


@pytest.mark.usefixtures("spoken_after")
def test_where_german_is_the_systems_language_its_own_way_of_writing_times_and_numbers_stays(
    qapp: QApplication,
) -> None:
    before = QLocale()
    assert speak(qapp, Language.SYSTEM, QLocale("de-CH")) == "de"
    assert QLocale() == before


@pytest.mark.usefixtures("spoken_after")
def test_english_stands_in_the_code(qapp: QApplication) -> None:
    assert speak(qapp, Language.SYSTEM, QLocale("en-GB")) == "en"
    assert QCoreApplication.translate("AnswerBar", "&Deny") == "&Deny"


@pytest.mark.usefixtures("spoken_after")
def test_pyside_without_qts_own_words_still_speaks_ours(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLibraryInfo, "path", lambda _: "/nowhere")
    assert speak(qapp, Language.GERMAN) == "de"
    assert QCoreApplication.translate("AnswerBar", "&Deny") == "&Ablehnen"


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_installed_says_what_the_translators_wrote(language: str) -> None:
    compiled = QTranslator()
    assert compiled.load(str(resource(f"translations/approver_{language}.qm")))
    stale = [
        (message.context, message.source)
        for message in messages(resource(f"translations/approver_{language}.ts"))
        if compiled.translate(message.context, message.source) != message.translation
    ]
    assert not stale, f"{len(stale)} texts are not compiled, such as {stale[0]}. Run: make translations"


@pytest.mark.usefixtures("spoken_after")
def test_an_installation_without_a_language_that_it_offers_says_so(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "_install", lambda app, path: False)
    with pytest.raises(RuntimeError, match="this installation is incomplete"):
        speak(qapp, Language.GERMAN)


@pytest.mark.usefixtures("spoken_after")
def test_an_answer_carries_the_digest_of_the_text_in_the_language_in_which_it_was_shown(
    qapp: QApplication, front: Front, engine: FakeEngine
) -> None:
    speak(qapp, Language.GERMAN)
    question = engine.ask(writing())
    shown = front.dialog.pane.presentation
    assert shown is not None
    assert "möchte" in shown.sentence
    assert shown.sentence in shown.text
    assert shown.digest == hashlib.sha256(shown.text.encode()).hexdigest()
    assert shown.digest != present(question).digest
