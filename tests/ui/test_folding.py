"""Breaking lines so that no rest of a value passes for a line of its own."""

from hypothesis import given
from hypothesis import strategies as st

from approver.approvals.outline import BAR, Line
from approver.ui import folding
from approver.ui.folding import LEFT_TO_RIGHT_MARK, Folded, width_of


def fold(lines: list[Line], columns: int) -> list[Folded]:
    return list(folding.fold(lines, columns))


def test_a_line_that_fits_is_left_alone() -> None:
    assert fold([Line("path  “x”", 6)], 80) == [Folded(f"path  {LEFT_TO_RIGHT_MARK}“x”", 6, 0)]
    assert fold([Line("mode  420", 6)], 80) == [Folded("mode  420", 6, 0)]


def test_the_rest_of_a_long_value_hangs_behind_a_bar() -> None:
    folded = fold([Line("path  " + "x" * 50, 6), Line("mode  1", 6)], 30)
    assert [line.text for line in folded] == [
        "path  " + "x" * 24,
        f"      {BAR}" + "x" * 23,
        f"      {BAR}xxx",
        "mode  1",
    ]
    assert [line.source for line in folded] == [0, 0, 0, 1]
    assert [line.label for line in folded] == [6, 7, 7, 6]


def test_a_forged_label_after_many_blanks_stays_behind_the_bar() -> None:
    folded = fold([Line("text  “" + " " * 200 + "path  “/tmp/fine””", 6)], 40)
    assert all(line.text.startswith(f"      {BAR}") for line in folded[1:])


def test_lines_break_at_a_blank_where_one_is_near() -> None:
    folded = fold([Line("x  the quick brown fox jumps over the lazy dog", 3)], 30)
    assert [line.text for line in folded] == ["x  the quick brown fox jumps ", f"   {BAR}over the lazy dog"]


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert width_of("日本") == 4
    assert width_of("e\u0301") == 1
    folded = fold([Line("x  " + "日" * 30, 3)], 24)
    assert max(width_of(line.text) for line in folded) <= 24


def test_a_value_keeps_room_however_deep_it_is() -> None:
    folded = fold([Line(" " * 40 + "v" * 40, 40)], 30)
    assert len(folded) <= 4


@given(st.text(max_size=200), st.integers(0, 30), st.integers(1, 120))
def test_nothing_is_lost_and_nothing_is_added_but_hangs(text: str, hang: int, columns: int) -> None:
    line = Line(" " * hang + text, hang)
    folded = fold([line], columns)
    first = folded[0].text[folded[0].label :].removeprefix("" if line.text.isascii() else LEFT_TO_RIGHT_MARK)
    assert first + "".join(rest.text[rest.label :] for rest in folded[1:]) == text
