"""Where the statements of a TOML text stand, so that some of them can be changed and all others kept.

Text that `tomllib` accepts goes in; statements with their offsets come out. tomllib itself tells no places; what a
value means is left to it, and only its extent is looked for here.
"""

import re
from dataclasses import dataclass

Path = tuple[str, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


class NoStatement(ValueError):
    """The text is no TOML at this offset."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"no TOML at {offset}")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Statement:
    """A table's header or a pair of key and value, from its first character to the end of its line."""

    path: Path
    """The whole path of what it speaks of."""
    start: int
    end: int
    """After the line's end."""
    value_start: int = 0
    value_end: int = 0
    """Of a pair; both are 0 for a header."""

    @property
    def is_header(self) -> bool:
        """Whether it begins a table."""
        return self.value_end == 0


def statements(text: str) -> tuple[Statement, ...]:
    """Every statement in order. Raises `NoStatement` where there is none."""
    found: list[Statement] = []
    table: Path = ()
    at = _after(_BLANK, text, 0)
    while at < len(text):
        statement = _header(text, at) if text[at] == "[" else _pair(text, at, table)
        found.append(statement)
        if statement.is_header:
            table = statement.path
        at = _after(_BLANK, text, statement.end)
    return tuple(found)


def _header(text: str, start: int) -> Statement:
    brackets = 2 if text.startswith("[[", start) else 1
    path, at = _keys(text, start + brackets)
    if not text.startswith("]" * brackets, at):
        raise NoStatement(at)
    return Statement(path, start, _line_end(text, at + brackets))


def _pair(text: str, start: int, table: Path) -> Statement:
    keys, at = _keys(text, start)
    if text[at : at + 1] != "=":
        raise NoStatement(at)
    value_start = _after(_SPACE, text, at + 1)
    value_end = _value_end(text, value_start)
    return Statement((*table, *keys), start, _line_end(text, value_end), value_start, value_end)


def _keys(text: str, at: int) -> tuple[Path, int]:
    """A dotted key, and where it ends with the space after it."""
    parts: list[str] = []
    while True:
        at = _after(_SPACE, text, at)
        if string := _STRING.match(text, at):
            parts.append(_text_of(string[0]))
            at = string.end()
        elif bare := _BARE.match(text, at):
            parts.append(bare[0])
            at = bare.end()
        else:
            raise NoStatement(at)
        at = _after(_SPACE, text, at)
        if text[at : at + 1] != ".":
            return tuple(parts), at
        at += 1


def _text_of(quoted: str) -> str:
    import tomllib  # only for keys in quotes, which are rare

    return str(tomllib.loads(f"key = {quoted}")["key"])


def _value_end(text: str, at: int) -> int:
    depth = 0
    while True:
        if string := _STRING.match(text, at):
            at = string.end()
        elif text[at : at + 1] in ("[", "{"):
            depth, at = depth + 1, at + 1
        elif text[at : at + 1] in ("]", "}") and depth:
            depth, at = depth - 1, at + 1
        elif scalar := _SCALAR.match(text, at):
            at = at + len(scalar[0].rstrip()) if not depth else _after_scalar(scalar)
        else:
            raise NoStatement(at)
        if not depth:
            return at
        at = _after(_BLANK, text, at)
        while text[at : at + 1] == ",":
            at = _after(_BLANK, text, at + 1)


def _after_scalar(scalar: re.Match[str]) -> int:
    """Within brackets a key of an inline table may come first, and then a value of any kind."""
    equals = scalar[0].find("=")
    inner = re.search(r"""["'\[{]""", scalar[0])
    if inner is not None:
        return scalar.start() + inner.start()
    return scalar.end() if equals < 0 else scalar.start() + len(scalar[0].rstrip())


def _line_end(text: str, at: int) -> int:
    rest = _REST_OF_LINE.match(text, at)
    if rest is None:
        raise NoStatement(at)
    return rest.end()


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
