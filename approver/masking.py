"""Covers values that look secret before they are written down or shown: JSON values in, an equal shape out. Pure.

A value is covered because of the key it stands under (`password`, `apiKey`, `X-Auth-Token`) or because of what it looks
like (a bearer token, a private key, the password in a URL). In its place stands how much is hidden:

    {"user": "ana", "password": "hunter2"}  ->  {"user": "ana", "password": "••• (7 characters hidden)"}

A text that merely looks like such a mask is covered as well, so a mask always means that something is hidden. Around a
covered piece of a text every character stays, also in JSON within a string, at any depth of escaping. Covering too
little leaks into the log; covering too much keeps from the person what they approve, so what a text is searched for
leaves no room for a command. No recursion, so depth does no harm.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

_SHORT = 4096
"""Characters up to which looking once before is quicker than searching."""
_Place = tuple[dict[Any, Any] | list[Any], Any]
_Span = tuple[int, int, str]
"""Where a text is covered: from, to, and the quote that the mask needs around it where it stands in for bare JSON."""


def mask_arguments(value: Any) -> Any:
    """A deep copy with the values covered that look secret. Null, booleans and what is empty hide nothing and stay."""
    whole: list[Any] = [None]
    waiting: list[tuple[Any, _Place]] = [(value, (whole, 0))]
    while waiting:
        item, (target, where) = waiting.pop()
        if isinstance(item, Mapping):
            target[where] = copy = dict.fromkeys(item)
            named = _is_named_secret(item)
            for key, inner in item.items():
                if _covers(key, inner) or (named and key == "value"):
                    copy[key] = _cover(inner)
                else:
                    waiting.append((inner, (copy, key)))
        elif isinstance(item, list | tuple):
            target[where] = entries = [None] * len(item)
            waiting.extend((inner, (entries, number)) for number, inner in enumerate(item))
        else:
            target[where] = mask_text(item) if isinstance(item, str) else item
    return whole[0]


def mask_text(text: str) -> str:
    """The text with the pieces covered that look secret."""
    spans = _spans(text)
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for start, end, quote in _joined(spans):
        pieces += text[done:start], quote, _mask(end - start), quote
        done = end
    return "".join([*pieces, text[done:]])


def _joined(spans: list[_Span]) -> list[_Span]:
    """The spans in order, those that overlap made one."""
    joined: list[_Span] = []
    for start, end, quote in sorted(spans, key=lambda span: (span[0], -span[1])):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end), joined[-1][2])
        else:
            joined.append((start, end, quote))
    return joined


def _mask(hidden: int) -> str:
    return f"••• ({hidden} character{'' if hidden == 1 else 's'} hidden)"


def _cover(value: Any) -> Any:
    if value is None or isinstance(value, bool) or value in ("", [], (), {}):
        return value
    if isinstance(value, str):
        return _mask(len(value))
    try:
        return _mask(len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
    except (TypeError, ValueError, RecursionError):  # no JSON, an integer of thousands of digits, or far too deep
        return "••• (hidden)"


# -- keys --------------------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONGEST_KEY = 200
_WHOLE_KEYS = _words("pass pin otp totp cvv cvc ssn pat")
_SECRET_WORDS = _words(
    "password passwords passwd passphrase passcode pwd secret secrets credential credentials authorization auth cookie "
    "cookies apikey apikeys privatekey secretkey accesskey bearer jwt"
)
_SECRET_ENDINGS = ("password", "passwd", "passphrase", "secret", "apikey", "privatekey", "secretkey", "accesskey")
_TOKEN_ENDINGS = tuple(f"{kind}token" for kind in _words("access auth api refresh id bearer session csrf xsrf bot"))
_SECRET_KEYS = _words(
    "api private secret access signing encryption ssh auth account master session shared subscription"
)
_PASS_OF = _words("user db database smtp ftp root admin")
_ABOUT_A_SECRET = _words(
    "count counts limit limits length len size budget usage used name names type types kind url uri endpoint path "
    "paths file filename files dir directory policy format expiry expires expiration ttl lifetime age version field "
    "fields enabled required status rotation algorithm strength rule rules hint method mode scheme provider"
)
"""What follows a secret's name where something about it is said, not the secret itself: `password_policy`."""
_PIECE_OF_TEXT = _words(
    "max min num number total n count prompt completion input output cached reasoning used remaining context stop "
    "special pad eos bos unk sep cls mask page next continuation sync per generated new image audio text"
)
"""What precedes `token` where it is a piece of text or a place in a list: `max_tokens`, `next_page_token`."""
_ABOUT_A_PIECE = _words("id ids index indices per price rate cost")
"""What follows `token` where it is a piece of text: `token_ids`."""


def _is_named_secret(item: Mapping[Any, Any]) -> bool:
    """Whether it is one of a list of headers or variables: `{"name": "DB_PASSWORD", "value": …}`."""
    return "value" in item and any(
        isinstance(name := item.get(key), str) and names_a_secret(name) for key in ("name", "key", "header")
    )


def _covers(key: Any, value: Any) -> bool:
    if not isinstance(key, str) or not names_a_secret(key):
        return False
    return not (isinstance(value, int | float) and key.lower().endswith("tokens"))  # a count of them


