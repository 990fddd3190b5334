"""What a listener played and when, added up in the database: no play is read one by one.

The same play may stand in several histories of a listener, so of each recording and time the most
plays of any history count. What somebody else has played (`not_me`) is left out everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import COLLECTIVE_KEYS
from bot.core.taste import NOTHING_PLAYED, Period, Played
from bot.store import not_me
from bot.store.tables import artists, histories, listens, recordings, tracks


@dataclass(frozen=True, slots=True)
class PlayedArtist:
    """An artist as they were played in a period."""

    name: str
    plays: int
    first_s: int
    """When they were played first of all, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class PlayedTrack:
    """A track as it was played in a period."""

    title: str
    artist: str
    track_id: int | None
    """None: the catalogue does not hold it."""
    plays: int
    first_s: int
    """When it was played first of all, in seconds since 1970."""


def seconds_of(day: date) -> int:
    """Return when a day begins, in seconds since 1970, by UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())


async def artists_played(conn: AsyncConnection, user_id: int, period: Period) -> list[PlayedArtist]:
    """Return the artists played in a period, most plays first, then by name.

    Also those that the catalogue does not hold. Names that stand for many artists are left out.
    """
    played = _recordings(user_id, period, await not_me.counts(conn, user_id))
    name = func.coalesce(artists.c.name, recordings.c.artist)
    plays = func.sum(played.c.plays)
    query = (
        _named(played, name, plays, func.min(played.c.first_s))
        .where(artists.c.key.is_(None) | artists.c.key.not_in(sorted(COLLECTIVE_KEYS)))
        .group_by(name)
        .having(plays > 0)
        .order_by(plays.desc(), name)
    )
    return [PlayedArtist(who, int(times), first) for who, times, first in await conn.execute(query)]


async def tracks_played(
    conn: AsyncConnection, user_id: int, period: Period, *, limit: int
) -> list[PlayedTrack]:
    """Return the tracks played most in a period, most plays first, then by title and artist."""
    played = _recordings(user_id, period, await not_me.counts(conn, user_id))
    title = func.coalesce(tracks.c.title, recordings.c.title)
    artist = func.coalesce(artists.c.name, recordings.c.artist)
    plays = func.sum(played.c.plays)
    columns = (title, artist, recordings.c.track_id, plays, func.min(played.c.first_s))
    query = (
        _named(played, *columns)
        .group_by(title, artist, recordings.c.track_id)
        .having(plays > 0)
        .order_by(plays.desc(), title, artist)
        .limit(limit)
    )
    return [
        PlayedTrack(what, who, number, int(times), first)
        for what, who, number, times, first in await conn.execute(query)
    ]


async def tracks_by_month(
    conn: AsyncConnection, user_id: int, starts: Sequence[date]
) -> list[Played]:
    """Return the tracks of the catalogue that were played in each month.

    Args:
        starts: the first day of each month, ascending, and the day after the last month.
    """
    months = len(starts) - 1
    if months < 1:
        return []
    placed = _placed(user_id, starts, await not_me.counts(conn, user_id))
    each = (
        select(
            placed.c.place, recordings.c.track_id, func.count().label("plays"),
            func.max(placed.c.played_at).label("last_s"),
        )
        .join(recordings, recordings.c.id == placed.c.recording_id)
        .where(recordings.c.track_id.is_not(None))
        .group_by(placed.c.history_id, placed.c.place, recordings.c.track_id)
        .subquery()
    )  # fmt: skip
    query = select(
        each.c.place, each.c.track_id, func.max(each.c.plays), func.max(each.c.last_s)
    ).group_by(each.c.place, each.c.track_id)
    by_month: list[list[tuple[int, float, int]]] = [[] for _ in range(months)]
    for number, track_id, plays, last_s in await conn.execute(query):
        by_month[number].append((track_id, plays, last_s))
    return [Played.of(rows) if rows else NOTHING_PLAYED for rows in by_month]


async def plays_by_month(conn: AsyncConnection, user_id: int, starts: Sequence[date]) -> list[int]:
    """Return how many plays each month has, also of what the catalogue does not hold.

    Args:
        starts: as in `tracks_by_month`.
    """
    found = [0] * max(len(starts) - 1, 0)
    if not found:
        return []
    placed = _placed(user_id, starts, await not_me.counts(conn, user_id))
    query = select(placed.c.history_id, placed.c.place, func.count()).group_by(
        placed.c.history_id, placed.c.place
    )
    for _, number, plays in await conn.execute(query):
        found[number] = max(found[number], plays)
    return found


async def first_play(conn: AsyncConnection, user_id: int) -> int | None:
    """Return when a listener played something first, in seconds; None without a play."""
    counts = await not_me.counts(conn, user_id)
    own = listens.c.history_id.in_(_own(user_id))
    query = select(func.min(listens.c.played_at)).where(own, counts)
    found = await conn.scalar(query)
    return None if found is None else int(found)


def _placed(user_id: int, starts: Sequence[date], counts: ColumnElement[bool]) -> Subquery:
    """Return the plays of some months, each with the place of its month."""
    bounds = [seconds_of(day) for day in starts]
    place = case(*((listens.c.played_at < end, number) for number, end in enumerate(bounds[1:])))
    return (
        select(
            listens.c.history_id, listens.c.recording_id, listens.c.played_at, place.label("place")
        )
        .where(listens.c.history_id.in_(_own(user_id)), counts)
        .where(listens.c.played_at >= bounds[0], listens.c.played_at < bounds[-1])
        .subquery()
    )


def _own(user_id: int) -> Select[tuple[int]]:
    return select(histories.c.id).where(histories.c.user_id == user_id)


def _recordings(user_id: int, period: Period, counts: ColumnElement[bool]) -> Subquery:
    """Return each recording with its plays in the period, and its first play of all."""
    inside: list[ColumnElement[bool]] = [listens.c.played_at < seconds_of(period.until)]
    if period.since is not None:
        inside.append(listens.c.played_at >= seconds_of(period.since))
    hits = case((inside[0] & inside[-1], 1), else_=0)
    each = (
        select(
            listens.c.recording_id,
            func.min(listens.c.played_at).label("first_s"),
            func.sum(hits).label("plays"),
        )
        .where(listens.c.history_id.in_(_own(user_id)), counts)
        .group_by(listens.c.history_id, listens.c.recording_id)
        .subquery()
    )
    return (
        select(
            each.c.recording_id,
            func.min(each.c.first_s).label("first_s"),
            func.max(each.c.plays).label("plays"),
        )
        .group_by(each.c.recording_id)
        .subquery()
    )


def _named(played: Subquery, *columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(played)
        .join(recordings, recordings.c.id == played.c.recording_id)
        .outerjoin(tracks, tracks.c.id == recordings.c.track_id)
        .outerjoin(artists, artists.c.id == tracks.c.artist_id)
    )
