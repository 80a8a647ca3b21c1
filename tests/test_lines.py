"""Lines put together from chunks, whatever the chunks are, and the little that is read of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.lines import Lines, error_answer, method_of


@given(st.lists(st.binary(max_size=6).map(lambda chunk: chunk.replace(b"\x00", b"\n")).filter(bool)))
def test_whatever_the_chunks_the_lines_are_the_same(chunks: list[bytes]) -> None:
    lines = Lines()
    completed = [lines.complete(chunk) for chunk in chunks]
    whole = b"".join(chunks)
    assert b"".join(completed) == whole[: whole.rfind(b"\n") + 1]
    assert all(part.endswith(b"\n") for part in completed if part)


def test_a_line_that_has_begun_can_be_forgotten() -> None:
    lines = Lines()
    lines.complete(b"whole\nhalf")
    lines.forget()
    assert lines.complete(b"new\n") == b"new\n"


def test_a_line_that_gets_too_long_keeps_its_begin_and_its_end() -> None:
    lines = Lines(longest=20, kept_end=4)
    for _ in range(50):
        assert lines.complete(b"xxx") == b""
    assert lines.complete(b"END") == b""
    cut = lines.complete(b"!\nnext\n")
    first, _, rest = cut.partition(b"\n")
    assert (len(first) > 20, len(first) < 30, first[-4:], rest) == (True, True, b"END!", b"next\n")


@pytest.mark.parametrize(
    ("line", "method"),
    [
        (b'{"method":"initialize","id":0}', "initialize"),
        (b'{"id":0}', ""),
        (b'["initialize"]', ""),
        (b"no JSON", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_method_of_a_line(line: bytes, method: str) -> None:
    assert method_of(line) == method


@pytest.mark.parametrize(
    "line", [b"", b'{"method":"notifications/x"}', b'{"id":1,"result":{}}', b'[{"id":1,"method":"x"}]', b"{", b"\xff"]
)
def test_only_requests_are_answered(line: bytes) -> None:
    assert error_answer(line, "why") == b""


@pytest.mark.parametrize("request_id", [0, "a", None])
def test_a_request_is_told_why_under_its_own_id(request_id: object) -> None:
    answer = error_answer(json.dumps({"id": request_id, "method": "x"}).encode(), "why")
    assert answer.endswith(b"\n")
    assert json.loads(answer) == {"jsonrpc": "2.0", "id": request_id, "error": {"code": -32000, "message": "why"}}
