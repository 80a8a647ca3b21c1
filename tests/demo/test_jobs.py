"""Jobs that really work through their pages, and really stop."""

import threading

import pytest

from approver.demo.jobs import Job, Jobs, OnlyThisMachine, Page, Status, fetch
from approver.demo.site import Site

URLS = [f"http://127.0.0.1/pages/{number}" for number in range(1, 6)]


def read(url: str) -> Page:
    return Page(url, "A title", 3)


def test_a_job_that_is_left_alone_reads_every_page() -> None:
    job = Job("job-1", URLS, 0, read)
    job.start()
    job.join()
    assert job.status is Status.COMPLETED
    assert [page.url for page in job.pages] == URLS
    assert job.state()["progress"] == {"done": 5, "total": 5, "percent": 100}


def test_a_cancelled_job_stops_between_two_pages() -> None:
    second_page, asked = threading.Event(), threading.Event()

    def read_until_asked(url: str) -> Page:
        if url == URLS[1]:
            second_page.set()
            assert asked.wait(10)
        return read(url)

    job = Job("job-1", URLS, 0, read_until_asked)
    job.start()
    assert second_page.wait(10)
    job.ask_to_stop()
    asked.set()
    job.join()
    assert job.status is Status.CANCELLED
    assert len(job.pages) == 2
    assert job.state()["message"] == "cancelled after 2 of 5 pages"


def test_a_job_is_cancelled_during_its_pause() -> None:
    job = Job("job-1", URLS, 10, read)
    job.start()
    job.ask_to_stop()
    job.join(5)
    assert job.status is Status.CANCELLED


def test_cancelling_a_job_that_is_over_changes_nothing() -> None:
    job = Job("job-1", URLS, 0, read)
    job.start()
    job.join()
    job.ask_to_stop()
    job.join()
    assert job.status is Status.COMPLETED


def test_a_page_that_cannot_be_read_fails_the_job_and_says_which() -> None:
    def refuse(url: str) -> Page:
        raise OSError("connection refused")

    job = Job("job-1", URLS, 0, refuse)
    job.start()
    job.join()
    assert job.status is Status.FAILED
    assert job.message == "page 1: connection refused"


def test_jobs_read_the_real_site() -> None:
    jobs = Jobs()
    with Site() as site:
        job = jobs.start([f"{site.address}/pages/{number}" for number in (1, 2, 3)], 0)
        job.join()
    assert job.status is Status.COMPLETED
    assert [page.title for page in job.pages] == [
        "Bridges of the islands",
        "Lighthouses of the lowlands",
        "Canals of the old town",
    ]
    assert all(page.words > 10 for page in job.pages)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1.example.com/", "x"]
)
def test_nothing_but_this_machine_is_ever_read(url: str) -> None:
    with pytest.raises(OnlyThisMachine, match="on this machine only"):
        Jobs().start([url], 0)
    with pytest.raises(OnlyThisMachine):
        fetch(url)


@pytest.mark.parametrize(("count", "pause"), [(0, 0), (5001, 0), (1, -1), (1, 11)])
def test_a_job_without_bounds_is_not_started(count: int, pause: float) -> None:
    with pytest.raises(ValueError, match="1 to 5000 pages"):
        Jobs().start([URLS[0]] * count, pause)


def test_the_newest_jobs_come_first_and_all_of_them_can_be_stopped() -> None:
    jobs = Jobs()
    started = [jobs.start(URLS, 10) for _ in range(3)]
    assert [job.name for job in jobs.newest(2)] == ["job-3", "job-2"]
    assert jobs.newest(-1) == []
    assert jobs.find("job-1") is started[0]
    assert jobs.find("job-9") is None
    jobs.cancel_all()
    assert {job.status for job in started} == {Status.CANCELLED}
