"""Who is let in over HTTP, and which headers pass in either direction."""

import pytest

from approver.grants import token_digest
from approver.model import Grant
from approver.proxy.http_guard import Refusal, check_address, check_token, forwarded_to_client, forwarded_to_server

ANN = Grant("ann", "files", token_sha256=token_digest("t-ann"))
NO_TOKEN = Grant("bob", "files")


def bearer(text: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", text.encode("latin-1"))]


@pytest.mark.parametrize("host", ["127.0.0.1:8787", "localhost:8787", "LOCALHOST:8787", "[::1]:8787"])
def test_our_own_addresses_are_let_in(host: str) -> None:
    assert check_address([(b"host", host.encode())], 8787) is None


@pytest.mark.parametrize("host", ["evil.example:8787", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8787", ""])
def test_a_host_that_is_not_ours_is_turned_away(host: str) -> None:
    refusal = check_address([(b"host", host.encode())], 8787)
    assert refusal is not None
    assert refusal.status == 421


def test_a_request_without_a_host_or_with_two_is_turned_away() -> None:
    ours = (b"host", b"127.0.0.1:8787")
    for headers in ([], [ours, ours]):
        assert isinstance(check_address(headers, 8787), Refusal)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8787", "http://127.0.0.1:1"])
def test_a_page_from_elsewhere_is_turned_away(origin: str) -> None:
    refusal = check_address([(b"host", b"127.0.0.1:8787"), (b"origin", origin.encode())], 8787)
    assert refusal is not None
    assert refusal.status == 403


def test_our_own_origin_is_let_in() -> None:
    assert check_address([(b"host", b"127.0.0.1:8787"), (b"origin", b"http://localhost:8787")], 8787) is None


def test_a_grants_token_admits_to_its_server() -> None:
    assert check_token(bearer("Bearer t-ann"), [NO_TOKEN, ANN], "files") is ANN
    assert check_token(bearer("bearer  t-ann "), [ANN], "files") is ANN
    assert check_token(bearer("Bearer t-ann"), [ANN], None) is ANN


@pytest.mark.parametrize("value", ["", "Basic t-ann", "Bearer", "Bearer ", "t-ann", "Bearer t-bob", "Bearer t-änn"])
def test_without_a_grants_token_there_is_a_challenge(value: str) -> None:
    refusal = check_token(bearer(value) if value else [], [ANN], "files")
    assert isinstance(refusal, Refusal)
    assert refusal.status == 401
    ((name, challenge),) = refusal.headers
    assert name == b"www-authenticate"
    assert challenge.startswith(b'Bearer realm="approver"')


def test_two_authorizations_admit_nobody() -> None:
    refusal = check_token(bearer("Bearer t-ann") * 2, [ANN], "files")
    assert isinstance(refusal, Refusal)
    assert refusal.status == 401


def test_another_servers_token_is_forbidden_and_says_whose_it_is() -> None:
    refusal = check_token(bearer("Bearer t-ann"), [ANN], "web")
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.sentence) == (403, "The grant ann is for the server files, not for web.")


def test_a_grant_without_a_token_admits_nobody() -> None:
    assert isinstance(check_token(bearer("Bearer None"), [NO_TOKEN], "files"), Refusal)


def test_a_server_sees_neither_token_nor_cookies_nor_the_connections_headers() -> None:
    kept = [(b"mcp-session-id", b"s"), (b"last-event-id", b"7"), (b"accept", b"*/*"), (b"mcp-name", b"x")]
    dropped = [
        (b"authorization", b"Bearer t"),
        (b"cookie", b"a=b"),
        (b"host", b"127.0.0.1:8787"),
        (b"origin", b"http://localhost:8787"),
        (b"connection", b"keep-alive, X-Mine"),
        (b"x-mine", b"1"),
        (b"transfer-encoding", b"chunked"),
        (b"content-length", b"5"),
        (b"accept-encoding", b"gzip"),
    ]
    assert forwarded_to_server([*kept, *dropped]) == kept


def test_a_repeated_header_stays_repeated_so_that_the_server_can_refuse_it() -> None:
    twice = [(b"mcp-method", b"tools/call"), (b"mcp-method", b"tools/list")]
    assert forwarded_to_server(twice) == twice


def test_a_client_sees_neither_cookies_nor_challenges_nor_cors() -> None:
    kept = [(b"content-type", b"application/json"), (b"mcp-session-id", b"s")]
    dropped = [
        (b"Set-Cookie", b"a=b"),
        (b"WWW-Authenticate", b"Bearer"),
        (b"Access-Control-Allow-Origin", b"*"),
        (b"Transfer-Encoding", b"chunked"),
    ]
    assert forwarded_to_client([*kept, *dropped]) == kept
