"""The page that tells which Approver this is: its version and licence, its folders, what it was tried on.

Nothing is asked for and nothing looked up: no page of this program opens a connection to find out about new versions.
"""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from approver.desktop.paths import Paths
from approver.ui.headings import page_title
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible


class AboutPage(QScrollArea):
    """Facts, each beside its name; all of it can be selected and copied.

    Attributes:
        facts: What is told, by name.

    Signals: none of its own.
    """

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.facts = self._facts(paths)
        self._lay_out()

    def _facts(self, paths: Paths) -> dict[str, str]:
        return {
            self.tr("Version"): own_version() or self.tr("unknown: it runs from a folder that was not installed"),
            self.tr("Licence"): self.tr("MIT. Whoever has it may use, change and pass it on, without any warranty."),
            self.tr("Runs on"): f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform(terse=True)}",
            self.tr("What you set up"): make_visible(str(paths.config)),
            self.tr("The log and what is kept"): make_visible(str(paths.data)),
            self.tr("While it runs"): make_visible(str(paths.run)),
            self.tr("Handbook"): self.tr("The folder docs in Approver's own source; each command explains --help."),
        }

    def _trials(self) -> str:
        if sys.platform == "linux":
            return self.tr(
                "Approver was tried on Linux with an X desktop. Wayland, GNOME and KDE themselves, macOS and Windows "
                "were only read about: what their documentation says is built in, but nobody has seen it run there."
            )
        return self.tr(
            "Approver was tried on Linux only. What it does on this system follows its documentation, and nobody has "
            "seen it run here."
        )

    def _lay_out(self) -> None:
        unit = em(self.font())
        inside = QWidget()
        title = page_title(self.tr("About Approver"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(round(unit * 1.4))
        grid.setVerticalSpacing(round(unit * 0.6))
        grid.setColumnStretch(1, 1)
        for row, (name, fact) in enumerate(self.facts.items()):
            words = PlainLabel(fact)
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            words.setAccessibleName(f"{name}: {fact}")
            label: QLabel = PlainLabel(name, role="muted", wraps=False)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.9))
        layout.addWidget(title)
        layout.addLayout(grid)
        layout.addWidget(PlainLabel(self._trials()))
        layout.addStretch(1)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(inside)


def own_version() -> str:
    """The version that was installed; empty where none was."""
    try:
        return version("approver")
    except PackageNotFoundError:
        return ""
