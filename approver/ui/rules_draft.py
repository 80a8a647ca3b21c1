"""One server's rules while they are edited: the file as it was last seen, and the text that may replace it.

    file ──load, look──> seen ──> document (typed in, undone) ──check──> problems ──save──> file, in one step

What the file became meanwhile is never overwritten unseen: `save` refuses until somebody chose, by `load` or `keep`.
"""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from approver.configuration_edits import STARTER_POLICY
from approver.own_files import write_text
from approver.policy.document import Policy, PolicyInvalid, parse
from approver.policy.edits import TextEdit
from approver.policy.problems import Problem
from approver.ui.rules_editor import carry_out
from approver.ui.rules_highlighter import RulesHighlighter


class Draft(QObject):
    """The text for one policy file.

    Attributes:
        path: The file.
        document: The text, with its own undo.
        seen: The file's bytes as last seen; None: there was no file.
        saved_at: When the seen file was written, seconds since the epoch.
        is_seen_valid: Whether the seen file is a policy.
        problems: Of the text, as last checked.
        policy: The text as a policy, as last checked; None where it has problems.
        is_outdated: Whether the file changed while the text differed from it, and nobody chose yet.

    Signals: none of its own.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.document = QTextDocument(self)
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        self.highlighter = RulesHighlighter(self.document)
        self.seen: bytes | None = None
        self.saved_at = 0.0
        self.is_seen_valid = False
        self.problems: tuple[Problem, ...] = ()
        self.policy: Policy | None = None
        self.is_outdated = False
        self._unchanged = ""
        self.load()
        self.document.clearUndoRedoStacks()

    @property
    def text(self) -> str:
        """The text as it would be saved."""
        return self.document.toRawText().replace("\u2029", "\n")  # the plain text has its no-break spaces replaced

    @property
    def is_changed(self) -> bool:
        """Whether the text is another than the file's."""
        return self.text != self._unchanged

    def load(self) -> None:
        """Take over what the file says; what was typed can be had back by undoing."""
        self._see(self._read())
        text = STARTER_POLICY if self.seen is None else self.seen.decode("utf-8", "replace")
        self._put(text)
        self._unchanged = "" if self.seen is None else self.text
        self.check()

    def look(self) -> bool:
        """See whether the file has changed; where nothing was typed, take it over. True where there is news."""
        found = self._read()
        if found == self.seen:
            was_told, self.is_outdated = self.is_outdated, False
            return was_told
        if self.is_changed and self.text != STARTER_POLICY:
            was_told, self.is_outdated = self.is_outdated, True
            return not was_told
        self.load()
        return True

    def keep(self) -> None:
        """The person wants their own text, knowing that the file is another now."""
        self._see(self._read())
        self._unchanged = "" if self.seen is None else self.seen.decode("utf-8", "replace").replace("\r\n", "\n")

    def check(self) -> None:
        """Validate the text."""
        try:
            self.policy, self.problems = parse(self.text), ()
        except PolicyInvalid as invalid:
            self.policy, self.problems = None, invalid.problems

    def save(self) -> bool:
        """Write the text if it is a policy, and the file is still the one that was seen. Raises `OSError`."""
        self.check()
        if self.policy is None:
            return False
        if self._read() != self.seen:
            self.is_outdated = True
            return False
        text = self.text
        write_text(self.path, text)
        self._see(text.encode("utf-8"))
        self._unchanged = text
        return True

    def edit(self, *edits: TextEdit) -> None:
        """Change pieces of the text, one after the other, as if they were typed."""
        carry_out(edits, self.document, self.text)
        self.check()

    def _put(self, text: str) -> None:
        cursor = QTextCursor(self.document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def _see(self, found: bytes | None) -> None:
        self.seen, self.is_outdated = found, False
        self.is_seen_valid = found is not None and _is_policy(found)
        try:
            self.saved_at = self.path.stat().st_mtime
        except OSError:
            self.saved_at = 0.0

    def _read(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except OSError:
            return None


def _is_policy(raw: bytes) -> bool:
    try:
        parse(raw)
    except PolicyInvalid:
        return False
    return True
