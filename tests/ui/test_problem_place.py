"""Where a problem leads."""

import pytest

from approver.ui.desk import LOG, OVERVIEW
from approver.ui.problem_place import place_of

PAGES = (OVERVIEW, LOG, "rules", "servers", "grants", "general")


@pytest.mark.parametrize(
    ("problem", "page"),
    [
        ("policies/git.json does not load, so its calls are denied: …", "rules"),
        ("servers.json does not load, so …", "servers"),
        ('The server "remote" cannot be used: it wants you to log in: approver server login remote.', "servers"),
        ("grants.json does not load, so …", "grants"),
        ('The grant "ci" names the policy "x", which is not in force …', "grants"),
        ("settings.toml does not load, so …", "general"),
        ("The port 8787 on 127.0.0.1 cannot be used …", "general"),
        ("The log cannot be written, so every call is denied: disk full", LOG),
        ("Something that nobody has thought of.", OVERVIEW),
    ],
)
def test_a_problem_leads_to_the_page_where_it_can_be_mended(problem: str, page: str) -> None:
    assert place_of(problem, PAGES) == page


def test_a_page_that_is_not_there_is_not_led_to() -> None:
    assert place_of("servers.json does not load.", (OVERVIEW, LOG)) == OVERVIEW
