"""Messages to an HTTP server: what they are, and which of the server's messages answers which."""

import json
from typing import Any

import pytest

from approver.proxy.http_messages import find, find_error, is_success, own_message, read_message


def request(request_id: Any = 1, method: str = "ping") -> Any:
    return read_message(json.dumps({"jsonrpc": "2.0", "id": request_id, "method": method}).encode())


def text(**members: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **members}).encode()


@pytest.mark.parametrize(
    ("members", "is_request", "cancels", "answers"),
    [
        ({"id": 1, "method": "ping"}, True, None, None),
        ({"id": 1, "result": {}}, False, None, 1),
        ({"id": "a", "error": {}}, False, None, "a"),
        ({"id": [1], "result": {}}, False, None, None),
        ({"method": "notifications/cancelled", "params": {"requestId": 0}}, False, 0, None),
        ({"method": "notifications/cancelled", "params": {"requestId": True}}, False, None, None),
        ({"method": "notifications/cancelled", "params": [1]}, False, None, None),
        ({"method": "notifications/other", "params": {"requestId": 1}}, False, None, None),
        ({"method": 7, "id": 1}, False, None, 1),
    ],
)
def test_a_message_is_known_by_its_members(
    members: dict[str, Any], is_request: bool, cancels: Any, answers: Any
) -> None:
    message = read_message(text(**members))
    assert (message.is_request, message.cancels, message.answers) == (is_request, cancels, answers)


@pytest.mark.parametrize("meta", [None, 1, {}, {"io.modelcontextprotocol/protocolVersion": 1}])
def test_only_a_revision_makes_a_message_stateless(meta: Any) -> None:
    assert read_message(text(id=1, method="x", params={"_meta": meta})).revision is None
    assert read_message(text(id=1, method="x", params=[])).revision is None


def test_our_own_messages_are_messages() -> None:
    assert json.loads(own_message("tools/list", {}, "own").line) == {
        "jsonrpc": "2.0",
        "id": "own",
        "method": "tools/list",
        "params": {},
    }
    assert not own_message("notifications/x", {}).is_request


@pytest.mark.parametrize(
    ("sent", "came", "answers"),
    [(1, 1, True), ("1", "1", True), (1, "1", False), ("1", 1, False), (1, 2, False), (1, 1.0, True)],
)
def test_an_answer_has_the_same_id_of_the_same_kind(sent: Any, came: Any, answers: bool) -> None:
    assert (find(text(id=came, result={}), request(sent)).response is not None) is answers


def test_a_request_of_the_servers_is_a_question_and_no_answer() -> None:
    found = find(text(id=1, method="roots/list"), request(1))
    assert found.response is None
    assert found.questions == (1,)


def test_a_batch_may_hold_the_answer() -> None:
    both = b"[" + text(id=5, method="roots/list") + b"," + text(id=1, result={}) + b"]"
    found = find(both, request(1))
    assert len(found.lines) == 2
    assert json.loads(found.response or b"")["result"] == {}
    assert found.questions == (5,)


@pytest.mark.parametrize("noise", [b"[", b"[]", b"hello", b"{}"])
def test_noise_is_handed_on_as_one_line(noise: bytes) -> None:
    assert find(noise, request()).lines == [noise]
    assert find(noise, request()).response is None


def test_only_an_error_gets_the_requests_id() -> None:
    assert find(text(id=None, result={}), request()).response is None
    assert find_error(text(id="x", result={}), request()) is None
    assert find_error(b"hello", request()) is None
    error = find_error(text(id="x", error={"code": 1, "message": "m"}), request(7))
    assert error is not None
    assert json.loads(error.response or b"")["id"] == 7
    own = find_error(text(id=7, error={"code": 1, "message": "m"}), request(7))
    assert own is not None
    assert own.response == text(id=7, error={"code": 1, "message": "m"})


def test_a_result_is_a_success() -> None:
    assert is_success(text(id=1, result={}))
    assert not is_success(text(id=1, error={"code": 1, "message": "m"}))
    assert not is_success(b"hello")
