"""Answers of the music services, kept so that nothing is asked twice.

Nothing in them is personal.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import listed
from bot.store.tables import answers


async def get(
    conn: AsyncConnection, keys: Sequence[str], *, now: datetime
) -> dict[str, str | None]:
    """Return the answers that are still valid, by key; None means that there is no such thing."""
    good = or_(answers.c.expires_at.is_(None), answers.c.expires_at > now)
    query = select(answers.c.key, answers.c.body).where(answers.c.key.in_(listed(conn, keys)), good)
    return {row.key: row.body for row in await conn.execute(query)}


async def put(
    conn: AsyncConnection, kept: Mapping[str, tuple[str | None, datetime | None]]
) -> None:
    """Keep answers, in place of older ones.

    Args:
        kept: by key, the answer (None: there is none) and when it expires (None: never).
    """
    await conn.execute(delete(answers).where(answers.c.key.in_(listed(conn, list(kept)))))
    rows = [
        {"key": key, "body": body, "expires_at": expires_at}
        for key, (body, expires_at) in kept.items()
    ]
    if rows:
        await conn.execute(insert(answers), rows)


async def remove_expired(conn: AsyncConnection, *, now: datetime) -> int:
    """Remove expired answers; return how many there were."""
    return (await conn.execute(delete(answers).where(answers.c.expires_at <= now))).rowcount
