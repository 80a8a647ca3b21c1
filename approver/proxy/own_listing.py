"""Asks a server for its tools on Approver's own account: a person is to see what a tool is said to do.

    begin ── tools/list, page by page ──> server
    definitions <── answered <── the server's answers

The answers stay here: the client has asked for nothing, and hears nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from approver.model import ToolDefinition
from approver.proxy import jsonrpc
from approver.proxy.listing import filter_listing, next_cursor

OWN_LIST_ID = "approver:tools"
MOST_PAGES = 100
"""Pages that are asked for, at most: a server may name a next one for ever."""


class OwnListing:
    """One session's question for the tools, asked once."""

    def __init__(self, to_server: Callable[[bytes], object]) -> None:
        self._to_server = to_server
        self._meta: Mapping[str, Any] = {}
        self._pages = 0

    @property
    def has_begun(self) -> bool:
        """Whether an answer with the id `OWN_LIST_ID` is one to us."""
        return self._pages > 0

    def begin(self, meta: Mapping[str, Any]) -> None:
        """Ask, unless that was done; `meta` is what requests of this client's carry."""
        if not self._pages:
            self._meta = {key: value for key, value in meta.items() if key != "progressToken"}
            self._ask({})

    def answered(self, line: bytes) -> list[ToolDefinition]:
        """Take an answer; asks for the next page if there is one."""
        if (cursor := next_cursor(line)) is not None and self._pages < MOST_PAGES:
            self._ask({"cursor": cursor})
        return filter_listing(line, lambda tool: False)[1]

    def _ask(self, cursor: dict[str, str]) -> None:
        self._pages += 1
        params = {"_meta": self._meta, **cursor} if self._meta else cursor
        message = {"jsonrpc": "2.0", "id": OWN_LIST_ID, "method": "tools/list", "params": params}
        self._to_server(jsonrpc.encode(message))