def names_a_secret(key: str) -> bool:
    """Whether what stands under this key is likely to be a secret."""
    return _judge_key(key) if len(key) <= _LONGEST_KEY else _judge_key.__wrapped__(key)


@lru_cache(maxsize=4096)
def _judge_key(key: str) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    if len(words) == 1 and words[0] in _WHOLE_KEYS:
        return True
    around = ["", *words, ""]
    return any(_is_secret(*around[position : position + 3]) for position in range(len(words)))


def _is_secret(before: str, word: str, after: str) -> bool:
    if after in _ABOUT_A_SECRET:
        return False
    if word in ("token", "tokens"):
        return before not in _PIECE_OF_TEXT and after not in _ABOUT_A_PIECE
    if word in ("key", "keys"):
        return before in _SECRET_KEYS
    if word in ("pass", "word", "phrase", "code"):
        return before == "pass" or (word == "pass" and before in _PASS_OF)
    return word in _SECRET_WORDS or word.endswith(_SECRET_ENDINGS) or word.endswith(_TOKEN_ENDINGS)


# -- texts: what gives itself away -------------------------------------------------------------------------------------

_LINE_END = r"(?:\r?\n|\\r|\\n)"
_PEM_LINE = r"(?:(?:Proc-Type|DEK-Info|Version): [\w ,.()\-]{1,60}|[A-Za-z0-9+/=]*)"
_PREFIXES = "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxa- xoxb- xoxe- xoxp- xoxr- xoxs- hf_ npm_ pypi- AIza ya29."
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    # what a text must hold, in lower case, to be worth a search; then what to search for, covering the group `hide`
    (needle, re.compile(pattern))
    for needle, pattern in (
        ("•••", r"(?P<hide>••• \((?:\d+ characters? )?hidden\))"),
        (
            "private key",
            rf"-----BEGIN [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----(?P<hide>(?:{_LINE_END}+[ \t]*{_PEM_LINE})+)",
        ),
        ("bearer", r"\b(?i:bearer)\s+(?P<hide>[A-Za-z0-9][\w.~+/=\-]{7,})"),
        ("basic", r"\b(?i:basic)\s+(?P<hide>(?=[A-Za-z+/]{0,200}[0-9=])[A-Za-z0-9][A-Za-z0-9+/]{7,}=*)"),
        ("eyj", r"\b(?P<hide>eyJ[\w\-]{5,}\.[\w\-]{5,}\.[\w\-]*)"),
        ("akia", r"\bAKIA(?P<hide>[0-9A-Z]{16})\b"),
        ("asia", r"\bASIA(?P<hide>[0-9A-Z]{16})\b"),
        ("sk-", r"\bsk-(?P<hide>(?=[\w\-]{0,64}\d)[\w\-]{16,})"),
        ("_live_", r"\b[rsp]k_live_(?P<hide>[A-Za-z0-9]{10,})"),
        ("_test_", r"\b[rsp]k_test_(?P<hide>[A-Za-z0-9]{10,})"),
        *((prefix.lower(), rf"\b{re.escape(prefix)}(?P<hide>[\w\-]{{16,}})") for prefix in _PREFIXES.split()),
        (
            "://",  # user:password@ of a URL
            r"\b[A-Za-z][A-Za-z0-9+.\-]{0,30}://[^\s/@:?#\"'<>]*:(?P<hide>(?:(?!\$[({])[^\s/?#\"'<>`;|&\\])+)@",
        ),
        ("cookie:", r"\b(?i:set-cookie|cookie): ?(?P<hide>[\w.\-]+=[\w.%+/=\-]*(?:; ?[\w.\-]+=[\w.%+/=\-]*)*)"),
    )
)
_HINT = re.compile("pass|pwd|secret|credential|auth|cookie|key|bearer|jwt|token")
"""What the name of a secret holds, in lower case; plain alternatives are several times as fast as anything finer."""


_WORTH_A_SEARCH = re2.compile("|".join([*(re2.escape(needle) for needle, _ in _SHAPES), _HINT.pattern, r"[\"']\s*:"]))
"""One linear search that most texts, which hide nothing, do not pass."""


def _spans(text: str) -> list[_Span]:
    lowered = text.replace("İ", "i").lower()  # the one letter that grows by it; what follows must stay in step
    if len(lowered) < _SHORT and lowered.isascii() and _WORTH_A_SEARCH.search(lowered) is None:
        return []
    found: list[_Span] = []
    for needle, pattern in _SHAPES:
        if needle in lowered:
            found += ((*match.span("hide"), "") for match in pattern.finditer(text))
    found += _named_spans(text, lowered)
    found += _labelled_spans(text)
    return found


# -- texts: assignments, options and headers ---------------------------------------------------------------------------

