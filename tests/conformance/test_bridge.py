"""The tests' own bridge: a program without a gate before it."""

import pytest
from bridge import stdio_program

from approver.proxy.stdio_messages import UpstreamGone

pytestmark = pytest.mark.anyio


async def test_a_program_that_is_not_there_is_a_reason_in_a_sentence() -> None:
    with pytest.raises(UpstreamGone, match="could not be started: /no/such/program: No such file"):
        async with stdio_program(["/no/such/program"])(""):
            pass
