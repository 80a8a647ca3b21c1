"""Questions in a terminal: whole words only, what was shown is what is answered, and nobody there means no."""

import asyncio

import pytest

from approver.approvals.presentation import present
from approver.approvals.queue import NotWaiting
from approver.cli.asking import PROMPT, TerminalAsker, ask
from approver.events import Events, QuestionEnded, QuestionOpened
from approver.model import Answer, AnswerKind, Call, Caller, PendingQuestion


def question(tool: str = "cancel_job", name: str = "q1") -> PendingQuestion:
    caller = Caller(session="s", grant="local", server="web-scraper", client="Demo agent")
    call = Call(name, caller, tool, {"job_id": "job-2"}, {}, "d" * 64, 0.0)
    rule = f"/tools/{tool}/require_approval/always"
    return PendingQuestion(name, call, rule, "Stops work in progress.", 0.0, 600.0, 50.0)


@pytest.mark.parametrize(("word", "kind"), [("approve", AnswerKind.ALLOW), (" deny ", AnswerKind.DENY)])
def test_a_whole_word_is_an_answer_bound_to_what_was_shown(word: str, kind: AnswerKind) -> None:
    said: list[str] = []
    answer = ask(question(), lambda prompt: word, said.append)
    assert answer == Answer(kind, "terminal", shown=present(question()).digest)
    assert present(question()).text in said[0]


@pytest.mark.parametrize("word", ["", "y", "yes", "a", "Approve", "approve it", "ok", "\r", "allow"])
def test_nothing_else_is_an_answer(word: str) -> None:
    said: list[str] = []
    typed = iter([word, "deny"])
    answer = ask(question(), lambda prompt: next(typed), said.append)
    assert answer.kind is AnswerKind.DENY
    assert "Nothing has been decided." in said[-1]


def test_the_end_of_the_input_denies() -> None:
    def ended(prompt: str) -> str:
        assert prompt == PROMPT
        raise EOFError

    answer = ask(question(), ended, lambda text: None)
    assert answer.kind is AnswerKind.DENY
    assert "Nobody is there" in answer.reason


def test_hostile_text_is_made_visible() -> None:
    said: list[str] = []
    ask(question("rm\x1b[2J\u202eevil"), lambda prompt: "deny", said.append)
    assert "\x1b" not in said[0]
    assert "\u202e" not in said[0]
    assert "␛[2J⟨U+202E⟩" in said[0]


class OneQueue:
    """What the asker needs of an engine."""

    def __init__(self) -> None:
        self.events = Events()
        self.answered: asyncio.Queue[tuple[str, Answer]] = asyncio.Queue()
        self.over: set[str] = set()

    def answer(self, question_id: str, answer: Answer) -> None:
        self.answered.put_nowait((question_id, answer))
        if question_id in self.over:
            raise NotWaiting(f"The question {question_id} is over.")


@pytest.mark.anyio
async def test_questions_are_asked_one_after_the_other_and_answered_on_the_loop() -> None:
    engine, said = OneQueue(), list[str]()
    engine.over.add("q2")
    TerminalAsker(engine, lambda prompt: "approve", said.append).start()  # type: ignore[arg-type]  # the part that is used
    engine.events.emit(QuestionEnded("q0", "expired", "time"))
    for name in ("q1", "q2", "q3"):
        engine.events.emit(QuestionOpened(question(name=name)))
    async with asyncio.timeout(5):
        answered = [await engine.answered.get() for _ in range(3)]
    assert [name for name, _ in answered] == ["q1", "q2", "q3"]
    assert {answer.kind for _, answer in answered} == {AnswerKind.ALLOW}
    assert "The question q2 is over." in said
