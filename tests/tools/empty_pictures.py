"""Pictures of the main window before anything is there, and of what stands in it where something is wrong."""

from collections.abc import Callable
from pathlib import Path

import sample_questions
from fake_engine import FakeEngine, StillBridge
from PySide6.QtWidgets import QWidget
from sample_standing import standing
from still_time import NOON, StillTime

from approver.desktop.paths import Paths
from approver.events import HeldOff, StateChanged
from approver.model import AnswerKind, ServerHealth
from approver.secret_survey import Survey
from approver.secrets import KeyringState, StoreState
from approver.standing_model import Lifetime, Reach
from approver.ui.desk import GENERAL, OVERVIEW, Desk
from approver.ui.desk_pages import add_pages
from approver.ui.habit_watch import HabitWatch
from approver.ui.remove_question import RemoveQuestion
from approver.ui.secret_dialog import SecretDialog
from approver.ui.secrets_page import SecretsPage

WAIT_STEPS = 40
"""How often a page without rows is painted: what its reader tells arrives meanwhile."""


def draw_empty(home: Path, paint: Callable[[], None], keep: Callable[[QWidget, str], None]) -> None:
    """Every page of a desk that nobody has used yet, then one that has trouble."""
    paths = Paths.under(home)
    paths.create()
    engine = FakeEngine(state=StateChanged(False, None, (), 0, address="127.0.0.1:8787"))
    bridge, time = StillBridge(engine), StillTime()
    bridge.start()
    desk = Desk()
    add_pages(desk, bridge, paths, time, HabitWatch(bridge, time, paths, desk))
    secrets = desk.page("secrets")
    assert isinstance(secrets, SecretsPage)
    secrets.look = lambda **_: None  # type: ignore[method-assign]  # the picture is of what is put in here
    secrets._done(Survey(StoreState(KeyringState.STORED, "Secret Service", "Secrets are kept in Secret Service."), ()))
    desk.resize(1064, 820)
    for key in desk.keys:
        desk.appear(take_focus=False, key=key)
        for _ in range(WAIT_STEPS):
            paint()
        keep(desk, f"desk-{key}-empty")
    _draw_trouble(desk, bridge, engine, keep)
    asking = RemoveQuestion(
        "Remove the server git?", "Its rules stay. Clients that use it are told that it is gone.", "&Remove", desk
    )
    for question in (asking, _secret_dialog(desk)):
        question.show()
        keep(question, "question-remove" if question is asking else "secret-new")
        question.close()
    desk.hide()
    stop_reading(desk)


def _draw_trouble(desk: Desk, bridge: StillBridge, engine: FakeEngine, keep: Callable[[QWidget, str], None]) -> None:
    desk.show_page(OVERVIEW)
    engine.ask(sample_questions.writing())
    bridge.servers_told.emit((ServerHealth("git", False, 0, "no program “gti” was found."),))
    problems = ("Policy “git” did not load: line 13, column 24: unknown operator.",)
    engine.become(StateChanged(False, None, problems, 1, held_off=(HeldOff("Claude Desktop", NOON + 240),)))
    allowed = standing(AnswerKind.ALLOW, Reach.TOOL, Lifetime.ALWAYS, question=sample_questions.writing())
    engine.remembered.make(allowed)
    keep(desk, "desk-overview-trouble")
    desk.show_page(GENERAL)


def _secret_dialog(desk: Desk) -> SecretDialog:
    dialog = SecretDialog(parent=desk)
    dialog.name.setText("GITHUB_TOKEN")
    dialog.say("Nothing was stored: the value is empty.")
    return dialog


def stop_reading(desk: Desk) -> None:
    """End the threads that read the log for these pages."""
    for key in desk.keys:
        page = desk.page(key)
        for stop in (getattr(page, "stop", None), getattr(getattr(page, "reading", None), "stop", None)):
            if stop is not None:
                stop()
