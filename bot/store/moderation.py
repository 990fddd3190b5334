"""What moderators of a server decided: bans, blocked terms, and the log."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import artist_key
from bot.core.promotion import Action, Ban, BlockedTerm, BlockKind, Claim, LogEntry
from bot.store.tables import bans, blocked_terms, moderation_log


async def note(
    conn: AsyncConnection,
    guild_id: int,
    action: Action,
    subject: str,
    *,
    moderator_id: int,
    user_id: int | None = None,
    why: str = "",
    now: datetime,
) -> None:
    """Add a line to the log.

    Args:
        conn: the database.
        guild_id: the server.
        action: what was done.
        subject: to what, in words without a person's name or id.
        moderator_id: by whom.
        user_id: the person it is about, if it is about one.
        why: the moderator's reason.
        now: when.
    """
    values = {
        "guild_id": guild_id,
        "moderator_id": moderator_id,
        "user_id": user_id,
        "action": action,
        "subject": subject,
        "note": why,
        "at": now,
    }
    await conn.execute(insert(moderation_log).values(values))


async def note_claim(
    conn: AsyncConnection,
    claim: Claim,
    action: Action,
    *,
    moderator_id: int,
    why: str = "",
    now: datetime,
) -> None:
    """Add a line about a registered name to the log."""
    await note(
        conn,
        claim.guild_id,
        action,
        f"the name {claim.name}",
        moderator_id=moderator_id,
        user_id=claim.user_id,
        why=why,
        now=now,
    )


async def log(
    conn: AsyncConnection, guild_id: int, *, offset: int = 0, limit: int
) -> list[LogEntry]:
    """Return lines of the log, the newest first."""
    table = moderation_log.c
    query = (
        select(table.action, table.subject, table.moderator_id, table.user_id, table.note, table.at)
        .where(table.guild_id == guild_id)
        .order_by(table.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [LogEntry(Action(row[0]), *row[1:]) for row in await conn.execute(query)]


async def log_length(conn: AsyncConnection, guild_id: int) -> int:
    """Return how many lines the log of a server has."""
    query = select(func.count()).where(moderation_log.c.guild_id == guild_id)
    return int(await conn.scalar(query) or 0)


async def ban(
    conn: AsyncConnection,
    guild_id: int,
    *,
    user_id: int | None = None,
    name: str | None = None,
    until: datetime | None,
) -> None:
    """Ban a person or a name, just one of them; an earlier ban is replaced."""
    await unban(conn, guild_id, user_id=user_id, name=name)
    key = None if name is None else artist_key(name)
    values = {"guild_id": guild_id, "user_id": user_id, "key": key, "name": name, "until": until}
    await conn.execute(insert(bans).values(values))


async def unban(
    conn: AsyncConnection, guild_id: int, *, user_id: int | None = None, name: str | None = None
) -> bool:
    """Lift a ban; return whether there was one."""
    whom = bans.c.user_id == user_id if name is None else bans.c.key == artist_key(name)
    done = await conn.execute(delete(bans).where(bans.c.guild_id == guild_id, whom))
    return done.rowcount > 0


async def banned(
    conn: AsyncConnection, guild_id: int, *, user_id: int, key: str | None, now: datetime
) -> Ban | None:
    """Return the current ban of a person, or of the name (`identity.artist_key`) they want."""
    whom = bans.c.user_id == user_id
    if key is not None:
        whom = or_(whom, bans.c.key == key)
    query = (
        select(bans.c.user_id, bans.c.name, bans.c.until)
        .where(bans.c.guild_id == guild_id, whom, runs(now))
        .order_by(bans.c.id)
        .limit(1)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else Ban(*row)


async def bans_in(conn: AsyncConnection, guild_id: int, *, now: datetime) -> list[Ban]:
    """Return the current bans of a server, oldest first."""
    query = (
        select(bans.c.user_id, bans.c.name, bans.c.until)
        .where(bans.c.guild_id == guild_id, runs(now))
        .order_by(bans.c.id)
    )
    return [Ban(*row) for row in await conn.execute(query)]


def runs(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a ban has not ended."""
    return or_(bans.c.until.is_(None), bans.c.until > now)


async def block(conn: AsyncConnection, guild_id: int, term: BlockedTerm) -> bool:
    """Block a term; return whether it is new."""
    if term in await blocked(conn, guild_id):
        return False
    await conn.execute(
        insert(blocked_terms).values(guild_id=guild_id, kind=term.kind, value=term.value)
    )
    return True


async def unblock(conn: AsyncConnection, guild_id: int, term: BlockedTerm) -> bool:
    """Allow a term again; return whether it was blocked."""
    table = blocked_terms.c
    done = await conn.execute(
        delete(blocked_terms).where(
            table.guild_id == guild_id, table.kind == term.kind, table.value == term.value
        )
    )
    return done.rowcount > 0


async def blocked(conn: AsyncConnection, guild_id: int) -> list[BlockedTerm]:
    """Return the blocked terms of a server, by kind and value."""
    query = (
        select(blocked_terms.c.kind, blocked_terms.c.value)
        .where(blocked_terms.c.guild_id == guild_id)
        .order_by(blocked_terms.c.kind, blocked_terms.c.value)
    )
    return [BlockedTerm(BlockKind(kind), value) for kind, value in await conn.execute(query)]
