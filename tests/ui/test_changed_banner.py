"""The choice between a file and what was typed here."""

from pytestqt.qtbot import QtBot

from approver.ui.changed_banner import ChangedBanner


def test_it_is_hidden_until_it_is_needed_and_offers_both_ways(qtbot: QtBot) -> None:
    banner = ChangedBanner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    assert [banner.load.text(), banner.keep.text()] == ["&Load the file", "&Keep mine"]
