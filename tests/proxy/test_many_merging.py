"""Many answers as one."""

from approver.proxy.many_merging import capabilities, merged_discover, merged_initialize, merged_list, renamed
from approver.proxy.many_names import Addresses, Names

INFO_KEY = "io.modelcontextprotocol/serverInfo"


def test_the_handshake_has_the_clients_revision_and_all_that_the_servers_can() -> None:
    one = {"protocolVersion": "2024-11-05", "capabilities": {"tools": {}}, "instructions": "Be kind."}
    two = {"protocolVersion": "2025-06-18", "capabilities": {"resources": {"subscribe": True}, "logging": {}}}
    merged = merged_initialize("2025-06-18", {"one": one, "two": two}, "1.0")
    assert merged == {
        "protocolVersion": "2025-06-18",
        "capabilities": {
            "tools": {"listChanged": True},
            "resources": {"subscribe": True, "listChanged": True},
            "logging": {},
        },
        "serverInfo": {"name": "approver", "version": "1.0"},
        "instructions": "# one\n\nBe kind.",
    }
    assert merged_initialize("2099-01-01", {}, "1")["protocolVersion"] == "2025-11-25"
    assert "instructions" not in merged_initialize(None, {"two": two}, "1")


def test_what_one_server_can_do_is_not_taken_away_by_another() -> None:
    one = {"capabilities": {"resources": {"subscribe": True}, "experimental": {"a": {}}}}
    two = {"capabilities": {"resources": {"subscribe": False}, "experimental": {"b": {}}}}
    for order in ([one, two], [two, one]):
        united = capabilities(order)
        assert united["resources"]["subscribe"] is True and set(united["experimental"]) == {"a", "b"}
    assert capabilities([{"capabilities": 5}]) == {"tools": {"listChanged": True}}


def test_servers_are_discovered_as_one_with_the_revisions_they_share() -> None:
    meta = {"_meta": {INFO_KEY: {"name": "one"}, "x": 1}}
    one = {"supportedVersions": ["2026-07-28", "2027-01-01"], "capabilities": {"tools": {}}, "ttlMs": 9, **meta}
    two = {"supportedVersions": ["2026-07-28"], "capabilities": {"prompts": {}}, "ttlMs": 5, "cacheScope": "private"}
    merged = merged_discover({"one": {**one, "cacheScope": "public", "instructions": "Hi."}, "two": two}, "1")
    assert merged == {
        "supportedVersions": ["2026-07-28"],
        "capabilities": {"tools": {"listChanged": True}, "prompts": {"listChanged": True}},
        "ttlMs": 5,
        "cacheScope": "private",
        "_meta": {INFO_KEY: {"name": "approver", "version": "1"}, "x": 1},
        "instructions": "# one\n\nHi.",
    }


def test_servers_without_a_common_revision_are_not_discovered() -> None:
    assert merged_discover({}, "1") is None
    assert merged_discover({"one": {"supportedVersions": ["a"]}, "two": {"supportedVersions": ["b"]}}, "1") is None
    assert merged_discover({"one": {"supportedVersions": ["a"]}, "two": {}}, "1") is None


def test_all_pages_of_all_servers_become_one() -> None:
    pages = {
        "one": [{"tools": [1], "nextCursor": "x", "ttlMs": 7}, {"tools": [2]}],
        "two": [{"tools": [3], "ttlMs": 3}],
    }
    assert merged_list("tools", pages) == {"tools": [1, 2, 3], "ttlMs": 3}
    assert merged_list("tools", {}) == {"tools": []}
    assert merged_list("tools", {"one": [{"tools": "nonsense"}]}) == {"tools": []}


def test_items_get_the_names_that_the_client_is_to_use() -> None:
    names, addresses = {"tools": Names(), "prompts": Names()}, Addresses()

    def rename(server: str, member: str, *items: object) -> list[object]:
        found: list[object] = renamed(server, member, {member: list(items)}, names, addresses)[member]
        return found

    assert rename("a", "tools", {"name": "t", "title": "T"}, {"name": 5}, "odd") == [
        {"name": "a__t", "title": "T"}, {"name": 5}, "odd",
    ]  # fmt: skip
    assert rename("a", "prompts", {"name": "p"}) == [{"name": "a__p"}]
    assert rename("a", "resources", {"uri": "x://1"}, {}) == [{"uri": "x://1"}, {}]
    assert rename("b", "resources", {"uri": "x://1"}) == [{"uri": "approver://b/x://1"}]
    assert rename("a", "resourceTemplates", {"uriTemplate": "x://{n}"}) == [{"uriTemplate": "x://{n}"}]
    assert rename("a", "tasks", {"taskId": "1"}) == [{"taskId": "1"}]
