"""Journal rows: who, what and why of a call, its secrets covered."""

import json

import pytest
from sample_calls import ALLOW, DENY, call, caller
from still_time import NOON, StillTime

from approver.approvals.queue import Ending
from approver.model import Answer, AnswerKind, EntryKind, Outcome
from approver.proxy.edits import LONGEST_ARGUMENTS
from approver.proxy.rows import Rows, repeats


@pytest.fixture
def rows() -> Rows:
    return Rows(StillTime())


def test_a_row_about_a_call_says_whose_it_is_and_what_it_asks_for(rows) -> None:
    about = call("write", {"path": "/a"}, by=caller("s7", grant="ci", client="Desk"))
    row = rows.of_call(EntryKind.DECISION, about, "allowed", "/tools/write", "Fine.", by="policy")
    assert (row.at, row.kind, row.outcome, row.rule, row.message) == (
        NOON, EntryKind.DECISION, "allowed", "/tools/write", "Fine."
    )  # fmt: skip
    assert (row.session, row.client, row.grant, row.server) == ("s7", "Desk", "ci", "files")
    assert (row.call, row.tool, row.digest, row.by) == (about.id, "write", about.digest, "policy")
    assert json.loads(row.arguments) == {"path": "/a"}


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind is not EntryKind.OUTCOME])
def test_secrets_are_covered_in_every_row_that_keeps_arguments(rows, kind) -> None:
    row = rows.of_call(kind, call(arguments={"password": "hunter2", "deep": [{"api_key": "k-123456"}]}), "x")
    assert "hunter2" not in row.arguments
    assert "k-123456" not in row.arguments
    assert json.loads(row.arguments).keys() == {"password", "deep"}


def test_the_outcome_of_a_call_does_not_repeat_its_arguments(rows) -> None:
    assert rows.of_call(EntryKind.OUTCOME, call(arguments={"a": 1}), "ok", latency=0.5).arguments == ""


def test_arguments_that_no_utf8_can_carry_are_written_all_the_same(rows) -> None:
    row = rows.of_call(EntryKind.DECISION, call(arguments={"a": "\ud800"}), "allowed")
    assert json.loads(row.arguments) == {"a": "\ud800"}


def test_of_very_long_arguments_a_part_is_kept_beside_the_digest_of_the_whole(rows) -> None:
    about = call(arguments={"text": "x" * (LONGEST_ARGUMENTS + 1), "password": "hunter2"})
    row = rows.of_call(EntryKind.DECISION, about, "allowed")
    assert len(row.arguments) <= LONGEST_ARGUMENTS
    assert row.digest == about.digest
    assert json.loads(row.arguments).keys() >= {"text", "password"}
    assert "hunter2" not in row.arguments


def test_a_row_about_an_answer_says_who_gave_it_and_what_they_had_before_them(rows) -> None:
    answer = Answer(AnswerKind.ALLOW, "terminal", "Go on.", shown="f00d", detail='{"process":1}')
    ending = Ending(Outcome.APPROVED, "terminal", 7.5, answer)
    row = rows.of_answer(EntryKind.DECISION, call(), Outcome.APPROVED, "/tools/write", ending, "")
    assert (row.outcome, row.by, row.waited, row.shown) == ("approved", "terminal", 7.5, "f00d")
    assert (row.message, row.detail) == ("Go on.", '{"process":1}')


def test_the_detail_of_a_repeat_goes_before_that_of_the_answer(rows) -> None:
    ending = Ending(Outcome.APPROVED, "window", 1.0, ALLOW)
    row = rows.of_answer(EntryKind.DECISION, call(), Outcome.APPROVED, "", ending, '{"repeats":"x"}')
    assert row.detail == '{"repeats":"x"}'


@pytest.mark.parametrize("answer", [None, DENY])
def test_a_question_may_end_without_an_answer(rows, answer) -> None:
    ending = Ending(Outcome.EXPIRED, "time", 600.0, answer)
    row = rows.of_answer(EntryKind.DECISION, call(), Outcome.EXPIRED, "", ending, "")
    assert (row.message, row.shown, row.detail) == ("Not today." if answer else "", "", "")


def test_a_repeat_names_the_call_that_it_repeats() -> None:
    first = call()
    assert json.loads(repeats(first)) == {"repeats": first.id}
