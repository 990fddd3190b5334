"""Blind auditions: who takes part, and who heard which promotion.

The row of an audition names the ledger entry that the listener made blind. It counts as long as
that entry stands: what is taken back in the ledger no longer counts here. What the listener says
later, knowing the name, changes only their taste.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.promotion import Standing, Totals
from bot.store.feedback import is_standing
from bot.store.tables import (
    audition_listeners,
    audition_results,
    auditions,
    feedback,
    promotions,
    recommendations,
)


@dataclass(frozen=True, slots=True)
class Audition:
    """One promoted track, shown to one listener without its name."""

    recommendation_id: int
    user_id: int
    promotion_id: int | None
    """None: its artist had their data deleted."""
    track_id: int
    message_id: int | None
    """None until it is posted."""
    feedback_id: int | None
    """The ledger entry made blind; None: not judged yet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a listener said blind about a promotion, and has not taken back."""

    promotion_id: int
    user_id: int
    value: float
    """-1 or 1."""
    expected: float
    explanation: str
    feedback_id: int
    """Its position in the ledger."""


async def joined(conn: AsyncConnection, user_id: int) -> bool:
    """Return whether the listener asked for auditions."""
    query = select(audition_listeners.c.user_id).where(audition_listeners.c.user_id == user_id)
    return await conn.scalar(query) is not None


async def join(conn: AsyncConnection, user_id: int, *, now: datetime) -> None:
    """Note that the listener wants auditions; they must be known and must not have joined yet."""
    await conn.execute(insert(audition_listeners).values(user_id=user_id, joined_at=now))


async def leave(conn: AsyncConnection, user_id: int) -> None:
    """Note that the listener wants no more auditions."""
    await conn.execute(delete(audition_listeners).where(audition_listeners.c.user_id == user_id))


async def add(
    conn: AsyncConnection,
    user_id: int,
    *,
    recommendation_id: int,
    promotion_id: int,
    guild_id: int,
    expected: float,
) -> None:
    """Note that a recommendation, which is about to be posted, is an audition."""
    await conn.execute(
        insert(auditions).values(
            user_id=user_id,
            recommendation_id=recommendation_id,
            promotion_id=promotion_id,
            guild_id=guild_id,
            expected=expected,
        )
    )


async def by_id(conn: AsyncConnection, recommendation_id: int) -> Audition | None:
    """Return the audition that is this recommendation; None when there is none (any more)."""
    return await _one(conn, auditions.c.recommendation_id == recommendation_id)


async def of_message(conn: AsyncConnection, message_id: int) -> Audition | None:
    """Return the audition that a message shows; None for any other message."""
    return await _one(conn, recommendations.c.message_id == message_id)


async def judge(conn: AsyncConnection, recommendation_id: int, feedback_id: int) -> None:
    """Note the ledger entry that the listener made blind."""
    await conn.execute(
        update(auditions)
        .where(auditions.c.recommendation_id == recommendation_id)
        .values(feedback_id=feedback_id)
    )


async def standings(
    conn: AsyncConnection, guild_id: int, *, pending_since: datetime | None
) -> list[Standing]:
    """Return how often each promotion of a server was heard, ended promotions included.

    What was shown since then and is not judged yet counts as heard; None: only what was judged.
    """
    heard, judged = await both_standings(conn, guild_id, pending_since=pending_since)
    return judged if pending_since is None else heard


async def both_standings(
    conn: AsyncConnection, guild_id: int, *, pending_since: datetime | None
) -> tuple[list[Standing], list[Standing]]:
    """Return the standings with what is not judged yet, and with only what was judged."""
    counts = _judged() if pending_since is None else or_(_judged(), _pending(pending_since))
    heard = (
        select(
            auditions.c.promotion_id,
            func.count().label("hearings"),
            func.count(case((_judged(), 1))).label("judged"),
        )
        .join(recommendations, recommendations.c.id == auditions.c.recommendation_id)
        .outerjoin(feedback, feedback.c.id == auditions.c.feedback_id)
        .where(auditions.c.guild_id == guild_id, counts)
        .group_by(auditions.c.promotion_id)
        .subquery()
    )
    query = (
        select(
            promotions.c.id,
            promotions.c.user_id,
            promotions.c.created_at,
            func.coalesce(heard.c.hearings, 0),
            func.coalesce(heard.c.judged, 0),
        )
        .outerjoin(heard, heard.c.promotion_id == promotions.c.id)
        .where(promotions.c.guild_id == guild_id, promotions.c.user_id.is_not(None))
        .order_by(promotions.c.id)
    )
    rows = (await conn.execute(query)).all()
    return (
        [Standing(number, who, at, hearings) for number, who, at, hearings, _ in rows],
        [Standing(number, who, at, judged) for number, who, at, _, judged in rows],
    )


async def judged_counts(conn: AsyncConnection, guild_id: int | None) -> dict[int, int]:
    """Return how many auditions each listener judged in a server (None: in all)."""
    query = (
        select(auditions.c.user_id, func.count())
        .join(feedback, feedback.c.id == auditions.c.feedback_id)
        .where(is_standing())
        .group_by(auditions.c.user_id)
    )
    if guild_id is not None:
        query = query.where(auditions.c.guild_id == guild_id)
    return {row[0]: row[1] for row in await conn.execute(query)}


async def met(
    conn: AsyncConnection, user_id: int, guild_id: int, *, pending_since: datetime
) -> tuple[set[int], bool]:
    """Return the promotions of a server that the listener ever had as an audition, and `waits`."""
    waiting = _pending(pending_since).label("waits")
    query = (
        select(auditions.c.promotion_id, auditions.c.guild_id, waiting)
        .join(recommendations, recommendations.c.id == auditions.c.recommendation_id)
        .where(auditions.c.user_id == user_id)
    )
    rows = (await conn.execute(query)).all()
    here = {row.promotion_id for row in rows if row.guild_id == guild_id}
    return here - {None}, any(row.waits for row in rows)


async def waits(conn: AsyncConnection, user_id: int, *, pending_since: datetime) -> bool:
    """Return whether an audition shown since then still waits for the listener's answer."""
    query = (
        select(auditions.c.recommendation_id)
        .join(recommendations, recommendations.c.id == auditions.c.recommendation_id)
        .where(auditions.c.user_id == user_id, _pending(pending_since))
        .limit(1)
    )
    return await conn.scalar(query) is not None


