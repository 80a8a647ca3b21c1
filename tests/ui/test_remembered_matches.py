"""How many calls of the last week a decision would have answered, as far as the log can tell."""

from pathlib import Path

import pytest
from sample_entries import entry
from sample_standing import asked, standing
from still_time import NOON, StillTime

from approver.journal.reader import Reader
from approver.journal.writer import Journal
from approver.model import AnswerKind, EntryKind
from approver.standing_model import Lifetime, Reach
from approver.ui import remembered_matches
from approver.ui.remembered_matches import Matches, count_matches

ALLOW = AnswerKind.ALLOW


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    journal = Journal(tmp_path / "journal.db", StillTime())
    texts = ['{"path":"/a"}', '{"path":"/b"}', '{"path":"••• (2 characters hidden)"}', "[1]", "{", ""]
    for number, text in enumerate(texts):
        journal.append(
            entry(EntryKind.DECISION, call=f"c{number}", outcome="allowed", arguments=text, at=NOON - number)
        )
    journal.append(entry(EntryKind.DECISION, call="old", outcome="allowed", at=NOON - 8 * 86400))
    journal.append(entry(EntryKind.DECISION, call="other", outcome="allowed", tool="read", at=NOON))
    journal.close()
    with Reader(tmp_path / "journal.db") as opened:
        yield opened


def test_calls_of_the_same_tool_in_the_last_week_are_counted(reader: Reader) -> None:
    question = asked({"path": "/a"})
    wide = standing(name="wide", question=question)
    fields = standing(ALLOW, Reach.FIELDS, Lifetime.ALWAYS, "path", name="fields", question=question)
    exact = standing(ALLOW, Reach.ARGUMENTS, name="exact", question=question)
    assert count_matches(reader, [wide, fields, exact], NOON) == {
        "wide": Matches(6),
        "fields": Matches(1, unsure=1),
        "exact": Matches(0),
    }


def test_no_more_are_looked_at_than_is_quick(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_matches, "MOST", 3)
    assert count_matches(reader, [standing()], NOON) == {"abc234": Matches(3, is_cut=True)}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Matches(0), "0 calls"),
        (Matches(1), "1 call"),
        (Matches(1, unsure=1), "1+ calls"),
        (Matches(2000, 0, True), "2,000+ calls"),
    ],
)
def test_it_is_said_in_few_words(found: Matches, words: str) -> None:
    assert found.in_words() == words
