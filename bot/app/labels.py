"""The counts under posts: edits of one message are joined, and the last one is the truth."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import discord

from bot.app.steady import Pace, is_trouble
from bot.errors import BSideError

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[], Awaitable[object]]
"""Reads what counts now, and writes it into the message."""


class Labels:
    """Has the counts under each post follow the ledger, with one edit at a time."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._waiting: dict[int, Write] = {}
        self._writing: dict[int, asyncio.Task[None]] = {}

    def follow(self, message_id: int, write: Write) -> None:
        """Write the counts under a message soon: at once when it was not edited just now.

        What is asked for meanwhile is one more edit, after a pause. It reads what counts when it is
        made, so nothing is missed; of several ways to write, the latest is taken.
        """
        self._waiting[message_id] = write
        if message_id not in self._writing:
            self._writing[message_id] = asyncio.create_task(self._write(message_id))

    async def close(self) -> None:
        """Write no more."""
        tasks = list(self._writing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, message_id: int) -> None:
        again = iter(self._pace.ask)
        try:
            while (write := self._waiting.pop(message_id, None)) is not None:
                pause = self._pace.label
                try:
                    await write()
                except (discord.HTTPException, BSideError) as error:
                    log.info("the counts under message %s are not shown: %s", message_id, error)
                    if is_trouble(error):
                        pause = next(again, -1.0)
                        if pause >= 0:
                            self._waiting.setdefault(message_id, write)
                await asyncio.sleep(max(pause, 0))
        finally:
            del self._writing[message_id]
