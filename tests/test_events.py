"""Events reach every listener in order, and no listener can harm another or the engine."""

from approver.events import Event, Events, QuestionEnded, StateChanged

ENDED = QuestionEnded("abcde", "denied_by_user", "window")
STATE = StateChanged(panic=False, panic_until=None, problems=(), clients=1)


def test_every_listener_hears_every_event_in_the_order_they_subscribed() -> None:
    events, heard = Events(), []
    events.subscribe(lambda event: heard.append(("first", event)))
    events.subscribe(lambda event: heard.append(("second", event)))
    events.emit(ENDED)
    events.emit(STATE)
    assert heard == [("first", ENDED), ("second", ENDED), ("first", STATE), ("second", STATE)]


def test_a_listener_that_was_removed_hears_nothing_more() -> None:
    events = Events()
    heard: list[Event] = []
    remove = events.subscribe(heard.append)
    events.emit(ENDED)
    remove()
    events.emit(STATE)
    assert heard == [ENDED]


def test_a_listener_may_leave_while_it_listens() -> None:
    events = Events()
    heard: list[Event] = []

    def once(event: Event) -> None:
        heard.append(event)
        remove()

    remove = events.subscribe(once)
    events.subscribe(heard.append)
    events.emit(ENDED)
    events.emit(STATE)
    assert heard == [ENDED, ENDED, STATE]


def test_a_listener_that_fails_is_logged_and_keeps_nobody_from_hearing(caplog) -> None:
    events = Events()
    heard: list[Event] = []

    def broken(event: Event) -> None:
        raise RuntimeError("a window is broken")

    events.subscribe(broken)
    events.subscribe(heard.append)
    events.emit(ENDED)
    assert heard == [ENDED]
    assert "a listener failed on QuestionEnded" in caplog.text
    assert "a window is broken" in caplog.text
