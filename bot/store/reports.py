"""Reports about promotions, and how they were decided."""

from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.promotion import ReportState
from bot.store import tombstones
from bot.store.tables import promotions, reports

_OPEN = reports.c.state == ReportState.OPEN


async def add(
    conn: AsyncConnection, promotion_id: int, user_id: int, reason: str, *, now: datetime
) -> bool:
    """Keep a report; return False, and keep nothing, when this person has reported it before."""
    by_me = reports.c.user_id == user_id
    marks = await tombstones.marks(conn)
    if marks is not None:  # they may have deleted their data since
        here = select(promotions.c.guild_id).where(promotions.c.id == promotion_id)
        mark = marks.person(await conn.scalar(here), user_id)
        by_me = or_(by_me, reports.c.reporter_mark == mark)
    mine = (reports.c.promotion_id == promotion_id) & by_me
    if await conn.scalar(select(reports.c.id).where(mine)) is not None:
        return False
    values = {
        "promotion_id": promotion_id,
        "user_id": user_id,
        "reason": reason,
        "created_at": now,
        "state": ReportState.OPEN,
    }
    await conn.execute(insert(reports).values(values))
    return True


async def open_reasons(conn: AsyncConnection, promotion_id: int) -> tuple[str, ...]:
    """Return what the open reports about a promotion say, oldest first."""
    query = (
        select(reports.c.reason)
        .where(reports.c.promotion_id == promotion_id, _OPEN)
        .order_by(reports.c.id)
    )
    return tuple((await conn.scalars(query)).all())


async def waiting(conn: AsyncConnection, guild_id: int, *, limit: int) -> list[int]:
    """Return the promotions of a server with open reports, the longest waiting first."""
    query = (
        select(reports.c.promotion_id)
        .join(promotions, promotions.c.id == reports.c.promotion_id)
        .where(promotions.c.guild_id == guild_id, _OPEN)
        .group_by(reports.c.promotion_id)
        .order_by(func.min(reports.c.id))
        .limit(limit)
    )
    return list((await conn.scalars(query)).all())


async def count_waiting(conn: AsyncConnection, guild_id: int) -> int:
    """Return how many promotions of a server have open reports."""
    query = (
        select(func.count(reports.c.promotion_id.distinct()))
        .join(promotions, promotions.c.id == reports.c.promotion_id)
        .where(promotions.c.guild_id == guild_id, _OPEN)
    )
    return int(await conn.scalar(query) or 0)


async def was_decided(conn: AsyncConnection, promotion_id: int) -> bool:
    """Return whether moderators have decided about a promotion, whatever was reported since."""
    decided = (reports.c.promotion_id == promotion_id) & ~_OPEN
    return await conn.scalar(select(reports.c.id).where(decided).limit(1)) is not None


async def decide(
    conn: AsyncConnection, promotion_id: int, state: ReportState, *, by: int, now: datetime
) -> int:
    """Close the open reports about a promotion; return how many there were."""
    done = await conn.execute(
        update(reports)
        .where(reports.c.promotion_id == promotion_id, _OPEN)
        .values(state=state, decided_by=by, decided_at=now)
    )
    return done.rowcount
