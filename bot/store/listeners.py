"""Who the listeners are: their settings, and every row about them."""

from datetime import datetime

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import PersonalData
from bot.store import listening
from bot.store.tables import (
    feedback,
    posts,
    promotion_tracks,
    promotions,
    recommendations,
    taste,
    users,
)


async def ensure(conn: AsyncConnection, user_id: int, *, now: datetime) -> None:
    """Note down a listener when they are new."""
    known = await conn.scalar(select(users.c.id).where(users.c.id == user_id))
    if known is None:
        await conn.execute(insert(users).values(id=user_id, created_at=now, profile_public=False))


async def profile_is_public(conn: AsyncConnection, user_id: int) -> bool:
    """Return whether others may see the listener's profile; nobody's is unless they said so."""
    query = select(users.c.profile_public).where(users.c.id == user_id)
    return bool(await conn.scalar(query))


async def set_profile_public(conn: AsyncConnection, user_id: int, public: bool) -> None:
    """Keep whether others may see the listener's profile."""
    await conn.execute(update(users).where(users.c.id == user_id).values(profile_public=public))


async def store_taste(
    conn: AsyncConnection, user_id: int, vector: bytes, *, feedback_id: int, catalog_version: int
) -> None:
    """Keep the taste vector, with the place in the ledger and the catalogue it was built from."""
    values = {"vector": vector, "feedback_id": feedback_id, "catalog_version": catalog_version}
    changed = await conn.execute(update(taste).where(taste.c.user_id == user_id).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(taste).values(user_id=user_id, **values))


async def drop_taste(conn: AsyncConnection, user_id: int) -> None:
    """Forget the taste vector of somebody whose ledger no longer says anything."""
    await conn.execute(delete(taste).where(taste.c.user_id == user_id))


async def stored_taste(conn: AsyncConnection, user_id: int) -> bytes | None:
    """Return the stored taste vector; None before the first feedback."""
    vector: bytes | None = await conn.scalar(
        select(taste.c.vector).where(taste.c.user_id == user_id)
    )
    return vector


async def personal_data(conn: AsyncConnection, user_id: int) -> PersonalData:
    """Count what is kept about a person."""

    async def count(table: Table) -> int:
        query = select(func.count()).select_from(table).where(table.c.user_id == user_id)
        return int(await conn.scalar(query) or 0)

    return PersonalData(
        feedback=await count(feedback),
        taste=await count(taste),
        recommendations=await count(recommendations),
        promotions=await count(promotions),
        plays=await listening.count_plays(conn, user_id),
        listed=await listening.count_listed(conn, user_id),
        since=await conn.scalar(select(users.c.created_at).where(users.c.id == user_id)),
        profile_public=await profile_is_public(conn, user_id),
    )


async def delete_everything(conn: AsyncConnection, user_id: int) -> None:
    """Remove every row about a person, and what others said to their promotions."""
    own = select(promotions.c.id).where(promotions.c.user_id == user_id)
    of_own = (feedback.c.subject == "promotion") & feedback.c.subject_id.in_(own)
    of_own_posts = (posts.c.subject == "promotion") & posts.c.subject_id.in_(own)
    await conn.execute(delete(posts).where(of_own_posts))
    await conn.execute(
        update(recommendations)
        .where(recommendations.c.promotion_id.in_(own))
        .values(promotion_id=None)
    )
    await conn.execute(delete(promotion_tracks).where(promotion_tracks.c.promotion_id.in_(own)))
    # A cancel points to the entry it takes back: all of a person's go in one statement.
    entries = select(feedback.c.id).where((feedback.c.user_id == user_id) | of_own)
    await conn.execute(delete(feedback).where(feedback.c.cancels.in_(entries)))
    await conn.execute(delete(feedback).where((feedback.c.user_id == user_id) | of_own))
    for table in (taste, recommendations, promotions):
        await conn.execute(delete(table).where(table.c.user_id == user_id))
    await listening.remove_of(conn, user_id)
    await conn.execute(delete(users).where(users.c.id == user_id))
