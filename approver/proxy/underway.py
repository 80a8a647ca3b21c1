"""Counts what is under way, so that whoever wants to end it can let that come to its end first."""

import asyncio


class Underway:
    """`with` it around each; any number at once."""

    __slots__ = ("_count", "_over")

    def __init__(self) -> None:
        self._count = 0
        self._over: asyncio.Event | None = None

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> None:
        self._count += 1

    def __exit__(self, *fault: object) -> None:
        self._count -= 1
        if not self._count and self._over is not None:
            self._over.set()

    async def over(self, within: float) -> bool:
        """Wait until nothing is under way, but `within` seconds at the latest; whether nothing is."""
        if self._count and within > 0:
            self._over = asyncio.Event()
            try:
                async with asyncio.timeout(within):
                    await self._over.wait()
            except TimeoutError:
                return False
        return not self._count
