"""All decisions that stand, and which of them answers a call: decisions and calls in, `Recalled` and changes out.

No I/O and no clock: whoever holds the book says what time it is, writes down what `take_changes` returns, and tells the
person. A denial beats an approval, whichever is older. An approval whose tool has another definition now is void, for
good: it stays in the book, so that the person can be told, and answers nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from approver.approvals.standing import covers, has_changed, is_over, is_same_rule
from approver.model import AnswerKind, Call, ToolDefinition
from approver.standing_model import Lifetime, Standing, StandingState

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision in the book, and how it fares."""

    standing: Standing
    state: StandingState


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the book says of a call."""

    answer: Standing | None = None
    """The decision that answers it."""
    lapsed: Standing | None = None
    """The approval that would answer it, were it not void."""
    is_new: bool = False
    """Whether it has just become void."""


NOTHING = Recalled()


class StandingBook:
    """Every decision that stands. Not for several threads at once."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._by_tool: dict[_Key, list[str]] = {}
        self._changed: dict[str, StandingState] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def all(self) -> tuple[Kept, ...]:
        """Everything that stands, the oldest first; void ones too."""
        return tuple(self._kept.values())

    def add(self, standing: Standing, state: StandingState) -> None:
        """Let a decision stand that was written down."""
        self._kept[standing.id] = Kept(standing, state)
        self._by_tool.setdefault(_key(standing), []).append(standing.id)

    def remove(self, name: str) -> Standing | None:
        """Let a decision stand no longer; what it was, if it stood."""
        kept = self._kept.pop(name, None)
        if kept is None:
            return None
        key = _key(kept.standing)
        self._by_tool[key].remove(name)
        if not self._by_tool[key]:
            del self._by_tool[key]
        self._changed[name] = replace(kept.state, is_over=True)
        return kept.standing

    def same_as(self, standing: Standing) -> list[Standing]:
        """Those whose place a new decision takes."""
        return [kept.standing for kept in self._of(_key(standing)) if is_same_rule(kept.standing, standing)]

    def recall(self, call: Call, definition: ToolDefinition | None, now: float) -> Recalled:
        """What answers this call. An approval that finds another definition is void from now on."""
        found = [kept for kept in self._of(_of_call(call)) if covers(kept.standing, call)]
        found = [kept for kept in found if not is_over(kept.standing, now)]
        for kept in found:
            if kept.standing.kind is AnswerKind.DENY:
                return Recalled(self._use(kept, now))
        lapsed = NOTHING
        for kept in found:
            if definition is None:
                continue  # it cannot be told whether it is what was approved
            if not kept.state.is_void and not has_changed(kept.standing, definition):
                return Recalled(self._use(kept, now))
            if not kept.state.is_void:
                self._set(kept, replace(kept.state, is_void=True))
            lapsed = Recalled(lapsed=kept.standing, is_new=not kept.state.is_void)
        return lapsed

    def elsewhere(self, call: Call) -> list[Standing]:
        """Approvals of this tool that were given where the same names meant another server or grant."""
        found = [kept.standing for kept in self._of(_of_call(call))]
        return [one for one in found if one.kind is AnswerKind.ALLOW and one.place != call.place]

    def learn(self, server: str, definitions: Iterable[ToolDefinition]) -> list[Standing]:
        """Hear what a server says of its tools now: the approvals that are void by that, for good."""
        now = {
            definition.name: definition for definition in definitions
        }  # the last of a name counts, as in the catalog
        found = [kept for kept in self._kept.values() if kept.standing.server == server and not kept.state.is_void]
        void = [one for one in found if one.standing.tool in now and has_changed(one.standing, now[one.standing.tool])]
        for kept in void:
            self._set(kept, replace(kept.state, is_void=True))
        return [kept.standing for kept in void]

    def over(self, now: float) -> list[Standing]:
        """Those whose time is over and that are still in the book."""
        return [kept.standing for kept in self._kept.values() if is_over(kept.standing, now)]

    def of_session(self, session: str) -> list[Standing]:
        """Those that end with this session."""
        found = [kept.standing for kept in self._kept.values()]
        return [one for one in found if one.lifetime is Lifetime.SESSION and one.session == session]

    def take_changes(self) -> list[StandingState]:
        """The states that changed since this was last asked."""
        changes = list(self._changed.values())
        self._changed.clear()
        return changes

    def _use(self, kept: Kept, now: float) -> Standing:
        self._set(kept, replace(kept.state, uses=kept.state.uses + 1, last_used=now))
        return kept.standing

    def _set(self, kept: Kept, state: StandingState) -> None:
        self._kept[state.id] = Kept(kept.standing, state)
        self._changed[state.id] = state

    def _of(self, key: _Key) -> Iterable[Kept]:
        return [self._kept[name] for name in self._by_tool.get(key, ())]


def _key(standing: Standing) -> _Key:
    return (standing.server, standing.grant, standing.tool)


def _of_call(call: Call) -> _Key:
    return (call.caller.server, call.caller.grant, call.tool)
