"""The guess of a tool's risk from its name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.catalog.risk import Risk, Tier, guess, parse_words, risk_of, shipped_words
from approver.resources import resource

NAMES = [
    ("list_jobs", Tier.READS),
    ("read_file", Tier.READS),
    ("getSitemap", Tier.READS),
    ("scrape_url", Tier.READS),
    ("get_post", Tier.READS),
    ("list_messages", Tier.READS),
    ("get_run_status", Tier.READS),
    ("list_deleted_items", Tier.READS),
    ("write_file", Tier.CHANGES),
    ("save_pdf", Tier.CHANGES),
    ("configure_retry", Tier.CHANGES),
    ("search_and_replace", Tier.CHANGES),
    ("new_session", Tier.CHANGES),
    ("cancel_job", Tier.EXECUTES),
    ("browser_click", Tier.EXECUTES),
    ("execute-sql", Tier.EXECUTES),
    ("runPlaybook", Tier.EXECUTES),
    ("git.push", Tier.SENDS_OUT),
    ("send_email", Tier.SENDS_OUT),
    ("github_post_comment", Tier.SENDS_OUT),
    ("fetch_then_push", Tier.SENDS_OUT),
    ("clear_history", Tier.DESTROYS),
    ("get_and_delete", Tier.DESTROYS),
    ("DROP_TABLE", Tier.DESTROYS),
    ("deleteHTTPSession", Tier.DESTROYS),
]


@pytest.mark.parametrize(("name", "tier"), NAMES)
def test_a_name_is_put_into_the_tier_of_its_gravest_word(name: str, tier: Tier) -> None:
    assert risk_of(name).tier is tier


@pytest.mark.parametrize("name", ["", "frobnicate", "x", "удалить", "💣", "batch_contacts"])
def test_a_name_that_says_nothing_counts_as_able_to_execute_anything(name: str) -> None:
    assert risk_of(name) == Risk(Tier.EXECUTES, "")


def test_a_name_of_absurd_length_counts_as_the_gravest() -> None:
    assert risk_of("list_" * 100_000) == Risk(Tier.DESTROYS, "")


def test_the_word_that_decided_is_named() -> None:
    assert risk_of("list_and_Delete_all").word == "delete"


@given(st.text(max_size=60), st.sampled_from(["delete", "send", "execute", "write"]))
def test_nothing_around_a_dangerous_word_makes_it_milder(around: str, word: str) -> None:
    alone = risk_of(word)
    order = list(Tier)
    assert order.index(risk_of(f"{around}_{word}_{around}").tier) >= order.index(alone.tier)


def test_no_word_stands_in_two_places() -> None:
    document = json.loads(resource("risk_words.json").read_text(encoding="utf-8"))
    every = [word for tier in document["tiers"].values() for kind in tier.values() for word in kind]
    assert sorted(every) == sorted(set(every))
    assert set(document["tiers"]) == {tier.value for tier in Tier}
    assert shipped_words().joining


def test_a_list_of_ones_own_can_be_used() -> None:
    words = parse_words('{"joining": [], "tiers": {"reads": {"anywhere": ["peek"], "leading": []}}}')
    assert guess("peek_at", words) == Risk(Tier.READS, "peek")
