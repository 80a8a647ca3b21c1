"""Reads the log for a window, never on the window's thread.

    page ──ask(lane, work, then)──> waiting requests ──> (thread) Reader ──queued signal──> then(result), on Qt's thread

Of each lane only the newest request counts: a newer one takes the place of one that waits, interrupts one that is being
carried out, and what the older one brings is dropped. The reader is opened when it is first needed, and anew after a
failure: there may be no log yet.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from approver.journal.reader import JournalUnreadable, Reader

log = logging.getLogger(__name__)

Result = TypeVar("Result")
JOIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Request:
    """What is to be read, and who wants it."""

    number: int
    lane: str
    work: Callable[[Reader], Any]
    then: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came of a request: a result, or a sentence about why there is none."""

    request: _Request
    result: Any
    fault: str | None


class _ReadingThread:
    """The thread, and all that it shares; `condition` guards every attribute below it."""

    def __init__(self, path: Path, tell: Callable[[_Reply], None]) -> None:
        self._path = path
        self._tell = tell
        self._thread: threading.Thread | None = None
        self._reader: Reader | None = None
        self.condition = threading.Condition()
        self.waiting: dict[str, _Request] = {}
        self.running: _Request | None = None
        self.is_stopping = False

    def put(self, request: _Request) -> None:
        """Have this read, in place of whatever else that lane wanted."""
        with self.condition:
            if self.is_stopping:
                return
            self.waiting.pop(request.lane, None)
            self.waiting[request.lane] = request
            self._interrupt(request.lane)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log reader", daemon=True)
                self._thread.start()
            self.condition.notify()

    def drop(self, lane: str) -> None:
        """Have nothing read for this lane."""
        with self.condition:
            self.waiting.pop(lane, None)
            self._interrupt(lane)

    def stop(self) -> None:
        """End the thread, and wait for it a moment."""
        with self.condition:
            self.is_stopping = True
            self.waiting.clear()
            self._interrupt(None)
            self.condition.notify()
        if self._thread is not None:
            self._thread.join(JOIN_SECONDS)

    def _interrupt(self, lane: str | None) -> None:
        if self._reader is not None and self.running is not None and lane in (None, self.running.lane):
            self._reader.interrupt()

    def _run(self) -> None:
        while (request := self._next()) is not None:
            reply = self._carry_out(request)
            with self.condition:
                self.running = None
            try:
                self._tell(reply)
            except RuntimeError:  # the window has gone meanwhile
                break
        self._close()

    def _next(self) -> _Request | None:
        with self.condition:
            self.condition.wait_for(lambda: self.waiting or self.is_stopping)
            if self.is_stopping:
                return None
            lane = next(iter(self.waiting))
            self.running = self.waiting.pop(lane)
            return self.running

    def _carry_out(self, request: _Request) -> _Reply:
        try:
            if self._reader is None:
                self._reader = Reader(self._path)
            return _Reply(request, request.work(self._reader), None)
        except JournalUnreadable as fault:
            self._close()
            return _Reply(request, None, str(fault))
        except Exception as fault:  # the thread's top: it must go on, and the person must hear of it
            log.exception("the log could not be read")
            self._close()
            return _Reply(request, None, str(fault) or type(fault).__name__)

    def _close(self) -> None:
        with self.condition:
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


class LogReading(QObject):
    """One window's way to the log.

    Attributes: none of its own.

    Signals:
        failed: A lane and a sentence: what it asked for could not be read.
    """

    failed = Signal(str, str)
    _told = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._newest: dict[str, int] = {}
        self._reading = reading = _ReadingThread(path, self._told.emit)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(lambda: reading.stop())

    def ask(self, lane: str, work: Callable[[Reader], Result], then: Callable[[Result], None]) -> None:
        """Have `work` done with the reader, and `then` called with its result on this thread."""
        number = self._newest[lane] = next(self._numbers)
        self._reading.put(_Request(number, lane, work, then))

    def is_asking(self, lane: str) -> bool:
        """Whether a lane still waits for its reply."""
        return lane in self._newest

    def drop(self, lane: str) -> None:
        """Want nothing for this lane any more."""
        self._newest.pop(lane, None)
        self._reading.drop(lane)

    def stop(self) -> None:
        """Read nothing more."""
        self._newest.clear()
        self._reading.stop()

    @Slot(object)
    def _hear(self, reply: _Reply) -> None:
        request = reply.request
        if self._newest.get(request.lane) != request.number:
            return  # somebody asked for something else meanwhile
        del self._newest[request.lane]
        if reply.fault is not None:
            self.failed.emit(request.lane, reply.fault)
        else:
            request.then(reply.result)
