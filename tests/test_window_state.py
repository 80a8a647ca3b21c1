"""Where windows stood: what is believed of it, and how a place is brought into view."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.window_state import TITLE_BAR, Place, WindowState, read, within, write

SCREEN = Place(0, 30, 1920, 1050)
RIGHT = Place(1920, 0, 1280, 1024)
FULL = WindowState(
    Place(10, 40, 800, 600), is_maximized=True, page="log", splits={"log": (300, 200)}, columns={"log": {4: 120}}
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "windows.json"


def put(path: Path, content: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_what_was_written_is_read_again(path: Path) -> None:
    states = {"desk": FULL, "dialog": WindowState(Place(0, 0, 500, 400)), "queue": WindowState()}
    write(path, states)
    assert read(path) == states


def test_without_a_file_nothing_is_known(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read(path) == {}
    assert not caplog.messages


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 2, "windows": {}}', '{"version": 1, "windows": 3}'])
def test_a_file_that_is_something_else_is_named_in_the_log(
    path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read(put(path, content)) == {}
    assert str(path) in caplog.text


@pytest.mark.parametrize(
    "odd",
    [
        {"width": 3}, {"width": 10**9}, {"x": 10**9}, {"y": "left"}, {"height": True}, {"height": None},
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_left_out_and_the_rest_is_taken(path: Path, odd: dict[str, Any]) -> None:
    place = {"x": 1, "y": 2, "width": 300, "height": 300} | odd
    put(path, {"version": 1, "windows": {"desk": place | {"page": "log"}, "queue": 7}})
    assert read(path) == {"desk": WindowState(page="log")}


def test_sizes_that_cannot_be_are_left_out(path: Path) -> None:
    state = {
        "page": 7,
        "splits": {"a": [1, -1], "b": "x", "c": [0, 0], "d": [10, 0]},
        "columns": {"t": {"1": 100, "x": 100, "2": 3, "3": "wide"}, "u": []},
    }
    put(path, {"version": 1, "windows": {"desk": state}})
    assert read(path)["desk"] == WindowState(splits={"d": (10, 0)}, columns={"t": {1: 100}, "u": {}})


def test_a_disk_that_cannot_be_written_costs_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    write(tmp_path / "data" / "windows.json", {"desk": FULL})
    assert "cannot be kept" in caplog.text


def test_a_place_in_view_stays(path: Path) -> None:
    for place in (Place(100, 100, 800, 600), Place(2000, 10, 800, 600)):
        assert within(place, [SCREEN, RIGHT]) == place
    assert within(Place(5, 5, 10, 10), []) == Place(5, 5, 10, 10)


def test_a_screen_that_is_gone_does_not_keep_its_windows(path: Path) -> None:
    assert within(Place(2000, 10, 800, 600), [SCREEN]) == Place(560, 30 + (1050 - 600) // 2, 800, 600)


def test_at_twice_the_scale_a_window_fits_the_half_as_large_screen(path: Path) -> None:
    half = Place(0, 15, 960, 525)
    assert within(Place(900, 100, 1000, 900), [half]) == Place(0, 15, 960, 525 - TITLE_BAR)


@given(
    st.builds(Place, *[st.integers(-5000, 5000)] * 2, *[st.integers(120, 5000)] * 2),
    st.lists(st.sampled_from([SCREEN, RIGHT, Place(-1280, 0, 1280, 800)]), min_size=1),
)
def test_whatever_was_kept_can_be_seen_and_gripped(place: Place, screens: list[Place]) -> None:
    found = within(place, screens)
    assert any(
        screen.x <= found.x
        and screen.y <= found.y
        and found.x + found.width <= screen.x + screen.width
        and found.y + found.height <= screen.y + screen.height
        for screen in screens
    )
