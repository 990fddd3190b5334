"""Which servers have the head of the log posted."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.record import HeadPlan
from bot.store.tables import record_posts

_COLUMNS = [record_posts.c[name] for name in HeadPlan.__dataclass_fields__]


async def get(conn: AsyncConnection, guild_id: int) -> HeadPlan | None:
    """Return where a server has the head posted; None: nowhere."""
    query = select(*_COLUMNS).where(record_posts.c.guild_id == guild_id)
    row = (await conn.execute(query)).first()
    return None if row is None else HeadPlan(*row)


async def put(conn: AsyncConnection, plan: HeadPlan) -> None:
    """Keep a plan in place of an earlier one of the server."""
    await remove(conn, plan.guild_id)
    await conn.execute(insert(record_posts).values(asdict(plan)))


async def remove(conn: AsyncConnection, guild_id: int) -> bool:
    """Remove a plan; return whether there was one."""
    own = record_posts.c.guild_id == guild_id
    return bool((await conn.execute(delete(record_posts).where(own))).rowcount)


async def begin_sending(
    conn: AsyncConnection, guild_id: int, *, now: datetime, crashed_before: datetime
) -> bool:
    """Note that the head is about to be posted; False when somebody else is posting it.

    Args:
        crashed_before: whoever began before this time has crashed.
    """
    since = record_posts.c.sending_since
    free = or_(since.is_(None), since < crashed_before)
    own = record_posts.c.guild_id == guild_id
    begun = await conn.execute(update(record_posts).where(own, free).values(sending_since=now))
    return begun.rowcount == 1


async def end_sending(conn: AsyncConnection, guild_id: int, *, sent_at: datetime | None) -> None:
    """Note that the head was posted, or (None) that it certainly was not."""
    values: dict[str, datetime | str | None] = {"sending_since": None}
    if sent_at is not None:
        values |= {"last_sent_at": sent_at, "problem": None}
    own = record_posts.c.guild_id == guild_id
    await conn.execute(update(record_posts).where(own).values(values))


async def switch_off(conn: AsyncConnection, guild_id: int, problem: str) -> None:
    """Note why the head cannot be posted; it is not tried again."""
    own = record_posts.c.guild_id == guild_id
    values = {"problem": problem, "active": False}
    await conn.execute(update(record_posts).where(own).values(values))
