"""The demo server's tools, over real jobs and the real site."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from approver.demo.jobs import Jobs
from approver.demo.site import Site
from approver.demo.toolbox import Mistake, Toolbox


@pytest.fixture
def toolbox() -> Iterator[Toolbox]:
    jobs = Jobs()
    with Site() as site:
        yield Toolbox(jobs, site.address)
        jobs.cancel_all()


def start(toolbox: Toolbox, **payload: Any) -> dict[str, Any]:
    arguments = {"job_type": "batch_scrape", "payload_json": json.dumps(payload)}
    state: dict[str, Any] = json.loads(toolbox.start_job(arguments))
    return state


def test_every_listed_tool_is_there() -> None:
    listed = json.loads(resources.files("approver.demo").joinpath("tools.json").read_text(encoding="utf-8"))
    assert [tool["name"] for tool in listed] == list(Toolbox(Jobs(), "").tools)


def test_a_started_job_can_be_followed_and_cancelled(toolbox: Toolbox) -> None:
    assert start(toolbox, pages=100, pause=5)["status"] == "running"
    polled = json.loads(toolbox.poll_job({"job_id": "job-1"}))
    assert polled["progress"]["total"] == 100
    assert polled["result"] == []
    assert json.loads(toolbox.cancel_job({"job_id": "job-1"}))["status"] == "cancelled"
    assert json.loads(toolbox.poll_job({"job_id": "job-1", "include_result": False}))["status"] == "cancelled"
    assert [job["job_id"] for job in json.loads(toolbox.list_jobs({}))] == ["job-1"]


def test_a_job_takes_the_urls_that_it_is_given(toolbox: Toolbox) -> None:
    assert start(toolbox, urls=["http://127.0.0.1:9/pages/1"], pause=5)["progress"]["total"] == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("start_job", {"job_type": "deep_research", "payload_json": "{}"}, "batch_scrape jobs only"),
        ("start_job", {"job_type": "batch_scrape"}, "payload_json has to be given, as text"),
        ("start_job", {"job_type": "batch_scrape", "payload_json": "{"}, "payload_json is no JSON"),
        ("start_job", {"job_type": "batch_scrape", "payload_json": "[]"}, "has to hold an object"),
        ("start_job", {"job_type": "batch_scrape", "payload_json": '{"pages": "9"}'}, "pages has to be a number"),
        ("start_job", {"job_type": "batch_scrape", "payload_json": '{"pages": 1e300}'}, "1 to 5000 pages"),
        ("start_job", {"job_type": "batch_scrape", "payload_json": '{"pause": Infinity}'}, "pause has to be a number"),
        ("poll_job", {"job_id": "job-7"}, "no job 'job-7'"),
        ("cancel_job", {}, "job_id has to be given"),
        ("list_jobs", {"limit": True}, "limit has to be a number"),
    ],
)
def test_a_mistake_gets_a_sentence(toolbox: Toolbox, tool: str, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        toolbox.tools[tool](arguments)


def test_a_mistake_is_one_of_its_own_kind(toolbox: Toolbox) -> None:
    with pytest.raises(Mistake):
        toolbox.poll_job({})


def test_pages_are_read_and_remembered(toolbox: Toolbox) -> None:
    with Site() as other:
        url = f"{other.address}/pages/1"
        assert toolbox.scrape_url({"url": url}).startswith("# Bridges of the islands")
        assert json.loads(toolbox.validate_url({"url": url}))["reachable"] is True
        assert json.loads(toolbox.validate_url({"url": f"{other.address}/nothing"}))["reachable"] is False
    assert json.loads(toolbox.get_history({})) == [url]
    assert toolbox.clear_history({}) == "1 entries forgotten"
    assert json.loads(toolbox.get_history({})) == []
