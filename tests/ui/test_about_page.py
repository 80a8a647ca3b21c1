"""The page that tells which Approver this is."""

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from approver.desktop.paths import Paths
from approver.ui import about_page
from approver.ui.about_page import AboutPage, own_version


@pytest.mark.parametrize(("system", "words"), [("linux", "only read about"), ("win32", "nobody has seen it run here")])
def test_version_licence_folders_and_trials_are_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, words: str
) -> None:
    monkeypatch.setattr(about_page.sys, "platform", system)
    page = AboutPage(Paths.under(tmp_path / "a\u202eb"))
    qtbot.addWidget(page)
    shown = [label.text() for label in page.widget().findChildren(QLabel)]
    assert own_version() in shown
    assert any(text.startswith("MIT") for text in shown)
    assert any("⟨U+202E⟩" in text for text in shown)
    assert any(words in text for text in shown)


def test_what_was_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(about_page, "version", none)
    assert own_version() == ""
