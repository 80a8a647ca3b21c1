"""What a person reads of one question, as plain text: a question in, a frozen `Presentation` out. Pure, no Qt.

Windows and commands show exactly these texts, and an answer carries the digest of them. Nearly all of it is written by
strangers (the client, the agent, the server), so every piece is made visible (`approver.visible`), names that could
pass for part of our own sentence are quoted, and nothing is left out: a long name is cut in the sentence only, says how
much is missing there, and stands in full below.

`translate` has the signature of `QCoreApplication.translate`, so that windows can pass that one and translators' tools
find the strings here.
"""

import functools
import hashlib
import itertools
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from approver.approvals.lapsed import changes, lapsed_words
from approver.approvals.namesakes import namesakes
from approver.approvals.outline import BAR, MARK, Line, compact, outline, visible
from approver.masking import mask_arguments
from approver.model import PendingQuestion, ToolDefinition

Translate = Callable[[str, str], str]

LONGEST_NAME = 60
LONGEST_RULE = 200
LONGEST_REASON = 600
SHORT_DIGEST = 16
MOST_HINTS = 8
MOST_NAMESAKES = 3
MOST_DESCRIPTION_LINES = 500
"""What comes after these goes on in one line, in full."""
COVERED = "••• ("
"""How a covered value begins; `approver.masking` sees to it that nobody else's does."""
_PLAIN_NAME = re.compile(r"[\w.@/\-]+( [\w.@/\-]+){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence."""

    text: str
    is_name: bool
    """Whether it is a name that somebody else chose."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled detail."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """Every text of one question, ready to be shown as plain text."""

    sentence_parts: tuple[Part, ...]
    why: str
    arguments: tuple[Line, ...]
    """What the client sent, line by line, every value in full."""
    extra: tuple[Line, ...]
    """What the client sent beside the arguments; mostly empty."""
    caution: str
    """That names differ only in case, which rules tell apart and some servers do not; mostly empty."""
    server_says: str
    """The server's own hints about the tool, marked as unverified; empty if it gave none."""
    description: tuple[Line, ...]
    """The tool's title and description as the server wrote them, behind a bar; empty if unknown."""
    lapsed: str
    """Why an approval that stood does not answer any more; empty where none did."""
    server_changes: tuple[Line, ...]
    """What the server changed since that approval."""
    facts: tuple[Fact, ...]
    """Names in full, process, rule, digests."""
    is_masked: bool
    """Whether a value that looks secret is covered."""
    marks: int
    """How many invisible or misleading characters the client's text holds; all of them are shown as marks."""
    text: str
    """All of the above as one plain text."""
    digest: str
    """SHA-256, hex, of `text`."""
    changes: tuple[Line, ...] = ()
    """What the person has changed of the arguments; they stand in `text`, too."""
    count: int = 1
    """How many identical calls wait."""

    @property
    def sentence(self) -> str:
        """Who wants to run what where."""
        return "".join(part.text for part in self.sentence_parts)

    @property
    def arguments_text(self) -> str:
        """The arguments and what came beside them, as text."""
        return "\n".join(line.text for line in (*self.arguments, *self.extra))


def _untranslated(context: str, text: str) -> str:
    return text


def present(question: PendingQuestion, *, reveal: bool = False, translate: Translate = _untranslated) -> Presentation:
    """Write down what a person reads of `question`; `reveal` uncovers the values that look secret."""
    call = question.call
    sent = call.arguments if reveal else mask_arguments(call.arguments)
    beside = call.extra if reveal else mask_arguments(call.extra)
    parts, why = _sentence(question, translate), _why(question, translate)
    arguments = outline(sent, translate) or (Line(translate("Presentation", "(no arguments)"), 0),)
    extra = _extra(beside, translate)
    caution, server_says = _caution(question, translate), _server_says(question.definition, translate)
    description = _description(question.definition, translate)
    lapsed, changed = _lapsed(question, translate)
    facts = _facts(question, translate)
    sent_text = "\n".join(line.text for line in (*arguments, *extra))
    blocks = (
        "".join(part.text for part in parts),
        why,
        "\n".join((lapsed, *(line.text for line in changed))),
        "\n".join((translate("Presentation", "Sent by the client:"), sent_text)),
        caution,
        server_says,
        "\n".join(line.text for line in description),
        "\n".join(f"{fact.label}: {fact.value}" for fact in facts),
    )
    text = "\n\n".join(filter(None, blocks))
    return Presentation(
        sentence_parts=parts,
        why=why,
        arguments=arguments,
        extra=extra,
        caution=caution,
        server_says=server_says,
        description=description,
        lapsed=lapsed,
        server_changes=changed,
        facts=facts,
        is_masked=not reveal and COVERED in sent_text,
        marks=len(MARK.findall(sent_text)),
        text=text,
        digest=hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest(),
    )


def _lapsed(question: PendingQuestion, translate: Translate) -> tuple[str, tuple[Line, ...]]:
    standing, definition = question.lapsed, question.definition
    if standing is None or definition is None:
        return "", ()
    words = lapsed_words(standing, question.since, translate)
    return words, tuple(changes(standing.definition, definition, translate))


def _extra(beside: Mapping[str, Any], translate: Translate) -> tuple[Line, ...]:
    if not beside:
        return ()
    # a label of the client's with blanks in it stands in quotes, so none can pass for this heading
    return (Line("", 0), Line(translate("Presentation", "Sent beside the arguments:"), 0), *outline(beside, translate))


@functools.lru_cache(maxsize=64)
def short_name(name: str, longest: int = LONGEST_NAME) -> str:
    """A name for a sentence or a table: on one line, and if it is cut, saying how much is missing."""
    return _cut(visible(name), longest)


def _cut(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else f"{shown[:longest]}… (+{len(shown) - longest:,} characters)"


def quoted_if_odd(name: str, longest: int = LONGEST_NAME) -> str:
    """A name for our own sentence: one that could read on as part of the sentence stands in quotes."""
    return name if len(name) <= 40 and _PLAIN_NAME.fullmatch(name) else f"“{short_name(name, longest)}”"


def _sentence(question: PendingQuestion, translate: Translate) -> tuple[Part, ...]:
    call = question.call
    names = {
        "client": quoted_if_odd(call.caller.client or translate("Presentation", "A client without a name")),
        "tool": quoted_if_odd(call.tool),
        "server": quoted_if_odd(call.caller.server),
    }
    parts: list[Part] = []
    template = translate("Presentation", "{client} wants to run {tool} on {server}")
    for between, name, _, _ in string.Formatter().parse(template):
        if between:
            parts.append(Part(between, False))
        if name is not None:
            parts.append(Part(names[name], True))
    return tuple(parts)


def _why(question: PendingQuestion, translate: Translate) -> str:
    reason, rule = short_name(question.reason, LONGEST_REASON), short_name(question.rule, LONGEST_RULE)
    if reason:
        return translate("Presentation", "Why you are asked: {reason} (rule {rule})").format(reason=reason, rule=rule)
    if rule == "(default require_approval)":
        return translate(
            "Presentation", "Why you are asked: no rule names this tool, and the policy asks about such tools."
        )
    return translate("Presentation", "Why you are asked: rule {rule}").format(rule=rule)


def _caution(question: PendingQuestion, translate: Translate) -> str:
    schema = question.definition.input_schema if question.definition is not None else {}
    return caution_of(question.call.arguments, schema, translate)


def caution_of(arguments: Mapping[str, Any], schema: Mapping[str, Any], translate: Translate) -> str:
    """That names differ only in case; empty where none do."""
    pairs = namesakes(arguments, schema)
    if not pairs:
        return ""
    both = translate("Presentation", "“{name}” and “{other}”")
    named = [both.format(name=short_name(one), other=short_name(other)) for one, other in pairs[:MOST_NAMESAKES]]
    if (more := len(pairs) - MOST_NAMESAKES) > 0:
        named.append(translate("Presentation", "{count} more").format(count=f"{more:,}"))
    text = translate(
        "Presentation", "Names that differ only in case: {names}. Rules tell them apart; some servers do not."
    )
    return text.format(names="; ".join(named))


def _server_says(definition: ToolDefinition | None, translate: Translate) -> str:
    if definition is None or not definition.annotations:
        return ""
    words, quoted = _hint_words(translate), translate("Presentation", "“{hint}”")
    hints = []
    for key, value in itertools.islice(definition.annotations.items(), MOST_HINTS):
        known = words.get((key, value)) if isinstance(value, bool) else None
        hints.append(quoted.format(hint=known) if known else f"{short_name(key)}: {_cut(compact(value), LONGEST_NAME)}")
    if (more := len(definition.annotations) - MOST_HINTS) > 0:
        hints.append(translate("Presentation", "{count} more in the details").format(count=f"{more:,}"))
    return translate("Presentation", "Server says: {hints} (unverified)").format(hints=", ".join(hints))


def _hint_words(translate: Translate) -> Mapping[tuple[str, bool], str]:
    return {
        ("readOnlyHint", True): translate("Presentation", "read-only"),
        ("readOnlyHint", False): translate("Presentation", "not read-only"),
        ("destructiveHint", True): translate("Presentation", "destructive"),
        ("destructiveHint", False): translate("Presentation", "not destructive"),
        ("idempotentHint", True): translate("Presentation", "repeating it changes nothing more"),
        ("idempotentHint", False): translate("Presentation", "repeating it does it again"),
        ("openWorldHint", True): translate("Presentation", "reaches the outside world"),
        ("openWorldHint", False): translate("Presentation", "stays within its own world"),
    }


def _description(definition: ToolDefinition | None, translate: Translate) -> tuple[Line, ...]:
    """The server's words, each line behind a bar, so that none passes for one of ours."""
    if definition is None:
        return ()
    pieces = [visible(definition.title)] if definition.title else []
    if definition.description:
        pieces += map(visible, definition.description.split("\n", MOST_DESCRIPTION_LINES))
    if len(definition.annotations) > MOST_HINTS:
        pieces.append(compact(definition.annotations))
    if not pieces:
        return ()
    heading = translate("Presentation", "The server describes the tool (unverified):")
    return (Line(heading, 0), *(Line(f"{BAR} {piece}", 2) for piece in pieces))


def _facts(question: PendingQuestion, translate: Translate) -> tuple[Fact, ...]:
    call, definition = question.call, question.definition
    unknown, none = translate("Presentation", "unknown"), translate("Presentation", "none")
    facts = [
        (translate("Presentation", "Client"), visible(call.caller.client)),
        (translate("Presentation", "Client calls itself"), visible(call.caller.client_name) or unknown),
        (translate("Presentation", "Started by process"), str(call.caller.pid or unknown)),
        (translate("Presentation", "Grant"), visible(call.caller.grant)),
        (translate("Presentation", "Server"), visible(call.caller.server)),
        (translate("Presentation", "Tool"), visible(call.tool)),
        (translate("Presentation", "Rule"), visible(question.rule)),
        (translate("Presentation", "Reason of the rule"), visible(question.reason) or none),
        (translate("Presentation", "Question"), visible(question.id)),
        (translate("Presentation", "Call digest"), _short_digest(visible(call.digest))),
        (
            translate("Presentation", "Tool definition digest"),
            _short_digest(visible(definition.digest)) if definition else unknown,
        ),
    ]
    return tuple(Fact(label, value) for label, value in facts)


def _short_digest(digest: str) -> str:
    return f"{digest[:SHORT_DIGEST]}…" if len(digest) > SHORT_DIGEST else digest
