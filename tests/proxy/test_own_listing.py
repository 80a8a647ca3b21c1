"""Approver's own question for a server's tools."""

import json
from typing import Any

from approver.proxy.own_listing import MOST_PAGES, OwnListing


def answer(*names: str, cursor: Any = None) -> bytes:
    result = {"tools": [{"name": name} for name in names]} | ({"nextCursor": cursor} if cursor is not None else {})
    return json.dumps({"jsonrpc": "2.0", "id": "approver:tools", "result": result}).encode()


def names(definitions: Any) -> list[str]:
    return [definition.name for definition in definitions]


def test_all_pages_are_asked_for_with_the_clients_meta() -> None:
    sent: list[bytes] = []
    listing = OwnListing(sent.append)
    assert not listing.has_begun
    listing.begin({"progressToken": 1, "who": "x"})
    listing.begin({})
    assert listing.has_begun
    assert names(listing.answered(answer("a", "b", cursor="2"))) == ["a", "b"]
    assert names(listing.answered(answer("c"))) == ["c"]
    assert [json.loads(line)["params"] for line in sent] == [
        {"_meta": {"who": "x"}},
        {"_meta": {"who": "x"}, "cursor": "2"},
    ]


def test_a_cursor_that_is_no_text_and_an_answer_that_is_no_list_end_it() -> None:
    sent: list[bytes] = []
    listing = OwnListing(sent.append)
    listing.begin({})
    assert names(listing.answered(answer("a", cursor=5))) == ["a"]
    assert names(listing.answered(b"{}")) == []
    assert [json.loads(line)["params"] for line in sent] == [{}]


def test_a_list_without_an_end_is_given_up() -> None:
    sent: list[bytes] = []
    listing = OwnListing(sent.append)
    listing.begin({})
    for _ in range(MOST_PAGES + 10):
        listing.answered(answer("a", cursor="again"))
    assert len(sent) == MOST_PAGES
