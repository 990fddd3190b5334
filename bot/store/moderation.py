"""What moderators of a server decided: bans, blocked terms, and the log."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import artist_key
from bot.core.promotion import Action, Ban, BlockedTerm, BlockKind, Claim, LogEntry
from bot.store import record_facts, tombstones
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
    """Add a line to the log, and seal it.

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
    await record_facts.add_decision(
        conn, guild_id, action, subject, why, moderator_id=moderator_id, user_id=user_id, now=now
    )


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
    mark: str | None = None,
    until: datetime | None,
) -> None:
    """Ban a person, a name or whoever left a mark, just one of them; replace an earlier ban.

    Args:
        user_id: the person.
        name: of an artist.
        mark: of a person who had their data deleted (`tombstones`).
        until: when it ends; None: never.
    """
    if mark is None:
        await unban(conn, guild_id, user_id=user_id, name=name)
    else:
        await conn.execute(delete(bans).where(bans.c.guild_id == guild_id, bans.c.mark == mark))
    key = None if name is None else artist_key(name)
    values = {"guild_id": guild_id, "user_id": user_id, "key": key, "name": name, "mark": mark}
    await conn.execute(insert(bans).values(until=until, **values))


async def unban(
    conn: AsyncConnection, guild_id: int, *, user_id: int | None = None, name: str | None = None
) -> bool:
    """Lift a ban; return whether there was one."""
    if name is not None:
        whom = bans.c.key == artist_key(name)
    else:
        whom = await _is_person(conn, guild_id, user_id)
    done = await conn.execute(delete(bans).where(bans.c.guild_id == guild_id, whom))
    return done.rowcount > 0


async def banned(
    conn: AsyncConnection, guild_id: int, *, user_id: int, key: str | None, now: datetime
) -> Ban | None:
    """Return what bans a person, or the name (`identity.artist_key`) they want to use, now."""
    person = await _is_person(conn, guild_id, user_id)
    whom = person if key is None else or_(person, bans.c.key == key)
    query = (
        select(bans.c.user_id, bans.c.name, bans.c.until)
        .where(bans.c.guild_id == guild_id, whom, runs(now))
        .order_by(bans.c.id)
        .limit(1)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else Ban(*row)


async def count_bans(conn: AsyncConnection, user_id: int) -> int:
    """Return how many servers have banned somebody, also after they deleted their data."""
    by_id = select(func.count()).select_from(bans).where(bans.c.user_id == user_id)
    found = int(await conn.scalar(by_id) or 0)
    return found + len(await marked_bans(conn, user_id))


async def marked_bans(conn: AsyncConnection, user_id: int) -> list[Row[Any, Any, Any]]:
    """Return (guild_id, until, mark) of the bans of somebody who deleted their data."""
    marks = await tombstones.marks(conn)
    if marks is None:
        return []
    marked = select(bans.c.guild_id, bans.c.until, bans.c.mark).where(bans.c.mark.is_not(None))
    left = (await conn.execute(marked)).all()
    return [row for row in left if marks.person(row.guild_id, user_id) == row.mark]


async def _is_person(
    conn: AsyncConnection, guild_id: int, user_id: int | None
) -> ColumnElement[bool]:
    """Return the condition that a ban is somebody's, by their id or by the mark they left."""
    marks = await tombstones.marks(conn)
    if marks is None or user_id is None:
        return bans.c.user_id == user_id
    return or_(bans.c.user_id == user_id, bans.c.mark == marks.person(guild_id, user_id))


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
