"""What is under way is let come to its end, for so long."""

import asyncio

import pytest

from approver.proxy.underway import Underway

pytestmark = pytest.mark.anyio


async def test_where_nothing_is_under_way_nobody_waits() -> None:
    assert await Underway().over(within=10)


async def test_it_is_waited_until_the_last_one_has_ended_even_by_a_fault() -> None:
    underway = Underway()
    with underway:
        with pytest.raises(RuntimeError), underway:
            waiting = asyncio.get_running_loop().create_task(underway.over(within=10))
            await asyncio.wait([waiting], timeout=0)
            assert len(underway) == 2
            raise RuntimeError
        await asyncio.wait([waiting], timeout=0)
        assert not waiting.done()
    assert await waiting


async def test_it_is_not_waited_for_ever() -> None:
    underway = Underway()
    with underway:
        assert not await underway.over(within=0)
        assert not await underway.over(within=0.001)
