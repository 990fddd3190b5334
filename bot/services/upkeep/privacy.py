"""What is kept about a person: shown, hidden from others, deleted."""

from bot.clock import Clock
from bot.core.models import PersonalData
from bot.services.accounts import Accounts
from bot.services.plays import ADMIT
from bot.store import jobs, listeners
from bot.store.engine import Database


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

    async def delete(self, user_id: int) -> PersonalData:
        """Remove every row about a person, at once; return what was removed."""
        async with self._database.write() as conn:
            removed = await listeners.personal_data(conn, user_id)
            await self._accounts.unlink_all(conn, user_id)
            await jobs.drop(conn, ADMIT, user_id)
            await listeners.delete_everything(conn, user_id)
        return removed
