"""Server-sent events: what a stream's bytes say, whatever pieces they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.proxy import event_stream
from approver.proxy.event_stream import EventStream, EventTooLong, ServerEvent

STREAMS = {
    b"data: a\n\n": [ServerEvent(b"a")],
    b"data:a\r\n\r\n": [ServerEvent(b"a")],
    b"data: a\r\rdata: b\r\r": [ServerEvent(b"a"), ServerEvent(b"b")],
    b"data: a\ndata: b\n\n": [ServerEvent(b"a\nb")],
    b"data:  a\n\n": [ServerEvent(b" a")],
    b"\xef\xbb\xbfdata: a\n\n": [ServerEvent(b"a")],
    b"event: endpoint\ndata: /messages?id=1\n\n": [ServerEvent(b"/messages?id=1", "endpoint")],
    b"id: 7\nretry: 1500\ndata:\n\n": [ServerEvent(b"", id="7", retry=1.5)],
    b"id: 7\n\n": [ServerEvent(id="7")],
    b"id\ndata: a\n\n": [ServerEvent(b"a", id="")],
    b"id: a\0b\ndata: a\n\n": [ServerEvent(b"a")],
    b"retry: soon\ndata: a\n\n": [ServerEvent(b"a")],
    b": a remark\n\ndata: a\n\n": [ServerEvent(b"a")],
    b"event: nothing\n\n": [],
    b"unknown: x\ndata\n\n": [ServerEvent(b"")],
    b"data: never ended\n": [],
}


def read(*pieces: bytes) -> list[ServerEvent]:
    stream = EventStream()
    return [event for piece in pieces for event in stream.feed(piece)]


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_is_read_as_the_standard_says(stream: bytes) -> None:
    assert read(stream) == STREAMS[stream]


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream[0] < 128])
def test_a_stream_that_comes_byte_by_byte_says_the_same(stream: bytes) -> None:
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == STREAMS[stream]


@given(st.lists(st.integers(0, 60), max_size=6))
def test_however_a_stream_is_cut_it_says_the_same(cuts: list[int]) -> None:
    whole = b"id: 1\r\ndata: first\r\n\r\n: remark\r\nevent: other\rdata: a\ndata: b\n\ndata: c\r\n\r\n"
    places = [0, *sorted(cuts), len(whole)]
    assert read(*(whole[start:end] for start, end in zip(places, places[1:], strict=False))) == read(whole)


def test_an_event_that_never_ends_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "LONGEST_EVENT", 1000)
    stream = EventStream()
    for _ in range(20):
        assert len(stream.feed(b"data: " + b"x" * 500 + b"\n\n")) == 1
    with pytest.raises(EventTooLong, match="1,000 bytes"):
        for _ in range(20):
            stream.feed(b"x" * 100)
