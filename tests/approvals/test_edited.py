"""The difference as a person reads it: nothing that changed is left out, and nobody else's text passes for ours."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_questions import question

from approver.approvals.edited import MOST_CHANGES, change_lines, present_edit
from approver.approvals.presentation import present
from approver.differences import changed_paths
from approver.visible import make_visible

TEXTS = st.text(st.sampled_from("ab\n\u202e│−+"), max_size=12)


def plain(context: str, text: str) -> str:
    return text


def told(before: object, after: object) -> list[str]:
    return [line.text for line in change_lines(before, after, changed_paths(before, after), plain)]


def test_each_place_is_told_with_what_stood_there_and_what_does_now() -> None:
    before = {"path": "/a", "gone": {"x": 1}, "deep": [{"n": 1}], "list": ["a"]}
    after = {"path": "/b\u202e", "deep": [{"n": 1.0}], "list": ["a", "b"], "new": None}
    assert told(before, after) == [
        "path",
        "  was  “/a”",
        "  now  “/b⟨U+202E⟩”",
        "deep[1].n",
        "  was  1",
        "  now  1.0",
        "list",
        "  was  [“a”]",
        "  now  [“a”, “b”]",
        "new",
        "  added  null",
        "gone",
        "  taken out  1 field",
        "            x  1",
    ]


def test_of_long_texts_the_changed_lines_stand_with_their_neighbours() -> None:
    old = "\n".join(f"line {n}" for n in range(10))
    assert told({"t": old}, {"t": old.replace("line 5", "five\nfive and a half")}) == [
        "t",
        "  ⋯ 4 lines as they were",
        "    │line 4",
        "  − │line 5",
        "  + │five",
        "  + │five and a half",
        "    │line 6",
        "  ⋯ 3 lines as they were",
    ]


@given(TEXTS, TEXTS)
@settings(max_examples=100)
def test_every_line_that_changed_is_there_and_hangs_behind_our_bar(old, new) -> None:
    if "\n" not in old + new or old == new:
        return
    _, *lines = told({"t": old}, {"t": new})
    assert all(line[2] in "−+ ⋯" for line in lines)
    gone = [line[5:] for line in lines if line[2] == "−"]
    come = [line[5:] for line in lines if line[2] == "+"]
    head = sum(1 for _ in zip(old.split("\n"), new.split("\n"), strict=False))
    assert gone != come
    assert len(gone) - len(come) == old.count("\n") - new.count("\n")
    assert head
    for line in gone:
        assert line in make_visible(old)


def test_a_covered_value_that_changed_is_told_without_it() -> None:
    asked = question(arguments={"password": "hunter2", "x": 1})
    sent = {"password": "hunter3", "x": 1}
    shown = present_edit(present(asked), asked.call.arguments, sent, "d1", schema={}, reveal=False, translate=plain)
    assert "hunter" not in shown.text
    assert "another value of the same length, below its cover" in shown.text
    open_ = present_edit(present(asked), asked.call.arguments, sent, "d1", schema={}, reveal=True, translate=plain)
    assert "  now  “hunter3”" in open_.text


def test_the_digest_covers_what_was_asked_and_what_is_sent() -> None:
    asked = question(arguments={"x": 1})
    shown = present(asked)
    first = present_edit(shown, {"x": 1}, {"x": 2}, "d1", schema={}, reveal=False, translate=plain)
    assert first.text.startswith(shown.text)
    assert first.text.endswith("Changed by you before it is sent:\nx\n  was  1\n  now  2\n\nd1")
    assert len({shown.digest, first.digest}) == 2
    other = present_edit(shown, {"x": 1}, {"x": 2}, "d2", schema={}, reveal=False, translate=plain)
    assert other.digest != first.digest


def test_names_that_differ_only_in_case_are_warned_of_as_they_would_be_sent() -> None:
    shown = present(question(arguments={"PATH": 1, "path": 2}))
    assert shown.caution
    mended = present_edit(shown, {"PATH": 1, "path": 2}, {"path": 2}, "d1", schema={}, reveal=False, translate=plain)
    assert mended.caution == ""
    schema = {"properties": {"path": {}}}
    made = present_edit(
        present(question(arguments={"path": 1})), {"path": 1}, {"Path": 1}, "d1", schema=schema, reveal=False,
        translate=plain,
    )  # fmt: skip
    assert made.caution.startswith("Names that differ only in case: “Path” and “path”.")
    assert made.text.endswith(f"\n\n{made.caution}\n\nd1")


def test_names_are_quoted_where_they_could_deceive_and_many_places_are_counted() -> None:
    assert told({}, {"was  “x”": 1})[0] == "“was  “x””"
    assert told({}, {"k" * 40: 1})[0] == f"“{'k' * 40}”"
    many = told({}, {f"k{n}": n for n in range(MOST_CHANGES + 2)})
    assert many[-1] == "… and 2 more places"
    assert told({"t": "a"}, {"t": "a\nb"}) == ["t", "    │a", "  + │b"]
    assert told({"t": "a\nb\nc"}, {"t": "a\nb\nd"}) == ["t", "  ⋯ 1 line as it was", "    │b", "  − │c", "  + │d"]
