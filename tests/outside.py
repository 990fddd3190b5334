"""The music services on the loopback interface, in a time that waiting moves."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from bot.demo import outside
from bot.demo.outside import World
from bot.demo.servers.songs import Song
from bot.sources.host import Timing
from bot.store.engine import Database
from tests.fakes import FakeClock


def virtual(clock: FakeClock) -> Timing:
    """Let waiting move the clock and take no time."""

    async def sleep(seconds: float) -> None:
        clock.move(seconds=seconds)
        await asyncio.sleep(0)

    return Timing(clock, random.Random(1), sleep)  # noqa: S311


def open_outside(
    database: Database, clock: FakeClock, songs: Sequence[Song], *, with_keys: bool = False
) -> AbstractAsyncContextManager[World]:
    """Start the services; waiting for them moves the clock and takes no time."""
    return outside.open_outside(database, virtual(clock), songs, with_keys=with_keys)
