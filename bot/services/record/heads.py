"""Which servers have the head of the log posted every week, and when."""

from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.record import A_WEEK, Head, HeadPlan
from bot.services.record.log import RecordLog
from bot.store import jobs
from bot.store import record_posts as store
from bot.store.engine import Database

HEAD: Final = "record-head"
"""The kind of the job that posts the head in a server."""
_TAKEN_FOR: Final = timedelta(minutes=30)
"""Whoever posts for longer than this has crashed."""


class HeadPlans:
    """Where the head is posted."""

    def __init__(self, database: Database, record: RecordLog, clock: Clock) -> None:
        self._database = database
        self._record = record
        self._clock = clock

    async def switch_on(self, guild_id: int, channel_id: int) -> None:
        """Have the head posted in a channel every week, now for the first time there."""
        now = self._clock.now()
        async with self._database.write() as conn:
            before = await store.get(conn, guild_id)
            last = None if before is None else before.last_sent_at
            await store.put(conn, HeadPlan(guild_id, channel_id, last_sent_at=last))
            stays = before is not None and before.channel_id == channel_id
            due = last + A_WEEK if last is not None and stays else now
            await jobs.plan(conn, HEAD, guild_id, max(now, due))

    async def switch_off(self, guild_id: int) -> bool:
        """Have it posted no more; return whether it was."""
        async with self._database.write() as conn:
            await jobs.drop(conn, HEAD, guild_id)
            return await store.remove(conn, guild_id)

    async def find(self, guild_id: int) -> HeadPlan | None:
        """Return where a server has it posted; None: nowhere."""
        async with self._database.read() as conn:
            return await store.get(conn, guild_id)

    async def head(self) -> tuple[Head, datetime]:
        """Return what is to be posted."""
        return await self._record.head()

    async def begin_sending(self, plan: HeadPlan) -> bool:
        """Note that it is being posted from now on; False when somebody else does that."""
        now = self._clock.now()
        async with self._database.write() as conn:
            return await store.begin_sending(
                conn, plan.guild_id, now=now, crashed_before=now - _TAKEN_FOR
            )

    async def sent(self, plan: HeadPlan) -> datetime:
        """Note that it was posted; return when it is due next.

        A plan of which a crash left open whether it was posted counts as posted when that began.
        """
        at = plan.sending_since or self._clock.now()
        async with self._database.write() as conn:
            await store.end_sending(conn, plan.guild_id, sent_at=at)
        return at + A_WEEK

    async def not_sent(self, plan: HeadPlan) -> None:
        """Note that Discord did not take it."""
        async with self._database.write() as conn:
            await store.end_sending(conn, plan.guild_id, sent_at=None)

    async def give_up(self, plan: HeadPlan, problem: str) -> None:
        """Switch it off where it cannot be posted; `/server record show` says why."""
        async with self._database.write() as conn:
            await store.end_sending(conn, plan.guild_id, sent_at=None)
            await store.switch_off(conn, plan.guild_id, problem)

    def soon(self) -> datetime:
        """Return when to try again what Discord cannot take at the moment."""
        return self._clock.now() + timedelta(minutes=15)
