"""How often each tool was called in the last seven days: the log is read on its own thread, counts come out.

server ──ask──> (reader's thread) the log ──> `ToolTally`s ──> one `Uses` a tool ──told──> the table of rules
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from approver.clock import Clock
from approver.journal.records import ToolTally
from approver.policy.globs import closest_first, is_glob
from approver.policy.tool_rows import ToolRow
from approver.ui.log_reading import LogReading
from approver.ui.tally import ASKED, DENIED

DAYS = 7
_LANE = "uses"


@dataclass(frozen=True, slots=True)
class Uses:
    """What became of a tool's calls."""

    calls: int = 0
    asked: int = 0
    denied: int = 0

    def __add__(self, other: "Uses") -> "Uses":
        """Both together."""
        return Uses(self.calls + other.calls, self.asked + other.asked, self.denied + other.denied)

    def in_short(self) -> str:
        """How many calls; short enough for a cell."""
        return QLocale().toString(self.calls) if self.calls else "–"

    def in_words(self) -> str:
        """All three counts."""
        if self.calls == 1:
            words = [QCoreApplication.translate("ToolUses", "1 call in the last 7 days")]
        else:
            several = QCoreApplication.translate("ToolUses", "{count} calls in the last 7 days")
            words = [several.format(count=QLocale().toString(self.calls))]
        if self.asked:
            words.append(QCoreApplication.translate("ToolUses", "{count} asked about").format(count=self.asked))
        if self.denied:
            words.append(QCoreApplication.translate("ToolUses", "{count} denied").format(count=self.denied))
        return ", ".join(words)


Told = Callable[[Mapping[str, Uses] | None, str], None]
"""Takes the `Uses` of each tool that was called, or None while they are not known, and a sentence: why they are not."""


class ToolUses:
    """Asks the log, and says what it told of the server that was asked about last."""

    def __init__(self, reading: LogReading, clock: Clock, told: Told) -> None:
        self._reading = reading
        self._clock = clock
        self._told = told
        self._server = ""
        reading.failed.connect(self._failed)

    def ask(self, server: str) -> None:
        """Count for this server; what was counted of another is known no more."""
        if server != self._server:
            self._server = server
            self._told(None, "")
        since = self._clock.now() - DAYS * 86_400
        self._reading.ask(_LANE, lambda reader: summed(reader.tool_tallies(server, since)), self._counted)

    def _counted(self, uses: dict[str, Uses]) -> None:
        self._told(uses, "")

    def _failed(self, lane: str, sentence: str) -> None:
        if lane == _LANE:
            self._told(None, sentence)


def summed(tallies: Iterable[ToolTally]) -> dict[str, Uses]:
    """One sum a tool."""
    uses: dict[str, Uses] = {}
    for tally in tallies:
        asked = tally.calls if tally.outcome in ASKED else 0
        denied = tally.calls if tally.outcome in DENIED else 0
        uses[tally.tool] = uses.get(tally.tool, Uses()) + Uses(tally.calls, asked, denied)
    return uses


def by_row(uses: Mapping[str, Uses], rows: Iterable[ToolRow]) -> dict[str, Uses]:
    """The sum of each row: a tool's own, and for a glob those of the tools that it decides about."""
    deciders = {row.key: row.by for row in rows}
    globs = closest_first(key for key in deciders if is_glob(key))
    found: dict[str, Uses] = {}
    for tool, used in uses.items():
        if tool in deciders:
            found[tool] = used
            by = deciders[tool]
        else:
            by = next((glob.text for glob in globs if glob.matches(tool)), "")
        if by in deciders:
            found[by] = found.get(by, Uses()) + used
    return found
