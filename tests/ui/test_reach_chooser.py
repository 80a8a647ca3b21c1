"""How far an answer goes: the narrowest first, both choices apart, and the rule in words before it is saved."""

import dataclasses
from datetime import datetime

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sample_questions import question, writing
from still_time import NOON, StillTime

from approver.model import AnswerKind
from approver.standing_model import Lifetime, Reach, Wish
from approver.ui.reach_chooser import ReachChooser

LEFT = Qt.MouseButton.LeftButton
ALLOW, DENY = AnswerKind.ALLOW, AnswerKind.DENY


@pytest.fixture
def chooser(qtbot: QtBot, still: StillTime) -> ReachChooser:
    chooser = ReachChooser(still)
    qtbot.addWidget(chooser)
    chooser.show_question(writing())
    chooser.show()
    return chooser


def choose(chooser: ReachChooser, reach: Reach) -> None:
    chooser._reaches[reach].click()


def last(chooser: ReachChooser, lifetime: Lifetime | None) -> None:
    chooser._lifetime.setCurrentIndex(chooser._lifetime.findData(lifetime))


def test_it_begins_with_this_call_once_and_saves_nothing(chooser: ReachChooser) -> None:
    assert chooser.wish is None
    assert chooser.sentence == ""
    assert chooser._sentence.text() == "Rule that would be saved: none."
    assert (chooser.words(ALLOW), chooser.words(DENY)) == ("&Allow once", "&Deny")


def test_of_identical_calls_one_is_allowed_and_all_are_denied(chooser: ReachChooser) -> None:
    assert (chooser.words(ALLOW, 4), chooser.words(DENY, 4)) == ("&Allow one of 4", "&Deny all 4")
    last(chooser, Lifetime.ALWAYS)
    assert chooser.words(ALLOW, 4) == "&Allow this call always (one of 4)"
    assert chooser.words(DENY, 4) == "&Deny this call always (all 4)"


def test_every_question_begins_anew(chooser: ReachChooser) -> None:
    choose(chooser, Reach.TOOL)
    chooser.show_question(writing())
    assert chooser.wish is None
    choose(chooser, Reach.TOOL)
    chooser.reset()
    assert chooser.wish is None


def test_a_wider_reach_lasts_for_the_session_at_least_and_once_is_this_call_again(chooser: ReachChooser) -> None:
    choose(chooser, Reach.TOOL)
    assert chooser.wish == Wish(Reach.TOOL, Lifetime.SESSION, definition="41ab" * 16)
    assert (chooser.words(ALLOW), chooser.words(DENY)) == (
        "&Allow this tool for the session", "&Deny this tool for the session"
    )  # fmt: skip
    last(chooser, None)
    assert chooser.wish is None
    assert chooser._reaches[Reach.ARGUMENTS].isChecked()


def test_a_lifetime_alone_is_about_this_very_call(chooser: ReachChooser) -> None:
    last(chooser, Lifetime.ALWAYS)
    assert chooser.wish is not None
    assert (chooser.wish.reach, chooser.words(ALLOW)) == (Reach.ARGUMENTS, "&Allow this call always")
    assert chooser.sentence == "Claude Desktop may run write_file on filesystem with exactly these arguments, always."
    assert chooser.sentence_of(DENY).startswith("Claude Desktop may not run")


def test_the_person_ticks_which_fields_must_be_the_same_and_at_least_one(chooser: ReachChooser) -> None:
    choose(chooser, Reach.FIELDS)
    assert chooser.wish is not None
    assert chooser.wish.fields == ("path", "content", "options")
    path, content, options = chooser._menu.actions()
    content.trigger()
    options.trigger()
    assert chooser.wish.fields == ("path",)
    assert path.isEnabled() is False, "the last tick stays"
    assert 'where path is "/home/ana/.ssh/config", until this client disconnects.' in chooser.sentence
    assert chooser._fields.text() == "path"
    assert chooser.words(ALLOW) == "&Allow such calls for the session"


def test_ticking_means_that_reach(chooser: ReachChooser) -> None:
    chooser._menu.actions()[1].trigger()
    assert chooser.wish is not None
    assert (chooser.wish.reach, chooser.wish.fields) == (Reach.FIELDS, ("path", "options"))


def test_many_fields_are_counted(chooser: ReachChooser) -> None:
    chooser.show_question(question("write_file", {f"a-rather-long-name-{number}": 1 for number in range(5)}))
    assert chooser._fields.text() == "5 fields"


def test_a_call_without_arguments_has_no_fields_to_tick(chooser: ReachChooser) -> None:
    bare = question("list_jobs", {"x": 1})
    chooser.show_question(dataclasses.replace(bare, call=dataclasses.replace(bare.call, arguments={})))
    assert chooser._reaches[Reach.FIELDS].isVisible() is False
    assert chooser._fields.isVisible() is False


def test_until_is_the_next_time_the_clock_shows_that(chooser: ReachChooser) -> None:
    last(chooser, Lifetime.UNTIL)
    assert chooser._time.isVisible()
    assert chooser.wish is not None
    assert NOON + 1800 <= chooser.wish.until <= NOON + 5400
    early = datetime.fromtimestamp(NOON - 3600)
    chooser._time.setTime(QTime(early.hour, early.minute))
    assert chooser.wish.until == NOON - 3600 + 86400
    assert chooser.words(DENY).startswith("&Deny this call until 20")


def test_a_client_without_a_session_is_offered_none(chooser: ReachChooser) -> None:
    one = writing()
    caller = dataclasses.replace(one.call.caller, session="http/")
    chooser.show_question(dataclasses.replace(one, call=dataclasses.replace(one.call, caller=caller)))
    assert chooser._lifetime.findData(Lifetime.SESSION) == -1
    choose(chooser, Reach.TOOL)
    assert chooser.wish is not None
    assert chooser.wish.lifetime is Lifetime.UNTIL


def test_without_a_known_definition_only_a_denial_can_stand_and_it_says_so(chooser: ReachChooser) -> None:
    unknown = dataclasses.replace(writing(), definition=None)
    chooser.show_question(unknown)
    choose(chooser, Reach.TOOL)
    assert "The server has not said what this tool does" in chooser.obstacle
    assert chooser._sentence.text().startswith("An approval cannot be remembered:")
    chooser.show_question(dataclasses.replace(unknown, definition=writing().definition))
    assert chooser.obstacle == ""
    assert chooser.wish is not None, "the choice stays while the question does"


def test_it_tells_only_of_changes(qtbot: QtBot, chooser: ReachChooser) -> None:
    told: list[int] = []
    chooser.changed.connect(lambda: told.append(1))
    one = writing()
    chooser.show_question(one)
    chooser.show_question(dataclasses.replace(one, waiting=False))
    assert len(told) == 1
    choose(chooser, Reach.TOOL)
    assert len(told) == 2


def test_it_is_worked_by_keys_and_named_for_screen_readers(qtbot: QtBot, chooser: ReachChooser) -> None:
    chooser._reaches[Reach.ARGUMENTS].setFocus()
    QTest.keyClick(chooser._reaches[Reach.ARGUMENTS], Qt.Key.Key_Right)
    assert chooser.wish is not None
    assert chooser.wish.reach is Reach.FIELDS
    QTest.keyClick(chooser._lifetime, Qt.Key.Key_End)
    assert chooser.wish.lifetime is Lifetime.ALWAYS
    named = (*chooser._reaches.values(), chooser._fields, chooser._lifetime, chooser._time, chooser._sentence)
    assert all(widget.accessibleName() for widget in named)
