"""How listeners judged the picks they were shown."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, SubjectKind
from bot.store.feedback import is_counting, is_mute, is_whole
from bot.store.tables import feedback, recommendations


@dataclass(frozen=True, slots=True)
class Outcome:
    """A pick, and the entry about it that counts."""

    explanation: str
    kind: FeedbackKind
    value: float


async def latest(conn: AsyncConnection, *, limit: int) -> list[Outcome]:
    """Return judged picks of all listeners, the newest first."""
    found = await conn.execute(latest_query(limit, None))
    return [Outcome(row.explanation, FeedbackKind(row.kind), row.value) for row in found]


async def said_of_latest(
    conn: AsyncConnection, user_id: int, *, limit: int
) -> list[tuple[FeedbackKind, float]]:
    """Return what a listener said of their latest judged picks, the newest first."""
    columns = (feedback.c.kind, feedback.c.value)
    found = await conn.execute(latest_query(limit, user_id).with_only_columns(*columns))
    return [(FeedbackKind(row.kind), row.value) for row in found]


def latest_query(limit: int, user_id: int | None) -> Select[Any]:
    """Return the question that both ask."""
    judged = and_(
        feedback.c.user_id == recommendations.c.user_id,
        feedback.c.subject == SubjectKind.TRACK,
        feedback.c.subject_id == recommendations.c.track_id,
        feedback.c.created_at >= recommendations.c.shown_at,
        ~is_mute(),
        is_counting(),
        is_whole(),
    )
    query = (
        select(recommendations.c.explanation, feedback.c.kind, feedback.c.value)
        .select_from(recommendations.join(feedback, judged))
        .order_by(recommendations.c.id.desc())
        .limit(limit)
    )
    return query if user_id is None else query.where(recommendations.c.user_id == user_id)
