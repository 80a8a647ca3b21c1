"""Which row each waiting call stands in."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_questions import pushing, question, reading, writing

from approver.approvals.presentation import present
from approver.approvals.waiting_rows import WaitingRows, key_of, present_alike
from approver.model import PendingQuestion


def ids(waiting: WaitingRows) -> list[list[str]]:
    first = [waiting.first(row) for row in range(len(waiting))]
    return [[one.id for one in waiting.alike(lead.id)] for lead in first if lead is not None]


def by_another_grant(asked: PendingQuestion) -> PendingQuestion:
    caller = dataclasses.replace(asked.call.caller, grant="other")
    return dataclasses.replace(asked, id="g1", call=dataclasses.replace(asked.call, caller=caller))


def test_identical_calls_share_a_row_and_the_oldest_leads_it() -> None:
    first, other, second = writing(), reading(), writing()
    waiting = WaitingRows([first, other, second])
    assert ids(waiting) == [[first.id, second.id], [other.id]]
    assert (len(waiting), waiting.calls) == (2, 3)
    assert waiting.first(0) == first
    assert (waiting.count(0), waiting.count(1)) == (2, 1)


def test_what_differs_in_anything_that_is_sent_or_who_sends_it_is_not_identical() -> None:
    asked = question("write", {"n": 1})
    others = [
        question("write", {"n": 1.5}),
        question("write", {"n": 1}, client="Cursor"),
        question("write", {"n": 1}, server="git"),
        question("append", {"n": 1}),
        question("write", {"n": 1}, extra={"task": {}}),
        by_another_grant(asked),
    ]
    assert len(WaitingRows([asked, *others])) == 7


def test_rows_of_one_client_stand_together_in_the_order_in_which_they_came() -> None:
    claude, cursor, later = writing(), pushing(), question("move_file")
    newest = reading()
    assert ids(WaitingRows([claude, cursor, later, newest])) == [[claude.id], [later.id], [cursor.id], [newest.id]]


def test_a_row_keeps_its_place_while_anything_in_it_waits() -> None:
    first, other, second = writing(), question("move_file"), writing()
    waiting = WaitingRows([first, other, second])
    waiting.remove(first.id)
    assert ids(waiting) == [[second.id], [other.id]]
    waiting.remove(second.id)
    assert ids(waiting) == [[other.id]]


def test_what_does_not_wait_stands_nowhere() -> None:
    waiting = WaitingRows([writing()])
    stranger = reading()
    waiting.remove(stranger.id)
    waiting.change(stranger)
    assert (waiting.row_of(stranger.id), waiting.row_of(None), waiting.alike(None)) == (None, None, ())
    assert (waiting.first(-1), waiting.first(1)) == (None, None)


def test_what_is_new_about_a_question_is_seen_in_its_row() -> None:
    asked = writing()
    waiting = WaitingRows([asked])
    news = dataclasses.replace(asked, waiting=False)
    waiting.change(news)
    assert waiting.first(0) == news


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.booleans()), max_size=25))
def test_whatever_comes_and_goes_rows_and_questions_agree(steps: list[tuple[str, str, bool]]) -> None:
    waiting, there = WaitingRows(), list[PendingQuestion]()
    for client, tool, comes in steps:
        if comes or not there:
            there.append(question(tool, client=client))
            waiting.add(there[-1])
        else:
            waiting.remove(there.pop(len(there) // 2).id)
        assert waiting.calls == len(there) == sum(waiting.count(row) for row in range(len(waiting)))
        for one in there:
            row = waiting.row_of(one.id)
            assert row is not None
            assert waiting.alike(one.id) == tuple(other for other in there if key_of(other) == key_of(one))
        clients = [lead.call.caller.client for row in range(len(waiting)) if (lead := waiting.first(row))]
        assert sum(here != before for here, before in zip(clients[1:], clients, strict=False)) <= 1


def test_how_often_a_call_waits_is_part_of_what_was_read() -> None:
    shown = present(writing())
    many = present_alike(shown, ["q1", "q2"], lambda _, text: text)
    assert many.count == 2
    assert many.text == shown.text + "\n\nThe same call is waiting 2 times. (q1, q2)"
    assert len({shown.digest, many.digest, present_alike(shown, ["q1", "q3"], lambda _, text: text).digest}) == 3
    assert present_alike(shown, ["q1"], lambda _, text: text) is shown
