"""What is kept about a person: shown, hidden from others, deleted."""

from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.core.models import PersonalData
from bot.core.promotion import Promotion
from bot.services.accounts import Accounts
from bot.services.plays import ADMIT
from bot.store import jobs, listeners, tombstones
from bot.store.engine import Database

END: Final = "end"
"""The kind of the job that removes what bound for a while."""


class Privacy:
    """Everybody's control over their own data."""

    def __init__(self, database: Database, clock: Clock, accounts: Accounts) -> None:
        self._database = database
        self._clock = clock
        self._accounts = accounts

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
            promoted = await listeners.delete_everything(conn, user_id, now=now)
            ends = await tombstones.remove_ended(conn, now=now)
            if ends is not None:
                await jobs.plan(conn, END, 0, ends)
        return removed, promoted

    async def end(self, _subject_id: int) -> datetime | None:
        """Remove what no longer binds; return when the next of it ends."""
        async with self._database.write() as conn:
            return await tombstones.remove_ended(conn, now=self._clock.now())
