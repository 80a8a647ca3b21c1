"""Settings changed by a window: what is asked for and nothing else."""

from pathlib import Path

import pytest

from approver.attention import Rung
from approver.clients.json_text import NotReadable
from approver.clients.toml_text import TomlText
from approver.configuration_edits import EditRefused
from approver.desktop.paths import Paths
from approver.settings import Settings
from approver.settings_edits import change_settings, load_settings

OWN = """# mine
[asking]
hold_seconds = 30  # shorter

[attention]
# I look there anyway
reads = "badge"     # nothing more
executes = "window"
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


def test_no_file_means_the_defaults_and_the_first_change_makes_one(paths: Paths) -> None:
    seen = load_settings(paths)
    assert seen == Settings()
    after = change_settings(paths, "attention", {"destroys": "window", "quiet_hours": "22:00-07:00"}, seen)
    assert paths.settings.read_text(encoding="utf-8") == (
        '[attention]\ndestroys = "window"\nquiet_hours = "22:00-07:00"\n'
    )
    assert (after.attention.destroys, str(after.attention.quiet_hours)) == (Rung.WINDOW, "22:00-07:00")
    assert load_settings(paths) == after
    assert paths.settings.stat().st_mode & 0o077 == 0


def test_everything_else_stays_as_the_person_wrote_it(paths: Paths) -> None:
    paths.settings.write_text(OWN, encoding="utf-8")
    change_settings(paths, "attention", {"reads": "sound"}, load_settings(paths))
    assert paths.settings.read_text(encoding="utf-8") == OWN.replace('reads = "badge"', 'reads = "sound"')


@pytest.mark.parametrize("text", ["[asking]\nhold_seconds = 30", "[asking]\nhold_seconds = 30\n", "# only this\n"])
def test_a_section_that_is_missing_is_added_below(paths: Paths, text: str) -> None:
    paths.settings.write_text(text, encoding="utf-8")
    change_settings(paths, "attention", {"reads": "badge"}, load_settings(paths))
    assert paths.settings.read_text(encoding="utf-8") == f'{text.rstrip()}\n\n[attention]\nreads = "badge"\n'


def test_what_changed_elsewhere_is_not_overwritten(paths: Paths) -> None:
    paths.settings.write_text(OWN, encoding="utf-8")
    seen = load_settings(paths)
    edited = OWN.replace('"badge"', '"notification"').replace("30", "40")
    paths.settings.write_text(edited, encoding="utf-8")
    with pytest.raises(EditRefused, match="attention.reads was changed in settings.toml meanwhile"):
        change_settings(paths, "attention", {"reads": "sound"}, seen)
    assert paths.settings.read_text(encoding="utf-8") == edited
    after = change_settings(paths, "attention", {"executes": "badge"}, seen)
    assert (after.attention.executes, after.asking.hold_seconds) == (Rung.BADGE, 40), "others are no obstacle"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[attention]\nreads = 1\n", r"settings.toml does not load, and stays as it is until that is mended: line 2"),
        (b"\xff", "settings.toml does not load, .* not UTF-8 text"),
    ],
)
def test_a_file_that_does_not_load_is_left_alone(paths: Paths, data: bytes, told: str) -> None:
    paths.settings.write_bytes(data)
    for work in (lambda: load_settings(paths), lambda: change_settings(paths, "attention", {}, Settings())):
        with pytest.raises(EditRefused, match=told):
            work()
    assert paths.settings.read_bytes() == data


def test_a_value_that_would_not_load_is_never_written(paths: Paths) -> None:
    with pytest.raises(EditRefused, match="must be one of"):
        change_settings(paths, "attention", {"reads": "loud"}, Settings())
    assert not paths.settings.exists()


@pytest.mark.parametrize("text", ["attention.reads = 'badge'\n", "attention = {reads = 'badge'}\n"])
def test_other_ways_of_writing_the_same_are_understood(paths: Paths, text: str) -> None:
    paths.settings.write_text(text, encoding="utf-8")
    after = change_settings(paths, "attention", {"reads": "sound"}, load_settings(paths))
    assert after.attention.reads is Rung.SOUND
    assert load_settings(paths) == after
    assert "[attention]" not in paths.settings.read_text(encoding="utf-8")


def test_a_way_of_writing_that_cannot_be_changed_safely_is_left_alone(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> str:
        raise NotReadable("it is written in a way that Approver cannot change safely.")

    monkeypatch.setattr(TomlText, "with_members", fails)
    paths.settings.write_text(OWN, encoding="utf-8")
    with pytest.raises(EditRefused, match="cannot change safely. Change it in an editor."):
        change_settings(paths, "attention", {"reads": "sound"}, load_settings(paths))
    assert paths.settings.read_text(encoding="utf-8") == OWN


def test_a_folder_in_its_place_is_told_of(paths: Paths) -> None:
    paths.settings.mkdir()
    with pytest.raises(EditRefused, match="settings.toml cannot be read: Is a directory"):
        load_settings(paths)
