"""Filters held to what a plain loop over the same rows finds, and to the indexes that make them quick."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_entries import entry, notice, write
from still_time import NOON

from approver.journal import finding
from approver.journal.finding import END, find
from approver.journal.records import Filters
from approver.model import Entry, EntryKind, Outcome

STATES = (EntryKind.ASKED, EntryKind.PENDING, EntryKind.DECISION, EntryKind.REFUSED)
ENTRIES = st.lists(
    st.builds(
        entry,
        kind=st.sampled_from(EntryKind),
        call=st.sampled_from(["", "c1", "c2", "c3"]),
        at=st.floats(NOON - 2000, NOON + 2000),
        client=st.sampled_from(["a", "b"]),
        tool=st.sampled_from(["x", "y", "50%_!"]),
        outcome=st.sampled_from([Outcome.ALLOWED.value, Outcome.PENDING.value]),
        arguments=st.sampled_from(['{"p":"Needle"}', '{"p":"hay"}']),
        message=st.sampled_from(["", "needle"]),
    ),
    max_size=25,
)
FILTERS = st.builds(
    Filters,
    since=st.none() | st.floats(NOON - 2500, NOON + 2500),
    until=st.none() | st.floats(NOON - 2500, NOON + 2500),
    client=st.sampled_from([None, "a", "nobody"]),
    tool=st.sampled_from([None, "x", "50%_!"]),
    grant=st.sampled_from([None, "local"]),
    outcomes=st.sampled_from([(), ("allowed",), ("allowed", "pending"), ("refused",)]),
    search=st.sampled_from(["", "needle", "NEEDLE", "%_!", "%", "files"]),
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    write(tmp_path / "journal.db", notice())
    connection = sqlite3.connect(tmp_path / "journal.db")
    yield connection
    connection.close()


def outcome_of(one: Entry) -> str:
    return {EntryKind.ASKED: "pending", EntryKind.REFUSED: "refused"}.get(one.kind, one.outcome)


def passes(one: Entry, filters: Filters) -> bool:
    at = round(one.at * 1_000_000)
    names = [one.client, one.grant, one.server, one.tool, outcome_of(one), one.rule, one.arguments, one.message]
    return (
        (filters.since is None or at >= round(filters.since * 1_000_000))
        and (filters.until is None or at < round(filters.until * 1_000_000))
        and filters.client in (None, one.client)
        and filters.tool in (None, one.tool)
        and filters.grant in (None, one.grant)
        and (not filters.outcomes or outcome_of(one) in filters.outcomes)
        and any(filters.search.lower() in name.lower() for name in names)
    )


def found_by_hand(entries: list[Entry], filters: Filters, limit: int, before: int) -> list[int]:
    newest: dict[Any, int] = {}
    for number, one in enumerate(entries, start=1):
        if one.kind in STATES:
            newest[one.call or number] = number
    fitting = [number for number in newest.values() if number < before and passes(entries[number - 1], filters)]
    return sorted(fitting, reverse=True)[:limit]


@given(ENTRIES, FILTERS, st.integers(1, 6), st.sampled_from([END, 10]), st.sampled_from([0, 1, 500]))
def test_what_is_found_is_what_a_plain_loop_finds(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], filters: Filters, limit: int, before: int, few: int
) -> None:
    """With few facets and with many: the two ways must not differ."""
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    write(path, *entries)
    connection = sqlite3.connect(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "FEW_FACETS", few)
        assert find(connection, filters, limit, before) == found_by_hand(entries, filters, limit, before)
    connection.close()


def test_a_clock_that_was_set_back_hides_nothing(tmp_path: Path) -> None:
    hours = [5, 6, 7, 3, 4, 5, 6, 1, 9]
    entries = [entry(call=f"c{number}", at=NOON + hour * 3600) for number, hour in enumerate(hours)]
    write(tmp_path / "journal.db", *entries)
    connection = sqlite3.connect(tmp_path / "journal.db")
    for since in range(11):
        for until in range(11):
            filters = Filters(since=NOON + since * 3600, until=NOON + until * 3600)
            assert find(connection, filters, 50, END) == found_by_hand(entries, filters, 50, END)
    connection.close()


def plans(connection: sqlite3.Connection, filters: Filters) -> list[str]:
    """How SQLite goes about each query on the rows."""
    queries: list[str] = []
    connection.set_trace_callback(queries.append)
    find(connection, filters, 50, END)
    connection.set_trace_callback(None)
    on_rows = [query for query in queries if "FROM entries AS e" in query]
    return [row[3] for query in on_rows for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]


def test_a_filter_uses_the_index_and_a_search_walks_the_rows(tmp_path: Path) -> None:
    write(tmp_path / "journal.db", entry(call="a"), entry(call="b", tool="other"))
    connection = sqlite3.connect(tmp_path / "journal.db")
    for filters in (Filters(client="Tester"), Filters(outcomes=("allowed", "denied_by_user"), since=NOON)):
        steps = plans(connection, filters)
        assert any("USING INDEX entries_by_facet (facet=? AND rowid>? AND rowid<?)" in step for step in steps)
        assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in steps)
    for filters in (Filters(), Filters(search="x")):
        steps = plans(connection, filters)
        assert any("USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in step for step in steps)
        assert any("USING COVERING INDEX entries_by_call" in step for step in steps)
        assert not any("TEMP B-TREE" in step for step in steps)
    connection.close()


def test_of_each_facet_no_more_is_read_than_gets_onto_the_page(tmp_path: Path) -> None:
    write(tmp_path / "journal.db", *(entry(call=f"c{number}", tool=f"t{number // 10}") for number in range(40)))
    connection = sqlite3.connect(tmp_path / "journal.db")
    queries: list[str] = []
    connection.set_trace_callback(queries.append)
    assert find(connection, Filters(client="Tester"), 5, END) == [40, 39, 38, 37, 36]
    assert find(connection, Filters(client="Tester"), 15, 36) == list(range(35, 20, -1))
    connection.set_trace_callback(None)
    assert any("e.seq >= 6 " in query for query in queries)  # after the first facet's page
    connection.close()


def test_nothing_is_found_where_nothing_was_judged(connection: sqlite3.Connection) -> None:
    assert find(connection, Filters(), 5, END) == []
    assert find(connection, Filters(client="Tester", since=NOON, until=NOON), 5, END) == []
