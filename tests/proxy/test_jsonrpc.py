"""JSON-RPC on the wire: what clients send is read strictly, what servers send is read mildly."""

import json
import math

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from approver.proxy import jsonrpc
from approver.proxy.jsonrpc import WireFault

IDS = st.one_of(st.integers(), st.integers(-(10**40), 10**40), st.text())
NUMBERS = st.one_of(st.integers(-(10**40), 10**40), st.floats(allow_nan=False, allow_infinity=False))
TEXT = st.text(st.characters())  # half surrogate pairs too: JSON can write them down
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=5)


def refusal_of(line: bytes) -> WireFault:
    with pytest.raises(WireFault) as caught:
        jsonrpc.parse(line)
    return caught.value


# -- reading what clients send -----------------------------------------------------------------------------------------


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf{}")
@example(b'{"a":' + b"[" * 100_000)
@example(b'{"a":' * 300 + b"1" + b"}" * 300)
@example(b'{"a":1e999999999}')
@example(b'{"a":' + b"9" * 5000 + b"}")
@example(b"\xed\xa0\x80")
def test_whatever_bytes_come_they_are_read_or_refused(line: bytes) -> None:
    try:
        message = jsonrpc.parse(line)
    except WireFault as fault:
        assert json.loads(jsonrpc.error(fault.request_id, fault.code, fault.message))["error"]["code"] == fault.code
    else:
        assert isinstance(message, dict)


@given(OBJECTS, st.booleans(), st.booleans())
def test_what_is_read_is_written_again_as_the_same_json(value: dict, escape: bool, spaced: bool) -> None:
    text = json.dumps(value, ensure_ascii=escape, separators=None if spaced else (",", ":"))
    try:
        line = text.encode()
    except UnicodeEncodeError:  # half a surrogate pair is no UTF-8: only an escape can carry it
        line = json.dumps(value).encode()
    message = jsonrpc.parse(line)
    written = jsonrpc.encode(message)
    assert b"\n" not in written
    assert same(json.loads(written), value)
    assert same(jsonrpc.parse(written), value)
    assert jsonrpc.digest(jsonrpc.parse(written)) == jsonrpc.digest(message)


