"""Which calls a standing decision answers, and how one comes of an answer. Pure: a call and a time in, yes or no out.

A standing decision is bound to client, grant, server and tool; an approval to the tool's definition as well, and to
what came beside the arguments. Within that its reach says which arguments, and its lifetime how long.

    the policy asks ─> a denial that covers the call? ─> an approval that covers it? ─> ask the person
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from approver.masking import mask_arguments
from approver.model import Answer, AnswerKind, Call, PendingQuestion, ToolDefinition
from approver.standing_model import HeldField, Lifetime, Reach, Standing

LONGEST_VALUE = 200
LONGEST_ARGUMENTS = 8_000
COVERED = "••• ("
"""How a value begins that was masked when it was recorded."""


def covers(standing: Standing, call: Call) -> bool:
    """Whether the call is one of those that the person had in mind; time and definition left aside."""
    caller = call.caller
    if (caller.client, caller.grant, caller.server, call.tool) != _bound_to(standing):
        return False
    if standing.lifetime is Lifetime.SESSION and caller.session != standing.session:
        return False
    if standing.kind is AnswerKind.ALLOW and digest_of(call.extra) != standing.extra:
        return False
    if standing.reach is Reach.ARGUMENTS:
        return call.digest == standing.digest
    return all(
        field.name in call.arguments and field_digest(field.name, call.arguments[field.name]) == field.digest
        for field in standing.fields  # of which there are none where the reach is the tool
    )


def is_over(standing: Standing, now: float) -> bool:
    """Whether its time has come."""
    return standing.until is not None and now >= standing.until


def has_changed(standing: Standing, definition: ToolDefinition) -> bool:
    """Whether the server says something else of the tool than when the person approved of it."""
    known = standing.definition
    return standing.kind is AnswerKind.ALLOW and (known is None or known.digest != definition.digest)


def is_same_rule(one: Standing, other: Standing) -> bool:
    """Whether both speak of the same calls in the same session, so that the newer takes the older one's place."""

    def key(standing: Standing) -> tuple[Any, ...]:
        exact = standing.digest if standing.reach is Reach.ARGUMENTS else ""
        fields = tuple(sorted((field.name, field.digest) for field in standing.fields))
        return (*_bound_to(standing), standing.session, standing.reach, exact, fields)

    return key(one) == key(other)


def answer_of(standing: Standing) -> Answer:
    """What it says of a call that it covers."""
    detail = json.dumps({"remembered": standing.id}, separators=(",", ":"))
    return Answer(standing.kind, f"remembered {standing.id}", standing.reason, standing.shown, detail)


def why_not(question: PendingQuestion, answer: Answer, now: float) -> str:
    """Why this answer cannot stand, as a sentence; empty where it can."""
    wish, definition = answer.wish, question.definition
    assert wish is not None
    if answer.arguments is not None:
        return "You edited the arguments, and later calls come unedited."
    if answer.kind is AnswerKind.ALLOW and definition is None:
        return "The server has not said what this tool does, so an approval cannot be bound to that."
    if answer.kind is AnswerKind.ALLOW and definition is not None and definition.digest != wish.definition:
        return "What the server says of this tool came in only while you answered."
    if wish.lifetime is Lifetime.SESSION and not question.call.caller.has_session:
        return "This client has no session that an answer could end with."
    if wish.lifetime is Lifetime.UNTIL and (wish.until is None or wish.until <= now):
        return "The time until which it was to stand is over."
    if wish.reach is Reach.FIELDS and not (wish.fields and set(wish.fields) <= set(question.call.arguments)):
        return "The call lacks the fields that were to be the same."
    return ""


def standing_of(question: PendingQuestion, answer: Answer, name: str, now: float) -> Standing:
    """What stands by this answer."""
    wish, call = answer.wish, question.call
    assert wish is not None
    chosen = {field: call.arguments[field] for field in wish.fields} if wish.reach is Reach.FIELDS else {}
    masked = mask_arguments(call.arguments)  # as a whole: one argument may say that another one is a secret
    return Standing(
        id=name,
        kind=answer.kind,
        client=call.caller.client,
        grant=call.caller.grant,
        server=call.caller.server,
        tool=call.tool,
        reach=wish.reach,
        lifetime=wish.lifetime,
        made=now,
        call=call.id,
        digest=call.digest,
        extra=digest_of(call.extra),
        fields=tuple(
            HeldField(key, field_digest(key, chosen[key]), _cut(masked[key], LONGEST_VALUE)) for key in chosen
        ),
        arguments=_cut(masked, LONGEST_ARGUMENTS),
        session=call.caller.session if wish.lifetime is Lifetime.SESSION else "",
        until=wish.until if wish.lifetime is Lifetime.UNTIL else None,
        rule=question.rule,
        reason=answer.reason,
        by=answer.by,
        shown=answer.shown,
        definition=question.definition,
        place=call.place,
    )


def would_cover(standing: Standing, digest: str, arguments: Mapping[str, Any]) -> bool | None:
    """Whether a recorded call of the same client and tool is covered; None where what was masked hides that."""
    if standing.reach is not Reach.FIELDS:
        return standing.reach is Reach.TOOL or digest == standing.digest
    unsure = False
    for field in standing.fields:
        if field.name not in arguments:
            return False
        value = arguments[field.name]
        if field_digest(field.name, value) != field.digest:
            if COVERED not in json.dumps(value, ensure_ascii=False):
                return False
            unsure = True
    return None if unsure else True


def field_digest(name: str, value: Any) -> str:
    """SHA-256, hex, of a field and its value: 1 is neither "1" nor 1.0."""
    return digest_of([name, value])


def digest_of(value: Any) -> str:
    """SHA-256, hex, of a JSON value, its keys sorted."""
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def shown_with(text: str, sentence: str) -> str:
    """SHA-256, hex, of the text of a question together with the rule that was to be saved."""
    return hashlib.sha256(f"{text}\n\n{sentence}".encode("utf-8", "backslashreplace")).hexdigest()


def _bound_to(standing: Standing) -> tuple[str, str, str, str]:
    return (standing.client, standing.grant, standing.server, standing.tool)


def _cut(value: Any, longest: int) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}… (+{len(text) - longest:,} characters)"
