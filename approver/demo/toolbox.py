"""What the demo server's tools do: each takes the call's arguments and returns the text that the agent reads.

Standard library only. The server finds the tool by name in `Toolbox.tools`; names and schemas stand in tools.json, as
the Web Scraper lists them.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from approver.demo.jobs import MOST_PAGES, Job, Jobs, fetch
from approver.demo.site import PAGES

Arguments = Mapping[str, Any]


class Mistake(ValueError):
    """Arguments that the tool cannot work with: told to the agent as a result with `isError`."""


class Toolbox:
    """The tools over one set of jobs and one history."""

    def __init__(self, jobs: Jobs, site: str) -> None:
        self._jobs = jobs
        self._site = site
        self._history: list[str] = []
        self.tools: Mapping[str, Callable[[Arguments], str]] = {
            "start_job": self.start_job,
            "poll_job": self.poll_job,
            "list_jobs": self.list_jobs,
            "cancel_job": self.cancel_job,
            "scrape_url": self.scrape_url,
            "validate_url": self.validate_url,
            "get_history": self.get_history,
            "clear_history": self.clear_history,
        }

    def start_job(self, arguments: Arguments) -> str:
        """Begin a `batch_scrape` over `urls`, or over the first `pages` of the demo's own site."""
        if (kind := text(arguments, "job_type")) != "batch_scrape":
            raise Mistake(f"job_type {kind!r}: the demo runs batch_scrape jobs only")
        payload = parsed(text(arguments, "payload_json"))
        job = self._jobs.start(self._urls(payload), float(number(payload, "pause", 0.5)))
        self._history.append(f"{job.name}: batch_scrape of {job.total} pages")
        return as_json(job.state())

    def poll_job(self, arguments: Arguments) -> str:
        """How far a job is, and what it read so far."""
        job = self._job(arguments)
        state = job.state()
        if arguments.get("include_result", True):
            newest = job.pages[-3:]
            state["result"] = [{"url": page.url, "title": page.title, "words": page.words} for page in newest]
        return as_json(state)

    def list_jobs(self, arguments: Arguments) -> str:
        """The last jobs, newest first."""
        return as_json([job.state() for job in self._jobs.newest(int(number(arguments, "limit", 20)))])

    def cancel_job(self, arguments: Arguments) -> str:
        """Stop a job; a job that is over stays as it ended."""
        job = self._job(arguments)
        job.ask_to_stop()
        job.join()
        self._history.append(f"{job.name}: {job.status.value}")
        return as_json(job.state())

    def scrape_url(self, arguments: Arguments) -> str:
        """Read one page."""
        page = fetch(text(arguments, "url"))
        self._history.append(page.url)
        return f"# {page.title}\n\n{page.words} words"

    def validate_url(self, arguments: Arguments) -> str:
        """Whether a page can be read."""
        url = text(arguments, "url")
        try:
            return as_json({"url": url, "reachable": True, "title": fetch(url).title})
        except (OSError, ValueError) as fault:
            return as_json({"url": url, "reachable": False, "reason": str(fault)})

    def get_history(self, arguments: Arguments) -> str:
        """What was done, newest first."""
        return as_json(self._history[::-1][: int(number(arguments, "limit", 10))])

    def clear_history(self, arguments: Arguments) -> str:
        """Forget what was done."""
        forgotten = len(self._history)
        self._history.clear()
        return f"{forgotten} entries forgotten"

    def _job(self, arguments: Arguments) -> Job:
        name = text(arguments, "job_id")
        if (job := self._jobs.find(name)) is None:
            raise Mistake(f"no job {name!r}; list_jobs names them")
        return job

    def _urls(self, payload: Mapping[str, Any]) -> list[str]:
        if isinstance(urls := payload.get("urls"), list) and all(isinstance(url, str) for url in urls):
            return urls
        # One more than a job may have is enough for it to be refused.
        pages = min(int(number(payload, "pages", 10)), MOST_PAGES + 1)
        return [f"{self._site}/pages/{1 + index % PAGES}" for index in range(pages)]


def text(arguments: Arguments, name: str) -> str:
    """An argument that has to be there and to be text."""
    value = arguments.get(name)
    if not isinstance(value, str):
        raise Mistake(f"{name} has to be given, as text")
    return value


def number(arguments: Arguments, name: str, otherwise: float) -> float:
    """An argument that has to be a number where it is given."""
    value = arguments.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Mistake(f"{name} has to be a number")
    return value


def parsed(payload: str) -> Mapping[str, Any]:
    """The object that `payload_json` holds."""
    try:
        value = json.loads(payload)
    except ValueError as fault:
        raise Mistake(f"payload_json is no JSON: {fault}") from None
    if not isinstance(value, dict):
        raise Mistake('payload_json has to hold an object, such as {"pages": 20}')
    return value


def as_json(value: object) -> str:
    """Readable JSON, as a server answers it."""
    return json.dumps(value, ensure_ascii=False)
