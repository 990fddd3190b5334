"""Looks once a day at what the operator would want to be told of without asking the doctor."""

import asyncio
import shutil
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.services.upkeep.backups import BACKUP, BackupPlan
from bot.services.upkeep.doctor import Finding, State, disk_room, judge_backups
from bot.store import backups, guild_settings, jobs
from bot.store.engine import Database

WATCH: Final = "watch"
"""The kind of the job."""
_EVERY: Final = timedelta(days=1)
_FIRST: Final = timedelta(minutes=10)
"""Before that, the servers may not all be there."""


class Watch:
    """Knows what is wrong."""

    def __init__(self, database: Database, clock: Clock, plan: BackupPlan | None) -> None:
        self._database = database
        self._clock = clock
        self._plan = plan

    async def begin(self, *, wanted: bool) -> None:
        """Plan the next look, or drop it where nobody wants to be told."""
        async with self._database.write() as conn:
            if not wanted:
                await jobs.drop(conn, WATCH, 0)
            elif await jobs.planned_for(conn, WATCH, 0) is None:
                await jobs.plan(conn, WATCH, 0, self._clock.now() + _FIRST)

    def again(self) -> datetime:
        """Return when to look again."""
        return self._clock.now() + _EVERY

    async def channels(self) -> list[tuple[int, int]]:
        """Return the server and the id of every channel that something is to be posted in."""
        async with self._database.read() as conn:
            return await guild_settings.channels(conn)

    async def trouble(self, *, channels_gone: int) -> list[Finding]:
        """Return what somebody should do something about.

        Args:
            channels_gone: in so many servers, a channel that something is to be posted in is gone.
        """
        found = []
        file, beside = self._database.file, self._database.beside
        free = await asyncio.to_thread(lambda: shutil.disk_usage(beside.absolute().parent).free)
        found.append(disk_room(free, file.stat().st_size if file else 0))
        if self._plan is not None and self._database.can_be_copied:
            made = await asyncio.to_thread(backups.copies, beside)
            async with self._database.read() as conn:
                failed = await jobs.failures_of(conn, BACKUP, 0)
            found.append(judge_backups(made, now=self._clock.now(), failed=failed))
        found.append(_gone(channels_gone))
        return [one for one in found if one.state is not State.FINE]


def _gone(servers: int) -> Finding:
    if not servers:
        return Finding(State.FINE, "channels", "all there")
    where = "one server" if servers == 1 else f"{servers:,} servers"
    advice = "Their managers choose another one with `/server`."
    return Finding(
        State.LOOK, "channels", f"In {where}, a channel that I am to post in is gone", advice
    )
