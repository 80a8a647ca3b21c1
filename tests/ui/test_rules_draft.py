"""What is typed, what the file says, and that neither overwrites the other unseen."""

import stat
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from approver.configuration_edits import STARTER_POLICY
from approver.policy.edits import TextEdit
from approver.ui.rules_draft import Draft

GOOD = '{"version": "1", "default": "deny"}\n'
OTHER = '{"version": "1", "default": "allow"}\n'


@pytest.fixture
def path(tmp_path: Path, qapp: QApplication) -> Path:
    path = tmp_path / "web.json"
    path.write_text(GOOD, encoding="utf-8")
    return path


def type_over(draft: Draft, text: str) -> None:
    cursor = QTextCursor(draft.document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.insertText(text)


def test_the_file_is_shown_and_nothing_is_changed(path: Path) -> None:
    draft = Draft(path)
    assert (draft.text, draft.is_changed, draft.is_seen_valid) == (GOOD, False, True)
    assert draft.saved_at == path.stat().st_mtime
    assert not draft.document.isUndoAvailable()


def test_a_valid_text_is_saved_for_the_person_alone(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, OTHER)
    assert draft.is_changed
    assert draft.save()
    assert path.read_text(encoding="utf-8") == OTHER
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not draft.is_changed


def test_an_invalid_text_is_kept_and_not_saved(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, '{"version": "1", "default": "ask"}')
    assert not draft.save()
    assert [problem.pointer for problem in draft.problems] == ["/default"]
    assert path.read_text(encoding="utf-8") == GOOD
    assert "ask" in draft.text


def test_where_there_is_no_file_asking_about_everything_is_proposed(tmp_path: Path, qapp: QApplication) -> None:
    draft = Draft(tmp_path / "policies" / "new.json")
    assert (draft.text, draft.seen, draft.is_changed) == (STARTER_POLICY, None, True)
    assert draft.save()
    assert draft.path.read_text(encoding="utf-8") == STARTER_POLICY


def test_a_file_changed_elsewhere_is_taken_over_where_nothing_was_typed(path: Path) -> None:
    draft = Draft(path)
    path.write_text(OTHER, encoding="utf-8")
    assert draft.look()
    assert (draft.text, draft.is_changed, draft.is_outdated) == (OTHER, False, False)
    assert not draft.look()


def test_a_file_changed_elsewhere_is_not_overwritten_until_somebody_chose(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, GOOD + " ")
    path.write_text(OTHER, encoding="utf-8")
    assert not draft.save()
    assert draft.is_outdated
    assert not draft.look()
    assert path.read_text(encoding="utf-8") == OTHER
    draft.keep()
    assert draft.is_changed
    assert draft.save()
    assert path.read_text(encoding="utf-8") == GOOD + " "


def test_loading_the_file_can_be_undone(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, "mine")
    path.write_text(OTHER, encoding="utf-8")
    assert draft.look()
    draft.load()
    assert (draft.text, draft.is_outdated) == (OTHER, False)
    draft.document.undo()
    assert draft.text == "mine"


def test_a_file_that_became_what_it_was_is_no_news_any_more(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, "mine")
    path.write_text(OTHER, encoding="utf-8")
    assert draft.look()
    path.write_text(GOOD, encoding="utf-8")
    assert draft.look()
    assert not draft.is_outdated


def test_a_file_that_went_away_leaves_what_was_typed(path: Path) -> None:
    draft = Draft(path)
    type_over(draft, OTHER)
    path.unlink()
    assert draft.look()
    draft.keep()
    assert draft.save()
    assert path.read_text(encoding="utf-8") == OTHER


def test_a_file_that_is_no_policy_is_shown_as_it_is(path: Path) -> None:
    path.write_bytes(b'{"\xff')
    draft = Draft(path)
    assert (draft.is_seen_valid, draft.is_changed, draft.policy) == (False, False, None)
    assert "\ufffd" in draft.text


def test_characters_that_are_no_plain_spaces_survive(path: Path) -> None:
    text = '{"version": "1", "default": "deny", "description": "a\u00a0b\u2028c😀"}'
    path.write_text(text, encoding="utf-8")
    draft = Draft(path)
    assert draft.text == text
    assert not draft.is_changed


def test_an_edit_is_typed_and_checked(path: Path) -> None:
    draft = Draft(path)
    start = GOOD.index('"deny"')
    draft.edit(TextEdit(start, start + 6, '"allow"'))
    assert draft.text == OTHER
    assert draft.policy is not None
