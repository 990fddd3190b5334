"""The weekly digests of servers, who joined them, and what was liked there."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import FeedbackKind, SubjectKind
from bot.core.server import Digest
from bot.store.feedback import is_counting
from bot.store.tables import digest_members, digests, feedback, posts, recommendations

_COLUMNS = [digests.c[name] for name in Digest.__dataclass_fields__]


async def get(conn: AsyncConnection, guild_id: int) -> Digest | None:
    """Return the digest of a server; None when it has none."""
    row = (await conn.execute(select(*_COLUMNS).where(digests.c.guild_id == guild_id))).first()
    return None if row is None else Digest(*row)


async def put(conn: AsyncConnection, digest: Digest) -> None:
    """Keep a digest in place of an earlier one of the server; its members stay joined."""
    values = asdict(digest)
    own = digests.c.guild_id == digest.guild_id
    changed = await conn.execute(update(digests).where(own).values(values))
    if changed.rowcount == 0:
        await conn.execute(insert(digests).values(values))


async def remove(conn: AsyncConnection, guild_id: int) -> bool:
    """Remove a digest and who joined it; return whether there was one."""
    await conn.execute(delete(digest_members).where(digest_members.c.guild_id == guild_id))
    gone = await conn.execute(delete(digests).where(digests.c.guild_id == guild_id))
    return bool(gone.rowcount)


async def begin_sending(
    conn: AsyncConnection, guild_id: int, *, now: datetime, crashed_before: datetime
) -> bool:
    """Note that a digest is about to be posted; False when somebody else is posting it.

    Args:
        crashed_before: whoever began before this time has crashed.
    """
    free = or_(digests.c.sending_since.is_(None), digests.c.sending_since < crashed_before)
    begun = await conn.execute(
        update(digests).where(digests.c.guild_id == guild_id, free).values(sending_since=now)
    )
    return begun.rowcount == 1


async def end_sending(conn: AsyncConnection, guild_id: int, *, sent_at: datetime | None) -> None:
    """Note that a digest was posted, or (None) that it certainly was not."""
    values: dict[str, datetime | str | None] = {"sending_since": None}
    if sent_at is not None:
        values |= {"last_sent_at": sent_at, "problem": None}
    await conn.execute(update(digests).where(digests.c.guild_id == guild_id).values(values))


async def note_problem(conn: AsyncConnection, guild_id: int, problem: str, *, active: bool) -> None:
    """Note why a digest was not posted, and whether it is tried again next time."""
    values = {"problem": problem, "active": active}
    await conn.execute(update(digests).where(digests.c.guild_id == guild_id).values(values))


async def members(conn: AsyncConnection, guild_id: int) -> list[int]:
    """Return who joined the digest of a server, by id."""
    query = select(digest_members.c.user_id).where(digest_members.c.guild_id == guild_id)
    return list(await conn.scalars(query.order_by(digest_members.c.user_id)))


async def join(conn: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Let a listener's taste count for a digest; they have not joined it yet."""
    await conn.execute(insert(digest_members).values(guild_id=guild_id, user_id=user_id))


async def leave(conn: AsyncConnection, guild_id: int, user_id: int) -> bool:
    """Let a listener's taste no longer count; return whether it did."""
    own = (digest_members.c.guild_id == guild_id) & (digest_members.c.user_id == user_id)
    return bool((await conn.execute(delete(digest_members).where(own))).rowcount)


async def liked_tracks(
    conn: AsyncConnection, guild_id: int, *, since: datetime, limit: int, fewest: int = 1
) -> list[tuple[int, int]]:
    """Return the tracks that so many people liked under public picks of a server since then.

    A like counts as long as it is the listener's last word about the track. Most likes first, ties
    by id.
    """
    likes = func.count(feedback.c.user_id.distinct()).label("likes")
    query = (
        select(feedback.c.subject_id, likes)
        .join(posts, posts.c.message_id == feedback.c.message_id)
        .where(
            _public_tracks(guild_id),
            feedback.c.subject == SubjectKind.TRACK,
            feedback.c.subject_id == posts.c.subject_id,
            feedback.c.kind == FeedbackKind.THUMB,
            feedback.c.value >= 1,
            feedback.c.created_at >= since,
            is_counting(),
        )
        .group_by(feedback.c.subject_id)
        .having(likes >= fewest)
        .order_by(likes.desc(), feedback.c.subject_id)
        .limit(limit)
    )
    return [(track_id, count) for track_id, count in await conn.execute(query)]


async def count_likers(conn: AsyncConnection, guild_id: int, *, since: datetime) -> int:
    """Return how many people liked something under public picks of a server since then."""
    query = (
        select(func.count(feedback.c.user_id.distinct()))
        .join(posts, posts.c.message_id == feedback.c.message_id)
        .where(
            _public_tracks(guild_id),
            feedback.c.subject == SubjectKind.TRACK,
            feedback.c.subject_id == posts.c.subject_id,
            feedback.c.kind == FeedbackKind.THUMB,
            feedback.c.value >= 1,
            feedback.c.created_at >= since,
            is_counting(),
        )
    )
    return int(await conn.scalar(query) or 0)


async def count_listeners(conn: AsyncConnection, guild_id: int) -> int:
    """Return for how many people something was picked in public in a server."""
    query = (
        select(func.count(recommendations.c.user_id.distinct()))
        .join(posts, posts.c.message_id == recommendations.c.message_id)
        .where(_public_tracks(guild_id))
    )
    return int(await conn.scalar(query) or 0)


async def shown_tracks(conn: AsyncConnection, guild_id: int, *, limit: int) -> list[int]:
    """Return the tracks that were picked in public in a server, the last ones first."""
    query = (
        select(posts.c.subject_id)
        .where(_public_tracks(guild_id))
        .order_by(posts.c.message_id.desc(), posts.c.place)
        .limit(limit)
    )
    return list(dict.fromkeys(await conn.scalars(query)))


def _public_tracks(guild_id: int) -> ColumnElement[bool]:
    return (posts.c.guild_id == guild_id) & (posts.c.subject == SubjectKind.TRACK)
