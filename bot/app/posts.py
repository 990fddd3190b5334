"""Posts that are on their way: Discord has them, perhaps, and we have not noted what they show."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Posts:
    """Knows the posts on their way to each channel. None of them waits for another."""

    def __init__(self) -> None:
        self._under_way: dict[int, set[asyncio.Future[None]]] = {}

    @contextmanager
    def under_way(self, channel_id: int | None) -> Iterator[None]:
        """Be posting in a channel, until it is noted what the message shows."""
        channel = channel_id or 0
        done = asyncio.get_running_loop().create_future()
        self._under_way.setdefault(channel, set()).add(done)
        try:
            yield
        finally:
            done.set_result(None)
            self._under_way[channel].discard(done)
            if not self._under_way[channel]:
                del self._under_way[channel]

    async def noted(self, channel_id: int | None) -> bool:
        """Wait until the posts that are on their way to a channel now are noted.

        Returns:
            Whether there were any.
        """
        waiting = tuple(self._under_way.get(channel_id or 0, ()))
        if waiting:
            await asyncio.wait(waiting)
        return bool(waiting)
