"""What is wrong with a text, one row each: problems go in, the one that the person wants to see comes out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from approver.policy.problems import Problem
from approver.ui.theme import em
from approver.visible import make_visible

MOST_PROBLEMS, MOST_ROWS = 100, 8


class ProblemList(QListWidget):
    """Hidden while nothing is wrong; as high as its rows need, up to a limit.

    Attributes: none of its own.

    Signals:
        chosen: A `Problem` that was clicked, or activated by the keyboard.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setProperty("role", "problems")
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_problems(self, problems: Sequence[Problem], most_height: float) -> None:
        """Show these, the first of them where there are very many."""
        self.clear()
        for problem in problems[:MOST_PROBLEMS]:
            item = QListWidgetItem(make_visible(str(problem)), self)
            item.setData(Qt.ItemDataRole.UserRole, problem)
        self.setVisible(bool(problems))
        rows = sum(self.sizeHintForRow(row) for row in range(min(MOST_ROWS, self.count())))
        self.setFixedHeight(round(min(rows + em(self.font()), most_height)))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
