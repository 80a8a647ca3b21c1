"""Whether 500 waiting calls stay usable: calls that come and go, clocks, selections, the dialog.

    QT_QPA_PLATFORM=offscreen python bench/waiting_calls.py [--calls N]

The list, the overview and the dialog stand side by side while each step happens some times. Measured is the time that
the window's thread spends on one step, drawing included: the slowest. Exit status 1 where a target is missed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent), str(BENCH.parent / "tests" / "support")]

from fake_engine import FakeEngine, StillBridge  # noqa: E402 # the path to it was laid just above
from PySide6.QtWidgets import QApplication  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above
from sample_questions import question  # noqa: E402 # as above

from approver.clock import SystemClock  # noqa: E402 # as above
from approver.model import Outcome, PendingQuestion  # noqa: E402 # as above
from approver.settings import Window  # noqa: E402 # as above
from approver.ui.front import Front  # noqa: E402 # as above
from approver.ui.overview_page import OverviewPage  # noqa: E402 # as above
from approver.ui.theme import Theme  # noqa: E402 # as above
from approver.ui.tray import Tray  # noqa: E402 # as above

LIMIT = 50.0
TIMES = 20
CLIENTS = ("Claude Desktop", "Cursor", "Windsurf", "Zed", "Codex")


def waiting(number: int) -> PendingQuestion:
    """A call like no other, of one of some clients."""
    arguments = {"path": f"/home/ana/projects/{number}/notes.txt", "content": f"line {number}\n" * 40}
    return question("write_file", arguments, client=CLIENTS[number % len(CLIENTS)], since=time.time())


class Steps:
    """Does each step some times and keeps the slowest."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.figures: list[Figure] = []

    def measure(self, name: str, act: Callable[[int], object], times: int = TIMES) -> None:
        """Do it, and let everything be drawn that follows from it."""
        slowest = 0.0
        for number in range(times):
            began = time.thread_time()
            act(number)
            self._app.processEvents()
            slowest = max(slowest, time.thread_time() - began)
        self.figures.append(Figure(name, slowest * 1e3, "ms", LIMIT))


def main() -> int:
    """Fill the queue, then do what happens to it."""
    parser = argparse.ArgumentParser(description="whether many waiting calls stay usable")
    parser.add_argument("--calls", type=int, default=500)
    options = parser.parse_args()
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    theme = Theme(app)
    engine, clock = FakeEngine(), SystemClock()
    bridge = StillBridge(engine)
    front = Front(bridge, clock, Window(), guard_seconds=0.5, tray=Tray(bridge, clock, is_available=lambda: False))
    overview = OverviewPage(bridge, clock, Path(tempfile.gettempdir()) / "no-such-journal.db")
    bridge.start()
    for number in range(options.calls):
        engine.ask(waiting(number))
    front.queue.show()
    overview.show()
    app.processEvents()
    steps, queue = Steps(app), front.queue
    steps.measure("another call comes", lambda number: engine.ask(waiting(options.calls + number)))
    same = next(iter(engine.open.values()))
    steps.measure("an identical call comes", lambda _: engine.ask(question_like(same)))
    steps.measure("a second passes", lambda _: (queue._tick(), overview._tick()))
    steps.measure("another row is selected", lambda number: queue.table.selectRow(number * 7 % queue.table.rows))
    steps.measure(
        "the list is scrolled", lambda number: queue.table.scrollTo(queue.table.model().index(number * 20, 0))
    )
    steps.measure("a call ends", lambda number: engine.end(nth(engine, number * 5), Outcome.EXPIRED, "time"))
    front.dialog.hide()
    steps.measure("the dialog opens", lambda number: front.review(nth(engine, number * 11)))
    steps.measure("the dialog goes on to the next", lambda _: front.dialog.stepped.emit(1))
    front.stop()
    overview.reading.stop()
    del theme
    return summarize(steps.figures)


def question_like(asked: PendingQuestion) -> PendingQuestion:
    """The same call once more."""
    call = asked.call
    return question(call.tool, dict(call.arguments), client=call.caller.client, since=time.time())


def nth(engine: FakeEngine, number: int) -> str:
    """The id of one that waits."""
    return list(engine.open)[number % len(engine.open)]


if __name__ == "__main__":
    sys.exit(main())
