"""Why an approval that stood does not answer any more: what a server says of its tool now and said before. Pure, no Qt.

Plain text, a line of the server's always behind a bar, so that none passes for one of ours.
"""

import difflib
import itertools
import json
from collections.abc import Callable
from datetime import datetime

from approver.approvals.outline import BAR, Line, outline, visible
from approver.model import ToolDefinition
from approver.standing_model import Standing

Translate = Callable[[str, str], str]
_MARKS = {"-": "−", "+": "+", " ": " "}


def time_words(at: float, now: float) -> str:
    """A time of day; with the day, where it is another one."""
    then = datetime.fromtimestamp(at)
    same_day = then.date() == datetime.fromtimestamp(now).date()
    return then.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")


def lapsed_words(standing: Standing, now: float, translate: Translate) -> str:
    """Why an approval that would have answered does not."""
    text = translate(
        "Standing",
        "You had allowed this ({id}, {time}), but the server has changed what it says of the tool since. "
        "So that approval is void, and you are asked again.",
    )
    return text.format(id=standing.id, time=time_words(standing.made, now))


def changes(before: ToolDefinition | None, after: ToolDefinition, translate: Translate) -> list[Line]:
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
