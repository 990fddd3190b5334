"""Small facts the bot remembers about itself, by name."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import app_state


async def get(conn: AsyncConnection, name: str) -> str | None:
    """Return what is remembered under a name."""
    value: str | None = await conn.scalar(select(app_state.c.value).where(app_state.c.name == name))
    return value


async def put(conn: AsyncConnection, name: str, value: str) -> None:
    """Remember something under a name."""
    changed = await conn.execute(
        update(app_state).where(app_state.c.name == name).values(value=value)
    )
    if changed.rowcount == 0:
        await conn.execute(insert(app_state).values(name=name, value=value))
