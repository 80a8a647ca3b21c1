"""How a server ended, in words for the person and the agent."""

import signal
from dataclasses import dataclass

_LONGEST_WORDS = 600


@dataclass(frozen=True, slots=True)
class UpstreamExit:
    """One server's end; as text it is a sentence or two."""

    server: str
    status: int | None
    """The exit status, negative for the signal that killed it; None where it is not known."""
    last_words: tuple[str, ...]
    """The last lines of its stderr, safe to print. Untrusted text."""
    was_stopped: bool
    """Approver ended it, nobody needing it any more."""
    fault: str = ""
    """Why Approver ended it, where it was the server's own fault; a sentence that follows "because"."""

    def __str__(self) -> str:
        """Say how it ended, and what it said last."""
        words = " ".join(self.last_words)[-_LONGEST_WORDS:]
        return f"{self.how}." + (f" Its last words: {words}" if words and not self.was_stopped else "")

    @property
    def how(self) -> str:
        """Say how it ended, without what it said."""
        if self.was_stopped:
            return "it was stopped"
        if self.fault:
            return f"Approver ended it because {self.fault}"
        if self.status is None:
            return "it ended without telling how"
        if self.status < 0:
            return f"it was killed by {_signal_name(-self.status)}"
        return f"it ended with status {self.status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
