"""The protocol's own Python client, once in front of the server and once in front of Approver: the same results."""

from typing import Any

import pytest
from approver_home import ALLOW_ALL, ApproverHome
from mcp import StdioServerParameters, stdio_client
from sdk_talk import both_eras_through_the_sdk, everything_through_the_sdk, hold


def run(command: list[str], home: ApproverHome, mode: str, conversation: Any) -> list[Any]:
    """Hold a conversation with a server that is launched."""
    server = StdioServerParameters(command=command[0], args=command[1:], env=home.environment, cwd=home.work)
    with (home.work / "stderr.txt").open("a", encoding="utf-8") as errors:
        return hold(stdio_client(server, errlog=errors), mode, conversation)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_sdks_client_with_server_everything(home: ApproverHome, everything: list[str], mode: str) -> None:
    directly = run(everything, home, mode, everything_through_the_sdk)
    home.add_server("one", everything, ALLOW_ALL, cwd=home.work)
    home.serve()
    assert run(home.connect("one"), home, mode, everything_through_the_sdk) == directly


@pytest.mark.parametrize(("mode", "revision"), [("legacy", "2025-11-25"), ("auto", "2026-07-28"), ("2026-07-28",) * 2])
def test_the_sdks_client_with_its_server_of_both_eras(
    home: ApproverHome, both_eras: list[str], mode: str, revision: str
) -> None:
    directly = run(both_eras, home, mode, both_eras_through_the_sdk)
    assert directly[0] == {"revision": revision}
    home.add_server("one", both_eras, ALLOW_ALL, cwd=home.work)
    home.serve()
    assert run(home.connect("one"), home, mode, both_eras_through_the_sdk) == directly
