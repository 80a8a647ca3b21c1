"""Lines are the same however the stream is cut."""

from hypothesis import given
from hypothesis import strategies as st

from approver.proxy.line_splitter import LineSplitter


def splitter(limit: int = 1_000_000) -> tuple[LineSplitter, list[int]]:
    dropped: list[int] = []
    return LineSplitter(limit, dropped.append), dropped


@given(st.lists(st.text("ab\n").map(str.encode)))
def test_the_pieces_a_stream_comes_in_do_not_matter(pieces: list[bytes]) -> None:
    lines, dropped = splitter()
    found = [line for piece in pieces for line in lines.feed(piece)]
    if rest := lines.rest():
        found.append(rest)
    assert found == [line for line in b"".join(pieces).split(b"\n") if line]
    assert dropped == []


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 9))
def test_lines_beyond_the_limit_are_dropped_and_their_length_is_told(lengths: list[int], step: int) -> None:
    lines, dropped = splitter(limit=20)
    stream = b"".join(b"x" * length + b"\n" for length in lengths)
    found = [line for at in range(0, len(stream), step) for line in lines.feed(stream[at : at + step])]
    assert [len(line) for line in found] == [length for length in lengths if 0 < length <= 20]
    assert dropped == [length for length in lengths if length > 20]


def test_a_line_beyond_the_limit_takes_no_memory_while_it_comes() -> None:
    lines, dropped = splitter(limit=10)
    for _ in range(1000):
        assert lines.feed(b"x" * 8) == []
    assert sum(map(len, lines._begun)) <= 10
    assert lines.feed(b"\nnext\n") == [b"next"]
    assert dropped == [8000]


def test_the_rest_is_given_once() -> None:
    lines, _ = splitter()
    lines.feed(b"no end")
    assert lines.rest() == b"no end"
    assert lines.rest() == b""
