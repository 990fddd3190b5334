"""Which servers were greeted: each once, as long as the bot is there."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import greetings


async def is_greeted(conn: AsyncConnection, guild_id: int) -> bool:
    """Tell whether a server was greeted."""
    query = select(greetings.c.guild_id).where(greetings.c.guild_id == guild_id)
    return await conn.scalar(query) is not None


async def add(conn: AsyncConnection, guild_id: int, *, now: datetime) -> None:
    """Note that a server is greeted."""
    await conn.execute(insert(greetings).values(guild_id=guild_id, greeted_at=now))


async def remove(conn: AsyncConnection, guild_id: int) -> None:
    """Forget that a server was greeted."""
    await conn.execute(delete(greetings).where(greetings.c.guild_id == guild_id))
