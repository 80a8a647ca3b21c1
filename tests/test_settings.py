"""What settings.toml may say, and what is said about every mistake in it."""

import dataclasses
import enum
import re
from datetime import time
from pathlib import Path

import pytest

from approver.attention import QuietHours, Rung
from approver.catalog.risk import Tier
from approver.settings import (
    SHIPPED_PATIENCE,
    Answers,
    Attention,
    ColorScheme,
    CommandLineAnswers,
    Language,
    Settings,
    Window,
    parse,
)

EVERYTHING = """
[asking]
hold_seconds = 20
open_seconds = 120.5
progress_seconds = 2
kept_result_seconds = 0

[asking.patience]
"claude-ai" = 100
cursor = 55

[answers]
command_line = "never"

[upstream]
start_seconds = 10
stop_seconds = 0

[window]
raise_on_ask = true
guard_milliseconds = 900
color_scheme = "dark"

[attention]
reads = "badge"
destroys = "notification"
quiet_hours = "22:00-07:00"

[http]
port = 90
"""


def test_an_empty_file_means_the_defaults() -> None:
    settings, mistakes = parse("")
    assert (settings, mistakes) == (Settings(), ())
    asking = settings.asking
    assert (asking.hold_seconds, asking.open_seconds) == (50, 600)
    assert (asking.progress_seconds, asking.kept_result_seconds) == (5, 300)
    assert dict(asking.patience) == {"claude-ai": 230, "claude-code": 1700}
    assert settings.answers == Answers(CommandLineAnswers.WITHOUT_WINDOWS)
    assert (settings.upstream.start_seconds, settings.upstream.stop_seconds) == (30, 3)
    assert settings.window == Window(raise_on_ask=False, guard_milliseconds=500, color_scheme=ColorScheme.SYSTEM)
    assert settings.http.port == 8787
    assert settings.attention.quiet_hours is None


def test_every_field_can_be_set() -> None:
    settings, mistakes = parse(EVERYTHING)
    assert mistakes == ()
    assert (settings.asking.hold_seconds, settings.asking.open_seconds) == (20, 120.5)
    assert settings.answers.command_line is CommandLineAnswers.NEVER
    assert (settings.upstream.start_seconds, settings.upstream.stop_seconds) == (10, 0)
    assert settings.window == Window(raise_on_ask=True, guard_milliseconds=900, color_scheme=ColorScheme.DARK)
    assert settings.http.port == 90
    assert settings.attention == Attention(
        reads=Rung.BADGE, destroys=Rung.NOTIFICATION, quiet_hours=QuietHours(time(22), time(7))
    )


def test_the_language_is_the_systems_unless_one_is_chosen() -> None:
    assert parse("")[0].window.language is Language.SYSTEM
    assert parse('[window]\nlanguage = "de"\n')[0].window.language is Language.GERMAN
    _, mistakes = parse('[window]\nlanguage = "german"\n')
    assert mistakes == ('line 2: window.language must be one of "system", "en", "de"; it is "german".',)


def test_patience_adds_to_what_is_shipped_and_falls_back_to_the_usual() -> None:
    settings, _ = parse(EVERYTHING)
    held = {client: settings.patience_of(client) for client in ("claude-ai", "Claude-Code", "Cursor", "unknown", "")}
    assert held == {"claude-ai": 100, "Claude-Code": 1700, "Cursor": 55, "unknown": 20, "": 20}


def test_every_tier_has_its_rung_and_none_but_the_badge_is_left_in_quiet_hours() -> None:
    attention = parse(EVERYTHING)[0].attention
    day = {tier.value: attention.rung(tier.value, time(12)) for tier in Tier}
    assert day == {
        "reads": Rung.BADGE, "changes": Rung.WINDOW, "executes": Rung.WINDOW, "sends_out": Rung.WINDOW,
        "destroys": Rung.NOTIFICATION,
    }  # fmt: skip
    assert {attention.rung(tier.value, time(23)) for tier in Tier} == {Rung.BADGE}