def same(one: object, other: object) -> bool:
    """JSON equality that tells 1 from 1.0 and true."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@given(OBJECTS, TEXT, JSON, JSON, st.data())
def test_a_key_that_stands_twice_is_refused_wherever_it_is(value: dict, key: str, first, second, data) -> None:
    pair = f"{json.dumps(key)}: {json.dumps(first)}, {json.dumps(key)}: {json.dumps(second)}"
    others = json.dumps({other: inner for other, inner in value.items() if other != key})[1:-1]
    text = "{" + (f"{others}, {pair}" if others else pair) + "}"
    for _ in range(data.draw(st.integers(0, 4))):
        text = data.draw(st.sampled_from(['{{"inner": {}}}', "[0, {}]", '{{"x": [{}], "y": {{}}}}'])).format(text)
    fault = refusal_of(('{"outer": ' + text + "}").encode())
    assert fault.code == jsonrpc.PARSE_ERROR
    assert f"the key {json.dumps(key)} stands twice" in fault.message


@pytest.mark.parametrize("after", [b"}", b"e}", b".}"])
@pytest.mark.parametrize(
    "before", [b'"n":', b'"s":"\\"' + b"8" * 5000 + b'","n":', b'"f":0.' + b"7" * 5000 + b'e1,"n":-', b'"d":12,"n":[1,']
)
def test_an_integer_of_too_many_digits_is_refused_in_words_for_people(before: bytes, after: bytes) -> None:
    head = b'{"jsonrpc":"2.0","id":7,"params":{' + before
    fault = refusal_of(head + b"9" * 4301 + after)
    at = len(head) - head.endswith(b"-")
    words = f"Refused: the integer at byte {at:,} has 4,301 digits; at most 4,300 are accepted. Send it as a string."
    assert (fault.code, fault.message, fault.request_id) == (jsonrpc.PARSE_ERROR, words, 7)


def test_an_integer_of_as_many_digits_as_can_be_is_read() -> None:
    assert jsonrpc.parse(b'{"n":' + b"9" * 4300 + b"}") == {"n": 10**4300 - 1}


def test_keys_that_only_look_different_are_the_same_key() -> None:
    assert "stands twice" in refusal_of(rb'{"name": "read", "n\u0061me": "write"}').message


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (b"", jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b"hello", jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'{"a": 1', jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'{"a": 1} {"b": 2}', jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'{"a": 1,}', jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'{"a": "\x01"}', jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'{"a": NaN}', jsonrpc.PARSE_ERROR, "NaN is not a JSON number"),
        (b'{"a": Infinity}', jsonrpc.PARSE_ERROR, "Infinity is not a JSON number"),
        (b'{"a": [-Infinity]}', jsonrpc.PARSE_ERROR, "-Infinity is not a JSON number"),
        (b'{"a": 1e400}', jsonrpc.PARSE_ERROR, "the number 1e400 is too large"),
        (b'{"a": -1e400}', jsonrpc.PARSE_ERROR, "the number -1e400 is too large"),
        (b'{"a": "\xff"}', jsonrpc.PARSE_ERROR, "no valid UTF-8 at byte 7"),
        (b"\xef\xbb\xbf{}", jsonrpc.PARSE_ERROR, "not valid JSON"),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', jsonrpc.INVALID_REQUEST, "batches are not accepted"),
        (b"[]", jsonrpc.INVALID_REQUEST, "batches are not accepted"),
        (b'"tools/call"', jsonrpc.INVALID_REQUEST, "is a JSON object"),
        (b"null", jsonrpc.INVALID_REQUEST, "is a JSON object"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", jsonrpc.PARSE_ERROR, "nested more than 256 deep"),
        (b'{"a": ' + b"[" * 256 + b"]" * 256 + b"}", jsonrpc.PARSE_ERROR, "nested more than 256 deep"),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(line: bytes, code: int, words: str) -> None:
    fault = refusal_of(line)
    assert fault.code == code
    assert words in fault.message
    assert fault.message.startswith("Refused: ")
    assert str(fault) == fault.message


def test_nesting_up_to_the_limit_is_read_and_written() -> None:
    line = b'{"a":' + b"[" * 255 + b"]" * 255 + b"}"
    assert jsonrpc.encode(jsonrpc.parse(line)) == line


def test_many_brackets_side_by_side_are_not_nesting() -> None:
    line = b'{"a":[' + b"{}," * 1000 + b"[]]}"
    assert jsonrpc.encode(jsonrpc.parse(line)) == line


def test_a_line_of_the_greatest_length_is_read_and_a_longer_one_refused() -> None:
    frame = b'{"jsonrpc":"2.0","id":7,"method":"x","params":{"text":""}}'
    filling = b"x" * (jsonrpc.MAX_LINE - len(frame))
    line = frame.replace(b'""', b'"' + filling + b'"')
    assert len(line) == jsonrpc.MAX_LINE
    assert jsonrpc.parse(line)["id"] == 7
    fault = refusal_of(line + b" ")
    assert (fault.code, fault.request_id) == (jsonrpc.INVALID_REQUEST, 7)
    assert "longer than 16 MiB (16,777,216 bytes)" in fault.message


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Method", "method"),
        ("METHOD", "method"),
        ("Params", "params"),
        ("param\u017f", "params"),  # a long s is an s to whoever folds case
        ("Id", "id"),
        ("reſult", "result"),
    ],
)
def test_a_member_that_some_readers_take_for_another_is_refused(name: str, meant: str) -> None:
    """A reader who ignores case, as Go's JSON does, would see another message than the one that is judged."""
    fault = refusal_of(json.dumps({"jsonrpc": "2.0", "id": 1, name: "tools/call"}).encode())
    assert (fault.code, fault.request_id) == (jsonrpc.INVALID_REQUEST, 1)
    assert f'for "{meant}"' in fault.message


