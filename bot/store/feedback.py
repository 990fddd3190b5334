"""The ledger of what listeners said: rows are only ever added.

Taking something back is a row too: a *cancel* that names the entry. An entry *counts* when nothing
cancels it and no later entry of the same listener about the same subject counts. To mute something
is no opinion about it: a mute replaces mutes only, and what was said counts beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Feedback, FeedbackKind, FeedbackSource, Subject, SubjectKind, Thumbs
from bot.store import record_facts
from bot.store.tables import auditions, feedback, tracks

_MIDDLE: Final = 3
"""A rating above this says that something is liked."""
_cancel = feedback.alias("cancel")
_later = feedback.alias("later")
_later_cancel = feedback.alias("later_cancel")


@cache
def is_standing() -> ColumnElement[bool]:
    """An entry that nothing cancels."""
    cancelled = select(_cancel.c.id).where(_cancel.c.cancels == feedback.c.id).exists()
    return and_(feedback.c.kind != FeedbackKind.CANCEL, ~cancelled)


@cache
def is_counting() -> ColumnElement[bool]:
    """A standing entry that no later standing entry about the same subject replaces."""
    later_cancelled = (
        select(_later_cancel.c.id).where(_later_cancel.c.cancels == _later.c.id).exists()
    )
    replaced = (
        select(_later.c.id)
        .where(
            _later.c.user_id == feedback.c.user_id,
            _later.c.subject == feedback.c.subject,
            _later.c.subject_id == feedback.c.subject_id,
            _later.c.id > feedback.c.id,
            _later.c.kind != FeedbackKind.CANCEL,
            (_later.c.kind == FeedbackKind.MUTE) == (feedback.c.kind == FeedbackKind.MUTE),
            ~later_cancelled,
        )
        .exists()
    )
    return and_(is_standing(), ~replaced)


def entry_of(row: Row[Any], prefix: str = "") -> Feedback:
    """Return the entry in a row that has the columns of `feedback`, named with a prefix."""

    def of(name: str) -> Any:
        return getattr(row, f"{prefix}{name}")

    return Feedback(
        id=of("id"),
        kind=FeedbackKind(of("kind")),
        subject=Subject(SubjectKind(of("subject")), of("subject_id")),
        value=of("value"),
        source=FeedbackSource(of("source")),
        message_id=of("message_id"),
        created_at=of("created_at"),
    )


async def append(
    conn: AsyncConnection,
    user_id: int,
    kind: FeedbackKind,
    subject: Subject,
    value: float,
    *,
    source: FeedbackSource,
    message_id: int | None = None,
    now: datetime,
    recorded: bool = True,
) -> int:
    """Add an entry and return its position in the ledger.

    Args:
        recorded: False: it was said elsewhere, and is taken over now.
    """
    done = await conn.execute(
        insert(feedback)
        .values(
            user_id=user_id,
            kind=kind,
            subject=subject.kind,
            subject_id=subject.id,
            value=value,
            source=source,
            message_id=message_id,
            created_at=now,
        )
        .returning(feedback.c.id)
    )
    entry_id = int(done.scalar_one())
    if recorded:
        await record_facts.add_vote(
            conn, user_id, entry_id, kind, subject, value, source=source, now=now
        )
    return entry_id


async def cancel(
    conn: AsyncConnection, user_id: int, entry: Feedback, *, source: FeedbackSource, now: datetime
) -> None:
    """Add the row that takes an entry back."""
    done = await conn.execute(
        insert(feedback)
        .values(
            user_id=user_id,
            kind=FeedbackKind.CANCEL,
            subject=entry.subject.kind,
            subject_id=entry.subject.id,
            value=None,
            source=source,
            message_id=entry.message_id,
            cancels=entry.id,
            created_at=now,
        )
        .returning(feedback.c.id)
    )
    await record_facts.add_cancel(
        conn, user_id, int(done.scalar_one()), entry, source=source, now=now
    )


@cache
def is_mute() -> ColumnElement[bool]:
    """An entry that mutes something."""
    return feedback.c.kind == FeedbackKind.MUTE


async def counting(conn: AsyncConnection, user_id: int) -> list[Feedback]:
    """Return every entry of the listener that counts, oldest first, but no mutes."""
    return await _counting(conn, user_id, ~is_mute())


async def mutes(conn: AsyncConnection, user_id: int) -> list[Feedback]:
    """Return every mute of the listener that counts, oldest first, also those that have ended."""
    return await _counting(conn, user_id, is_mute())


async def all_counting(conn: AsyncConnection, user_id: int) -> list[Feedback]:
    """Return every entry of the listener that counts, mutes among them, oldest first."""
    return await _counting(conn, user_id)


async def _counting(
    conn: AsyncConnection, user_id: int, *which: ColumnElement[bool]
) -> list[Feedback]:
    own = (feedback.c.user_id == user_id, *which, is_counting())
    query = select(feedback).where(*own).order_by(feedback.c.id)
    return [entry_of(row) for row in await conn.execute(query)]


async def counting_about(
    conn: AsyncConnection, user_id: int, subject: Subject, *, mute: bool = False
) -> Feedback | None:
    """Return the entry that counts about one subject, if there is one.

    Args:
        mute: that which mutes it, instead of what was said of it.
    """
    kind = is_mute() if mute else ~is_mute()
    query = _about(subject).where(feedback.c.user_id == user_id, kind, is_counting())
    row = (await conn.execute(query)).first()
    return None if row is None else entry_of(row)


async def counting_about_tracks(
    conn: AsyncConnection, user_id: int, track_ids: Sequence[int]
) -> dict[int, Feedback]:
    """Return by track the entries of the listener that count about some tracks, but no mutes."""
    query = select(feedback).where(
        feedback.c.user_id == user_id,
        feedback.c.subject == SubjectKind.TRACK,
        feedback.c.subject_id.in_(track_ids),
        ~is_mute(),
        is_counting(),
    )
    entries = map(entry_of, await conn.execute(query))
    return {one.subject.id: one for one in entries}


async def standing_mutes(conn: AsyncConnection, user_id: int, subject: Subject) -> list[Feedback]:
    """Return all mutes of a thing that nothing cancels, also those that a later one replaces."""
    query = _about(subject).where(feedback.c.user_id == user_id, is_mute(), is_standing())
    return [entry_of(row) for row in await conn.execute(query.order_by(feedback.c.id))]


async def count_liked_by(conn: AsyncConnection, user_id: int, artist_id: int) -> int:
    """Return how many tracks by an artist have a thumb up or a good rating of somebody."""
    liked = or_(
        and_(feedback.c.kind == FeedbackKind.RATING, feedback.c.value > _MIDDLE),
        and_(feedback.c.kind == FeedbackKind.THUMB, feedback.c.value > 0),
    )
    query = (
        select(func.count())
        .select_from(feedback.join(tracks, tracks.c.id == feedback.c.subject_id))
        .where(
            feedback.c.user_id == user_id,
            feedback.c.subject == SubjectKind.TRACK,
            tracks.c.artist_id == artist_id,
            liked,
            is_counting(),
        )
    )
    return int(await conn.scalar(query) or 0)


async def page(conn: AsyncConnection, user_id: int, *, offset: int, limit: int) -> list[Feedback]:
    """Return entries that count, newest first."""
    query = (
        select(feedback)
        .where(
            feedback.c.user_id == user_id,
            feedback.c.subject != SubjectKind.PROMOTION,
            is_counting(),
        )
        .order_by(feedback.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [entry_of(row) for row in await conn.execute(query)]


async def count_counting(conn: AsyncConnection, user_id: int) -> int:
    """Return how many entries of the listener count, promotions left out as in `page`."""
    query = (
        select(func.count())
        .select_from(feedback)
        .where(
            feedback.c.user_id == user_id,
            feedback.c.subject != SubjectKind.PROMOTION,
            is_counting(),
        )
    )
    return int(await conn.scalar(query) or 0)


async def last_standing(conn: AsyncConnection, user_id: int) -> Feedback | None:
    """Return the newest entry that was not taken back: the one `/undo` is about.

    Votes on promotions are left out as in `page`: they are not part of anybody's taste.
    """
    no_vote = feedback.c.subject != SubjectKind.PROMOTION
    query = (
        select(feedback)
        .where(feedback.c.user_id == user_id, no_vote, is_standing())
        .order_by(feedback.c.id.desc())
        .limit(1)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else entry_of(row)


@cache
def is_whole() -> ColumnElement[bool]:
    """An entry that is about one thing, not half a thumb on several at once."""
    return or_(feedback.c.kind != FeedbackKind.THUMB, func.abs(feedback.c.value) >= 1)


async def standing_reactions(
    conn: AsyncConnection, user_id: int, message_id: int, source: FeedbackSource, *, up: bool
) -> list[Feedback]:
    """Return the listener's reactions of this kind to a message that nothing has taken back."""
    query = (
        select(feedback)
        .where(
            feedback.c.user_id == user_id,
            feedback.c.message_id == message_id,
            feedback.c.source == source,
            feedback.c.value > 0 if up else feedback.c.value < 0,
            is_standing(),
        )
        .order_by(feedback.c.id)
    )
    return [entry_of(row) for row in await conn.execute(query)]


