"""Quiet hours end, and what came in them is told of."""

import dataclasses
from datetime import datetime

from fake_engine import FakeEngine, StillBridge
from sample_questions import pushing, writing
from still_time import NOON, StillTime

from approver.attention import QuietHours
from approver.model import Outcome
from approver.settings import Attention
from approver.ui.quiet_end import QuietEnd

NOW = datetime.fromtimestamp(NOON).time()
QUIET = Attention(quiet_hours=QuietHours(NOW, NOW.replace(minute=30)))


def test_it_looks_at_the_clock_only_while_something_waits_that_came_in_them(
    engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    bridge.start()
    quiet = QuietEnd(bridge, still)
    heard: list[tuple[str, ...]] = []
    quiet.came.connect(lambda held: heard.append(tuple(one.id for one in held)))
    engine.ask(pushing())
    assert not quiet._timer.isActive()
    engine.become(dataclasses.replace(engine.state(), attention=QUIET))
    asked = engine.ask(writing())
    assert quiet._timer.isActive()
    engine.become(dataclasses.replace(engine.state(), clients=3))
    assert heard == []
    still.advance(1800)
    quiet._timer.timeout.emit()
    assert heard == [(asked.id,)] and not quiet._timer.isActive()


def test_hours_that_are_taken_out_of_the_settings_end_at_once(
    engine: FakeEngine, bridge: StillBridge, still: StillTime
) -> None:
    bridge.start()
    quiet = QuietEnd(bridge, still)
    heard: list[object] = []
    quiet.came.connect(heard.append)
    engine.become(dataclasses.replace(engine.state(), attention=QUIET))
    first, second = engine.ask(writing()), engine.ask(pushing())
    engine.end(first.id, Outcome.EXPIRED, "time")
    engine.become(dataclasses.replace(engine.state(), attention=Attention()))
    assert heard == [(second,)]
    engine.become(dataclasses.replace(engine.state(), attention=QUIET))
    engine.end(second.id, Outcome.EXPIRED, "time")
    engine.become(dataclasses.replace(engine.state(), attention=Attention()))
    assert len(heard) == 1 and not quiet._timer.isActive()