def test_members_of_no_meaning_pass() -> None:
    assert jsonrpc.parse(b'{"jsonrpc":"2.0","method":"x","extra":{"Method":1},"trace":1}')["trace"] == 1


# -- whose refusal it is -----------------------------------------------------------------------------------------------


@given(IDS)
@example("\ud800")
@example('quoted "and\\ escaped')
def test_the_id_of_a_refused_message_is_found(request_id) -> None:
    line = json.dumps({"method": "tools/call", "params": {}, "id": request_id})[:-1] + ', "x": NaN}'
    assert refusal_of(line.encode()).request_id == request_id


@pytest.mark.parametrize(
    ("line", "request_id"),
    [
        (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"a":1,"a":2}}', 5),
        (b'{"jsonrpc": "2.0", "method": "tools/call", "id": "five", "params": {"a": ', "five"),
        (b' { "id" : -3 , oops', -3),
        (b'{"id":"\\ud800","x":NaN}', "\ud800"),
        (b'{"id":7,"params":"\xff"', 7),
        (b'{"params":{"id":5},"x":NaN}', None),
        (b'{"params":{"id":5},"x":', None),
        (b'{"x":1,"id":1,"y":2,"id":2}', None),
        (b'{"id":1.5,"x":NaN}', None),
        (b'{"id":01,"x":NaN}', None),
        (b'{"id":true,"x":NaN}', None),
        (b'{"id":null,"x":NaN}', None),
        (b'{"id":{"a":1,"a":2}}', None),
        (b'{"id":"\\q","x":NaN}', None),
        (b'[["id",5],{"a":1,"a":2}]', None),
        (b'"\x01"', None),
        (b'{"a":' + b"[" * 100_000, None),
        (b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}", None),
        (b'{"params":{"text":"' + b"x" * 5000 + b'","a":NaN},"id":9}', 9),
        (b'{"params":{"text":"' + b"x" * 5000 + b'","a":NaN},"id":"n\\u0069ne" } ', "nine"),
        (b'{"params":{"text":"' + b"x" * 5000 + b'","a":NaN},"id":09}', None),
        (b'{"params":{"text":"' + b"x" * 5000 + b'","a":NaN}}', None),
    ],
)
def test_an_id_is_named_only_where_it_is_sure(line: bytes, request_id: object) -> None:
    assert jsonrpc.find_id(line) == request_id


@pytest.mark.parametrize(
    ("head", "tail", "request_id"),
    [
        (b'{"id":3,"params":"xxxx', b'xxxx"}', 3),
        (b'{"params":"xxxx', b'xxxx","id":4}', 4),
        (b'{"params":"xxxx', b'xxxx"}', None),
        (b'{"params":"xxxx","id":5}', b"", 5),
    ],
)
def test_of_a_line_too_long_to_keep_both_ends_are_looked_at(head: bytes, tail: bytes, request_id: object) -> None:
    fault = jsonrpc.too_long(head, tail)
    assert (fault.code, fault.request_id) == (jsonrpc.INVALID_REQUEST, request_id)
    assert "longer than 16 MiB (16,777,216 bytes)" in fault.message


@pytest.mark.parametrize(
    ("value", "usable"), [(0, True), (-5, True), ("", True), ("a", True), (1.0, False), (True, False), (None, False)]
)
def test_ids_are_strings_and_integers(value: object, usable: bool) -> None:
    assert jsonrpc.is_request_id(value) is usable


# -- tools/call --------------------------------------------------------------------------------------------------------


