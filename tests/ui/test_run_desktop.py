"""The dialog on a real X desktop: a window manager hands out the focus, keys and clicks come from outside."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventually import eventually
from x_screen import Screen, Window, xdotool

pytestmark = pytest.mark.desktop

APP = """
import asyncio, dataclasses, sys, time
from pathlib import Path
from fake_engine import FakeEngine
from sample_questions import pushing, writing
from approver.desktop.paths import Paths
from approver.ui.run import run

class Asking(FakeEngine):
    async def start(self):
        await super().start()
        asyncio.get_running_loop().call_later(0.5, self.ask_two)

    def ask_two(self):
        for make in (writing, pushing):
            self.ask(dataclasses.replace(make(), since=time.time(), expires=time.time() + 600))

    def answer(self, question_id, answer):
        super().answer(question_id, answer)
        with open(sys.argv[2], "a", encoding="utf-8") as written:
            written.write(answer.kind.value + "\\n")

run(Paths.under(Path(sys.argv[1])), hidden=True, engine_factory=Asking)
"""
OTHER = """
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
field = QLineEdit()
field.textChanged.connect(lambda text: field.setWindowTitle("other: " + text))
field.setWindowTitle("other: ")
field.resize(300, 60)
field.show()
field.activateWindow()
app.exec()
"""
DIALOG = "Approver: 2 calls are waiting"


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers"
    path.write_text("", encoding="utf-8")
    return path


@pytest.fixture
def dialog(screen: Screen, answers: Path, tmp_path: Path) -> Iterator[Window]:
    """The dialog, come up by itself while a person types into another window."""
    support = str(Path(__file__).parents[1] / "support")
    environment = {**os.environ, "PYTHONPATH": support}
    other = subprocess.Popen([sys.executable, "-c", OTHER])
    eventually(lambda: active_title().startswith("other"), "the other window is active")
    app = subprocess.Popen([sys.executable, "-c", APP, str(tmp_path / "home"), str(answers)], env=environment)
    yield eventually(lambda: painted(screen), "the dialog is in view", within=20)
    for process in (app, other):
        process.terminate()
        process.wait(20)


def painted(screen: Screen) -> Window | None:
    window = screen.titled(DIALOG)
    return window if window is not None and screen.is_painted(window) else None


def active_title() -> str:
    try:
        return xdotool("getactivewindow", "getwindowname")
    except subprocess.CalledProcessError:  # nothing is active yet
        return ""


def point_at_allow(window: Window) -> None:
    xdotool("mousemove", str(window.x + window.width - 70), str(window.y + window.height - 38))


def given(answers: Path) -> list[str]:
    return answers.read_text(encoding="utf-8").split()


def test_it_takes_neither_focus_nor_keys(dialog: Window, answers: Path) -> None:
    assert active_title().startswith("other")
    xdotool("type", "yes ")
    xdotool("key", "alt+a", "space", "Return")
    eventually(lambda: "yes" in active_title(), "the keys go where the person typed")
    assert given(answers) == []


def test_the_click_that_activates_it_and_fast_ones_after_it_allow_nothing(
    screen: Screen, dialog: Window, answers: Path
) -> None:
    point_at_allow(dialog)
    xdotool("click", "--repeat", "3", "--delay", "60", "1")
    eventually(lambda: active_title() == DIALOG, "the click activates the dialog")
    xdotool("key", "alt+a", "Return", "space")
    assert given(answers) == []


def test_a_click_later_allows_one_call_and_no_second_one(screen: Screen, dialog: Window, answers: Path) -> None:
    point_at_allow(dialog)
    xdotool("click", "1")
    eventually(lambda: active_title() == DIALOG, "the click activates the dialog")

    def allowed() -> bool:
        xdotool("sleep", "0.7", "click", "1")
        return given(answers) == ["allow"]

    eventually(allowed, "a deliberate click allows the call", within=10)
    xdotool("click", "--repeat", "4", "--delay", "90", "1")
    xdotool("key", "alt+a", "space")
    assert given(answers) == ["allow"]
