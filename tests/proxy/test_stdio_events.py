"""What a session's clients can read again, and how much of it is kept."""

from approver.proxy.stdio_events import RecentEvents


def test_what_came_later_on_the_same_stream_is_sent_again() -> None:
    events = RecentEvents()
    opening = events.keep("1", b"")
    events.keep("2", b"of another")
    first = events.keep("1", b"first")
    second = events.keep("1", b"second")
    assert events.after(str(opening)) == ("1", [(first, b"first"), (second, b"second")])
    assert events.after(str(first)) == ("1", [(second, b"second")])


def test_a_streams_opening_is_not_sent_again() -> None:
    events = RecentEvents()
    first = events.keep("1", b"first")
    events.keep("1", b"")
    assert events.after(str(first)) == ("1", [])


def test_an_event_that_is_not_kept_replays_nothing() -> None:
    assert RecentEvents().after("7") is None


def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_goes_first() -> None:
    events = RecentEvents(most_bytes=10_000)
    first = events.keep("1", b"first")
    for _ in range(100):
        last = events.keep("1", b"x" * 1000)
        assert events.size <= 10_000
    assert events.after(str(first)) is None
    assert events.after(str(last - 1)) == ("1", [(last, b"x" * 1000)])


def test_a_message_larger_than_all_that_is_kept_leaves_nothing_behind() -> None:
    events = RecentEvents(most_bytes=1000)
    events.keep("1", b"x" * 5000)
    assert events.size == 0
