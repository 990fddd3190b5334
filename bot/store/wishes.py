"""Ratings of artists whom the bot has yet to get to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import artist_wishes

FAVORITE: Final = 0
"""In place of a score: they chose the artist to begin with."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's rating of an artist whom nobody knows yet."""

    id: int
    user_id: int
    key: str
    name: str
    score: int
    """1 … 5, or `FAVORITE`."""
    wished_at: datetime


_COLUMNS = [artist_wishes.c[name] for name in Wish.__dataclass_fields__]


async def add(
    conn: AsyncConnection, user_id: int, key: str, name: str, score: int, *, now: datetime
) -> Wish:
    """Keep a rating, in place of an earlier one of the same artist."""
    own = (artist_wishes.c.user_id == user_id) & (artist_wishes.c.key == key)
    await conn.execute(delete(artist_wishes).where(own))
    values = {"user_id": user_id, "key": key, "name": name, "score": score, "wished_at": now}
    added = await conn.scalar(insert(artist_wishes).values(values).returning(artist_wishes.c.id))
    return Wish(int(added or 0), user_id, key, name, score, now)


async def get(conn: AsyncConnection, wish_id: int) -> Wish | None:
    """Return a rating that waits; None: it was fulfilled, replaced or deleted."""
    query = select(*_COLUMNS).where(artist_wishes.c.id == wish_id)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else Wish(*row)


async def of_user(conn: AsyncConnection, user_id: int) -> list[Wish]:
    """Return the ratings of somebody that wait, the oldest first."""
    query = select(*_COLUMNS).where(artist_wishes.c.user_id == user_id).order_by(artist_wishes.c.id)
    return [Wish(*row) for row in await conn.execute(query)]


async def remove(conn: AsyncConnection, wish_id: int) -> bool:
    """Forget a rating that waited; return whether it still did."""
    removed = await conn.execute(delete(artist_wishes).where(artist_wishes.c.id == wish_id))
    return bool(removed.rowcount)
