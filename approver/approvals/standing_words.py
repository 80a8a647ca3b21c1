"""A standing decision as a sentence for people, and what has changed of a tool since: plain text. Pure, no Qt.

The sentence is what a person reads before it is saved, what the log says of it, and what lists show. Names and values
that others chose are quoted and made visible, as in `approvals.presentation`, whose `Translate` this takes.
"""

import difflib
import itertools
import json
from datetime import datetime

from approver.approvals.outline import BAR, Line, outline, visible
from approver.approvals.presentation import Translate, quoted_if_odd, short_name
from approver.model import AnswerKind, ToolDefinition
from approver.standing_model import HeldField, Lifetime, Reach, Standing

LONGEST_SHOWN = 80
_MARKS = {"-": "−", "+": "+", " ": " "}


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


def time_words(at: float, now: float) -> str:
    """A time of day; with the day, where it is another one."""
    then = datetime.fromtimestamp(at)
    same_day = then.date() == datetime.fromtimestamp(now).date()
    return then.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")


def lapsed_words(standing: Standing, now: float, translate: Translate = untranslated) -> str:
    """Why an approval that would have answered does not."""
    text = translate(
        "Standing",
        "You had allowed this ({id}, {time}), but the server has changed what it says of the tool since. "
        "So that approval is void, and you are asked again.",
    )
    return text.format(id=standing.id, time=time_words(standing.made, now))


def changes(before: ToolDefinition | None, after: ToolDefinition, translate: Translate = untranslated) -> list[Line]:
    """What the server says of the tool now and said before, line by line; every line of theirs behind a bar."""
    old, new = _lines(before), _lines(after)
    found: list[Line] = []
    for line in itertools.islice(difflib.unified_diff(old, new, lineterm="", n=1), 2, None):  # no names of files
        if not line.startswith("@@"):
            found.append(Line(f"{_MARKS[line[0]]} {BAR} {line[1:]}", 4))
        elif found:
            found.append(Line("…", 0))
    if not found:
        text = translate("Standing", "Nothing that is kept of it differs; what differs is in other parts of it.")
        return [Line(text, 0)]
    return found


def _lines(definition: ToolDefinition | None) -> list[str]:
    if definition is None:
        return []
    texts = [f"title: {visible(definition.title)}"]
    texts += [f"description: {visible(line)}" for line in definition.description.split("\n")]
    texts += [f"annotation {line.text}" for line in outline(definition.annotations)]
    schema = json.dumps(definition.input_schema, indent=1, ensure_ascii=False, sort_keys=True)
    return texts + [f"arguments: {visible(line)}" for line in schema.split("\n")]
