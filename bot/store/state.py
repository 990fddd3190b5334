"""Small facts the bot remembers about itself, by name."""

from sqlalchemy import BigInteger, Text, cast, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import app_state


async def get(conn: AsyncConnection, name: str) -> str | None:
    """Return what is remembered under a name."""
    value: str | None = await conn.scalar(select(app_state.c.value).where(app_state.c.name == name))
    return value


async def count_up(conn: AsyncConnection, name: str) -> int:
    """Count a number up by one and return it, the first time 1; no two writers get the same."""
    number = cast(cast(app_state.c.value, BigInteger) + 1, Text)
    counted = update(app_state).where(app_state.c.name == name).values(value=number)
    found = await conn.scalar(counted.returning(app_state.c.value))
    if found is None:
        await put(conn, name, "1")
    return int(found or 1)


async def put(conn: AsyncConnection, name: str, value: str) -> None:
    """Remember something under a name."""
    changed = await conn.execute(
        update(app_state).where(app_state.c.name == name).values(value=value)
    )
    if changed.rowcount == 0:
        await conn.execute(insert(app_state).values(name=name, value=value))