def tool_call(**changes: object) -> dict:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "echo", "arguments": {}}}
    return {key: value for key, value in {**message, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    "message",
    [
        tool_call(),
        tool_call(id="a"),
        tool_call(params={"name": "echo"}),
        tool_call(params={"name": "echo", "_meta": {"progressToken": 1}, "task": {}}),
        tool_call(params={"name": "echo", "arguments": {"Name": "x", "name": "y"}, "unheard-of": {}}),
    ],
)
def test_a_well_formed_call_is_accepted(message: dict) -> None:
    jsonrpc.check_tool_call(message)


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        (tool_call(id=...), jsonrpc.INVALID_REQUEST, "needs an id"),
        (tool_call(id=None), jsonrpc.INVALID_REQUEST, "needs an id"),
        (tool_call(id=True), jsonrpc.INVALID_REQUEST, "needs an id"),
        (tool_call(id=1.5), jsonrpc.INVALID_REQUEST, "needs an id"),
        (tool_call(id=[1]), jsonrpc.INVALID_REQUEST, "needs an id"),
        (tool_call(jsonrpc=...), jsonrpc.INVALID_REQUEST, '"jsonrpc": "2.0"'),
        (tool_call(jsonrpc="1.0"), jsonrpc.INVALID_REQUEST, '"jsonrpc": "2.0"'),
        (tool_call(jsonrpc=2.0), jsonrpc.INVALID_REQUEST, '"jsonrpc": "2.0"'),
        (tool_call(result={}), jsonrpc.INVALID_REQUEST, "not both"),
        (tool_call(error={}), jsonrpc.INVALID_REQUEST, "not both"),
        (tool_call(params=...), jsonrpc.INVALID_PARAMS, "params of a tools/call are an object"),
        (tool_call(params=["echo"]), jsonrpc.INVALID_PARAMS, "params of a tools/call are an object"),
        (tool_call(params={}), jsonrpc.INVALID_PARAMS, "params.name"),
        (tool_call(params={"name": ""}), jsonrpc.INVALID_PARAMS, "params.name"),
        (tool_call(params={"name": ["echo"]}), jsonrpc.INVALID_PARAMS, "params.name"),
        (tool_call(params={"name": "echo", "arguments": None}), jsonrpc.INVALID_PARAMS, "params.arguments"),
        (tool_call(params={"name": "echo", "arguments": [1]}), jsonrpc.INVALID_PARAMS, "params.arguments"),
        (tool_call(params={"name": "echo", "_meta": "x"}), jsonrpc.INVALID_PARAMS, "params._meta"),
        (tool_call(params={"name": "echo", "Name": "rm"}), jsonrpc.INVALID_PARAMS, 'take "Name" for "name"'),
        (tool_call(params={"name": "echo", "Arguments": {}}), jsonrpc.INVALID_PARAMS, 'for "arguments"'),
        (tool_call(params={"name": "echo", "argument\u017f": {}}), jsonrpc.INVALID_PARAMS, 'for "arguments"'),
        (tool_call(params={"name": "echo", "requeststate": "x"}), jsonrpc.INVALID_PARAMS, 'for "requestState"'),
    ],
)
def test_a_call_that_two_readers_could_take_differently_is_refused(message: dict, code: int, words: str) -> None:
    with pytest.raises(WireFault) as caught:
        jsonrpc.check_tool_call(message)
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.request_id == (message.get("id") if jsonrpc.is_request_id(message.get("id")) else None)


# -- writing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_id", [1, "a", None, 10**30, "\ud800", "line\nfeed"])
def test_an_error_carries_any_id_on_one_line(request_id) -> None:
    written = jsonrpc.error(request_id, -32600, "No.")
    assert b"\n" not in written
    assert json.loads(written) == {"jsonrpc": "2.0", "id": request_id, "error": {"code": -32600, "message": "No."}}


def test_a_raw_result_is_written_as_it_is_even_beside_half_a_surrogate_pair() -> None:
    raw = msgspec.Raw(b'{"a": 1.50}')
    assert jsonrpc.encode({"id": 1, "result": raw}) == b'{"id":1,"result":{"a": 1.50}}'
    assert json.loads(jsonrpc.encode({"id": "\ud800", "result": raw})) == {"id": "\ud800", "result": {"a": 1.5}}


@given(OBJECTS)
def test_a_digest_does_not_depend_on_the_order_of_keys(value: dict) -> None:
    shuffled = dict(reversed(value.items()))
    assert jsonrpc.digest(shuffled) == jsonrpc.digest(value)


