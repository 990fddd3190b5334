"""What is kept about a person: shown, hidden from others, deleted."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.core.models import PersonalData
from bot.core.promotion import Promotion
from bot.services.accounts import Accounts
from bot.services.plays import ADMIT
from bot.store import jobs, listeners, migrate, own_digests, state, tombstones
from bot.store.engine import Database

END: Final = "end"
"""The kind of the job that removes what bound for a while."""
_AGAIN: Final = timedelta(minutes=1)
_REWRITTEN: Final = "rewritten_at"
_REWRITE_EVERY: Final = timedelta(hours=1)
"""Others wait while the file is written anew, so that is not done at anybody's will."""


class Privacy:
    """Everybody's control over their own data."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        accounts: Accounts,
        remembering: Sequence[Callable[[int], None]] = (),
    ) -> None:
        """Take what lets go of a person that is remembered in memory."""
        self._database = database
        self._clock = clock
        self._accounts = accounts
        self._remembering = remembering

    async def show(self, user_id: int) -> PersonalData:
        """Count what is kept about a person."""
        async with self._database.read() as conn:
            return await listeners.personal_data(conn, user_id)

    async def set_profile_public(self, user_id: int, public: bool) -> None:
        """Let others see the profile, or hide it."""
        async with self._database.write() as conn:
            await listeners.ensure(conn, user_id, now=self._clock.now())
            await listeners.set_profile_public(conn, user_id, public)

    async def delete(self, user_id: int) -> tuple[PersonalData, list[Promotion]]:
        """Remove every row about a person, at once.

        Returns:
            What was removed, and what they had promoted, whose messages stand yet.
        """
        now = self._clock.now()
        async with self._database.write() as conn:
            removed = await listeners.personal_data(conn, user_id)
            await self._accounts.unlink_all(conn, user_id)
            await jobs.drop(conn, ADMIT, user_id)
            await jobs.drop(conn, own_digests.KIND, user_id)
            promoted = await listeners.delete_everything(conn, user_id, now=now)
            ends = await tombstones.remove_ended(conn, now=now)
            if ends is not None:
                await jobs.plan(conn, END, 0, ends)
            await jobs.forget(conn, now=now)
        for forget in self._remembering:
            forget(user_id)
        await self._database.empty_log()
        return removed, promoted

    async def end(self, _subject_id: int) -> datetime | None:
        """Remove what no longer binds; return when the next of it ends."""
        async with self._database.write() as conn:
            return await tombstones.remove_ended(conn, now=self._clock.now())

    async def remove_old_copies(self, _subject_id: int) -> datetime | None:
        """Remove old copies from before a migration; return when the next one is to go."""
        now = self._clock.now()
        return await asyncio.to_thread(migrate.remove_old_copies, self._database, now=now)

    async def forget(self, what: int) -> datetime | None:
        """Write the file anew after deletions, or only empty its log.

        SQLite overwrites what it deletes, but not what it left where it moved rows to another page.
        A file of more than a gigabyte is not written anew: it would hold everybody up.

        Args:
            what: `jobs.FILE` or `jobs.LOG`.

        Returns:
            When to try again: it was done less than an hour ago, or the database is in use.
        """
        now = self._clock.now()
        if what == jobs.LOG:
            return None if await self._database.empty_log() else now + _AGAIN
        if self._database.is_large:
            return None
        async with self._database.read() as conn:
            last = await state.get(conn, _REWRITTEN)
        if last is not None and now < datetime.fromisoformat(last) + _REWRITE_EVERY:
            return datetime.fromisoformat(last) + _REWRITE_EVERY
        async with self._database.write() as conn:
            await state.put(conn, _REWRITTEN, now.isoformat())
            await jobs.plan(conn, jobs.FORGET, jobs.LOG, now)
        await self._database.rewrite()
        return None
