"""Which row each waiting call stands in: questions go in, rows come out. Pure.

Identical calls share a row, because a person reads and denies them as one; to the engine they stay questions of their
own. Rows of one client stand together, in the order in which they began to wait, and so do the clients. A row keeps its
place for as long as anything in it waits, so nothing slides away under the pointer.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from approver.approvals.presentation import Presentation, Translate
from approver.model import PendingQuestion

Key = tuple[str, str, str, str, str]
Alike = tuple[PendingQuestion, ...]
"""Identical waiting calls, the oldest first."""


def key_of(question: PendingQuestion) -> Key:
    """What identical calls have in common: client, grant, server, tool, and all that would be sent."""
    call, caller = question.call, question.call.caller
    return (caller.client, caller.grant, caller.server, call.tool, call.digest)


@dataclass(slots=True, eq=False)
class _Row:
    """One row; its questions by id, the oldest first."""

    key: Key
    questions: dict[str, PendingQuestion] = field(default_factory=dict)


class WaitingRows:
    """The waiting calls, row by row. Looking a question up does not depend on how many there are."""

    def __init__(self, questions: Iterable[PendingQuestion] = ()) -> None:
        self._rows: list[_Row] = []
        self._by_key: dict[Key, _Row] = {}
        self._by_id: dict[str, _Row] = {}
        for question in questions:
            self.add(question)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def calls(self) -> int:
        """How many calls wait."""
        return len(self._by_id)

    # -- looking ---------------------------------------------------------------------------------------------------

    def row_of(self, question_id: str | None) -> int | None:
        """Where a question stands."""
        row = self._by_id.get(question_id) if question_id is not None else None
        return None if row is None else self._rows.index(row)

    def first(self, row: int) -> PendingQuestion | None:
        """The oldest question of a row: the one that is shown in full, and that can be allowed."""
        return next(iter(self._rows[row].questions.values())) if 0 <= row < len(self._rows) else None

    def count(self, row: int) -> int:
        """How many identical calls wait in a row."""
        return len(self._rows[row].questions)

    def alike(self, question_id: str | None) -> Alike:
        """The question and those that ask the same; nothing where it does not wait."""
        row = self._by_id.get(question_id) if question_id is not None else None
        return () if row is None else tuple(row.questions.values())

    def row_for(self, question: PendingQuestion) -> tuple[int, bool]:
        """Where a new question will stand, and whether that is a row of its own."""
        known = self._by_key.get(key_of(question))
        if known is not None:
            return self._rows.index(known), False
        client = question.call.caller.client
        for number in range(len(self._rows) - 1, -1, -1):
            if self._rows[number].key[0] == client:
                return number + 1, True
        return len(self._rows), True

    # -- what happens ----------------------------------------------------------------------------------------------

    def add(self, question: PendingQuestion) -> None:
        """A question was opened."""
        number, is_new = self.row_for(question)
        if is_new:
            row = self._by_key[key_of(question)] = _Row(key_of(question))
            self._rows.insert(number, row)
        else:
            row = self._rows[number]
        row.questions[question.id] = question
        self._by_id[question.id] = row

    def change(self, question: PendingQuestion) -> None:
        """Something about a question is new; what makes it identical to others never changes."""
        row = self._by_id.get(question.id)
        if row is not None:
            row.questions[question.id] = question

    def remove(self, question_id: str) -> None:
        """A question is over."""
        row = self._by_id.pop(question_id, None)
        if row is None:
            return
        del row.questions[question_id]
        if not row.questions:
            del self._by_key[row.key]
            self._rows.remove(row)


def present_alike(shown: Presentation, ids: Sequence[str], translate: Translate) -> Presentation:
    """The presentation with how often the same call waits; its digest covers which questions were meant."""
    if len(ids) < 2:
        return shown
    words = translate("Presentation", "The same call is waiting {count} times.").format(count=len(ids))
    text = "\n".join([shown.text, "", f"{words} ({', '.join(ids)})"])
    bound = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return replace(shown, count=len(ids), text=text, digest=bound)
