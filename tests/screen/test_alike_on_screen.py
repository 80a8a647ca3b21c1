"""A person at a real screen answers four identical calls with the mouse: all denied at once, or one allowed."""

import json
import sys
from pathlib import Path

import pytest
from approver_home import ASK_ALL
from desk import ALLOW_FROM_RIGHT, Desk
from eventually import eventually
from wire_client import WireClient

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]
CALL = {"path": "/home/ana/letters/taxes-2026.pdf"}
DENY_ALL_FROM_RIGHT = 232
"""Where «Deny all 4» stands beside «Allow one of 4»."""


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client in front of a server whose every call is asked about."""
    desk.home.add_server("held", HELD, ASK_ALL)
    desk.start()
    return desk.home.client("held")


def four_calls(desk: Desk, client: WireClient) -> list[int]:
    requests = [client.start_call("echo", CALL) for _ in range(4)]
    eventually(lambda: len(desk.home.pending()) == 4, "four calls wait")
    return requests


def answered(client: WireClient, requests: list[int]) -> list[int]:
    heard = {message.get("id") for message in client.heard if "method" not in message}
    return [request for request in requests if request in heard]


def outcomes(desk: Desk) -> list[str]:
    return [
        record["outcome"] for record in desk.home.log() if record["tool"] == "echo" and record["outcome"] != "pending"
    ]


def test_all_four_are_denied_with_one_click(desk: Desk, client: WireClient) -> None:
    requests = four_calls(desk, client)
    desk.await_dialog()
    desk.picture("four-alike")
    desk.click_until(lambda: answered(client, requests), DENY_ALL_FROM_RIGHT)
    for request in requests:
        text = client.answer_to(request)["result"]["content"][0]["text"]
        assert text == "[DENIED BY USER] No reason was given."
    assert outcomes(desk) == ["denied_by_user"] * 4
    eventually(lambda: not desk.dialog(), "the dialog is gone")


def test_one_of_four_is_allowed_and_three_go_on_waiting(desk: Desk, client: WireClient) -> None:
    requests = four_calls(desk, client)
    desk.await_dialog()
    desk.click_until(lambda: answered(client, requests), ALLOW_FROM_RIGHT)
    desk.picture("three-alike")
    (first,) = answered(client, requests)
    assert json.loads(client.answer_to(first)["result"]["content"][0]["text"]) == CALL
    assert [question["arguments"] for question in desk.home.pending()] == [CALL] * 3
    assert outcomes(desk) == ["approved"]
    eventually(desk.dialog, "the dialog asks about the others")
