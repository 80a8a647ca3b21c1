"""Turns filters into SQL that is quick on a large journal. Filters and a connection in, row numbers out.

Times become row numbers by `spans`; what must match in full becomes numbers of `facets`. A few facets are looked up in
their index, one by one, each only as far back as the page still needs; with many, or none, the rows are walked from the
newest on. A search looks at every row that the rest leaves over.
"""

import sqlite3

from approver.journal.records import Filters
from approver.journal.schema import FACET, SPAN_SECONDS
from approver.model import Outcome

FEW_FACETS = 500
END = 2**63 - 1
"""Greater than any row's number."""

# the newest state of its call: there is no later state of the same call
_IS_NEWEST = """(e."call" = '' OR NOT EXISTS (
    SELECT 1 FROM entries AS later WHERE later."call" = e."call" AND later.facet IS NOT NULL AND later.seq > e.seq))"""
_IN_NAMES = " OR ".join(f"\"{name}\" LIKE :text ESCAPE '!'" for name in FACET)
# a detail that tells of an edited call begins with what was sent
_HOLDS_TEXT = f"""(e."arguments" LIKE :text ESCAPE '!' OR e."message" LIKE :text ESCAPE '!'
    OR (e."detail" LIKE '{{"edited":%' AND e."detail" LIKE :text ESCAPE '!')
    OR e.facet IN (SELECT id FROM facets WHERE {_IN_NAMES}))"""
_EXACT = ("client", "grant", "server", "tool", "rule")

Parameters = dict[str, str | int]


def find(connection: sqlite3.Connection, filters: Filters, limit: int, before: int) -> list[int]:
    """The newest rows before `before`, at most `limit`, that are the newest states of calls that pass the filters."""
    facets, parameters = _facet_condition(filters)
    # a look at a row's own text costs a hundredth of a look for later states of its call, so that comes last
    conditions = [*_time_conditions(filters, parameters), *_search_conditions(filters, parameters), _IS_NEWEST]
    low, high = _bounds(connection, filters)
    parameters |= {"low": low, "high": min(high, before), "limit": limit}
    chosen = _few(connection, facets, parameters) if facets else None
    if chosen is not None:
        return _by_facets(connection, chosen, conditions, parameters)
    conditions.append(f"e.facet IN (SELECT id FROM facets WHERE {facets})" if facets else "e.facet IS NOT NULL")
    return _page(connection, "NOT INDEXED", conditions, parameters)


def count(connection: sqlite3.Connection, since: float, step: float) -> list[tuple[int, str, int]]:
    """How many calls came to each outcome, in each piece of `step` seconds from `since` on: (piece, outcome, calls)."""
    low, _ = _bounds(connection, Filters(since=since))
    query = f"""SELECT (e."at" - :since) / :step AS piece, f."outcome", COUNT(*)
        FROM entries AS e NOT INDEXED JOIN facets AS f ON f.id = e.facet
        WHERE e.seq >= :low AND e."at" >= :since AND {_IS_NEWEST} GROUP BY 1, 2 ORDER BY 1, 2"""
    parameters = {"since": round(since * 1_000_000), "step": round(step * 1_000_000), "low": low}
    return connection.execute(query, parameters).fetchall()


def answers(connection: sqlite3.Connection, since: float, limit: int) -> list[tuple[str, str, str]]:
    """The newest answers that people gave since a time: (server, tool, outcome)."""
    low, _ = _bounds(connection, Filters(since=since))
    query = """SELECT f."server", f."tool", f."outcome" FROM entries AS e JOIN facets AS f ON f.id = e.facet
        WHERE e.seq >= :low AND e."kind" = 'decision' AND e."by" NOT LIKE 'remembered %'
            AND e.facet IN (SELECT id FROM facets WHERE "outcome" IN (:allowed, :denied))
        ORDER BY e.seq DESC LIMIT :limit"""
    wanted = {"allowed": Outcome.APPROVED.value, "denied": Outcome.DENIED_BY_USER.value}
    return connection.execute(query, {**wanted, "low": low, "limit": limit}).fetchall()


