"""What listeners asked for in words, for the buttons under the answers."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ranking import Asked, Wish
from bot.store.tables import asked_wishes


async def add(
    conn: AsyncConnection, user_id: int, wish: Wish, asked: Asked, *, now: datetime
) -> int:
    """Keep a wish; return its number, which buttons hold in its place."""
    values = {
        "user_id": user_id,
        "wish": wish.to_code(),
        "asked": asked.to_json(),
        "asked_at": now,
    }
    added = await conn.scalar(insert(asked_wishes).values(values).returning(asked_wishes.c.id))
    return int(added or 0)


async def get(conn: AsyncConnection, number: int) -> tuple[Wish, Asked] | None:
    """Return a wish; None: whoever asked had their data deleted."""
    query = select(asked_wishes.c.wish, asked_wishes.c.asked).where(asked_wishes.c.id == number)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else (Wish.from_code(row.wish), Asked.from_json(row.asked))
