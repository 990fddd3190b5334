"""What was shown to whom, and which message shows what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Subject, SubjectKind
from bot.store import record, record_facts
from bot.store.tables import auditions, posts, recommendations

_UNPOSTED = recommendations.c.message_id.is_(None)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A track that was shown to a listener, with the explanation it was shown with."""

    id: int
    user_id: int
    track_id: int
    message_id: int | None
    explanation: str
    promotion_id: int | None
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class ShownIn:
    """A recommendation that a message shows."""

    id: int
    promotion_id: int | None


@dataclass(frozen=True, slots=True)
class NewPick:
    """A track that is about to be shown."""

    track_id: int
    explanation: str
    promotion_id: int | None
    terms: record_facts.Terms | None = None
    """Of a promoted one."""


async def add(
    conn: AsyncConnection,
    user_id: int,
    track_id: int,
    *,
    explanation: str,
    promotion_id: int | None,
    now: datetime,
) -> int:
    """Note that a track is about to be shown; return the id that its buttons carry."""
    return (await add_all(conn, user_id, [NewPick(track_id, explanation, promotion_id)], now=now))[
        0
    ]


async def add_all(
    conn: AsyncConnection, user_id: int, new: Sequence[NewPick], *, now: datetime
) -> list[int]:
    """Do so for an answer, each track named once, and seal it; return the ids in order."""
    if not new:
        return []
    rows = [
        {
            "user_id": user_id,
            "track_id": one.track_id,
            "message_id": None,
            "explanation": one.explanation,
            "promotion_id": one.promotion_id,
            "shown_at": now,
        }
        for one in new
    ]
    columns = (recommendations.c.track_id, recommendations.c.id)
    done = await conn.execute(insert(recommendations).returning(*columns), rows)
    ids = {row.track_id: int(row.id) for row in done}
    answer = record_facts.new_answer()
    facts = [
        record_facts.pick(
            user_id,
            ids[one.track_id],
            one.track_id,
            one.explanation,
            answer=answer,
            promotion_id=one.promotion_id,
            terms=one.terms,
        )
        for one in new
    ]
    await record.add(conn, facts, now=now)
    return [ids[one.track_id] for one in new]


async def by_id(conn: AsyncConnection, recommendation_id: int) -> Recommendation | None:
    """Return one recommendation; None when its listener had their data deleted."""
    columns = [recommendations.c[name] for name in Recommendation.__dataclass_fields__]
    row = (
        await conn.execute(select(*columns).where(recommendations.c.id == recommendation_id))
    ).first()
    return None if row is None else Recommendation(*row)


async def in_message(conn: AsyncConnection, message_id: int) -> dict[int, ShownIn]:
    """Return by track what was recommended in a message."""
    columns = (recommendations.c.track_id, recommendations.c.id, recommendations.c.promotion_id)
    query = select(*columns).where(recommendations.c.message_id == message_id)
    found = await conn.execute(query.order_by(recommendations.c.id))
    return {row.track_id: ShownIn(row.id, row.promotion_id) for row in found}


async def all_in(conn: AsyncConnection, message_id: int) -> list[Recommendation]:
    """Return what was recommended in a message, in order."""
    columns = [recommendations.c[name] for name in Recommendation.__dataclass_fields__]
    query = select(*columns).where(recommendations.c.message_id == message_id)
    found = await conn.execute(query.order_by(recommendations.c.id))
    return [Recommendation(*row) for row in found]


async def set_message(
    conn: AsyncConnection, recommendation_ids: Sequence[int], message_id: int
) -> None:
    """Note in which message recommendations were posted, but not that it shows their tracks."""
    await conn.execute(
        update(recommendations)
        .where(recommendations.c.id.in_(recommendation_ids))
        .values(message_id=message_id)
    )


async def remove(
    conn: AsyncConnection, recommendation_ids: Sequence[int], *, now: datetime
) -> None:
    """Forget recommendations that could not be posted; one that was is left alone."""
    await _remove(conn, recommendations.c.id.in_(recommendation_ids), _UNPOSTED, now=now)


