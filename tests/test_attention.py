"""The ladder and the quiet hours."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.attention import QuietHours, Rung, parse_quiet_hours

NIGHT = QuietHours(time(22), time(7))
LUNCH = QuietHours(time(12, 30), time(13, 15))


def test_each_rung_includes_those_below_it() -> None:
    reached = [[other.value for other in Rung if rung.reaches(other)] for rung in Rung]
    assert reached == [
        ["badge"],
        ["badge", "notification"],
        ["badge", "notification", "window"],
        ["badge", "notification", "window", "sound"],
    ]


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        (LUNCH, time(12, 29, 59), False),
        (LUNCH, time(12, 30), True),
        (LUNCH, time(13, 14, 59), True),
        (LUNCH, time(13, 15), False),
        (NIGHT, time(21, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59, 59), True),
        (NIGHT, time(7), False),
        (NIGHT, time(12), False),
    ],
)
def test_quiet_hours_may_go_on_over_midnight(hours: QuietHours, at: time, quiet: bool) -> None:
    assert hours.include(at) is quiet


@given(st.times(), st.times(), st.times())
def test_what_is_not_quiet_is_quiet_in_the_other_half_of_the_day(begin: time, end: time, at: time) -> None:
    if begin != end:
        assert QuietHours(begin, end).include(at) is not QuietHours(end, begin).include(at)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("22:00-07:00", "22:00-07:00"), (" 9:05 – 10:00 ", "09:05-10:00"), ("00:00-23:59", "00:00-23:59")],
)
def test_hours_are_read_and_written(text: str, shown: str) -> None:
    hours = parse_quiet_hours(text)
    assert str(hours) == shown
    assert parse_quiet_hours(str(hours)) == hours


def test_no_text_means_no_quiet_hours() -> None:
    assert parse_quiet_hours(" ") is None


@pytest.mark.parametrize("text", ["22-7", "24:00-07:00", "22:60-07:00", "22:00", "22:00-", "٢٢:00-07:00", "night"])
def test_what_is_no_pair_of_times_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r'must be two times such as "22:00-07:00", or "" for none'):
        parse_quiet_hours(text)


def test_hours_that_end_when_they_begin_are_no_hours() -> None:
    with pytest.raises(ValueError, match="different times"):
        parse_quiet_hours("7:00-07:00")