def count_tools(connection: sqlite3.Connection, server: str, since: float) -> list[tuple[str, str, int]]:
    """How many calls of each tool of a server came to each outcome since then: (tool, outcome, calls)."""
    low, _ = _bounds(connection, Filters(since=since))
    query = f"""SELECT f."tool", f."outcome", COUNT(*)
        FROM facets AS f CROSS JOIN entries AS e INDEXED BY entries_by_facet
        WHERE f."server" = :server AND e.facet = f.id AND e.seq >= :low AND e."at" >= :since AND {_IS_NEWEST}
        GROUP BY 1, 2 ORDER BY 1, 2"""
    parameters = {"server": server, "since": round(since * 1_000_000), "low": low}
    return connection.execute(query, parameters).fetchall()


def _by_facets(
    connection: sqlite3.Connection, facets: list[int], conditions: list[str], parameters: Parameters
) -> list[int]:
    limit = int(parameters["limit"])
    found: list[int] = []
    for facet in facets:
        if len(found) == limit:
            parameters["low"] = found[-1]  # nothing older gets onto the page any more
        parameters["facet"] = facet
        page = _page(connection, "INDEXED BY entries_by_facet", ["e.facet = :facet", *conditions], parameters)
        found = sorted({*found, *page}, reverse=True)[:limit]
    return found


def _page(connection: sqlite3.Connection, how: str, conditions: list[str], parameters: Parameters) -> list[int]:
    query = f"""SELECT e.seq FROM entries AS e {how} WHERE e.seq >= :low AND e.seq < :high
        AND {" AND ".join(conditions)} ORDER BY e.seq DESC LIMIT :limit"""
    return [number for (number,) in connection.execute(query, parameters)]


def _few(connection: sqlite3.Connection, facets: str, parameters: Parameters) -> list[int] | None:
    """The facets that are meant; None if there are many."""
    rows = connection.execute(f"SELECT id FROM facets WHERE {facets} LIMIT {FEW_FACETS + 1}", parameters).fetchall()
    return [number for (number,) in rows] if len(rows) <= FEW_FACETS else None


def _facet_condition(filters: Filters) -> tuple[str, Parameters]:
    """What facets must fulfil; empty if any will do."""
    parameters: Parameters = {name: value for name in _EXACT if (value := getattr(filters, name)) is not None}
    conditions = [f'"{name}" = :{name}' for name in parameters]
    if filters.outcomes:
        outcomes = {f"outcome{number}": outcome for number, outcome in enumerate(filters.outcomes)}
        conditions.append(f'"outcome" IN ({", ".join(f":{name}" for name in outcomes)})')
        parameters |= outcomes
    return " AND ".join(conditions), parameters


def _time_conditions(filters: Filters, parameters: Parameters) -> list[str]:
    conditions = []
    if filters.since is not None:
        parameters["since"] = round(filters.since * 1_000_000)
        conditions.append('e."at" >= :since')
    if filters.until is not None:
        parameters["until"] = round(filters.until * 1_000_000)
        conditions.append('e."at" < :until')
    return conditions


def _search_conditions(filters: Filters, parameters: Parameters) -> list[str]:
    if not filters.search:
        return []
    literal = filters.search.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    parameters["text"] = f"%{literal}%"
    return [_HOLDS_TEXT]


def _bounds(connection: sqlite3.Connection, filters: Filters) -> tuple[int, int]:
    """The rows between which the wanted times lie, even if the clock was set back; the second not included."""
    low, high = 0, END
    if filters.since is not None:
        span = int(filters.since // SPAN_SECONDS)
        (low,) = connection.execute("SELECT IFNULL(MIN(first), ?) FROM spans WHERE span >= ?", (END, span)).fetchone()
    if filters.until is not None:
        span = int(filters.until // SPAN_SECONDS)
        last = "SELECT IFNULL(MAX(first), 0) FROM spans WHERE span <= ?"
        (last_first,) = connection.execute(last, (span,)).fetchone()
        after = "SELECT IFNULL(MIN(first), ?) FROM spans WHERE first > ?"
        (high,) = connection.execute(after, (END if last_first else 0, last_first)).fetchone()
    return low, high
