"""How risky a tool sounds: a tier guessed from its name, in, a `Risk`, out.

The tier is Approver's own word. What a server says of its tools (annotations) is never read here: a hint from the one
who is being judged. The name is the server's too, so the guess errs towards danger, a name that says nothing counts as
able to execute anything, and windows say that it is a guess.
"""

import enum
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from approver.resources import resource

LONGEST_NAME = 1000
"""No honest tool has a longer name, so its words are not looked for."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Tier(enum.Enum):
    """What a tool may do, from the mildest to the gravest."""

    READS = "reads"
    CHANGES = "changes"
    EXECUTES = "executes"
    SENDS_OUT = "sends_out"
    DESTROYS = "destroys"


@dataclass(frozen=True, slots=True)
class Risk:
    """A tier, and what it was taken from."""

    tier: Tier
    word: str
    """The word of the tool's name that decided; empty where no word says anything."""


@dataclass(frozen=True, slots=True)
class RiskWords:
    """The word list, turned around: word to tier."""

    anywhere: Mapping[str, Tier]
    leading: Mapping[str, Tier]
    joining: frozenset[str]


def parse_words(text: str) -> RiskWords:
    """Read the word list's JSON; its `about` says what the parts mean."""
    document = json.loads(text)
    tiers = [(Tier(name), lists) for name, lists in document["tiers"].items()]
    return RiskWords(
        anywhere={word: tier for tier, lists in tiers for word in lists["anywhere"]},
        leading={word: tier for tier, lists in tiers for word in lists["leading"]},
        joining=frozenset(document["joining"]),
    )


@functools.cache
def shipped_words() -> RiskWords:
    """The list that comes with Approver."""
    return parse_words(resource("risk_words.json").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=256)
def risk_of(tool: str) -> Risk:
    """Guess from the name, by the list that comes with Approver. Tables ask for every cell they paint."""
    return guess(tool, shipped_words())


def guess(tool: str, words: RiskWords) -> Risk:
    """Of all words of the name that say something the gravest decides."""
    if len(tool) > LONGEST_NAME:
        return Risk(Tier.DESTROYS, "")
    gravest = Risk(Tier.READS, "")
    seen = False
    for word in (found.lower() for found in _WORDS.findall(tool)):
        if word in words.joining:
            seen = False
            continue
        tier = words.anywhere.get(word) or (None if seen else words.leading.get(word))
        if tier is None:
            continue
        seen = True
        if not gravest.word or _gravity(tier) > _gravity(gravest.tier):
            gravest = Risk(tier, word)
    return gravest if gravest.word else Risk(Tier.EXECUTES, "")


def _gravity(tier: Tier) -> int:
    return list(Tier).index(tier)
