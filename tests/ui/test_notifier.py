"""The one notification: when it comes, what it says, what its buttons do, when it goes."""

import hashlib
import os

import pytest
from fake_engine import FakeEngine, StillBridge
from fake_service import FakeService
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sample_questions import pushing, reading, writing
from still_time import StillTime

from approver.desktop.notification import Closed, NotShown, Pressed
from approver.model import Outcome, PendingQuestion
from approver.ui.notifier import Notifier

GUARD_SECONDS = 0.5
ONE, TWO = "A call is waiting for you", "2 calls are waiting for you"


class Room:
    """A notifier, who shows its notifications, and what it asks for."""

    def __init__(self, bridge: StillBridge, engine: FakeEngine, still: StillTime) -> None:
        self.engine, self.still = engine, still
        self.beeps: list[str] = []
        made: list[FakeService] = []

        def make(tell) -> FakeService:
            made.append(FakeService(tell))
            return made[0]

        self.notifier = Notifier(bridge, still, make, GUARD_SECONDS, beep=lambda: self.beeps.append("beep"))
        self.service = made[0]
        self.wishes: list[tuple[str, ...]] = []
        self.notifier.review_asked.connect(lambda question: self.wishes.append(("review", question)))
        self.notifier.denied.connect(lambda question, digest: self.wishes.append(("deny", question, digest)))
        self.notifier.not_shown.connect(lambda sentence: self.wishes.append(("not shown", sentence)))

    def ask(self, question: PendingQuestion, *, loud: bool = False) -> PendingQuestion:
        self.engine.ask(question)
        self.notifier.add(question, loud=loud)
        QApplication.sendPostedEvents()
        return question

    def press(self, word: str, question: PendingQuestion, token: str = "") -> None:
        self.service.tell(Pressed(f"{word}:{question.call.id}", token))
        QApplication.sendPostedEvents()

    def end(self, question: PendingQuestion) -> None:
        self.engine.end(question.id, Outcome.EXPIRED, "time")
        QApplication.sendPostedEvents()


@pytest.fixture
def room(qtbot: QtBot, bridge: StillBridge, engine: FakeEngine, still: StillTime) -> Room:
    bridge.start()
    return Room(bridge, engine, still)


def test_a_burst_is_one_notification_that_counts(room: Room) -> None:
    first, second = room.ask(writing()), room.ask(pushing())
    assert room.service.summaries == [ONE, TWO]
    room.end(first)
    assert room.service.summaries == [ONE, TWO, ONE]
    assert "git_push" in room.service.shown[-1].body
    room.end(second)
    assert room.service.summaries == [ONE, TWO, ONE, None]


def test_a_question_that_was_never_told_changes_nothing(room: Room) -> None:
    room.ask(writing())
    quiet = room.engine.ask(reading())
    room.end(quiet)
    assert room.service.summaries == [ONE]


def test_review_leads_to_its_call_with_the_desktop_s_token(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    first, second = room.ask(writing()), room.ask(pushing())
    room.press("review", second, "token-9")
    assert room.wishes == [("review", second.id)]
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-9"
    room.end(first)
    room.press("review", first)
    assert room.wishes[1:] == [("review", "")], "its call is over, so the oldest is shown"


def test_deny_denies_the_call_that_the_text_has_named(room: Room) -> None:
    asked = room.ask(writing())
    shown = room.service.shown[-1]
    room.still.advance(GUARD_SECONDS)
    room.press("deny", asked)
    digest = hashlib.sha256(f"{shown.summary}\n{shown.body}".encode()).hexdigest()
    assert room.wishes == [("deny", asked.id, digest)]


def test_a_late_deny_hits_no_other_call(room: Room) -> None:
    first = room.ask(writing())
    room.end(first)
    second = room.ask(pushing())
    room.still.advance(60)
    room.press("deny", first)
    assert room.wishes == []
    assert second.id in room.engine.open


def test_a_deny_on_what_has_just_appeared_only_shows_the_call(room: Room) -> None:
    first, second = room.ask(writing()), room.ask(pushing())
    room.still.advance(60)
    room.end(first)  # now «Deny» appears, for the second
    room.press("deny", second)
    assert room.wishes == [("review", second.id)]
    room.still.advance(GUARD_SECONDS)
    room.press("deny", second)
    assert room.wishes[1][:2] == ("deny", second.id)


def test_what_was_wiped_away_comes_back_only_with_a_new_call(room: Room) -> None:
    first, second = room.ask(writing()), room.ask(pushing())
    room.service.tell(Closed())
    QApplication.sendPostedEvents()
    room.end(first)
    assert room.service.summaries == [ONE, TWO]
    room.ask(reading())
    assert room.service.summaries == [ONE, TWO, TWO]
    assert second.id in room.engine.open


def test_it_goes_when_the_person_looks_at_the_calls(room: Room) -> None:
    asked = room.ask(writing())
    room.notifier.forget()
    room.end(asked)
    assert room.service.summaries == [ONE, None]
    room.notifier.stop()
    assert room.service.stopped


def test_what_ends_or_comes_while_the_app_ends_is_told_to_nobody(room: Room) -> None:
    first, _ = room.ask(writing()), room.ask(pushing())
    room.notifier.stop()
    shown = list(room.service.shown)
    room.end(first)
    room.ask(reading())
    assert room.service.shown == shown
    assert shown[-1] is None


def test_a_loud_call_is_heard_once_however_the_desktop_sounds(room: Room) -> None:
    room.ask(writing(), loud=True)
    assert room.service.shown[-1].sound == "dialog-warning"
    assert room.beeps == []
    room.service.sounds = False
    room.ask(pushing(), loud=True)
    assert room.beeps == ["beep"]
    room.ask(reading())
    assert room.beeps == ["beep"]
    assert room.service.shown[-1].sound == ""


def test_what_cannot_be_shown_is_said_and_still_heard(room: Room) -> None:
    room.service.show = lambda notification: None
    room.ask(writing(), loud=True)
    room.service.tell(NotShown("There is no bus."))
    QApplication.sendPostedEvents()
    assert room.wishes == [("not shown", "There is no bus.")]
    assert room.beeps == ["beep"]
