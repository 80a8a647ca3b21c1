"""What stands before the conformance server: every way through Approver, side by side before one engine.

    suite ──> bridge ──> approver connect ─┐              ┌──> the server over stdio
    suite ──> names ──> bridge ──> --all ──┤              ├──> the server over HTTP, one for each way
    suite ──> token ──> /mcp/SERVER ───────┼──> engine ───┤
    suite ──> names ──> token ──> /mcp ────┘              └──> another server, whose tools must not get in the way

No two ways share a process of the server's: of what one run changes there another must not hear.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from approver_home import ALLOW_ALL, ApproverHome
from programs import bridged, direct, other, stdio_upstream, with_names, with_token
from suite import STDIO_EXCEPTIONS

EXCUSED: Mapping[str, Mapping[str, str]] = {
    "the bridge alone": STDIO_EXCEPTIONS,
    "stdio to stdio": STDIO_EXCEPTIONS,
    "stdio to HTTP": STDIO_EXCEPTIONS,
    "HTTP to stdio": STDIO_EXCEPTIONS,
    "HTTP to HTTP": {},
    "HTTP to many": STDIO_EXCEPTIONS,
    "stdio to many": STDIO_EXCEPTIONS,
}
"""The ways, and what may differ there."""


@contextmanager
def fronts(work: Path, python: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Start Approver before all servers; yield the address of each way."""
    home = ApproverHome(work)
    with ExitStack() as stack:
        stack.callback(home.close)
        home.settings("[http]\nport = 0\n")
        home.add_http_server("other", stack.enter_context(other(work / "calls", python)), ALLOW_ALL)
        home.add_server("near", stdio_upstream(python), ALLOW_ALL)
        for far in ("far", "farther", "farthest"):
            home.add_http_server(far, stack.enter_context(direct(python)), ALLOW_ALL)
        home.serve()

        def connect(*options: str) -> str:
            return stack.enter_context(bridged(home.connect(*options), python, home.environment))

        def over_http(servers: str) -> str:
            made = home.read("grant", "add", "--servers", servers, "--name", f"for {servers}")
            return stack.enter_context(with_token(made["url"], made["token"]))

        home.read("grant", "add", "--servers", "other,farthest", "--name", "a pair")
        yield {
            "the bridge alone": stack.enter_context(bridged(python=python)),
            "stdio to stdio": connect("near"),
            "stdio to HTTP": connect("far"),
            "HTTP to stdio": stack.enter_context(with_token(*home.grant("near"))),
            "HTTP to HTTP": stack.enter_context(with_token(*home.grant("farther", "another test"))),
            "HTTP to many": stack.enter_context(with_names(over_http("other,near"), "near")),
            "stdio to many": stack.enter_context(with_names(connect("--all", "--client", "a pair"), "farthest")),
        }
