"""A week of watching ends on its day, unless the rules have become the person's own."""

import json
from datetime import date
from pathlib import Path

import pytest

from approver.desktop.paths import Paths
from approver.first_run.watching import WatchingUnreadable, end_watching, watch, watching_file
from approver.own_files import write_json

UNTIL = date(2026, 11, 29)
ALLOW, ASK = {"version": "1", "default": "allow"}, {"version": "1", "default": "require_approval"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    for name in ("a", "b"):
        write_json(paths.policies / f"{name}.json", ALLOW)
    watch(paths, {"a": ASK, "b": ASK}, UNTIL)
    return paths


def default_of(paths: Paths, name: str) -> str:
    return str(json.loads((paths.policies / f"{name}.json").read_text(encoding="utf-8"))["default"])


def test_before_its_day_nothing_happens(paths: Paths) -> None:
    assert end_watching(paths, date(2026, 11, 28)) == ()
    assert default_of(paths, "a") == "allow"


def test_on_its_day_the_asking_rules_come_into_force_once(paths: Paths) -> None:
    assert end_watching(paths, UNTIL) == ("a", "b")
    assert default_of(paths, "a") == default_of(paths, "b") == "require_approval"
    assert end_watching(paths, UNTIL) == ()


def test_rules_that_were_edited_or_removed_stay_so(paths: Paths) -> None:
    write_json(paths.policies / "a.json", {**ALLOW, "description": "mine"})
    (paths.policies / "b.json").unlink()
    assert end_watching(paths, UNTIL) == ()
    assert default_of(paths, "a") == "allow" and not (paths.policies / "b.json").exists()


def test_watching_anew_begins_a_week_anew(paths: Paths) -> None:
    watch(paths, {"a": ASK}, date(2026, 12, 6))
    assert end_watching(paths, UNTIL) == ("b",)
    watch(paths, {}, UNTIL)
    assert end_watching(paths, date(2026, 12, 6)) == ("a",)


@pytest.mark.parametrize(
    "text", ["[", "[1]", '[{"server": "a"}]', '[{"server": 1, "until": "2026-11-29", "then": {}}]']
)
def test_notes_that_cannot_be_read_are_told_of(paths: Paths, text: str) -> None:
    watching_file(paths).write_text(text, encoding="utf-8")
    with pytest.raises(WatchingUnreadable, match=r"watching\.json"):
        end_watching(paths, UNTIL)
