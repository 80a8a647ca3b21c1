"""A person at a real screen lets another call through than the agent asked for: typed by keyboard, allowed by mouse."""

import json
import sys

import pytest
from desk import ALLOW_FROM_RIGHT, Desk
from wire_client import Message, WireClient
from x_screen import xdotool

DEMO = [sys.executable, "-m", "approver.demo.server"]
POLICY = {
    "version": "1",
    "default": "allow",
    "tools": {"cancel_job": {"require_approval": [{"conditions": [], "reason": "Stops work in progress."}]}},
}


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client in front of the demo's server, which has been asked for its tools."""
    desk.home.add_server("demo", DEMO, POLICY)
    desk.start()
    client = desk.home.client("demo")
    client.request("tools/list")
    return client


def told(answer: Message) -> dict:
    return json.loads(answer["result"]["content"][0]["text"])


def start_job(client: WireClient) -> str:
    payload = json.dumps({"pages": 50, "pause": 5})
    return told(client.call("start_job", {"job_type": "batch_scrape", "payload_json": payload}))["job_id"]


def status(client: WireClient, job: str) -> str:
    return told(client.call("poll_job", {"job_id": job}))["status"]


def answered(client: WireClient, request: int) -> bool:
    return any(message.get("id") == request and "method" not in message for message in client.heard)


def test_another_job_is_cancelled_than_the_agent_asked_for(desk: Desk, client: WireClient) -> None:
    wanted, other = start_job(client), start_job(client)
    request = client.start_call("cancel_job", {"job_id": wanted})
    desk.activate()
    xdotool("key", "alt+e")
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "10", other)
    xdotool("key", "Return")
    desk.picture("edited")
    assert not answered(client, request), "typing and Enter allow nothing"
    desk.click_until(lambda: answered(client, request), ALLOW_FROM_RIGHT)
    assert told(client.answer_to(request))["job_id"] == other
    assert (status(client, wanted), status(client, other)) == ("running", "cancelled")
    record = next(record for record in desk.home.log() if record["tool"] == "cancel_job")
    assert (record["outcome"], record["by"]) == ("approved", "window")
    assert record["arguments"] == {"job_id": wanted}
    assert record["edited"]["arguments"] == {"job_id": other}
    assert record["edited"]["changes"] == [{"path": "/job_id", "before": wanted, "after": other}]
    assert record["edited"]["by"] == "window"
    assert desk.home.run("log", "verify").returncode == 0
