"""The web scraper of PyPI as it is: it prints tables on its stdout, has 62 tools, and jobs that one can cancel."""

import json
from pathlib import Path
from typing import Any

import pytest
from approver_home import ALLOW_ALL, ApproverHome
from conversations import hold
from eventually import eventually
from installed import browser_that_never_starts
from wire_client import Message, WireClient

SAMPLE_POLICY = Path(__file__).parents[2] / "resources" / "policies" / "web-scraper.json"
ASK_BEFORE_CANCELLING = {
    "version": "1",
    "default": "allow",
    "tools": {"cancel_job": {"require_approval": [{"conditions": [], "reason": "Stops work in progress."}]}},
}
PAGES = [f"http://127.0.0.1:9/{page}" for page in ("one", "two", "three")]
QUIET = {"FASTMCP_CHECK_FOR_UPDATES": "off"}


@pytest.fixture
def environment() -> dict[str, str]:
    """A browser that takes forever to start keeps a job running for as long as a test needs."""
    return {**QUIET, "PLAYWRIGHT_BROWSERS_PATH": str(browser_that_never_starts())}


def content_of(answer: Message) -> Any:
    """Return the data that a tool of the scraper's gave, which is JSON in a text."""
    return json.loads(answer["result"]["structuredContent"]["result"])["data"]


def start_job(client: WireClient) -> str:
    """Start a job on three pages; return its id once it runs."""
    payload = {"job_type": "batch_scrape", "payload_json": json.dumps({"urls": PAGES})}
    job = content_of(client.call("start_job", payload))["job_id"]
    eventually(lambda: status(client, job) == "running", "the job runs")
    return job


def status(client: WireClient, job: str) -> str:
    return content_of(client.call("poll_job", {"job_id": job}))["status"]


def list_tools(client: WireClient) -> None:
    client.initialize("2025-06-18")
    client.request("tools/list")
    client.request("prompts/list")


def test_its_62_tools_are_listed_as_the_server_lists_them(home: ApproverHome, scraper: list[str]) -> None:
    directly = hold(list_tools, scraper, env={**home.environment, **QUIET}, cwd=home.work / "direct")
    home.add_server("scraper", scraper, ALLOW_ALL, cwd=home.work, env=QUIET)
    home.serve()
    through = hold(list_tools, home.connect("scraper"), env=home.environment, cwd=home.work / "through")
    assert through == directly
    tools = next(message for message in through if message.get("id") == 2)["result"]["tools"]
    assert len(tools) == 62
    assert "cancel_job" in {tool["name"] for tool in tools}


def test_a_running_job_is_cancelled_once_a_person_approves(
    home: ApproverHome, scraper: list[str], environment: dict[str, str]
) -> None:
    home.add_server("scraper", scraper, ASK_BEFORE_CANCELLING, cwd=home.work, env=environment)
    home.serve()
    client = home.client("scraper")
    job = start_job(client)
    cancelling = client.start_call("cancel_job", {"job_id": job})
    question = home.await_question("cancel_job")
    assert question["arguments"] == {"job_id": job}
    assert status(client, job) == "running", "nothing is cancelled before the answer"
    assert home.run("approve", question["id"]).returncode == 0
    assert content_of(client.answer_to(cancelling))["cancelled"] is True
    assert status(client, job) == "cancelled"


def test_a_running_job_goes_on_when_the_person_denies(
    home: ApproverHome, scraper: list[str], environment: dict[str, str]
) -> None:
    home.add_server("scraper", scraper, ASK_BEFORE_CANCELLING, cwd=home.work, env=environment)
    home.serve()
    client = home.client("scraper")
    job = start_job(client)
    cancelling = client.start_call("cancel_job", {"job_id": job})
    question = home.await_question("cancel_job")
    assert home.run("deny", question["id"], "--reason", "Let it finish.").returncode == 0
    answer = client.answer_to(cancelling)
    assert answer["result"]["isError"] is True
    assert answer["result"]["content"][0]["text"] == "[DENIED BY USER] Let it finish."
    assert status(client, job) == "running"


def test_under_the_sample_policy_the_eleventh_cancel_in_a_minute_is_refused(
    home: ApproverHome, scraper: list[str]
) -> None:
    """The calls may straddle a minute's end once, so one more round may be needed to see eleven in one minute."""
    home.add_server("scraper", scraper, SAMPLE_POLICY.read_text(encoding="utf-8"), cwd=home.work, env=QUIET)
    home.serve()
    client = home.client("scraper")

    def denied_after() -> int:
        for count in range(30):
            answer = client.call("cancel_job", {"job_id": "none"})
            if answer["result"].get("isError"):
                assert answer["result"]["content"][0]["text"].startswith("[POLICY DENIED] ")
                rule = answer["result"]["_meta"]["approver/decision"]["rule"]
                assert rule == "/tools/cancel_job/limits/cancel_job_rate"
                return count
        raise AssertionError("thirty cancels were let through")

    assert denied_after() in range(10, 21), "ten a minute, and ten more where the minute ended meanwhile"
    refused = client.call("list_jobs")
    assert refused["result"]["_meta"]["approver/decision"]["rule"] == "(default deny)"