async def judged(conn: AsyncConnection, promotion_ids: Sequence[int]) -> list[Judged]:
    """Return what was said blind about some promotions, the earliest first."""
    query = (
        select(
            auditions.c.promotion_id,
            auditions.c.user_id,
            feedback.c.value,
            auditions.c.expected,
            recommendations.c.explanation,
            feedback.c.id,
        )
        .join(recommendations, recommendations.c.id == auditions.c.recommendation_id)
        .join(feedback, feedback.c.id == auditions.c.feedback_id)
        .where(auditions.c.promotion_id.in_(promotion_ids), is_standing())
        .order_by(feedback.c.id)
    )
    return [Judged(*row) for row in await conn.execute(query)]


async def told(conn: AsyncConnection, promotion_ids: Sequence[int]) -> dict[int, Totals]:
    """Return what was told of promotions; who judged them is not in it any more."""
    query = select(audition_results).where(audition_results.c.promotion_id.in_(promotion_ids))
    return {row.promotion_id: Totals.from_json(row.totals) for row in await conn.execute(query)}


async def tell(conn: AsyncConnection, promotion_id: int, totals: Totals) -> None:
    """Keep what is told of a promotion from now on."""
    own = audition_results.c.promotion_id == promotion_id
    await conn.execute(delete(audition_results).where(own))
    values = {"promotion_id": promotion_id, "totals": totals.to_json()}
    await conn.execute(insert(audition_results).values(values))


def _judged() -> ColumnElement[bool]:
    return and_(feedback.c.id.is_not(None), is_standing())


def _pending(since: datetime) -> ColumnElement[bool]:
    return and_(auditions.c.feedback_id.is_(None), recommendations.c.shown_at >= since)


async def _one(conn: AsyncConnection, condition: ColumnElement[bool]) -> Audition | None:
    query = (
        select(
            auditions.c.recommendation_id,
            auditions.c.user_id,
            auditions.c.promotion_id,
            recommendations.c.track_id,
            recommendations.c.message_id,
            auditions.c.feedback_id,
        )
        .join(recommendations, recommendations.c.id == auditions.c.recommendation_id)
        .where(condition)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else Audition(*row)
