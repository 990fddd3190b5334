"""Picks that a listener answers in a browser, each under the mark of a secret."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import visits


@dataclass(frozen=True, slots=True)
class Visit:
    """An opened page of picks."""

    user_id: int
    message_id: int
    """Under which recommendations and thumbs name it."""
    ends_at: datetime


async def add(
    conn: AsyncConnection, user_id: int, message_id: int, mark: str, *, ends_at: datetime
) -> None:
    """Keep an address for a listener, who is known."""
    values = {"user_id": user_id, "message_id": message_id, "mark": mark, "ends_at": ends_at}
    await conn.execute(insert(visits).values(values))


async def remove_but(conn: AsyncConnection, user_id: int, keep: int) -> int:
    """Remove all visits of a listener but their newest; return how many there were."""
    newest = select(visits.c.id).where(visits.c.user_id == user_id).order_by(visits.c.id.desc())
    kept = list(await conn.scalars(newest.limit(keep)))
    gone = delete(visits).where(visits.c.user_id == user_id, visits.c.id.not_in(kept))
    return (await conn.execute(gone)).rowcount


async def remove(conn: AsyncConnection, user_id: int, message_id: int) -> None:
    """Remove one."""
    which = (visits.c.user_id == user_id, visits.c.message_id == message_id)
    await conn.execute(delete(visits).where(*which))


async def waits(conn: AsyncConnection, mark: str, *, now: datetime) -> bool:
    """Return whether an address of this mark can be opened."""
    unused = (visits.c.mark == mark, visits.c.opened_at.is_(None), visits.c.ends_at > now)
    return await conn.scalar(select(visits.c.id).where(*unused)) is not None


async def open_(
    conn: AsyncConnection, mark: str, new_mark: str, *, now: datetime, ends_at: datetime
) -> bool:
    """Use an address up: the visit is found under another mark from now on; False: it cannot be."""
    unused = (visits.c.mark == mark, visits.c.opened_at.is_(None), visits.c.ends_at > now)
    values = {"mark": new_mark, "opened_at": now, "ends_at": ends_at}
    return (await conn.execute(update(visits).where(*unused).values(values))).rowcount == 1


async def opened(conn: AsyncConnection, mark: str, *, now: datetime) -> Visit | None:
    """Return the visit that was opened under this mark; None when there is none any more."""
    query = select(visits.c.user_id, visits.c.message_id, visits.c.ends_at).where(
        visits.c.mark == mark, visits.c.opened_at.is_not(None), visits.c.ends_at > now
    )
    row = (await conn.execute(query)).first()
    return None if row is None else Visit(*row)


async def count(conn: AsyncConnection, user_id: int, *, now: datetime) -> int:
    """Return how many addresses and opened pages a listener has."""
    own = (visits.c.user_id == user_id, visits.c.ends_at > now)
    return int(await conn.scalar(select(func.count()).select_from(visits).where(*own)) or 0)


async def remove_ended(conn: AsyncConnection, *, now: datetime) -> datetime | None:
    """Remove what has ended; return when the next one ends, if there is one."""
    await conn.execute(delete(visits).where(visits.c.ends_at <= now))
    ends: datetime | None = await conn.scalar(select(func.min(visits.c.ends_at)))
    return ends