def test_mistakes_about_attention_are_told() -> None:
    _, mistakes = parse('[attention]\nreads = "loud"\nquiet_hours = 22\ndestroy = "badge"\n')
    assert mistakes == (
        'line 2: attention.reads must be one of "badge", "notification", "window", "sound"; it is "loud".',
        'line 3: attention.quiet_hours must be two times in quotes, such as "22:00-07:00", or "" for none; it is 22.',
        'line 4: unknown key attention.destroy. Did you mean "destroys"?',
    )
    _, mistakes = parse('[attention]\nquiet_hours = "late"\n')
    assert mistakes == (
        'line 2: attention.quiet_hours must be two times such as "22:00-07:00", or "" for none; it is "late".',
    )


def test_all_mistakes_are_told_together_in_the_order_of_the_file() -> None:
    settings, mistakes = parse(
        """[asking]
hold_seconds = "50"
open_second = 600
progress_seconds = 5

[asking.patience]
claude-ai = -1
cursor = 55

[windows]
raise_on_ask = true

[answers]
command_line = "allways"

[window]
guard_milliseconds = 0.5
raise_on_ask = "yes"
color_scheme = 1
"""
    )
    assert mistakes == (
        'line 2: asking.hold_seconds must be a number from 0 to 86400; it is "50".',
        'line 3: unknown key asking.open_second. Did you mean "open_seconds"?',
        "line 7: asking.patience.claude-ai must be from 0 to 86400; it is -1.",
        'line 10: unknown section [windows]. Did you mean "window"?',
        'line 14: answers.command_line must be one of "without_windows", "always", "never"; it is "allways".',
        "line 17: window.guard_milliseconds must be a whole number from 500 to 10000; it is 0.5.",
        'line 18: window.raise_on_ask must be true or false, without quotes; it is "yes".',
        'line 19: window.color_scheme must be one of "system", "light", "dark"; it is 1.',
    )
    assert settings.asking.hold_seconds == 50
    assert settings.asking.progress_seconds == 5
    assert settings.patience_of("cursor") == 55
    assert settings.patience_of("claude-ai") == 230
    assert settings.answers == Answers()


def test_text_beyond_what_can_be_read_is_a_mistake_like_any_other() -> None:
    for text in (f"x = {'9' * 5000}", f"x = {'[' * 5000}", f"asking.hold_seconds = {'9' * 400}"):
        settings, mistakes = parse(text)
        assert settings == Settings()
        assert len(mistakes) == 1 and len(mistakes[0]) < 200


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("hold_seconds = ", "not valid TOML: Invalid value (at end of document)."),
        ("[asking\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 8)."),
        ("asking = 5", "line 1: asking must be a section: write [asking] on a line of its own."),
        ("nonsense = 5", "line 1: unknown section [nonsense]."),
        ("asking.hold_seconds = true", "line 1: asking.hold_seconds must be a number from 0 to 86400; it is true."),
        ("asking.hold_seconds = nan", "line 1: asking.hold_seconds must be from 0 to 86400; it is nan."),
        ("[ asking ] # why\n'hold_seconds' = inf", "line 2: asking.hold_seconds must be from 0 to 86400; it is inf."),
        ("asking = {hold_seconds = -1}", "asking.hold_seconds must be from 0 to 86400; it is -1."),
        ("[http]\nport = true", "line 2: http.port must be a whole number from 0 to 65535; it is true."),
        (
            "[asking]\npatience = 5",
            "line 2: asking.patience must be a table of client names and seconds, such as [asking.patience] and "
            '"claude-ai" = 230; it is 5.',
        ),
        (
            f'[answers]\ncommand_line = "{"x" * 100}"',
            f'line 2: answers.command_line must be one of "without_windows", "always", "never"; it is "{"x" * 59}….',
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_would_be_right(text: str, mistake: str) -> None:
    settings, mistakes = parse(text)
    assert mistakes == (mistake,)
    assert settings == Settings()


def test_the_documentation_has_every_field_with_its_default() -> None:
    text = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    assert written == {
        (field.name, _as_toml(getattr(section, field.name)))
        for section in (getattr(Settings(), part.name) for part in dataclasses.fields(Settings))
        for field in dataclasses.fields(section)
        if field.name != "patience"
    }
    for client, held in SHIPPED_PATIENCE.items():
        assert f'`"{client}" = {held:g}`' in text


def _as_toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, enum.Enum):
        return f'"{value.value}"'
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
