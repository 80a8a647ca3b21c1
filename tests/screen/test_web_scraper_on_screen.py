"""The story that Approver is there for: an agent wants to cancel a running job, and a person says yes at the screen."""

import json

import pytest
from desk import ALLOW_FROM_RIGHT, DENY_FROM_RIGHT, Desk
from eventually import eventually
from installed import browser_that_never_starts, or_say_why, web_scraper
from wire_client import Message, WireClient

POLICY = {
    "version": "1",
    "default": "allow",
    "tools": {"cancel_job": {"require_approval": [{"conditions": [], "reason": "Stops work in progress."}]}},
}


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client in front of the real web scraper."""
    command = or_say_why(web_scraper, pytest.fail, pytest.skip)
    env = {"PLAYWRIGHT_BROWSERS_PATH": str(browser_that_never_starts()), "FASTMCP_CHECK_FOR_UPDATES": "off"}
    desk.home.add_server("scraper", command, POLICY, cwd=desk.home.work, env=env)
    desk.start()
    return desk.home.client("scraper")


def content_of(answer: Message) -> dict:
    return json.loads(answer["result"]["structuredContent"]["result"])["data"]


def status(client: WireClient, job: str) -> str:
    return content_of(client.call("poll_job", {"job_id": job}))["status"]


@pytest.mark.parametrize(("button", "expected"), [(ALLOW_FROM_RIGHT, "cancelled"), (DENY_FROM_RIGHT, "running")])
def test_a_running_job_is_cancelled_only_if_the_person_allows_it(
    desk: Desk, client: WireClient, button: int, expected: str
) -> None:
    payload = json.dumps({"urls": [f"http://127.0.0.1:9/{page}" for page in ("one", "two", "three")]})
    job = content_of(client.call("start_job", {"job_type": "batch_scrape", "payload_json": payload}))["job_id"]
    eventually(lambda: status(client, job) == "running", "the job runs")
    cancelling = client.start_call("cancel_job", {"job_id": job})
    desk.await_dialog()
    desk.picture(f"cancel-job-{expected}")
    assert status(client, job) == "running"
    answered = {"id": cancelling}.items()
    desk.click_until(lambda: any(answered <= m.items() and "result" in m for m in client.heard), button)
    assert status(client, job) == expected
