"""JSON as clients' files have it: with comments, trailing commas, a byte mark, or a fence from a web page around it.

What is more than JSON is replaced by as many spaces, so every place in the text stays where it is and a mistake's line
and column are those that the person sees. Text goes in, a value or one mistake with a hint comes out. Pure.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from approver.own_files import Unreadable, parse_json

_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL)
"""A string, a comment, or a comma that nothing follows; strings come first so that `//` in an address is no comment."""
_FENCE = re.compile(r"\A\s*```[^\n]*\n(?P<inside>.*?)^\s*```\s*\Z", re.DOTALL | re.MULTILINE)
_NOT_A_LINE_END = re.compile(r"[^\n]")
_CURLY_QUOTES = "“”„‟«»"
_PLACE = re.compile(r"line (\d+), column (\d+): not valid JSON: ")


@dataclass(frozen=True, slots=True)
class JsonMistake:
    """Why a text is no JSON. Line and column count from 1; both are 0 where no single place is wrong."""

    line: int
    column: int
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        """Where, what, and how to mend it."""
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.sentence}" + (f" {self.hint}" if self.hint else "")


def read_lenient(text: str) -> Any | JsonMistake:
    """Parse the text; a `JsonMistake` where it cannot be."""
    plain = plain_json(text)
    if not plain.strip():
        return JsonMistake(0, 0, "There is no text here.")
    if plain.lstrip()[0] not in '{["':
        return JsonMistake(0, 0, "This is no JSON.", "It begins with a brace: {")
    try:
        return parse_json(plain)
    except Unreadable as fault:
        cause = fault.__cause__
        if isinstance(cause, json.JSONDecodeError):
            return _mistake(plain, cause)
        return JsonMistake(0, 0, f"{str(fault)[:1].upper()}{str(fault)[1:]}")


def plain_json(text: str) -> str:
    """The text with spaces for what is more than JSON; everything else stays in its place."""
    fenced = _FENCE.match(text)
    if fenced is not None:
        start, end = fenced.span("inside")
        text = _blank(text[:start]) + text[start:end] + _blank(text[end:])
    # until nothing changes: a comma may become the last one only once the comment behind it is gone
    while (plain := _PIECE.sub(_without, text.replace("\ufeff", " "))) != text:
        text = plain
    return text


def _without(piece: re.Match[str]) -> str:
    return piece[0] if piece[0].startswith('"') else _blank(piece[0])


def _blank(text: str) -> str:
    return _NOT_A_LINE_END.sub(" ", text)


def _mistake(text: str, fault: json.JSONDecodeError) -> JsonMistake:
    at, found = fault.pos, text[fault.pos : fault.pos + 1]
    if fault.msg.startswith("Unterminated"):
        return JsonMistake(fault.lineno, fault.colno, "The text that begins here has no end.", _MISSING_QUOTE)
    if not text[at:].strip():
        hint = "Copy it once more, to the last bracket." if any(map(text.__contains__, "{[")) else ""
        return JsonMistake(fault.lineno, fault.colno, "It ends too early.", hint)
    sentence, hint = _explained(text, at, fault.msg)
    if found in _CURLY_QUOTES:
        sentence, hint = (
            f"{found} is no quote of JSON.",
            "A word processor or a web page made it so; write it straight.",
        )
    return JsonMistake(fault.lineno, fault.colno, sentence, hint)


_MISSING_QUOTE = "Its closing quote is missing, or stands on another line."


def _explained(text: str, at: int, message: str) -> tuple[str, str]:
    """What is wrong in plain words, and how to mend it."""
    found = f"“{text[at]}”" if text[at].isprintable() and text[at] != '"' else "a text" if text[at] == '"' else "this"
    single = text[at] == "'"
    if message.startswith("Expecting ',"):
        return f"A comma is missing before {found}.", ""
    if message.startswith("Expecting ':"):
        return f"A colon is missing before {found}.", "After each name stands a colon, then its value."
    if message.startswith("Expecting property name") or single:
        return f"A name in double quotes was expected, not {found}." if not single else _SINGLE, _NAME_HINT
    if message.startswith("Extra data"):
        return f"The JSON ends before {found}.", "Put what belongs together into one pair of braces { }."
    if message.startswith("Invalid \\"):
        return "A backslash begins nothing here that JSON knows.", 'In a path write two: "C:\\\\Users".'
    if message.startswith("Invalid control"):
        return "A line ends, or a tab stands, within a text.", _MISSING_QUOTE
    return f"A value was expected, not {found}.", "Texts stand in double quotes."


_SINGLE = "Single quotes are no quotes of JSON."
_NAME_HINT = 'Names and texts stand in double quotes: "command": "npx".'