@given(JSON, JSON)
def test_different_values_have_different_digests(one, other) -> None:
    assert (jsonrpc.digest(one) == jsonrpc.digest(other)) == same_written(one, other)


def same_written(one: object, other: object) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


# -- reading what servers send -----------------------------------------------------------------------------------------


@given(IDS, JSON)
def test_the_envelope_of_an_answer_is_read_and_its_result_kept(request_id, result) -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": request_id, "result": result}).encode()
    envelope = jsonrpc.read_envelope(line)
    assert envelope is not None
    assert envelope.id == request_id
    assert same(json.loads(bytes(envelope.result)), result)
    assert (envelope.method, envelope.error) == (msgspec.UNSET, msgspec.UNSET)


@pytest.mark.parametrize(
    "line",
    [
        rb'{"jsonrpc":"2.0","id":1,"result":{"text":"cut off \ud83d","isError":true}}',
        b'{"jsonrpc":"2.0","id":1,"result":{"number":NaN,"isError":true}}',
        b'{"jsonrpc":"2.0","id":1,"result":{"number":-Infinity,"isError":true}}',
        b'{"jsonrpc":"2.0","id":1,"result":{"number":1e999,"isError":true}}',
        b'{"jsonrpc":"2.0","id":1,"result":{"text":"\xff","isError":true}}',
        b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"result":{"isError":true}}',
    ],
)
def test_an_answer_is_not_lost_for_what_sloppy_writers_put_in_it(line: bytes) -> None:
    envelope = jsonrpc.read_envelope(line)
    assert envelope is not None
    assert envelope.id == 1
    assert jsonrpc.read_tool_result(envelope.result).isError is True


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"starting up...",
        b"{",
        b"[]",
        b"1",
        b'"jsonrpc"',
        b'{"jsonrpc":"1.0","id":1,"result":{}}',
        b'{"id":1,"result":{}}',
        b'{"id":1,"result":NaN}',
        b'{"jsonrpc":"2.0","id":[1],"result":{}}',
        b'{"jsonrpc":"2.0","id":true,"result":NaN}',
        b'{"jsonrpc":"2.0","method":1}',
        b'{"jsonrpc":"2.0","id":1,"result":\xff}',
        b'{"jsonrpc":"2.0","id":1,"result":' + b"[" * 100_000,
        b'{"jsonrpc":"2.0","id":1,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_servers_line_that_is_no_message_is_none(line: bytes) -> None:
    assert jsonrpc.read_envelope(line) is None


@given(st.binary(max_size=100))
def test_whatever_a_server_writes_reading_it_never_fails(line: bytes) -> None:
    jsonrpc.read_envelope(line)
    jsonrpc.read_tool_result(msgspec.Raw(line))


@pytest.mark.parametrize(
    ("result", "is_error", "kind"),
    [
        (b'{"content":[]}', False, ""),
        (b'{"content":[],"isError":true}', True, ""),
        (b'{"resultType":"input_required"}', False, "input_required"),
        (b'{"isError":"yes"}', False, ""),
        (b"[]", False, ""),
        (b"", False, ""),
        (b'{"isError":true,"n":NaN}', True, ""),
        (b'{"isError":1,"n":NaN}', False, ""),
    ],
)
def test_what_must_be_known_of_a_result_is_read(result: bytes, is_error: bool, kind: str) -> None:
    seen = jsonrpc.read_tool_result(msgspec.Raw(result))
    assert (seen.isError, seen.resultType) == (is_error, kind)


def test_a_servers_line_is_read_as_a_value_sloppy_or_not() -> None:
    assert jsonrpc.read(b'{"a": [1, "b"]}') == {"a": [1, "b"]}
    assert jsonrpc.read(rb'{"a": "\ud83d"}') == {"a": "\ud83d"}
    assert math.isnan(jsonrpc.read(b"NaN"))


@pytest.mark.parametrize("line", [b"{", b"[" * 100_000, b"\xff"])
def test_a_servers_line_that_is_no_json_has_no_value(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        jsonrpc.read(line)
