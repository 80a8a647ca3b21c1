"""Events cut out of a stream: none of it is lost or changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.proxy import sse

STREAM = b': hello\n\nid: 1\nevent: message\ndata: {"a":1}\n\ndata: x\r\ndata: y\r\n\r\ndata: z'


@given(st.lists(st.integers(0, len(STREAM)), max_size=6))
def test_however_a_stream_is_cut_its_events_are_the_same_and_nothing_is_lost(cuts: list[int]) -> None:
    reader = sse.EventReader()
    places = [0, *sorted(cuts), len(STREAM)]
    events = [event for start, end in zip(places, places[1:], strict=False) for event in reader.feed(STREAM[start:end])]
    assert b"".join(events) + reader.rest() == STREAM
    assert [sse.data_of(event) for event in events] == [b"", b'{"a":1}', b"x\ny"]


def test_other_data_leaves_an_events_other_fields() -> None:
    event = b"id: 7\nretry: 100\ndata: a\ndata: b\n\n"
    assert sse.with_data(event, b"c") == b"id: 7\nretry: 100\ndata: c\n\n"


def test_an_event_longer_than_is_read_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MOST_BUFFERED", 10)
    with pytest.raises(sse.TooLong):
        sse.EventReader().feed(b"data: 0123456789")
