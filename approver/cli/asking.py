"""Asks the person in a terminal: for the demo where no window can be shown.

The engine's events come in on its loop; a thread of its own writes the question and reads the answer, one question at a
time, because a terminal has one line to type on. The answer goes back to the loop, bound to the text that was shown.
There is no default: only the whole words count, and whoever cannot type cannot approve.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from approver.approvals.presentation import present
from approver.approvals.queue import NotWaiting
from approver.events import Event, QuestionOpened
from approver.model import Answer, AnswerKind, PendingQuestion

if TYPE_CHECKING:
    from approver.engine import Engine

Read = Callable[[str], str]
Say = Callable[[str], None]

RULE = "─" * 78
PROMPT = "Type approve to let this one call run, or deny to refuse it: "
KINDS = {"approve": AnswerKind.ALLOW, "deny": AnswerKind.DENY}
NOBODY = "Nobody is there to answer: the terminal's input has ended."


class TerminalAsker:
    """Shows each question as it opens, and answers it with what is typed."""

    def __init__(self, engine: "Engine", read: Read, say: Say) -> None:
        self._engine = engine
        self._read = read
        self._say = say
        self._questions: queue.Queue[PendingQuestion] = queue.Queue()
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Listen to the engine, and begin to ask. The thread ends with the process: it may be waiting for a key."""
        self._engine.events.subscribe(self._on_event)
        threading.Thread(target=self._ask_for_ever, name="asking", daemon=True).start()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, QuestionOpened):
            self._questions.put(event.question)

    def _ask_for_ever(self) -> None:
        while True:
            question = self._questions.get()
            answer = ask(question, self._read, self._say)
            self._loop.call_soon_threadsafe(self._carry_out, question, answer)

    def _carry_out(self, question: PendingQuestion, answer: Answer) -> None:
        try:
            self._engine.answer(question.id, answer)
        except NotWaiting as over:
            self._say(str(over))


def ask(question: PendingQuestion, read: Read, say: Say) -> Answer:
    """Show one question and return the answer; what is neither of the two words is asked again."""
    shown = present(question)
    say(f"\n{RULE}\n{shown.text}\n{RULE}")
    while True:
        try:
            word = read(PROMPT).strip()
        except EOFError:
            say(NOBODY)
            return Answer(AnswerKind.DENY, "terminal", NOBODY, shown=shown.digest)
        if (kind := KINDS.get(word)) is not None:
            return Answer(kind, "terminal", shown=shown.digest)
        say("That is neither of the two words. Nothing has been decided.")
