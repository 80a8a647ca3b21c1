"""Who is meant: by name, by address, by task, by the id of what a server asked."""

from typing import Any

import pytest
from talk import notification, request, tool_call
from talk import result as answer_to

from approver.proxy import many_routes
from approver.proxy.many_routes import Routes

SERVERS = ("a", "b")


@pytest.mark.parametrize(
    "message",
    [
        {"method": 5, "params": {}},
        {"method": "tools/call"},
        {"method": "tools/call", "params": {"name": 5}},
        {"method": "resources/read", "params": {"uri": 5}},
        {"method": "tasks/get", "params": {"taskId": "none"}},
        {"method": "completion/complete", "params": {"ref": 5}},
        {"method": "completion/complete", "params": {"ref": {"type": "ref/resource", "uri": "x://{n}"}}},
        {"method": "other", "params": {}},
    ],
)
def test_what_is_not_known_leads_nowhere(message: Any) -> None:
    assert Routes().target(message, SERVERS) is None


def test_a_request_is_renamed_for_its_server_and_nothing_else_in_it_changes() -> None:
    message = tool_call(1, "b__read", {"name": "b__read"}, _meta={"x": 1})
    assert Routes().target(message, SERVERS) == ("b", tool_call(1, "read", {"name": "b__read"}, _meta={"x": 1}))
    routes = Routes()
    routes.addresses.give_template("b", "x://{n}")
    reference = {"type": "ref/resource", "uri": "x://{n}"}
    asked = request(1, "completion/complete", ref=reference)
    assert routes.target(asked, SERVERS) == ("b", asked)


def test_a_task_is_its_makers_wherever_it_was_told() -> None:
    routes = Routes()
    routes.seen_by("a", {"task": {"taskId": "1"}})
    routes.seen_by("a", {"taskId": "2"})
    routes.seen_by("b", {"taskId": "2"})
    routes.learn_tasks("b", [{"taskId": "3"}, "odd", {}])
    routes.learn_tasks("b", None)
    found = [routes.target(request(1, "tasks/get", taskId=task), SERVERS) for task in ("1", "2", "3")]
    assert [one and one[0] for one in found] == ["a", "a", "b"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_routes, "MOST_TASKS", 2)
    monkeypatch.setattr(many_routes, "MOST_ASKED", 1)
    routes = Routes()
    routes.learn_tasks("a", [{"taskId": str(number)} for number in range(3)])
    assert routes.target(request(1, "tasks/get", taskId="0"), SERVERS) is None
    first, second = (routes.asked_by("a", request(number, "ping")) for number in (1, 2))
    assert routes.answered(answer_to(first["id"])) is None
    assert routes.answered(answer_to(second["id"])) == ("a", answer_to(2))


def test_answers_to_what_nobody_asked_lead_nowhere() -> None:
    routes = Routes()
    assert routes.answered(answer_to(1)) is None and routes.answered(answer_to("x")) is None
    assert routes.progress_of_client(notification("notifications/progress", progressToken=1)) is None
    assert routes.progress_of_client(notification("notifications/progress")) is None


def test_what_a_server_asked_is_forgotten_when_it_ends() -> None:
    routes = Routes()
    mine, other = routes.asked_by("a", request(1, "ping")), routes.asked_by("b", request(1, "ping"))
    assert routes.forget("a") == [mine["id"]]
    assert routes.answered(answer_to(mine["id"])) is None
    assert routes.answered(answer_to(other["id"])) == ("b", answer_to(1))


def test_notifications_of_odd_shapes_pass_as_they_are() -> None:
    for message in (notification("x"), notification("x", a=1), {"method": "notifications/message", "params": [1]}):
        assert Routes().told_by("a", message) == message


def test_addresses_in_results_are_those_the_client_knows() -> None:
    routes = Routes()
    routes.addresses.give("a", "x://1")
    result = {
        "content": [
            {"type": "resource_link", "uri": "x://1"},
            {"type": "resource", "resource": {"uri": "x://1"}},
            {"type": "text", "text": "x://1"},
            {"type": "resource", "resource": 5},
            "odd",
        ],
        "contents": [{"uri": "x://2"}],
        "messages": [{"content": {"type": "resource", "resource": {"uri": "x://1"}}}, "odd"],
    }
    routes.seen_by("b", result)
    alias = "approver://b/x://1"
    content: Any = result["content"]
    messages: Any = result["messages"]
    assert (content[0]["uri"], content[1]["resource"]["uri"], content[2]["text"]) == (alias, alias, "x://1")
    assert result["contents"] == [{"uri": "x://2"}]
    assert messages[0]["content"]["resource"]["uri"] == alias
    routes.seen_by("b", "no result")
    assert routes.target(request(1, "resources/read", uri="x://2"), SERVERS) is not None
