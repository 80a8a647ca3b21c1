"""Who may come in over HTTP: the checks that every request passes before anything of it is read.

The host must be our own loopback address (a web page that was bound to it by DNS has another), the origin, where a
browser sends one, must be ours, and a grant's bearer token must come along. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from approver.grants import token_digest
from approver.model import Grant

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away."""

    status: int
    sentence: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


def check_address(headers: Headers, port: int) -> Refusal | None:
    """Refuse requests that were not meant for this address."""
    hosts = [value for name, value in headers if name == b"host"]
    ours = {f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost", "[::1]")}
    if len(hosts) != 1 or hosts[0].lower() not in ours:
        return Refusal(421, f"This is Approver on 127.0.0.1:{port}; the request's Host names another place.")
    origins = [value for name, value in headers if name == b"origin"]
    if any(origin.lower() not in {b"http://" + host for host in ours} for origin in origins):
        return Refusal(403, "Requests from web pages are not accepted (Origin).")
    return None


def check_token(headers: Headers, grants: Iterable[Grant], server: str | None) -> Grant | Refusal:
    """Find the grant whose token the request carries.

    Args:
        headers: the request's, names in lower case.
        grants: all that are in force.
        server: the server asked for; None for the endpoint of all servers.
    """
    values = [value for name, value in headers if name == b"authorization"]
    scheme, _, token = values[0].partition(b" ") if len(values) == 1 else (b"", b"", b"")
    if scheme.lower() != b"bearer" or not token.strip():
        return _unauthorized(
            'error="invalid_request"' if values else "", "A grant's token is needed. See: approver grant"
        )
    try:
        digest = token_digest(token.strip().decode("ascii"))
    except UnicodeDecodeError:
        return _unauthorized('error="invalid_token"', "The token is of no grant.")
    grant = next((one for one in grants if one.token_sha256 == digest), None)
    if grant is None:
        return _unauthorized('error="invalid_token"', "The token is of no grant; it may have been revoked.")
    if server is not None and not grant.is_for(server):
        kind = "" if grant.servers else "the server "
        return Refusal(403, f"The grant {grant.name} is for {kind}{grant.scope}, not for {server}.")
    return grant


def _unauthorized(error: str, sentence: str) -> Refusal:
    challenge = 'Bearer realm="approver"' + (f", {error}" if error else "")
    return Refusal(401, sentence, ((b"www-authenticate", challenge.encode()),))


_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer", b"trailers"}
    | {b"transfer-encoding", b"upgrade", b"proxy-connection", b"content-length"}
)
_OURS = frozenset({b"host", b"authorization", b"cookie", b"origin", b"referer", b"accept-encoding", b"expect"})
"""What a client tells Approver, not the server: above all its token."""
_NOT_THE_CLIENTS = frozenset({b"set-cookie", b"www-authenticate", b"alt-svc", b"date", b"server"})


def forwarded_to_server(headers: Headers) -> Headers:
    """The request's headers that the server may see."""
    named = _connection_options(headers)
    return [(name, value) for name, value in headers if name not in _HOP_BY_HOP | _OURS and name not in named]


def forwarded_to_client(headers: Headers) -> Headers:
    """The response's headers that the client may see: cookies and challenges are between Approver and the server."""
    lower = [(name.lower(), value) for name, value in headers]
    named = _connection_options(lower)
    return [
        (name, value)
        for name, value in lower
        if name not in _HOP_BY_HOP | _NOT_THE_CLIENTS
        and name not in named
        and not name.startswith(b"access-control-")  # CORS stays closed
    ]


def _connection_options(headers: Headers) -> set[bytes]:
    return {option.strip().lower() for name, value in headers if name == b"connection" for option in value.split(b",")}
