"""Where a stdio server's messages belong over HTTP, and the names that stateless requests have at the server."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared import subscriptions
from mcp_types import LOG_LEVEL_META_KEY as THE_SDKS_LOG_LEVEL_KEY

from approver.proxy.stdio_placing import (
    LOG_LEVEL_META_KEY,
    SUBSCRIPTION_ID_META_KEY,
    UNRELATED,
    Alias,
    SessionPlaces,
    alias_for,
    meta_of,
)

Message = dict[str, Any]


def asks(request_id: int | str, **params: Any) -> Message:
    return {"jsonrpc": "2.0", "id": request_id, "method": "tools/call", "params": params}


def tells(method: str, **params: Any) -> Message:
    return {"jsonrpc": "2.0", "method": f"notifications/{method}", "params": params}


def test_the_keys_are_those_of_the_sdk() -> None:
    assert subscriptions.SUBSCRIPTION_ID_META_KEY == SUBSCRIPTION_ID_META_KEY
    assert THE_SDKS_LOG_LEVEL_KEY == LOG_LEVEL_META_KEY


def places(*requests: Message) -> SessionPlaces:
    """A session in which these are not answered."""
    made = SessionPlaces()
    for request in requests:
        made.asked(request)
    return made


IDS = st.integers() | st.text(max_size=5)
TOKENS = st.integers() | st.text(max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3)
)
META = st.dictionaries(st.sampled_from(["progressToken", "x", LOG_LEVEL_META_KEY, "trace"]), JSON, max_size=4)
PARAMS = st.none() | st.builds(
    lambda params, meta: params if meta is None else {**params, "_meta": meta},
    st.dictionaries(st.text(max_size=5), JSON, max_size=3),
    st.none() | META | SCALARS,
)


# -- params ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [None, {}, {"_meta": None}, {"_meta": []}, {"_meta": "x"}])
def test_params_without_a_meta_of_the_right_shape_have_an_empty_one(params: Any) -> None:
    assert meta_of(params) == {}


def test_the_meta_of_params_is_read_as_it_is() -> None:
    assert meta_of({"_meta": {"a": [1]}, "b": 2}) == {"a": [1]}


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_what_the_server_asks_or_tells_goes_to_what_was_asked_last() -> None:
    session = places(asks(1), asks("two"))
    assert session.place(asks(9), standing_stream=True) == "two"
    assert session.place(tells("message", data="x"), standing_stream=True) == "two"


def test_where_nothing_is_open_everything_goes_on_the_standing_stream() -> None:
    session = SessionPlaces()
    assert session.place(asks(9), standing_stream=False) is None
    assert session.place(tells("message"), standing_stream=False) is None


@pytest.mark.parametrize("method", sorted(UNRELATED))
def test_what_concerns_no_call_goes_on_the_standing_stream_or_else_to_the_newest_call(method: str) -> None:
    told = {"jsonrpc": "2.0", "method": method}
    assert places(asks(1)).place(told, standing_stream=True) is None
    assert places(asks(1)).place(told, standing_stream=False) == 1


@pytest.mark.parametrize("token", ["t", 7, 0, ""])
def test_progress_goes_to_the_call_of_its_token_however_new_others_are(token: Any) -> None:
    session = places(asks(1, _meta={"progressToken": token}), asks(2, _meta={"progressToken": "other"}), asks(3))
    assert session.place(tells("progress", progressToken=token, progress=1), standing_stream=True) == 1


@pytest.mark.parametrize("params", [{}, {"progressToken": None}, {"progressToken": "none"}, {"progressToken": [1]}])
def test_progress_of_no_open_call_goes_to_nobodys_call(params: Any) -> None:
    session = places(asks(1), asks(2, _meta={"progressToken": "t"}))
    assert session.place(tells("progress", **params), standing_stream=True) is None


def test_a_server_cancels_where_it_had_asked_until_the_client_has_answered() -> None:
    session = places(asks(1))
    session.place(asks("q"), standing_stream=True)
    session.asked(asks(2))
    assert session.place(tells("cancelled", requestId="q"), standing_stream=True) == 1
    session.answered_back(None)
    assert session.place(tells("cancelled", requestId="q"), standing_stream=True) == 1
    session.answered_back("q")
    assert session.place(tells("cancelled", requestId="q"), standing_stream=True) is None


@pytest.mark.parametrize("params", [{}, {"requestId": None}, {"requestId": ["q"]}, {"requestId": {}}])
def test_a_cancellation_that_names_no_request_harms_nothing(params: Any) -> None:
    session = places(asks(1))
    session.place(asks("q"), standing_stream=True)
    assert session.place(tells("cancelled", **params), standing_stream=True) is None


@pytest.mark.parametrize("request_id", [None, [], {}, 1.5])
def test_what_is_no_id_settles_nothing(request_id: Any) -> None:
    session = places(asks(1))
    assert session.settled(request_id) is False
    assert session.open_ids == [1]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5) | st.sampled_from("abc")), max_size=30), JSON)
def test_what_is_asked_is_open_until_it_is_settled_once_and_nothing_is_placed_elsewhere(steps: Any, odd: Any) -> None:
    session, still_open = SessionPlaces(), []
    for is_asked, request_id in steps:
        if is_asked and request_id not in still_open:  # an id that is in flight is refused before
            session.asked(asks(request_id))
            still_open.append(request_id)
        elif not is_asked:
            assert session.settled(request_id) is (request_id in still_open)
            still_open = [one for one in still_open if one != request_id]
        assert session.open_ids == still_open
        newest = still_open[-1] if still_open else None
        assert session.place(tells("message"), standing_stream=True) == newest
        for told in (tells("progress", progressToken=odd), tells("cancelled", requestId=odd)):
            assert session.place(told, standing_stream=True) in (None, *still_open)


# -- stateless requests ------------------------------------------------------------------------------------------------


@given(IDS, PARAMS)
def test_params_renamed_for_the_server_and_renamed_back_are_the_clients(client_id: Any, params: Any) -> None:
    alias = Alias.of("request-1", client_id, params)
    at_server = alias.to_server(params)
    if alias.token is None:
        assert at_server == params
        return
    assert at_server is not None
    assert at_server["_meta"]["progressToken"] == "request-1"
    assert {**at_server, "_meta": {**at_server["_meta"], "progressToken": alias.token}} == params


@given(IDS, TOKENS, st.dictionaries(st.sampled_from(["progress", "total", "message", "_meta"]), JSON, max_size=4))
def test_progress_comes_back_with_the_clients_own_token_and_nothing_is_lost(
    client_id: Any, token: Any, rest: Any
) -> None:
    alias = Alias.of("request-1", client_id, {"_meta": {"progressToken": token}})
    assert alias.to_client({**rest, "progressToken": "request-1"}) == {**rest, "progressToken": token}
    assert alias.to_client(rest) == rest


@given(IDS, st.dictionaries(st.sampled_from(["tools", "uri"]), JSON, max_size=2), META)
def test_what_a_subscription_tells_comes_back_under_the_clients_own_id(client_id: Any, rest: Any, meta: Any) -> None:
    alias = Alias.of("request-1", client_id, None)
    told = {**rest, "_meta": {**meta, SUBSCRIPTION_ID_META_KEY: "request-1"}}
    assert alias.to_client(told) == {**rest, "_meta": {**meta, SUBSCRIPTION_ID_META_KEY: client_id}}


def test_names_of_others_and_bodies_that_are_not_there_stay_as_they_are() -> None:
    alias = Alias.of("request-1", 7, {"_meta": {"progressToken": "t"}})
    assert alias.to_client(None) is None
    of_another = {"progressToken": "request-2", "_meta": {SUBSCRIPTION_ID_META_KEY: "request-2"}}
    assert alias.to_client(of_another) == of_another
    assert Alias.of("request-1", 7, None).to_client({"progressToken": "request-1"}) == {"progressToken": "request-1"}


def test_the_clients_own_params_are_not_changed_in_place() -> None:
    params = {"_meta": {"progressToken": "t"}}
    Alias.of("request-1", 7, params).to_server(params)
    assert params == {"_meta": {"progressToken": "t"}}


@given(st.lists(st.tuples(IDS, st.none() | TOKENS), min_size=1, max_size=6), st.data())
def test_however_alike_the_clients_ids_and_tokens_are_each_hears_only_its_own(clients: Any, data: Any) -> None:
    aliases = [
        Alias.of(f"request-{number}", client_id, {"_meta": {"progressToken": token}})
        for number, (client_id, token) in enumerate(clients)
    ]
    meant = data.draw(st.sampled_from(aliases))
    assert alias_for(tells("progress", progressToken=meant.name), aliases) is meant
    assert alias_for(tells("message", _meta={SUBSCRIPTION_ID_META_KEY: meant.name}), aliases) is meant
    others = [alias for alias in aliases if alias is not meant]
    assert alias_for(tells("progress", progressToken=meant.name), others) is None


@pytest.mark.parametrize(
    "told",
    [
        tells("progress"),
        tells("progress", progressToken="gone"),
        tells("progress", progressToken=["request-1"]),
        tells("tools/list_changed", _meta={SUBSCRIPTION_ID_META_KEY: "gone"}),
        tells("tools/list_changed", _meta={SUBSCRIPTION_ID_META_KEY: {}}),
    ],
)
def test_what_names_nothing_that_is_open_is_for_nobody(told: Message) -> None:
    assert alias_for(told, [Alias("request-1", 1, "t", wants_logs=True)]) is None


def test_a_log_entry_goes_to_the_newest_request_that_asked_for_logs_and_to_no_other() -> None:
    wants = {"_meta": {LOG_LEVEL_META_KEY: "debug"}}
    first, second = Alias.of("a", 1, wants), Alias.of("b", 1, wants)
    silent = Alias.of("c", 1, {"_meta": {}})
    assert alias_for(tells("message", data="x"), [first, second, silent]) is second
    assert alias_for(tells("message", data="x"), [silent]) is None


def test_anything_else_goes_to_the_newest_request_if_there_is_one() -> None:
    told = tells("other")
    assert alias_for(told, [Alias("a", 1), Alias("b", 2)]) == Alias("b", 2)
    assert alias_for(told, []) is None
