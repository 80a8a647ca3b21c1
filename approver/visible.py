"""Makes text of strangers harmless to look at: what cannot be seen, or moves what can, is shown as a mark.

Tool names, arguments and messages come from agents and servers, which may put terminal commands, direction overrides,
zero-width characters or whole hidden messages (tag characters, variation selectors) into them. Text goes in, text comes
out whose every character has a shape of its own and stands where it is read:

    C0 controls and DEL                  their control picture            ESC -> ␛   newline -> ␊
    other controls, formats (bidi,       ⟨U+202E⟩
    zero-width, tags), surrogates,
    private use, unassigned, line and
    paragraph separators, blanks other
    than the space, fillers, variation
    selectors
    the marks' own characters            ⟨U+27E8⟩ for a ⟨, ⟨U+241B⟩ for a ␛

As the marks' own characters are marked too, nobody can write a mark, and the original can be read back exactly.
"""

import re
import unicodedata
from collections.abc import Callable

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_BLANK = frozenset(
    [
        0x034F,  # combining grapheme joiner
        0x115F, 0x1160, 0x3164, 0xFFA0,  # Hangul fillers: letters without a shape
        0x17B4, 0x17B5,  # Khmer inherent vowels
        *range(0x180B, 0x1810),  # Mongolian variation selectors
        0x2800,  # Braille pattern without dots
        *range(0xFE00, 0xFE10),  # variation selectors: enough of them carry a hidden text
        0x16FE4,  # Khitan filler
        0x1D159,  # musical symbol null notehead
        *range(0xE0100, 0xE01F0),  # more variation selectors
    ]
)  # fmt: skip
_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, 0x2421
_OWN = frozenset([ord("⟨"), ord("⟩"), *range(_PICTURES, _PICTURES + 0x20), _DELETE_PICTURE])
_REMEMBERED = 10_000


class _Table(dict[int, int | str]):
    """What `str.translate` asks, character by character; remembers answers, but not all of Unicode's."""

    def __init__(self, shown: Callable[[int], int | str], kept: str = "") -> None:
        super().__init__({ord(character): character for character in kept})
        self._shown = shown

    def __missing__(self, code: int) -> int | str:
        shown = self._shown(code)
        if len(self) < _REMEMBERED:
            self[code] = shown
        return shown


def _is_unseen(code: int) -> bool:
    return code != 0x20 and (code in _BLANK or unicodedata.category(chr(code)) in _UNSEEN)


def _marked(code: int) -> int | str:
    if code < 0x20:
        return _PICTURES + code
    if code == _DELETE:
        return _DELETE_PICTURE
    return f"⟨U+{code:04X}⟩" if code in _OWN or _is_unseen(code) else code


def _json_escaped(code: int) -> int | str:
    if not _is_unseen(code):
        return code
    units = chr(code).encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


_one_line = _Table(_marked)
_many_lines = _Table(_marked, kept="\n")
_json = _Table(_json_escaped, kept="\n")


def make_visible(text: str, *, newlines: bool = False) -> str:
    """The text with marks for everything that cannot be seen; `newlines` keeps line feeds as they are."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_many_lines if newlines else _one_line)


_OF_OWN = {code: chr(code) for code in _OWN}
_unseen_only = _Table(lambda code: _OF_OWN.get(code) or _numbered(code), kept="\n")
_MARK = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩|([␀-␟␡])")


_NUMBERS = {_PICTURES + code: f"⟨U+{code:04X}⟩" for code in range(0x20)} | {_DELETE_PICTURE: f"⟨U+{_DELETE:04X}⟩"}


def _numbered(code: int) -> int | str:
    shown = _marked(code)
    return _NUMBERS.get(shown, shown) if isinstance(shown, int) else shown


def mark_unseen(text: str) -> str:
    """The text with marks for what cannot be seen; marks that stand there already stay, as do line feeds."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_unseen_only)


def make_editable(text: str, *, newlines: bool = False) -> str:
    """`make_visible` for a field: controls have numbers too, since many fonts lack their pictures."""
    return make_visible(text, newlines=newlines).translate(_NUMBERS)


def without_marks(text: str) -> str:
    """What a text with marks stands for: the other way round than `make_visible`, exactly."""
    return text if text.isascii() else _MARK.sub(_unmarked, text)


def _unmarked(mark: re.Match[str]) -> str:
    if mark[2]:
        code = ord(mark[2])
        return chr(_DELETE if code == _DELETE_PICTURE else code - _PICTURES)
    code = int(mark[1], 16)
    return chr(code) if code <= 0x10FFFF else mark[0]


def escape_json(text: str) -> str:
    r"""JSON text that means the same, with `\u` escapes for everything that cannot be seen.

    Only for text that is JSON already: there, such characters stand within strings, and the line feeds outside of them.
    """
    return text if text.isascii() and "\x7f" not in text else text.translate(_json)
