"""A value that serves for a while and is then worked out anew."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.clock import Clock

T = TypeVar("T")


class Fresh(Generic[T]):
    """Keeps such a value; while a new one is worked out, the former one serves."""

    def __init__(
        self,
        clock: Clock,
        work_out: Callable[[datetime], Awaitable[T]],
        *,
        first: T,
        lasts: timedelta,
    ) -> None:
        """Make it.

        Args:
            clock: says when the value is too old.
            work_out: works it out for a time.
            first: serves whoever asks while the first one is worked out.
            lasts: how long a value serves.
        """
        self._clock = clock
        self._work_out = work_out
        self._value = first
        self._lasts = lasts
        self._since: datetime | None = None
        self._working = asyncio.Lock()

    async def get(self) -> T:
        """Return the value, worked out anew when it is too old, or of a time to come."""
        now = self._clock.now()
        fresh = self._since is not None and now - self._lasts < self._since <= now
        if not fresh and not self._working.locked():
            async with self._working:
                self._value = await self._work_out(now)
                self._since = now
        return self._value
