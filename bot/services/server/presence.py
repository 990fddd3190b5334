"""Notes in which servers listeners use the bot, once a day at most."""

from bot.clock import Clock
from bot.store import presence
from bot.store.engine import Database


class Presence:
    """Knows who was here lately."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, guild_id: int, user_id: int) -> None:
        """Note that somebody used the bot in a server; nothing is kept of those who rate nothing.

        It is called for every command and button, and writes only the first time on a day.
        """
        today = self._clock.now().date()
        async with self._database.read() as conn:
            if await presence.is_noted(conn, guild_id, user_id, on=today):
                return
        async with self._database.write() as conn:
            await presence.note(conn, guild_id, user_id, on=today)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget who used the bot in a server that it has left."""
        async with self._database.write() as conn:
            await presence.forget_guild(conn, guild_id)
