"""Wishes are answered a few at a time, first come, first served; who has to wait is told so."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.errors import TooSoonError

SLOTS: Final = 4
"""So many are answered at the same time: one ranks, the others read or write."""
PATIENCE_S: Final = 3.0
"""Whoever has to wait longer is told how long."""
LONGEST_S: Final = 120.0
"""Nobody is let in who would have to wait longer."""
_LEARNED: Final = 0.1
"""How much the last answer moves what an answer is thought to take."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in the line."""

    number: int
    """1 is next."""
    seconds: float
    """How long they will wait, about."""


Tell: TypeAlias = Callable[[Place], Awaitable[None]]


class Line:
    """Knows who is next."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = slots
        self._free = slots
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.takes_s = 0.1
        """What an answer takes lately."""

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, tell: Tell | None = None) -> AsyncIterator[None]:
        """Wait for one's turn, and have it inside.

        What `tell` does is done at the end of the turn at the latest.

        Args:
            tell: is called at once with the place of somebody who has to wait long.

        Raises:
            TooSoonError: too many wait already.
        """
        told = await self._enter(tell)
        started = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            took = asyncio.get_running_loop().time() - started
            self.takes_s += _LEARNED * (took - self.takes_s)
            self._leave()
            if told is not None:
                await told

    async def _enter(self, tell: Tell | None) -> asyncio.Future[None] | None:
        if self._free:
            self._free -= 1
            return None
        place = self._place()
        if place.seconds > LONGEST_S:
            raise TooSoonError(
                "Too many are asking just now. Please ask again in about "
                f"{place.seconds / 60:.0f} minutes."
            )
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        told = None
        if tell is not None and place.seconds > PATIENCE_S:
            told = asyncio.ensure_future(tell(place))
        try:
            await mine
        except BaseException:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not mine.cancelled():
                self._leave()  # it was their turn already
            raise
        return told

    def _place(self) -> Place:
        number = len(self._waiting) + 1
        return Place(number, number / self._slots * self.takes_s)

    def _leave(self) -> None:
        """Let the next one in."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
        self._free += 1
