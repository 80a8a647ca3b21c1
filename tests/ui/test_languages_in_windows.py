"""Every window, in a stretched language, from right to left, and in German: all words translated, none cut."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "window_faults.py"


def faults_in(look: str) -> dict[str, list[str]]:
    """What `tests/tools/window_faults.py` finds in one look."""
    done = subprocess.run(
        [sys.executable, str(TOOL), look],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("look", ["stretched", "right-to-left"])
def test_every_word_is_translated_and_has_room_when_it_is_longer(look: str) -> None:
    found = faults_in(look)
    assert found["untranslated"] == []
    assert found["clipped"] == []


def test_german_fits_and_has_no_letter_twice() -> None:
    found = faults_in("german")
    assert found["clipped"] == []
    assert found["headers"] == []
    assert found["letters"] == []


def test_rows_are_selected_in_a_way_that_works_from_right_to_left() -> None:
    """`QTableView.selectRow` looks for a column at the right edge there, and selects nothing where there is none."""
    modules = (TOOL.parents[2] / "approver" / "ui").glob("*.py")
    assert [path.name for path in modules if ".selectRow(" in path.read_text(encoding="utf-8")] == []
