"""What the engine says of answers that stand reaches Qt's thread, and wishes about them the engine."""

from fake_engine import FakeEngine, StillBridge
from sample_standing import standing

from approver.events import AnswerForgotten, AnswerNotRemembered


def test_what_the_engine_tells_comes_out_as_signals(engine: FakeEngine, bridge: StillBridge) -> None:
    heard: list[object] = []
    side = bridge.remembered
    for signal in (side.made, side.ended, side.refused, side.told):
        signal.connect(heard.append)
    made = standing()
    engine.remembered.make(made)
    side.ask()
    side.revoke("abc234")
    engine.events.emit(AnswerNotRemembered("No."))
    (kept,) = heard[1]
    assert kept.standing == made
    assert [heard[0], *heard[2:]] == [made, AnswerForgotten("abc234", "revoked by window"), "No."]
