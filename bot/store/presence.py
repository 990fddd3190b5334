"""In which servers listeners use the bot: the only record of who is where.

The bot does not know who is a member of a server, and does not ask. It keeps only the day, and only
for people who have rated something. What is older than `COUNTS_FOR` is removed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import listed
from bot.store.tables import guild_listeners, users

COUNTS_FOR: Final = timedelta(days=90)
"""Somebody who was not seen in a server for this long counts as gone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody about whom anything is kept."""

    last: date | None
    """When they used the bot in a server; None: never, as far as is known."""


async def seen(conn: AsyncConnection, guild_id: int, user_id: int) -> Seen | None:
    """Return when a listener used the bot in a server; None for somebody who is none."""
    query = (
        select(guild_listeners.c.last_seen)
        .select_from(users)
        .outerjoin(
            guild_listeners,
            (guild_listeners.c.user_id == users.c.id) & (guild_listeners.c.guild_id == guild_id),
        )
        .where(users.c.id == user_id)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else Seen(row.last_seen)


async def note(conn: AsyncConnection, guild_id: int, user_id: int, *, on: date) -> None:
    """Note that a listener used the bot in a server; remove people who have not used it for long.

    Nothing is noted about somebody who is not (or no longer) a listener.
    """
    here = guild_listeners.c.guild_id == guild_id
    long_ago = guild_listeners.c.last_seen < on - COUNTS_FOR
    await conn.execute(delete(guild_listeners).where(here, long_ago))
    own = guild_listeners.c.user_id == user_id
    changed = await conn.execute(update(guild_listeners).where(here, own).values(last_seen=on))
    if changed.rowcount == 0:
        row = select(literal(guild_id), users.c.id, literal(on)).where(users.c.id == user_id)
        columns = ["guild_id", "user_id", "last_seen"]
        await conn.execute(insert(guild_listeners).from_select(columns, row))


async def forget_guild(conn: AsyncConnection, guild_id: int) -> None:
    """Forget who used the bot in a server."""
    await conn.execute(delete(guild_listeners).where(guild_listeners.c.guild_id == guild_id))


async def comparable(
    conn: AsyncConnection,
    guild_id: int,
    *,
    opted_in: Collection[int],
    without: int,
    on: date,
    limit: int,
) -> list[tuple[int, bool]]:
    """Return (user id, profile is public) of those whose taste may be compared, last seen first.

    Args:
        opted_in: people who agreed to be compared, in addition to those with a public profile.
        without: who is left out, namely the person who asks.
    """
    agreed = users.c.id.in_(listed(conn, sorted(opted_in)))
    query = (
        select(users.c.id, users.c.profile_public)
        .join(guild_listeners, guild_listeners.c.user_id == users.c.id)
        .where(
            guild_listeners.c.guild_id == guild_id,
            guild_listeners.c.last_seen >= on - COUNTS_FOR,
            users.c.id != without,
            or_(users.c.profile_public, agreed),
        )
        .order_by(guild_listeners.c.last_seen.desc(), users.c.id)
        .limit(limit)
    )
    return [(row.id, row.profile_public) for row in await conn.execute(query)]
