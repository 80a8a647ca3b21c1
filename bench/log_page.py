"""Whether the log's page stays quick: with a million calls recorded, and while 2,000 calls a second are.

    QT_QPA_PLATFORM=offscreen python bench/log_page.py [--calls N] [--journal FILE] [--seconds S]

Each step does what a person does (open the page, jump, filter, search, scroll, select) and goes on until the result
stands in the table. Measured is the longest stretch for which the window's thread was busy at once, drawing included,
and for information how long the result took. Then an engine's thread in the same process journals calls, at the
given pace, and the page follows. A journal that is named is kept for the next time. Exit status
1 where a target is missed.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent), str(BENCH.parent / "tests" / "support")]

from fake_engine import FakeEngine  # noqa: E402 # the path to it was laid just above
from PySide6.QtCore import QDateTime  # noqa: E402 # as above
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above
from sample_entries import entry  # noqa: E402 # as above

from approver.clock import SystemClock  # noqa: E402 # as above
from approver.events import CallJudged  # noqa: E402 # as above
from approver.journal.writer import Journal  # noqa: E402 # as above
from approver.model import Entry, EntryKind  # noqa: E402 # as above
from approver.ui.bridge import Bridge  # noqa: E402 # as above
from approver.ui.log_page import LogPage  # noqa: E402 # as above
from approver.ui.theme import Theme  # noqa: E402 # as above

TOOLS = (("files", "read_file"), ("files", "write_file"), ("git", "push"), ("git", "status"), ("web", "navigate_page"))
CLIENTS = ("Claude Desktop", "Cursor", "Windsurf")
OUTCOMES = (
    *[("allowed", "", "policy")] * 12,
    ("approved", "/tools/write_file", "window"),
    ("denied_by_policy", "/tools/push/deny_if/0", "policy"),
    ("denied_by_user", "/all_tools", "window"),
    ("expired", "/all_tools", "time"),
)
DAYS = 30
CALLS_PER_SECOND, BEAT = 2000, 0.005
STEP_LIMIT, LIVE_LIMIT = 100.0, 50.0


def a_call(number: int, at: float, chance: random.Random) -> tuple[Entry, Entry]:
    """A decision, and what became of it."""
    (server, tool), (outcome, rule, by) = chance.choice(TOOLS), chance.choice(OUTCOMES)
    arguments = f'{{"path":"/home/ana/projects/{number % 997}/notes.txt","content":"line {number}"}}'
    decision = entry(
        call=f"c{number}", at=at, server=server, tool=tool, client=chance.choice(CLIENTS), outcome=outcome, rule=rule,
        by=by, digest=f"{number:064x}", arguments=arguments,
    )  # fmt: skip
    return decision, entry(EntryKind.OUTCOME, call=f"c{number}", at=at, server=server, tool=tool, latency=0.01)


def fill(path: Path, calls: int) -> None:
    """Write so many calls, spread over a month."""
    journal, chance, now = Journal(path, SystemClock()), random.Random(1), time.time()
    for number in range(calls):
        decision, outcome = a_call(number, now - (calls - number) * DAYS * 86_400 / calls, chance)
        journal.append(decision)
        if decision.outcome in ("allowed", "approved"):
            journal.append(outcome)
        if number % 2000 == 0:
            journal.flush()
    journal.close()


class BusyEngine(FakeEngine):
    """Journals calls at the wanted pace once it is told to, on the engine's own thread."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.is_busy = False
        self.calls = 0

    async def start(self) -> None:
        self._journal = Journal(self.path, SystemClock())
        self._task = asyncio.create_task(self._work())  # noqa: TID251 # a benchmark's own

    async def stop(self) -> None:
        self._task.cancel()
        self._journal.close()

    async def _work(self) -> None:
        chance, due = random.Random(2), time.perf_counter()
        while True:
            due = max(due + BEAT, time.perf_counter() - 1)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self.is_busy:
                for _ in range(round(CALLS_PER_SECOND * BEAT)):
                    self._one_call(chance)

    def _one_call(self, chance: random.Random) -> None:
        self.calls += 1
        decision, outcome = a_call(10**9 + self.calls, time.time(), chance)
        self._journal.append(decision)
        self._journal.append(outcome)
        self._journal.flush()
        self.events.emit(CallJudged(decision))