async def remove_in(conn: AsyncConnection, message_id: int, *, now: datetime) -> None:
    """Forget what was recommended in a message that nobody got."""
    await _remove(conn, recommendations.c.message_id == message_id, now=now)


async def remove_unposted(conn: AsyncConnection, *, before: datetime, now: datetime) -> None:
    """Forget recommendations from before then that never reached a channel."""
    await _remove(conn, recommendations.c.shown_at < before, _UNPOSTED, now=now)


async def _remove(conn: AsyncConnection, *which: ColumnElement[bool], now: datetime) -> None:
    gone = delete(recommendations).where(*which).returning(recommendations.c.id)
    ids = list(await conn.scalars(gone))
    if ids:
        await record_facts.withdraw(conn, ids, now=now)


async def note_post(
    conn: AsyncConnection, message_id: int, *shown: Subject, guild_id: int | None = None
) -> None:
    """Note what a message of the bot is about, so that reactions to it can count.

    A message that is noted already stays as it is.

    Args:
        shown: what it shows, in the order in which it does.
        guild_id: the server where everybody sees it; None: it is private, or outside of servers.
    """
    values: dict[str, Any] = {"message_id": message_id, "guild_id": guild_id}
    for place, subject in enumerate(shown):
        values |= {f"subject{place}": subject.kind, f"subject_id{place}": subject.id}
    await conn.execute(_posting(len(shown)), values)


@cache
def _posting(count: int) -> Insert:
    """Return the statement that notes a message about so many things, put together once."""
    message_id = bindparam("message_id", type_=posts.c.message_id.type)
    known = select(posts.c.message_id).where(posts.c.message_id == message_id).exists()
    rows = [
        select(
            message_id,
            literal(place, posts.c.place.type),
            bindparam(f"subject{place}", type_=posts.c.subject.type),
            bindparam(f"subject_id{place}", type_=posts.c.subject_id.type),
            bindparam("guild_id", type_=posts.c.guild_id.type),
        ).where(~known)
        for place in range(count)
    ]
    columns = ["message_id", "place", "subject", "subject_id", "guild_id"]
    return insert(posts).from_select(columns, union_all(*rows))


async def forget_post(conn: AsyncConnection, message_id: int) -> None:
    """Forget what a message showed: it shows something else now."""
    await conn.execute(delete(posts).where(posts.c.message_id == message_id))


async def subjects_of(conn: AsyncConnection, message_id: int) -> tuple[Subject, ...]:
    """Return what a message shows, in order; nothing for a message that is not the bot's."""
    query = select(posts.c.subject, posts.c.subject_id).where(posts.c.message_id == message_id)
    found = await conn.execute(query.order_by(posts.c.place))
    return tuple(Subject(SubjectKind(row.subject), row.subject_id) for row in found)


async def shown_between(
    conn: AsyncConnection, user_id: int, since: datetime, before: datetime
) -> list[int]:
    """Return the tracks shown to the listener since then, and before then, each once, by id."""
    query = (
        select(recommendations.c.track_id)
        .where(
            recommendations.c.user_id == user_id,
            recommendations.c.shown_at >= since,
            recommendations.c.shown_at < before,
        )
        .distinct()
        .order_by(recommendations.c.track_id)
    )
    return list((await conn.scalars(query)).all())


async def last_shown(conn: AsyncConnection, user_id: int) -> dict[int, datetime]:
    """Return when each track was last shown to the listener by its name.

    Auditions that they have not judged are left out: they do not know these names yet.
    """
    last = func.max(recommendations.c.shown_at).label("last")
    query = (
        select(recommendations.c.track_id, last)
        .outerjoin(auditions, auditions.c.recommendation_id == recommendations.c.id)
        .where(
            recommendations.c.user_id == user_id,
            or_(auditions.c.recommendation_id.is_(None), auditions.c.feedback_id.is_not(None)),
        )
        .group_by(recommendations.c.track_id)
    )
    return {row.track_id: row.last for row in await conn.execute(query)}
