"""The list of what is wrong with a text."""

from pytestqt.qtbot import QtBot

from approver.policy.problems import Problem
from approver.ui.problem_list import MOST_PROBLEMS, ProblemList


def test_problems_are_listed_inert_and_chosen_by_click(qtbot: QtBot) -> None:
    problems = ProblemList("Mistakes")
    qtbot.addWidget(problems)
    problems.show_problems([Problem("/x", "bad \u202e name", line=number, column=1) for number in range(1, 200)], 90)
    assert problems.count() == MOST_PROBLEMS
    assert problems.height() <= 90
    assert "⟨U+202E⟩" in problems.item(0).text()
    with qtbot.waitSignal(problems.chosen) as chosen:
        problems.itemClicked.emit(problems.item(1))
    assert chosen.args[0].line == 2
    problems.show_problems((), 90)
    assert not problems.isVisible()
