"""How soon a waiting call is on the person's screen, and the tray icon, and what the app takes: on a real X desktop.

    tests/tools/with_desktop python bench/desktop.py [--questions N]

A client calls a tool that is asked about; the clock runs from the call's last byte until the dialog is on the screen
and painted. Each question is denied from a terminal before the next. Exit status 1 where a target is missed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

BENCH = Path(__file__).parent
sys.path[:0] = [str(BENCH), str(BENCH.parent / "tests" / "support")]

from approver_home import APPROVER, ASK_ALL, ApproverHome  # noqa: E402 # the path to it was laid just above
from eventually import eventually  # noqa: E402 # as above
from processes import resident_mib  # noqa: E402 # as above
from report import Figure, summarize  # noqa: E402 # as above
from x_screen import Screen, Window, time_until  # noqa: E402 # as above

ECHO = [sys.executable, str(BENCH / "echo_server.py")]
PANEL = "panel"
DIALOG = "Approver"


def tray_icon(screen: Screen, before: set[int]) -> Window | None:
    """Return a window that was not there before and lies in the panel."""
    panel = screen.titled(PANEL)
    new = [window for window in screen.windows() if window.id not in before]
    return next((w for w in new if panel and w.y >= panel.y - 1 and w.height <= panel.height and w.width > 1), None)


def dialog(screen: Screen) -> Callable[[], Window | None]:
    """Return what asks the screen for a dialog that is shown and painted."""

    def ask() -> Window | None:
        window = screen.titled(DIALOG)
        return window if window and screen.is_painted(window) else None

    return ask


def close(screen: Screen) -> None:
    """Close the dialog, which stays to say how the question ended."""
    if window := screen.titled(DIALOG):
        subprocess.run(["wmctrl", "-i", "-c", hex(window.id)], check=True)
    eventually(lambda: not screen.titled(DIALOG), "the dialog is closed")


def time_of_questions(home: ApproverHome, screen: Screen, count: int) -> list[float]:
    """Ask the person `count` times; return the milliseconds until each dialog was painted."""
    client = home.client("echo")
    times = []
    for number in range(count):
        request = client.start_call("echo", {"number": number, "path": "/home/ana/notes.txt"})
        times.append(time_until(dialog(screen), time.perf_counter()) * 1e3)
        home.run("deny", home.await_question("echo")["id"])
        client.answer_to(request)
        close(screen)
    return times


def main() -> int:
    """Start the app, wait for its icon, ask."""
    parser = argparse.ArgumentParser(description="how soon the person sees a waiting call")
    parser.add_argument("--questions", type=int, default=15)
    options = parser.parse_args()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        screen = Screen()
        stack.callback(screen.close)
        home = ApproverHome(work, {"QT_QPA_PLATFORM": "xcb"})
        stack.callback(home.close)
        home.add_server("echo", ECHO, ASK_ALL)
        before = {window.id for window in screen.windows()}
        started = time.perf_counter()
        with (work / "app.txt").open("ab") as log:
            app = subprocess.Popen([*APPROVER, "tray", "--hidden"], env=home.environment, stdout=log, stderr=log)
        stack.callback(app.wait)
        stack.callback(app.terminate)
        tray = time_until(lambda: tray_icon(screen, before), started)
        eventually(lambda: home.run("pending", "--json").returncode == 0, "the engine takes commands", within=20)
        fresh = resident_mib(app.pid)
        times = time_of_questions(home, screen, options.questions)
        used = resident_mib(app.pid)
        print("from call to painted dialog, ms:", " ".join(f"{milliseconds:.0f}" for milliseconds in times))
        return summarize(
            [
                Figure("from a call to its dialog, median", statistics.median(times), "ms", 150),
                Figure("from a call to its dialog, slowest", max(times), "ms", 300),
                Figure("from start to the tray icon", tray, "s", 1.5),
                Figure("memory, no window was shown yet", fresh, "MiB", 160),
                Figure("memory, the windows closed again", used, "MiB", 160),
            ]
        )


if __name__ == "__main__":
    if "DISPLAY" not in os.environ:
        sys.exit("no X display: run it as  tests/tools/with_desktop .venv/bin/python bench/desktop.py")
    sys.exit(main())