class Watch:
    """Runs Qt's loop and remembers the longest stretch for which it was busy."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.longest = 0.0

    def do(self, act: Callable[[], object], is_done: Callable[[], object], within: float = 60.0) -> tuple[float, float]:
        """Do something and wait for its result; milliseconds: the longest stretch, and the time to the result."""
        self.longest = 0.0
        began = time.perf_counter()
        act()
        self._note(began)
        while not is_done():
            assert time.perf_counter() - began < within, "no result came"
            self._turn()
        took = time.perf_counter() - began
        for _ in range(5):
            self._turn()
        return self.longest * 1000, took * 1000

    def _turn(self) -> None:
        began = time.perf_counter()
        self._app.processEvents()
        self._note(began)
        time.sleep(0.0005)

    def _note(self, began: float) -> None:
        self.longest = max(self.longest, time.perf_counter() - began)


class Person:
    """Uses the page, step by step."""

    def __init__(self, page: LogPage, watch: Watch) -> None:
        self._page = page
        self._watch = watch
        self.figures: list[Figure] = []

    def step(self, name: str, act: Callable[[], object], is_done: Callable[[], object] | None = None) -> None:
        """Do something, and note what it cost."""
        busy, took = self._watch.do(act, is_done or self._is_read)
        print(f"{name:40}{len(self._page.table.log.rows):8,} rows there after {took:8.1f} ms")
        self.figures.append(Figure(f"{name}: busy at once", busy, "ms", STEP_LIMIT))

    def box(self, name: str) -> QComboBox:
        """A list of choices."""
        boxes = self._page.filter_bar.findChildren(QComboBox)
        return next(one for one in boxes if one.accessibleName() == name)

    def choose(self, name: str, text: str) -> None:
        """Choose one of them."""
        self.step(f"{name}: {text}", lambda: self.box(name).setCurrentIndex(self.box(name).findText(text)))

    def search(self, name: str, text: str) -> None:
        """Search for a text."""
        bar = self._page.filter_bar
        self.step(f"search, {name}", lambda: (bar.search.setText(text), bar.search.returnPressed.emit()))

    def clear(self) -> None:
        """Want everything again."""
        self._watch.do(self._page.filter_bar.clear, self._is_read)

    def scroll(self, first: int, last: int) -> None:
        """Scroll to the end of what is there, from one page to another."""
        for _ in range(first, last):
            self._watch.do(self._page.table.scrollToBottom, self._is_read)
        self.step(f"page {last} by scrolling", self._page.table.scrollToBottom)

    def _is_read(self) -> bool:
        return not self._page.reading.is_asking("page")


def steps(page: LogPage, watch: Watch, days: float) -> list[Figure]:
    """Everything that a person does with the page."""
    person = Person(page, watch)
    person.step("first page", page.show, lambda: page.table.log.rows and person.box("Rule").count() > 1)
    person.scroll(2, 2)
    person.scroll(3, 11)
    page.filter_bar._until.setDateTime(QDateTime.currentDateTime().addSecs(-round(days * 86_400 / 2)))
    person.choose("Time", "Up to…")
    person.step("select a call", lambda: page.table.selectRow(5), lambda: page.detail.story is not None)
    for name, text in (
        ("Client", "Cursor"), ("Server", "git"), ("Tool", "push"), ("Outcome", "Denied"), ("Outcome", "expired"),
        ("Rule", "/all_tools"), ("Time", "Today"), ("Time", "Last 7 days"),
    ):  # fmt: skip
        person.clear()
        person.choose(name, text)
    person.clear()
    person.search("found often", "notes.txt")
    person.search("found in few", "projects/500/")
    person.search("found nowhere", "nothing is like this")
    person.step("clear the search", page.filter_bar.clear)
    return person.figures


def live(page: LogPage, watch: Watch, engine: BusyEngine, seconds: float) -> list[Figure]:
    """What the page costs while calls are journalled, with the newest in view and with others."""
    figures = []
    engine.is_busy = True
    for name, act in (
        ("newest in view", lambda: (page.table.clearSelection(), page.table.scrollToTop())),
        ("older in view", lambda: page.table.scrollTo(page.table.log.index(120, 0))),
    ):
        end, before = time.perf_counter() + seconds, engine.calls
        busy, took = watch.do(act, lambda end=end: time.perf_counter() >= end, within=seconds * 3)
        pace = (engine.calls - before) / took * 1000
        figures.append(Figure(f"while journalling, {name}: busy at once", busy, "ms", LIVE_LIMIT))
        figures.append(
            Figure(f"while journalling, {name}: pace", pace, "calls/s", CALLS_PER_SECOND * 0.95, at_least=True)
        )
    engine.is_busy = False
    return figures


def checking(page: LogPage, watch: Watch, seconds: float) -> list[Figure]:
    """What the page costs while another thread goes through the chain."""
    end = time.perf_counter() + seconds

    def is_over() -> bool:
        page.table.verticalScrollBar().setValue(random.randrange(1, 150))
        return time.perf_counter() >= end

    busy, _ = watch.do(page.chain.findChild(QPushButton).click, is_over, within=seconds * 3)
    page.chain.stop()
    return [Figure("while the chain is checked: busy at once", busy, "ms", STEP_LIMIT)]


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.journal or Path(folder) / "journal.db"
        if not path.exists():
            fill(path, chosen.calls)
        app = QApplication([])
        Theme(app)
        engine = BusyEngine(path)
        bridge = Bridge(lambda: engine)
        page = LogPage(bridge, SystemClock(), path, lambda: None)
        page.resize(1100, 800)
        watch = Watch(app)
        watch.do(bridge.start, lambda: bridge.is_running)
        figures = steps(page, watch, DAYS) + live(page, watch, engine, chosen.seconds)
        figures += checking(page, watch, chosen.seconds / 2)
        page.hide()
        page.stop()
        watch.do(bridge.stop, lambda: not bridge.is_running)
        bridge.join(5)
        return summarize(figures)


if __name__ == "__main__":
    sys.exit(main())
