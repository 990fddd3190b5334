"""Which artists the catalogue may grow by: who is loved, who waits to be met, and who was met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, distinct, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import LinkedService
from bot.core.catalog import Acquaintance
from bot.core.models import FeedbackKind, SubjectKind
from bot.store.dialect import listed
from bot.store.feedback import is_counting
from bot.store.tables import (
    acquaintances,
    albums,
    artists,
    external_ids,
    feedback,
    genres,
    heard,
    histories,
    linked_accounts,
    recordings,
    track_genres,
    tracks,
)

LIKED_FROM: Final = 4
"""A rating from here on is love."""
PLAYED_FROM: Final = 10
"""So many plays of an artist are, too."""
_COLUMNS: Final = [acquaintances.c[name] for name in Acquaintance.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Loved:
    """An artist whom listeners love; nobody's name stands beside it."""

    name: str
    listeners: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How far the catalogue has grown by itself."""

    met: int
    waiting: int


async def loved(conn: AsyncConnection, *, limit: int) -> list[Loved]:
    """Return the artists whom most listeners love: by what they say, then by name."""
    said = or_(
        and_(feedback.c.kind == FeedbackKind.RATING, feedback.c.value >= LIKED_FROM),
        and_(feedback.c.kind == FeedbackKind.THUMB, feedback.c.value > 0),
        and_(feedback.c.kind == FeedbackKind.SEED, feedback.c.subject != SubjectKind.GENRE),
    )
    whose: ColumnElement[int] = func.coalesce(tracks.c.artist_id, albums.c.artist_id, artists.c.id)
    told = (
        select(feedback.c.user_id, whose.label("artist_id"))
        .select_from(feedback)
        .outerjoin(tracks, _about(SubjectKind.TRACK, tracks.c.id))
        .outerjoin(albums, _about(SubjectKind.ALBUM, albums.c.id))
        .outerjoin(artists, _about(SubjectKind.ARTIST, artists.c.id))
        .where(said, is_counting())
        .subquery()
    )
    listeners = func.count(distinct(told.c.user_id))
    query = (
        select(artists.c.name, listeners)
        .join(told, told.c.artist_id == artists.c.id)
        .group_by(artists.c.id, artists.c.name)
        .order_by(listeners.desc(), artists.c.name)
        .limit(limit)
    )
    return [Loved(*row) for row in await conn.execute(query)]


async def played(conn: AsyncConnection, *, limit: int) -> list[Loved]:
    """Return the artists whom most listeners play a lot, as their histories write them.

    What came from a linked account of Spotify is left out: its rules allow no use of that kind.
    """
    users, plays = func.count(distinct(histories.c.user_id)), func.sum(heard.c.plays)
    query = (
        select(recordings.c.artist, users)
        .select_from(heard)
        .join(recordings, recordings.c.id == heard.c.recording_id)
        .join(histories, histories.c.id == heard.c.history_id)
        .outerjoin(linked_accounts, linked_accounts.c.id == histories.c.account_id)
        .where(func.coalesce(linked_accounts.c.service, "") != LinkedService.SPOTIFY)
        .group_by(recordings.c.artist)
        .having(plays >= PLAYED_FROM)
        .order_by(users.desc(), plays.desc(), recordings.c.artist)
        .limit(limit)
    )
    return [Loved(*row) for row in await conn.execute(query)]


async def of_genre(conn: AsyncConnection, genre: str, *, limit: int) -> list[str]:
    """Return the artists with most tracks of a genre."""
    count = func.count()
    query = (
        select(artists.c.name)
        .join(tracks, tracks.c.artist_id == artists.c.id)
        .join(track_genres, track_genres.c.track_id == tracks.c.id)
        .join(genres, genres.c.id == track_genres.c.genre_id)
        .where(genres.c.name == genre.strip().lower())
        .group_by(artists.c.id, artists.c.name)
        .order_by(count.desc(), artists.c.name)
        .limit(limit)
    )
    return list((await conn.scalars(query)).all())


async def waiting(conn: AsyncConnection, *, limit: int) -> list[Acquaintance]:
    """Return who waits to be met: the weightiest first."""
    query = (
        select(*_COLUMNS)
        .where(acquaintances.c.met_at.is_(None))
        .order_by(acquaintances.c.weight.desc(), acquaintances.c.key)
        .limit(limit)
    )
    return [Acquaintance(*row) for row in await conn.execute(query)]


async def met(conn: AsyncConnection, *, since: datetime) -> set[str]:
    """Return the keys of those who were met since then."""
    query = select(acquaintances.c.key).where(acquaintances.c.met_at >= since)
    return set((await conn.scalars(query)).all())


async def keep(
    conn: AsyncConnection, found: Sequence[Acquaintance], *, met_at: datetime | None = None
) -> None:
    """Keep artists as they stand now, in place of what was known of them.

    Args:
        met_at: they were met; None: they wait, unless they were met before.
    """
    keys = listed(conn, [one.key for one in found])
    query = select(acquaintances.c.key, acquaintances.c.met_at).where(acquaintances.c.key.in_(keys))
    before = {row.key: row.met_at for row in await conn.execute(query)}
    await conn.execute(delete(acquaintances).where(acquaintances.c.key.in_(keys)))
    rows = [
        {
            **{name: getattr(one, name) for name in Acquaintance.__dataclass_fields__},
            "met_at": met_at or before.get(one.key),
        }
        for one in found
    ]
    if rows:
        await conn.execute(insert(acquaintances), rows)


async def growth(conn: AsyncConnection) -> Growth:
    """Count those who were met, and those who wait."""
    count = select(func.count()).select_from(acquaintances)
    is_met = acquaintances.c.met_at.is_not(None)
    return Growth(
        int(await conn.scalar(count.where(is_met)) or 0),
        int(await conn.scalar(count.where(~is_met)) or 0),
    )


async def artist_id(conn: AsyncConnection, key: str) -> int | None:
    """Return the artist of the catalogue with this key."""
    found: int | None = await conn.scalar(select(artists.c.id).where(artists.c.key == key))
    return found


async def songs_of(conn: AsyncConnection, key: str) -> int:
    """Return how many tracks of an artist the catalogue holds."""
    query = (
        select(func.count())
        .select_from(tracks)
        .join(artists, artists.c.id == tracks.c.artist_id)
        .where(artists.c.key == key)
    )
    return int(await conn.scalar(query) or 0)


async def recordings_of(conn: AsyncConnection, key: str, *, limit: int) -> list[str]:
    """Return the MBIDs of the best-known recordings of an artist."""
    query = (
        select(external_ids.c.value)
        .join(tracks, tracks.c.id == external_ids.c.track_id)
        .join(artists, artists.c.id == tracks.c.artist_id)
        .where(artists.c.key == key, external_ids.c.namespace == "mbid")
        .order_by(tracks.c.search_rank, tracks.c.id)
        .limit(limit)
    )
    return list((await conn.scalars(query)).all())


async def last_track(conn: AsyncConnection) -> int:
    """Return the highest id of a track; 0: there is none."""
    return int(await conn.scalar(select(func.max(tracks.c.id))) or 0)


def _about(kind: SubjectKind, column: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(feedback.c.subject == kind, feedback.c.subject_id == column)
