"""Notes in which servers listeners use the bot, once a day at most."""

from datetime import date

from bot.clock import Clock
from bot.store import presence
from bot.store.engine import Database


class Presence:
    """Knows who was here lately."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._day: date | None = None
        self._here: dict[int, set[int]] = {}
        """By listener, the servers in which they are noted today."""

    async def note(self, guild_id: int, user_id: int) -> None:
        """Note that somebody used the bot in a server; nothing is kept of those who rate nothing.

        It is called for every command and button, and asks the database only the first time on a
        day.
        """
        today = self._clock.now().date()
        if today != self._day:
            self._day, self._here = today, {}
        if guild_id in self._here.get(user_id, ()):
            return
        async with self._database.read() as conn:
            seen = await presence.seen(conn, guild_id, user_id)
        if seen is None:
            return
        if seen.last is None or seen.last < today:
            async with self._database.write() as conn:
                await presence.note(conn, guild_id, user_id, on=today)
        self._here.setdefault(user_id, set()).add(guild_id)

    def forget(self, user_id: int) -> None:
        """Let go of where somebody was today."""
        self._here.pop(user_id, None)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget who used the bot in a server that it has left."""
        async with self._database.write() as conn:
            await presence.forget_guild(conn, guild_id)
        for servers in self._here.values():
            servers.discard(guild_id)
