"""What the bot remembers about itself between two starts."""

from bot.store import state
from bot.store.engine import Database


class Memory:
    """Small facts by name, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return what is remembered under a name."""
        async with self._database.read() as conn:
            return await state.get(conn, name)

    async def put(self, name: str, value: str) -> None:
        """Remember something under a name."""
        async with self._database.write() as conn:
            await state.put(conn, name, value)
