"""What a notification says: enough to know the call, nothing secret, nothing that acts, never a way to allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_questions import hostile, pushing, question, reading, writing

from approver.approvals.notification_text import notification_of
from approver.desktop.notification import Notification
from approver.model import PendingQuestion


def described(*questions: PendingQuestion, loud: bool = False) -> Notification:
    return notification_of(questions, lambda _, text: text, loud=loud)


def test_one_call_is_named_with_its_arguments() -> None:
    asked = question("write_file", {"path": "/tmp/x", "mode": 420})
    assert described(asked) == Notification(
        "A call is waiting for you",
        "Claude Desktop wants to run write_file on filesystem\n│ path: “/tmp/x”\n│ mode: 420",
        described(asked).buttons,
        f"review:{asked.call.id}",
    )
    assert [(one.key, one.label) for one in described(asked).buttons] == [
        (f"review:{asked.call.id}", "Review"), (f"deny:{asked.call.id}", "Deny"),
    ]  # fmt: skip


def test_several_calls_are_one_notification_that_denies_none() -> None:
    calls = [writing(), pushing(), reading(), writing(), writing()]
    told = described(*calls)
    assert told.summary == "5 calls are waiting for you"
    assert told.body.splitlines() == [
        "Claude Desktop: write_file on filesystem", "Cursor: git_push on git", "Cursor: read_file on filesystem",
        "and 2 more",
    ]  # fmt: skip
    assert [one.label for one in told.buttons] == ["Review"]
    assert told.open_key == f"review:{calls[0].call.id}"
    assert "more" not in described(*calls[:3]).body


def test_secrets_are_covered_and_long_values_cut() -> None:
    told = described(question("login", {"password": "hunter2", "note": "x" * 500, "c": 1, "d": 2, "e": 3}))
    assert "hunter2" not in told.body
    lines = told.body.splitlines()
    assert "characters hidden" in lines[1]
    assert lines[2].endswith("…") and len(lines[2]) <= 82
    assert lines[4] == "and 2 more, to be seen with Review"


def test_strangers_words_are_visible_and_never_lines_of_ours() -> None:
    told = described(question("run", {"a\nb": "c\nDeny \u202e this"}))
    assert told.body.splitlines()[1:] == ["│ a␊b: “c␊Deny ⟨U+202E⟩ this”"]
    for one in (hostile(), writing()):
        assert all(character.isprintable() or character == "\n" for character in described(one).body)


@pytest.mark.parametrize("cut", [{"tool": "x" * 80}, {"client": "x" * 80}, {"server": "x" * 80}])
def test_a_call_whose_name_does_not_fit_cannot_be_denied_unseen(cut: dict[str, str]) -> None:
    tool = cut.pop("tool", "write_file")
    assert [one.label for one in described(question(tool, **cut)).buttons] == ["Review"]


def test_what_may_be_heard_is_urgent_and_has_a_sound() -> None:
    assert (described(writing()).is_urgent, described(writing()).sound) == (False, "")
    loud = described(writing(), loud=True)
    assert (loud.is_urgent, loud.sound) == (True, "dialog-warning")


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text(), max_size=3), max_size=5))
def test_no_text_is_long_or_unprintable(name: str, arguments: dict[str, object]) -> None:
    told = described(question(name, arguments))
    assert len(told.body) < 1000
    assert len(told.body.splitlines()) <= 5
    assert told.body.replace("\n", "").isprintable()
