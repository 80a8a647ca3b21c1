"""Work that takes long and is not the window's: a function goes in, progress and an end come out as queued signals."""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""To be called by the work now and then, with how far it is; ends the work by an exception when it is to stop."""
Work = Callable[[Progress], Any]


class _Stopped(Exception):
    """The person wants no more of it."""


class Background(QObject):
    """Carries out one piece of work at a time on a thread of its own.

    Attributes:
        is_working: Whether there is some.

    Signals:
        progressed: How far it is.
        done: What came of it.
        failed: A sentence: why nothing came of it.
        stopped: It was stopped before its end.
    """

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopping: threading.Event | None = None
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self.stop)

    @property
    def is_working(self) -> bool:
        """Whether something is being done."""
        return self._stopping is not None

    def start(self, work: Work) -> None:
        """Begin, unless something else is still being done."""
        if self._stopping is None:
            self._stopping = stopping = threading.Event()
            tell = self._told.emit
            threading.Thread(target=_run, args=(work, stopping, tell), name="background", daemon=True).start()

    def stop(self) -> None:
        """Have it end soon; `stopped` follows, or `done` where it was quicker."""
        if self._stopping is not None:
            self._stopping.set()

    @Slot(object, object)
    def _hear(self, what: str, value: object) -> None:
        if what == "progressed":
            self.progressed.emit(value)
            return
        self._stopping = None
        match what:
            case "done":
                self.done.emit(value)
            case "failed":
                self.failed.emit(value)
            case _:
                self.stopped.emit()


class _GivingWay:
    """While something is computed, lets the window have the interpreter ten times as soon as Python usually does.

    A window that is drawn asks the interpreter for each cell; if every time that took the usual five milliseconds, a
    table would take a tenth of a second.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._usual = 0.0

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(self._usual / 10)
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    sys.setswitchinterval(self._usual)


_giving_way = _GivingWay()


def _run(work: Work, stopping: threading.Event, tell: Callable[[str, object], None]) -> None:
    def progress(count: int) -> None:
        if stopping.is_set():
            raise _Stopped
        tell("progressed", count)

    try:
        try:
            with _giving_way():
                told: tuple[str, object] = ("done", work(progress))
        except _Stopped:
            told = ("stopped", None)
        except Exception as fault:  # the thread's top: the person has to hear of it
            log.exception("work in the background failed")
            told = ("failed", str(fault) or type(fault).__name__)
        tell(*told)
    except RuntimeError:  # the window has gone meanwhile
        log.debug("nobody is left to hear what came of it")
