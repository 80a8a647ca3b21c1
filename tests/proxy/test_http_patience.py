"""How long is tried again: ever more slowly, and not beyond the time that there is."""

import asyncio
from dataclasses import replace

import pytest

from approver.proxy.http_patience import Attempts, Patience

pytestmark = pytest.mark.anyio
QUICK = Patience(first_delay=0.01, longest_delay=0.04)


async def test_attempts_end_when_time_is_up() -> None:
    attempts = Attempts(QUICK, 0.05)
    before = asyncio.get_running_loop().time()
    count = 0
    while await attempts.wait():
        count += 1
    assert asyncio.get_running_loop().time() - before >= 0.05
    assert 2 <= count <= 5


async def test_no_time_means_no_further_attempt() -> None:
    assert not await Attempts(QUICK, 0.0).wait()


async def test_after_a_success_time_begins_anew() -> None:
    attempts = Attempts(replace(QUICK, first_delay=0.03), 0.02)
    assert await attempts.wait()
    assert not await attempts.wait()
    attempts.begin_again()
    assert await attempts.wait()
