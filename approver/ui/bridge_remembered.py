"""The part of the crossing that concerns answers that stand: the engine's events go in, public signals come out.

`Bridge` owns it, gives it what it hears, and carries its wishes to the engine's loop.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from approver.approvals.standing_book import Kept
from approver.events import AnswerForgotten, AnswerNotRemembered, AnswerRemembered
from approver.standing_model import Standing


class Remembered(Protocol):
    """What windows need of the answers that stand; all of it is called on the engine's own loop."""

    def all(self) -> tuple[Kept, ...]:
        """Everything that stands, the oldest first."""
        ...

    def revoke(self, name: str, by: str) -> object:
        """Let one stand no longer."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What `ask` wanted to know."""

    kept: tuple[Kept, ...]


HEARD = (AnswerRemembered, AnswerForgotten, AnswerNotRemembered, Told)
Message = AnswerRemembered | AnswerForgotten | AnswerNotRemembered | Told


class RememberedSide(QObject):
    """Speaks for the answers that stand.

    Attributes:
        latest: What was remembered last, while it stands.

    Signals:
        made: A `Standing`: an answer stands from now on.
        ended: An `AnswerForgotten`: one does no longer, or is void.
        refused: A sentence: an answer was to stand and does not.
        told: Every `Kept` answer, after `ask`.
    """

    made = Signal(object)
    ended = Signal(object)
    refused = Signal(str)
    told = Signal(object)

    def __init__(
        self, carry: Callable[[Callable[[Any], object]], None], tell: Callable[[Told], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._carry = carry
        self._tell = tell
        self.latest: Standing | None = None

    def ask(self) -> None:
        """Ask which answers stand; `told` follows while the engine runs."""
        self._carry(lambda engine: self._tell(Told(engine.remembered.all())))

    def revoke(self, name: str) -> None:
        """Let one stand no longer; `ended` follows if it stood."""
        self._carry(lambda engine: engine.remembered.revoke(name, "window"))

    def hear(self, message: Message) -> None:
        """Hear what the engine's side says, on Qt's thread."""
        match message:
            case AnswerRemembered(standing):
                self.latest = standing
                self.made.emit(standing)
            case AnswerForgotten(name):
                if self.latest is not None and self.latest.id == name:
                    self.latest = None
                self.ended.emit(message)
            case AnswerNotRemembered(sentence):
                self.refused.emit(sentence)
            case Told(kept):
                self.told.emit(kept)
