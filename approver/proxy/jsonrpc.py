"""JSON-RPC as it goes over the wire: strict reading of what clients send, cheap reading of what servers send.

A client's line is parsed once, strictly; the parsed object is what is judged and what is encoded again and forwarded,
so that no duplicate key or odd spelling can make the server see another call than the one that was judged. A server's
line is forwarded as it came; only its envelope is looked at.
"""

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from typing import Any

import msgspec

MAX_LINE = 16 * 1024 * 1024
"""Longest line a client may send, in bytes without its line feed."""
MAX_NESTING = 256
"""How deep objects and arrays may be nested: what is read here must also be written, compared and shown."""

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
UNAVAILABLE = -32000
"""Implementation-defined: Approver cannot carry the request now."""

RequestId = str | int


class WireFault(Exception):
    """What a client sent is refused: a JSON-RPC error for it, and a sentence for the journal."""

    def __init__(self, code: int, message: str, request_id: RequestId | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.request_id = request_id


class _DuplicateKey(ValueError):
    pass


class _NoNumber(ValueError):
    pass


_KEPT_ONCE = {
    key: key
    for key in (
        *("jsonrpc", "id", "method", "params", "name", "arguments", "_meta", "progressToken", "version"),
        *(f"io.modelcontextprotocol/{key}" for key in ("protocolVersion", "clientCapabilities", "clientInfo")),
    )
}
"""The keys of nearly every message: a thousand that wait share them."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = {_KEPT_ONCE.get(key, key): item for key, item in pairs}
    if len(value) != len(pairs):
        seen: set[str] = set()
        again = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add() is there for its effect
        raise _DuplicateKey(f"the key {json.dumps(again)} stands twice in one object")
    return value


def _constant(name: str) -> Any:
    raise _NoNumber(f"{name} is not a JSON number")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _NoNumber(f"the number {text[:40]} is too large")
    return value


_strict = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_float).decode


def parse(line: bytes) -> dict[str, Any]:
    """Read one message of a client's.

    Raises:
        WireFault: the line is no JSON, has duplicate keys or numbers that are none, is a batch or no object, or has a
            member that reads like one of JSON-RPC's.
    """
    if len(line) > MAX_LINE:
        raise too_long(line)
    try:
        message = _strict(line.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise _unreadable(line, fault) from None
    if isinstance(message, list):
        raise WireFault(INVALID_REQUEST, "Refused: JSON-RPC batches are not accepted; send one message a line.")
    if not isinstance(message, dict):
        raise WireFault(INVALID_REQUEST, "Refused: a JSON-RPC message is a JSON object.")
    _check_nesting(line, message)
    _refuse_misspelt(message, _MEMBERS, INVALID_REQUEST, id_of(message))
    return message


def _unreadable(line: bytes, fault: Exception) -> WireFault:
    match fault:
        case _DuplicateKey():
            text = f"Refused: {fault}, so it is ambiguous."
        case RecursionError():
            text = _TOO_DEEP
        case UnicodeDecodeError():
            return WireFault(PARSE_ERROR, f"Refused: no valid UTF-8 at byte {fault.start}.")
        case _NoNumber() | json.JSONDecodeError():
            text = f"Refused: not valid JSON: {fault}."
        case _:  # all that is left: an integer of more digits than Python reads
            text = _too_many_digits(line)
    return WireFault(PARSE_ERROR, text, find_id(line))


_STRING_OR_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"|-?([0-9]++)((?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)')


def _too_many_digits(line: bytes) -> str:
    """What is wrong with a line that has an integer of too many digits, and where that stands."""
    most = sys.get_int_max_str_digits()
    found = (one for one in _STRING_OR_NUMBER.finditer(line) if one[1] is not None and not one[2])
    integer = next(one for one in found if len(one[1]) > most)
    return (
        f"Refused: the integer at byte {integer.start():,} has {len(integer[1]):,} digits; at most {most:,} are "
        "accepted. Send it as a string."
    )


_TOO_DEEP = f"Refused: the JSON is nested more than {MAX_NESTING} deep."


def _check_nesting(line: bytes, message: dict[str, Any]) -> None:
    if line.count(b"{") + line.count(b"[") <= MAX_NESTING:
        return
    level: list[Any] = [message]
    for _ in range(MAX_NESTING):
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise WireFault(PARSE_ERROR, _TOO_DEEP, find_id(line))


def too_long(head: bytes, tail: bytes = b"") -> WireFault:
    """The fault of a line that is too long, of which `head` and `tail` are at hand: how long it was is not known."""
    return WireFault(
        INVALID_REQUEST,
        f"Refused: the message is longer than {MAX_LINE / 2**20:g} MiB ({MAX_LINE:,} bytes); send it in smaller parts.",
        find_id(head[:4096]) or _id_at_end(tail or head[-4096:]),
    )


_ID = rb'"id"\s*:\s*(-?\d{1,18}|"(?:[^"\\]|\\.)*")\s*'
_LEADING_ID = re.compile(rb'\A\s*\{\s*(?:"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,\s*)*' + _ID + rb"[,}]")
_FINAL_ID = re.compile(rb",\s*" + _ID + rb"\}\s*\Z")


def find_id(line: bytes) -> RequestId | None:
    """The request id of a line that could not be read, where it can be told without doubt."""
    if found := _LEADING_ID.search(line):
        return _id_from(found.group(1))
    if len(line) > 4096:
        return _id_at_end(line[-4096:])
    try:
        members = json.loads(line, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, tuple):
        return None
    ids = [value for key, value in members if key == "id"]
    return ids[0] if len(ids) == 1 and is_request_id(ids[0]) else None


def _id_at_end(tail: bytes) -> RequestId | None:
    found = _FINAL_ID.search(tail)
    return _id_from(found.group(1)) if found else None


def _id_from(text: bytes) -> RequestId | None:
    try:
        value: RequestId = json.loads(text)
    except ValueError:
        return None
    return value


def is_request_id(value: object) -> bool:
    """Whether `value` may stand as a request's id: a string or an integer."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def id_of(message: Mapping[str, Any]) -> RequestId | None:
    """The message's id, where it may be one."""
    request_id: Any = message.get("id")
    return request_id if is_request_id(request_id) else None


_MEMBERS = frozenset({"jsonrpc", "id", "method", "params", "result", "error"})
_CALL_MEMBERS = frozenset({"name", "arguments", "_meta", "task", "requestState", "inputResponses"})
_MEANT = {member.casefold(): member for member in _MEMBERS | _CALL_MEMBERS}


def _refuse_misspelt(
    members: Mapping[str, Any], known: frozenset[str], code: int, request_id: RequestId | None
) -> None:
    """Refuse what would be another message to a reader who ignores case, as many Go programs do."""
    if members.keys() <= known:
        return
    for name in members:
        if name not in known and (meant := _MEANT.get(name.casefold())) in known:
            text = f"Refused: some readers would take {json.dumps(name)} for {json.dumps(meant)}; write it so."
            raise WireFault(code, text, request_id)


def check_tool_call(message: Mapping[str, Any]) -> None:
    """Refuse a `tools/call` that two readers could understand differently.

    Raises:
        WireFault: no usable id (then no answer can reach its sender either), or `params` of another shape than MCP's.
    """
    request_id = message.get("id")
    if not is_request_id(request_id):
        raise WireFault(INVALID_REQUEST, "Refused: a tools/call needs an id, a string or an integer.")
    if message.get("jsonrpc") != "2.0":
        raise WireFault(INVALID_REQUEST, 'Refused: a tools/call needs "jsonrpc": "2.0".', request_id)
    if "result" in message or "error" in message:
        raise WireFault(INVALID_REQUEST, "Refused: a message is a request or a response, not both.", request_id)
    params = message.get("params")
    if not isinstance(params, dict):
        raise WireFault(INVALID_PARAMS, "Refused: the params of a tools/call are an object.", request_id)
    if not isinstance(params.get("name"), str) or not params["name"]:
        raise WireFault(INVALID_PARAMS, "Refused: a tools/call names its tool in params.name, a string.", request_id)
    _refuse_misspelt(params, _CALL_MEMBERS, INVALID_PARAMS, request_id)
    for member in ("arguments", "_meta"):
        if not isinstance(params.get(member, {}), dict):
            raise WireFault(INVALID_PARAMS, f"Refused: params.{member} of a tools/call is an object.", request_id)


_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


def progress_token(params: Mapping[str, Any]) -> str | int | float | None:
    """Under what a request's sender wants to hear of its progress, if it does; what can be no token is none."""
    token = (params.get("_meta") or {}).get("progressToken")
    return token if isinstance(token, str | int | float) and not isinstance(token, bool) else None


def encode(message: Any) -> bytes:
    """One message as JSON text without a line feed."""
    try:
        return _encode(message)
    except UnicodeEncodeError:  # an unpaired surrogate: only \\u escapes can carry it
        return json.dumps(message, separators=(",", ":"), default=_unraw).encode()


def _unraw(raw: msgspec.Raw) -> Any:
    return json.loads(bytes(raw).decode("utf-8", "replace"))


def digest(value: Any) -> str:
    """SHA-256, hex, of the canonical JSON of `value`: keys sorted, no white space."""
    try:
        text = _encode_sorted(value)
    except UnicodeEncodeError:
        text = json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


def error(request_id: RequestId | None, code: int, message: str) -> bytes:
    """A JSON-RPC error response."""
    return encode({"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}})


class Envelope(msgspec.Struct):
    """The outside of a server's message; `result` and `error` stay undecoded."""

    jsonrpc: str
    id: str | int | float | None | msgspec.UnsetType = msgspec.UNSET
    method: str | msgspec.UnsetType = msgspec.UNSET
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class ToolResult(msgspec.Struct):
    """What must be known of a tools/call's result."""

    isError: bool = False  # noqa: N815  (the protocol's own spelling)
    resultType: str = ""  # noqa: N815  (as above)


_envelope = msgspec.json.Decoder(Envelope)
_tool_result = msgspec.json.Decoder(ToolResult)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_envelope(line: bytes) -> Envelope | None:
    """The envelope of a server's line; None where the line is no JSON-RPC message."""
    try:
        envelope = _envelope.decode(line)
    except _UNREADABLE:
        return _read_envelope_leniently(line)
    return envelope if envelope.jsonrpc == "2.0" else None


def read_tool_result(result: bytes | msgspec.Raw) -> ToolResult:
    """The two members of a result that decide how it is logged; defaults where it has another shape."""
    try:
        return _tool_result.decode(result)
    except _UNREADABLE:
        pass
    try:
        return msgspec.convert(json.loads(bytes(result)), ToolResult)
    except (ValueError, msgspec.ValidationError, RecursionError):
        return ToolResult()


def read(line: bytes) -> Any:
    """A server's line as a value. Raises `ValueError` where it is no JSON.

    Half a surrogate pair or a NaN, which many servers write and most clients read, must not lose an answer on its way.
    """
    try:
        return msgspec.json.decode(line)
    except _UNREADABLE:
        pass
    try:
        return json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _read_envelope_leniently(line: bytes) -> Envelope | None:
    try:
        message = read(line)
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return None
        for name in message.keys() & {"result", "error"}:
            message[name] = msgspec.Raw(json.dumps(message[name]).encode())
        return msgspec.convert(message, Envelope)
    except (ValueError, msgspec.ValidationError, RecursionError):
        return None
