"""Few files are opened at once, some wait, and who comes when all places are taken is told so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import UserError


class Turns:
    """Gives turns, in the order in which they were asked for.

    Args:
        at_once: who may have one at the same time.
        waiting: who may wait besides.
        busy: the sentence for everybody else.
    """

    def __init__(self, at_once: int, waiting: int, *, busy: str) -> None:
        self._places = at_once + waiting
        self._turn = asyncio.Semaphore(at_once)
        self._busy = busy
        self._present = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it.

        Raises:
            UserError: all places are taken.
        """
        if self._present >= self._places:
            raise UserError(self._busy)
        self._present += 1
        try:
            async with self._turn:
                yield
        finally:
            self._present -= 1
