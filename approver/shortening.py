"""Makes a bounded copy of a JSON value, for the log: whole where it is small, else with what is left out told.

Texts are cut between words, so that no half of a secret stays behind where a whole one would have been covered.
"""

from typing import Any

TEXT = 16_384
"""Characters that are kept of one text."""
ITEMS = 5_000
"""Members and elements that are kept of the whole value."""
DEPTH = 200
_LONGEST_WORD = 2_048


def shorten(value: Any) -> Any:
    """A copy of at most `ITEMS` members, each of its texts at most `TEXT` characters and a remark."""
    return _Shortening().copy(value, 0)


class _Shortening:
    def __init__(self) -> None:
        self._left = ITEMS

    def copy(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return _cut(value)
        if not isinstance(value, dict | list):
            return value
        if depth >= DEPTH:
            return "… (nested more deeply than is kept)"
        return self._members(value, depth) if isinstance(value, dict) else self._elements(value, depth)

    def _members(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, member in value.items():
            if self._left <= 0:
                kept["…"] = f"(+{len(value) - len(kept)} members)"
                break
            self._left -= 1
            kept[_cut(key)] = self.copy(member, depth + 1)
        return kept

    def _elements(self, value: list[Any], depth: int) -> list[Any]:
        kept: list[Any] = []
        for element in value:
            if self._left <= 0:
                kept.append(f"… (+{len(value) - len(kept)} elements)")
                break
            self._left -= 1
            kept.append(self.copy(element, depth + 1))
        return kept


def _cut(text: str) -> str:
    if len(text) <= TEXT:
        return text
    head = text[:TEXT]
    words = head.rsplit(None, 1)
    whole = words[0] if len(words) == 2 and len(words[1]) <= _LONGEST_WORD else head[: TEXT - _LONGEST_WORD]
    return f"{whole}… (+{len(text) - len(whole):,} characters)"
