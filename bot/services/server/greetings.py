"""Sees to it that each server is greeted once, whichever process greets it."""

from bot.clock import Clock
from bot.store import census, greetings
from bot.store.engine import Database


class Greetings:
    """Knows which servers were greeted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._greeted: set[int] = set()
        """As far as this process has asked."""

    async def take(self, guild_id: int) -> bool:
        """Return whether a server is to be greeted, by whoever asks: nobody else is told so then.

        Call `give_back` when it could not be greeted after all.
        """
        if guild_id in self._greeted:
            return False
        async with self._database.turn(f"greeting {guild_id}"):
            async with self._database.read() as conn:
                before = await greetings.is_greeted(conn, guild_id)
            if not before:
                async with self._database.write() as conn:
                    await greetings.add(conn, guild_id, now=self._clock.now())
        self._greeted.add(guild_id)
        return not before

    async def give_back(self, guild_id: int) -> None:
        """Have a server greeted another time: it could not be now, or the bot has left it."""
        self._greeted.discard(guild_id)
        async with self._database.write() as conn:
            await greetings.remove(conn, guild_id)

    async def knows_little(self) -> bool:
        """Tell whether the catalogue holds no more than the starter catalogue."""
        async with self._database.read() as conn:
            counts = await census.catalog_counts(conn)
        return counts.starter == counts.tracks
