"""Spans in which somebody else was listening: their plays are kept, and count for nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.taste import Away
from bot.store.dialect import listed
from bot.store.tables import histories, listens, not_me


@dataclass(frozen=True, slots=True)
class KeptAway:
    """A span with its number."""

    id: int
    away: Away
    made_at: datetime


async def of_user(conn: AsyncConnection, user_id: int) -> list[KeptAway]:
    """Return the spans of a listener, in the order in which they named them."""
    query = select(not_me).where(not_me.c.user_id == user_id).order_by(not_me.c.id)
    return [
        KeptAway(row.id, Away(row.service, row.since_s, row.until_s), row.made_at)
        for row in await conn.execute(query)
    ]


async def add(conn: AsyncConnection, user_id: int, away: Away, *, now: datetime) -> int:
    """Keep a span and return its number; the plays are to be counted anew afterwards."""
    values = {
        "user_id": user_id,
        "service": away.service,
        "since_s": away.since_s,
        "until_s": away.until_s,
        "made_at": now,
    }
    return int((await conn.scalars(insert(not_me).values(values).returning(not_me.c.id))).one())


async def remove(conn: AsyncConnection, user_id: int, number: int) -> Away | None:
    """Forget a span of somebody's; None: they have none of that number."""
    found = [one.away for one in await of_user(conn, user_id) if one.id == number]
    own = (not_me.c.user_id == user_id) & (not_me.c.id == number)
    await conn.execute(delete(not_me).where(own))
    return found[0] if found else None


async def counts(conn: AsyncConnection, user_id: int) -> ColumnElement[bool]:
    """Return the condition that a row of `listens` counts, if it is a listener's own."""
    spans = [one.away for one in await of_user(conn, user_id)]
    if not spans:
        return true()
    query = select(histories.c.id, histories.c.kind).where(histories.c.user_id == user_id)
    kinds = (await conn.execute(query.order_by(histories.c.id))).all()
    parts = []
    for span in spans:
        of_kind = [row.id for row in kinds if span.is_about(row.kind)]
        within: list[ColumnElement[bool]] = [listens.c.history_id.in_(listed(conn, of_kind))]
        if span.since_s is not None:
            within.append(listens.c.played_at >= span.since_s)
        if span.until_s is not None:
            within.append(listens.c.played_at < span.until_s)
        parts.append(and_(*within))
    return not_(or_(*parts))


async def counts_in(conn: AsyncConnection, history_id: int) -> ColumnElement[bool]:
    """Return the same for the plays of one history."""
    owner = await conn.scalar(select(histories.c.user_id).where(histories.c.id == history_id))
    return true() if owner is None else await counts(conn, int(owner))