_BARE = r"(?P<hide>[^\s&;|\"'`,()<>{}$\\=\-][^\s&;|\"'`,()<>{}$\\]*)(?P<call>\(?)"
"""One word of a command line that holds no command; before a bracket it is the name of what is called, and stays."""
_QUOTED = r"(?P<quote>[\"'])(?P<hide>[^\"'$`;|&<>(){}\\\n]{1,200})(?P=quote)"
_NAME = re.compile(r"[\w.\-]*")
_NAME_TAIL = re.compile(r"[\w.\-]*\Z")
_LONGEST_NAME = 64
_AFTER_NAME = tuple(re.compile(pattern) for pattern in (f"={_BARE}", f"[ \t]*=[ \t]*{_QUOTED}"))
_AFTER_OPTION = tuple(re.compile(pattern) for pattern in (f"[ \t]+{_BARE}", f"[ \t]+{_QUOTED}"))
_AFTER_HEADER = (re.compile(r": (?!(?i:bearer|basic)\b)(?P<hide>(?=\S{0,200}\d)[A-Za-z0-9][\w.~+/=\-]{7,})"),)


def _named_spans(text: str, lowered: str) -> Iterator[_Span]:
    """Where a value follows a bare name: `TOKEN=…`, `--password …`, `X-Api-Key: …`."""
    done = 0
    for hint in _HINT.finditer(lowered):
        if hint.start() < done:
            continue
        before = text[max(done, hint.start() - _LONGEST_NAME) : hint.start()]
        head, rest = _NAME_TAIL.search(before), _NAME.match(text, hint.start())
        assert head is not None
        assert rest is not None
        name, done = head[0] + rest[0], rest.end()
        if names_a_secret(name):
            patterns = _AFTER_NAME + _AFTER_HEADER + (_AFTER_OPTION if name.startswith("--") else ())
            values = (pattern.match(text, rest.end()) for pattern in patterns)
            if (value := next(filter(None, values), None)) is not None:
                done = value.end()
                if not value.groupdict().get("call"):
                    yield (*value.span("hide"), "")


# -- texts: JSON within them -------------------------------------------------------------------------------------------
#
# JSON in a string has its quotes escaped, once for each string it is in. So a quote is n backslashes and the mark, and
# n tells which of the nested texts it belongs to: nothing needs to be decoded, and what is not quite JSON works too.

_COLON = re.compile(r"[\"']\s*:\s*")
_QUOTE = re.compile(r"(?<!\\)(\\*+)([\"'])")
_QUOTE_OR_BRACKET = re.compile(r"(?<!\\)(\\*+)([\"'])|[{}\[\]]")
_SCALAR = re.compile(r"[^\s,}\]\"'\\]*")
_HARMLESS_SCALARS = frozenset(["", "null", "true", "false", "None", "True", "False"])


def _labelled_spans(text: str) -> Iterator[_Span]:
    r"""Where a value follows a name in quotes: `"token": …`, `\"token\": …`."""
    done = 0
    for colon in _COLON.finditer(text):
        if colon.start() < done:
            continue
        mark = colon[0][0]
        opening = text.rfind(mark, max(done, colon.start() - _LONGEST_KEY), colon.start())
        key = text[opening + 1 : colon.start()].rstrip("\\")
        escapes = colon.start() - opening - 1 - len(key)
        if opening >= 0 and names_a_secret(key) and text.endswith("\\" * escapes, 0, opening):
            start, done, quoted = _value_at(text, colon.end(), escapes, mark, key)
            if done > start:
                yield start, done, "\\" * escapes + mark if quoted else ""


def _value_at(text: str, start: int, escapes: int, mark: str, key: str) -> tuple[int, int, bool]:
    """Where the value begins and ends, and whether its mask needs quotes; ends where it begins if it hides nothing."""
    opening = _QUOTE.match(text, start)
    if opening is not None and len(opening[1]) == escapes:
        return opening.end(), _string_end(text, opening.end(), escapes, opening[2]), False
    if text[start : start + 1] in ("{", "["):
        end = _container_end(text, start, escapes, mark)
        return start, start if text[start + 1 : end - 1].strip() == "" else end, True
    scalar = _SCALAR.match(text, start)
    assert scalar is not None
    harmless = scalar[0] in _HARMLESS_SCALARS or not _covers(key, 0)
    return start, start if harmless else scalar.end(), True


def _string_end(text: str, start: int, escapes: int, mark: str) -> int:
    """Where the content of a string ends that began with a quote of so many backslashes."""
    for quote in _QUOTE.finditer(text, start):
        further = len(quote[1]) - escapes
        pairs, rest = divmod(further, escapes + 1)
        if quote[2] == mark and (further < 0 or (rest == 0 and pairs % 2 == 0)):
            return quote.start() + max(further, 0)  # with fewer backslashes: the text around this one ends
    return len(text)


def _container_end(text: str, start: int, escapes: int, mark: str) -> int:
    """Where the object or list ends that begins here."""
    depth, position = 0, start
    while token := _QUOTE_OR_BRACKET.search(text, position):
        position = token.end()
        if token[0] in ("{", "["):
            depth += 1
        elif token[0] in ("}", "]"):
            depth -= 1
            if depth == 0:
                return position
        elif len(token[1]) < escapes and token[2] == mark:
            return token.start()
        elif len(token[1]) == escapes:
            position = min(_string_end(text, position, escapes, token[2]) + escapes + 1, len(text))
    return len(text)
