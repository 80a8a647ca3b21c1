"""What a person reads of a call that they have edited: what was asked beside what would be sent, line by line. Pure.

Of a text over several lines only the lines around a change are told, with how many are left out because they stay as
they were; everything else stands in full, made visible like all that others wrote.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from approver.approvals.outline import Line, outline, visible
from approver.approvals.presentation import Presentation, Translate, caution_of
from approver.differences import ABSENT, Path, changed_paths, look_up, same
from approver.masking import mask_arguments

MOST_CHANGES = 200
"""Places that are told one by one."""
_INDENT = 2
_KEPT_LINES = 1
"""Lines that are shown before and after a change within a long text."""


def present_edit(
    shown: Presentation,
    asked: Mapping[str, Any],
    sent: Mapping[str, Any],
    digest: str,
    *,
    schema: Mapping[str, Any],
    reveal: bool,
    translate: Translate,
) -> Presentation:
    """The presentation with the difference; its digest covers what was asked and what would be sent.

    What it warns of is what would be sent, which `schema` describes.
    """
    lines = change_lines(
        asked if reveal else mask_arguments(asked),
        sent if reveal else mask_arguments(sent),
        changed_paths(asked, sent),
        translate,
    )
    heading = translate("Edited", "Changed by you before it is sent:")
    caution = caution_of(sent, schema, translate)
    warned = ["", caution] if caution else []
    text = "\n".join([shown.text, "", heading, *(line.text for line in lines), *warned, "", digest])
    bound = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return replace(shown, changes=lines, caution=caution, text=text, digest=bound)


def change_lines(before: Any, after: Any, paths: Iterable[Path], translate: Translate) -> tuple[Line, ...]:
    """Every place that differs, with what stood there and what stands there now."""
    lines: list[Line] = []
    all_paths = tuple(paths)
    for path in all_paths[:MOST_CHANGES]:
        lines.append(Line(_name(path), 0))
        lines += _change(look_up(before, path), look_up(after, path), translate)
    if (more := len(all_paths) - MOST_CHANGES) > 0:
        lines.append(Line(translate("Edited", "… and {count} more places").format(count=f"{more:,}"), 0))
    return tuple(lines)


def _name(path: Path) -> str:
    steps = [f"[{step + 1}]" if isinstance(step, int) else f".{_quoted(step)}" for step in path]
    return "".join(steps).removeprefix(".")


def _quoted(key: str) -> str:
    """A key as the outline labels it."""
    return outline({key: None})[0].text.removesuffix("  null").rstrip() if len(key) <= 24 else f"“{visible(key)}”"


def _change(old: Any, new: Any, translate: Translate) -> list[Line]:
    gone, here = translate("Edited", "was"), translate("Edited", "now")
    width = max(len(gone), len(here))
    if old is ABSENT:
        return _told(translate("Edited", "added"), new, 0, translate)
    if new is ABSENT:
        return _told(translate("Edited", "taken out"), old, 0, translate)
    if isinstance(old, str) and isinstance(new, str) and old != new and ("\n" in old or "\n" in new):
        return _text_change(old, new, translate)
    if same(old, new):
        note = translate("Edited", "another value of the same length, below its cover")
        return [*_told(here, new, width, translate), Line(" " * _INDENT + note, _INDENT)]
    return _told(gone, old, width, translate) + _told(here, new, width, translate)


def _told(label: str, value: Any, width: int, translate: Translate) -> list[Line]:
    """A value in the outline's form, below a label of ours."""
    first, *rest = outline({"v": value}, translate)
    start = _INDENT + max(width, len(label)) + 2
    shift = start - 3  # where the outline put it: a label of one letter and two blanks
    lines = [Line(f"{' ' * _INDENT}{label.ljust(max(width, len(label)))}  {first.text[3:]}", start)]
    return lines + [Line(" " * shift + line.text, line.hang + shift) for line in rest]


def _text_change(old: str, new: str, translate: Translate) -> list[Line]:
    """The lines that differ between two texts, with those next to them."""
    before, after = old.split("\n"), new.split("\n")
    least = min(len(before), len(after))
    head = next((n for n in range(least) if before[n] != after[n]), least)
    tail = next((n for n in range(least - head) if before[-1 - n] != after[-1 - n]), least - head)
    first = max(0, head - _KEPT_LINES)
    last = max(0, tail - _KEPT_LINES)
    lines = [_left_out(first, translate)] if first else []
    lines += [_piece(" ", text) for text in before[first:head]]
    lines += [_piece("−", text) for text in before[head : len(before) - tail]]
    lines += [_piece("+", text) for text in after[head : len(after) - tail]]
    lines += [_piece(" ", text) for text in after[len(after) - tail : len(after) - last]]
    return lines + ([_left_out(last, translate)] if last else [])


def _piece(sign: str, text: str) -> Line:
    return Line(f"{' ' * _INDENT}{sign} │{visible(text)}", _INDENT + 2)


def _left_out(count: int, translate: Translate) -> Line:
    if count == 1:
        return Line(" " * _INDENT + translate("Edited", "⋯ 1 line as it was"), _INDENT)
    return Line(" " * _INDENT + translate("Edited", "⋯ {count} lines as they were").format(count=f"{count:,}"), _INDENT)