async def thumbs(
    conn: AsyncConnection,
    subject: Subject,
    message_id: int,
    *,
    besides: Mapping[int, datetime | None] | None = None,
) -> Thumbs:
    """Count the listeners whose latest feedback about the subject is a thumb on this message.

    Half thumbs stand under it as reactions, and are not counted. Thumbs on a blind audition are
    left out, because only one listener could have given them.

    Args:
        besides: people who do not count, because it is their own, and from when on (None: always).
    """
    query = (
        _about(subject)
        .with_only_columns(feedback.c.value, func.count())
        .where(
            feedback.c.message_id == message_id,
            feedback.c.kind == FeedbackKind.THUMB,
            is_whole(),
            *(_not_by(user_id, since) for user_id, since in (besides or {}).items()),
            ~is_blind(),
            is_counting(),
        )
        .group_by(feedback.c.value)
    )
    counts = {float(row[0]): int(row[1]) for row in await conn.execute(query)}
    return Thumbs(up=counts.get(1.0, 0), down=counts.get(-1.0, 0))


def _not_by(user_id: int, since: datetime | None) -> ColumnElement[bool]:
    others = feedback.c.user_id != user_id
    return others if since is None else or_(others, feedback.c.created_at < since)


@cache
def is_blind() -> ColumnElement[bool]:
    """Return the condition that an entry was made in a blind audition.

    Only `/audition results` counts these, because everybody knows for whom an audition was.
    """
    return select(auditions.c.feedback_id).where(auditions.c.feedback_id == feedback.c.id).exists()


def _about(subject: Subject) -> Select[Any]:
    return select(feedback).where(
        feedback.c.subject == subject.kind, feedback.c.subject_id == subject.id
    )
