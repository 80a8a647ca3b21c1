"""A standing decision as a sentence for people, and as commands print it. Pure, no Qt.

The sentence is what a person reads before it is saved, what the log says of it, and what lists show. Names and values
that others chose are quoted and made visible, as in `approvals.presentation`, whose `Translate` this takes.
"""

from datetime import UTC, datetime
from typing import Any

from approver.approvals.lapsed import time_words
from approver.approvals.presentation import Translate, quoted_if_odd, short_name
from approver.approvals.standing_book import Kept
from approver.model import AnswerKind
from approver.standing_model import HeldField, Lifetime, Reach, Standing

LONGEST_SHOWN = 80


def untranslated(context: str, text: str) -> str:
    """What the log is written in."""
    return text


def sentence(standing: Standing, now: float, translate: Translate = untranslated) -> str:
    """The rule: who may or may not run what where, with which arguments, for how long."""
    template = _template(standing, translate)
    return template.format(
        client=quoted_if_odd(standing.client or translate("Standing", "A client without a name")),
        tool=quoted_if_odd(standing.tool),
        server=quoted_if_odd(standing.server),
        arguments=reach_words(standing, translate),
        lifetime=lifetime_words(standing, now, translate),
    )


def _template(standing: Standing, translate: Translate) -> str:
    if standing.kind is AnswerKind.ALLOW:
        return translate("Standing", "{client} may run {tool} on {server} {arguments}, {lifetime}.")
    return translate("Standing", "{client} may not run {tool} on {server} {arguments}, {lifetime}.")


def reach_words(standing: Standing, translate: Translate = untranslated) -> str:
    """With which arguments."""
    if standing.reach is Reach.TOOL:
        return translate("Standing", "with any arguments")
    if standing.reach is Reach.ARGUMENTS:
        return translate("Standing", "with exactly these arguments")
    fields = ", ".join(_field(field, translate) for field in standing.fields)
    return translate("Standing", "where {fields}").format(fields=fields)


def _field(field: HeldField, translate: Translate) -> str:
    value = short_name(field.shown, LONGEST_SHOWN)
    return translate("Standing", "{field} is {value}").format(field=quoted_if_odd(field.name), value=value)


def lifetime_words(standing: Standing, now: float, translate: Translate = untranslated) -> str:
    """For how long."""
    if standing.lifetime is Lifetime.SESSION:
        return translate("Standing", "until this client disconnects")
    if standing.until is not None:
        return translate("Standing", "until {time}").format(time=time_words(standing.until, now))
    return translate("Standing", "always")


def remembered_as_json(kept: Kept, now: float) -> dict[str, Any]:
    """A decision that stands, as commands print it."""
    standing, state = kept.standing, kept.state
    return {
        "id": standing.id,
        "answer": standing.kind.value,
        "rule": sentence(standing, now),
        "client": standing.client,
        "grant": standing.grant,
        "server": standing.server,
        "tool": standing.tool,
        "reach": standing.reach.value,
        "fields": [field.name for field in standing.fields],
        "lifetime": standing.lifetime.value,
        "until": _iso(standing.until),
        "made": _iso(standing.made),
        "call": standing.call,
        "reason": standing.reason,
        "void": state.is_void,
        "uses": state.uses,
        "last_used": _iso(state.last_used),
    }


def _iso(at: float | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
