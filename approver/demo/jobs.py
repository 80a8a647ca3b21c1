"""The demo server's jobs: threads that fetch one page after the other, and that stop between two when cancelled.

Standard library only. `Jobs` starts, lists and cancels; a `Job` counts what it did, and anyone may read that, any time.
"""

import enum
import itertools
import re
import threading
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

MOST_PAGES = 5000
LONGEST_PAUSE = 10.0
FETCH_SECONDS = 10
# No proxy: what the demo reads is on this machine, whatever the environment says.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Status(enum.Enum):
    """Where a job is; the last three are final."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of one page."""

    url: str
    title: str
    words: int


class OnlyThisMachine(ValueError):
    """An address that is not on loopback."""


def fetch(url: str) -> Page:
    """Read one page on this machine."""
    refuse_elsewhere(url)
    try:
        with _opener.open(url, timeout=FETCH_SECONDS) as response:
            text = response.read().decode("utf-8", "replace")
    except HTTPException as fault:
        raise OSError(f"{url}: {fault}") from fault
    title = re.search(r"<title>(.*?)</title>", text)
    return Page(url, title[1] if title else "", len(re.sub(r"<[^>]*>", " ", text).split()))


def refuse_elsewhere(url: str) -> None:
    """Raise unless the address is a plain HTTP one on loopback."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise OnlyThisMachine(f"{url}: the demo reads pages on this machine only (http://127.0.0.1:…)")


class Job:
    """One run over a list of pages."""

    def __init__(self, name: str, urls: Sequence[str], pause: float, read: Callable[[str], Page] = fetch) -> None:
        self.name = name
        self.status = Status.RUNNING
        self.pages: list[Page] = []
        self.message = ""
        self.total = len(urls)
        self._urls = urls
        self._pause = pause
        self._read = read
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Say that it should; `join` waits until it has."""
        self._stop.set()

    def join(self, timeout: float | None = FETCH_SECONDS + LONGEST_PAUSE) -> None:
        """Wait until it is over."""
        self._thread.join(timeout)

    def state(self) -> dict[str, Any]:
        """What `poll_job` and `list_jobs` tell."""
        done = len(self.pages)
        progress = {"done": done, "total": self.total, "percent": round(100 * done / self.total) if self.total else 100}
        state = {"job_id": self.name, "job_type": "batch_scrape", "status": self.status.value, "progress": progress}
        return state | ({"message": self.message} if self.message else {})

    def _run(self) -> None:
        try:
            for url in self._urls:
                # A page a pause, as a polite reader does; the pause is where a cancelled job stops.
                if self._stop.wait(self._pause):
                    self.message = f"cancelled after {len(self.pages)} of {self.total} pages"
                    self.status = Status.CANCELLED
                    return
                self.pages.append(self._read(url))
            self.status = Status.COMPLETED
        except (OSError, ValueError) as fault:
            self.message = f"page {len(self.pages) + 1}: {fault}"
            self.status = Status.FAILED


class Jobs:
    """Every job since the server started, oldest first."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._numbers = itertools.count(1)

    def start(self, urls: Sequence[str], pause: float) -> Job:
        """Begin a job over these pages."""
        for url in urls:
            refuse_elsewhere(url)
        if not 1 <= len(urls) <= MOST_PAGES or not 0 <= pause <= LONGEST_PAUSE:
            raise ValueError(f"a job reads 1 to {MOST_PAGES} pages, with 0 to {LONGEST_PAUSE:g} seconds between two")
        job = Job(f"job-{next(self._numbers)}", urls, pause)
        self._jobs[job.name] = job
        job.start()
        return job

    def find(self, name: str) -> Job | None:
        """The job of that name."""
        return self._jobs.get(name)

    def newest(self, limit: int) -> list[Job]:
        """The last jobs, newest first."""
        return list(reversed(self._jobs.values()))[: max(0, limit)]

    def cancel_all(self) -> None:
        """Stop whatever still runs: the server ends."""
        for job in self._jobs.values():
            job.ask_to_stop()
        for job in self._jobs.values():
            job.join()
