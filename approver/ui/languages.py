"""The language of the windows: the person's choice and the system's languages go in, installed translators come out.

The words stand in English in the code. Other languages are files of `resources/translations`, compiled by
`make translations`; what belongs to Qt itself (the buttons of its own dialogs) comes with PySide6.
"""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from approver.resources import resource
from approver.settings import Language

SOURCE = "en"
"""What the code is written in; it needs no file."""
TRANSLATED = ("de",)


def spoken(wish: Language, wanted_by_system: Sequence[str]) -> str:
    """Tell which language to use, of those that there are: the first that the system wants, unless one is chosen."""
    if wish is not Language.SYSTEM:
        return str(wish.value)
    for name in wanted_by_system:  # such as de-Latn-AT, de-AT, de, en
        language = name.replace("_", "-").partition("-")[0].lower()
        if language in (SOURCE, *TRANSLATED):
            return language
    return SOURCE


def speak(app: QCoreApplication, wish: Language, system: QLocale | None = None) -> str:
    """Have every window made from now on speak the language; returns which."""
    system = system or QLocale.system()
    language = spoken(wish, system.uiLanguages())
    if wish is not Language.SYSTEM and language != QLocale.languageToCode(system.language()):
        QLocale.setDefault(QLocale(language))  # times and numbers stand within sentences
    if language != SOURCE:
        of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        _install(app, f"{of_qt}/qtbase_{language}.qm")  # some builds of PySide6 come without it
        if not _install(app, str(resource(f"translations/approver_{language}.qm"))):
            raise RuntimeError(f"translations/approver_{language}.qm cannot be read: this installation is incomplete")
    return language


def _install(app: QCoreApplication, path: str) -> bool:
    translator = QTranslator(app)
    return translator.load(path) and app.installTranslator(translator)
