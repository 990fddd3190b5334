"""A listener's story of a period: all that `/year` and `/timeline` show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.core.catalog import Catalog
from bot.core.models import Feedback, Subject, SubjectKind
from bot.core.taste import (
    Early,
    EarlyLike,
    Favorite,
    Judged,
    Month,
    NewName,
    Part,
    Period,
    Played,
    Span,
    Story,
    calendar_year,
    clusters_of,
    counted_among,
    early_likes,
    genre_mix,
    month_of_taste,
    month_starts,
    new_names,
    opinion_value,
    period_of,
    quiet_favorites,
    since_began,
    telling,
)
from bot.errors import UserError
from bot.services.catalog import LiveCatalog
from bot.services.taste.material import (
    Material,
    artist_worth,
    first_met,
    likes_of,
    profile_of,
    read_material,
)
from bot.services.threads import compute
from bot.store import played_past, popularity_past, subjects
from bot.store.engine import Database

_QUIET: Final = 5
"""So many of the least known artists are named."""
_FIRST_YEAR: Final = 1970
_NO_SUCH_YEAR: Final = "Choose a year from 1970 up to this one, or leave it out."
_SAMPLE: Final = 1000
"""So many tracks of the catalogue show what a place was worth."""
_MOST_LIKED: Final = 400
"""So many liked tracks are looked at for their rise."""


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What a story is told from."""

    material: Material
    starts: list[date]
    played: list[Played]
    plays: list[int]
    began: date | None


class Stories:
    """Tells stories. Only their owner may hear one."""

    def __init__(self, database: Database, catalog: LiveCatalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def days(self, span: Span, year: int | None = None) -> Period:
        """Return the days of a calendar year, or of a span up to today.

        Raises:
            UserError: nobody can have heard anything in that year.
        """
        today = self._clock.now().date()
        if year is None:
            return period_of(span, today)
        if not _FIRST_YEAR <= year <= today.year:
            raise UserError(_NO_SUCH_YEAR)
        return calendar_year(year)

    async def of(self, user_id: int, period: Period) -> Story:
        """Tell the story of a period; nothing is known of somebody who said and played nothing."""
        catalog = await self._catalog.get()
        async with self._database.read() as conn:
            read = await _read(conn, catalog, user_id, period)
        profile, likes = await compute(profile_of, catalog, read.material)
        if profile.is_empty:
            return Story(period)
        met, months = await compute(_met_and_months, catalog, read)
        clusters = await compute(clusters_of, catalog, likes)
        quiet = quiet_favorites(catalog, likes, limit=_QUIET)
        async with self._database.read() as conn:
            early, past = await _early(conn, catalog, read.material)
            rows = {*quiet, *(row for one in clusters for row in one.rows)}
            wanted = {*catalog.track_ids[sorted(rows)].tolist(), *(one.track_id for one in early)}
            names = await _named(conn, SubjectKind.TRACK, wanted)
            artists = {one.artist_id for one in months if one.artist_id is not None}
            named = await _named(conn, SubjectKind.ARTIST, artists)
        new, since_the_beginning = since_began(met, read.began, period)
        return Story(
            period=period,
            profile=profile,
            met=tuple(new),
            met_since_began=since_the_beginning,
            quiet=_of_rows(catalog, quiet, names),
            fames=_fames(catalog, likes),
            months=tuple(months),
            month_artists={number: one.name for number, one in named.items()},
            parts=tuple(
                Part(one.share, one.genre, one.levels, _of_rows(catalog, one.rows, names))
                for one in clusters
            ),
            early=tuple(EarlyLike(names[e.track_id], e) for e in early if e.track_id in names),
            past=past,
        )


async def _read(conn: AsyncConnection, catalog: Catalog, user_id: int, period: Period) -> _Read:
    material = await read_material(conn, catalog, user_id, period, heard=True)
    began = _began(material.entries, await played_past.first_play(conn, user_id))
    first = max(one for one in (began, period.since, date.min) if one is not None)
    starts = [] if began is None else month_starts(first, period.until)
    return _Read(
        material,
        starts,
        await played_past.tracks_by_month(conn, user_id, starts),
        await played_past.plays_by_month(conn, user_id, starts),
        began,
    )


def _began(entries: Sequence[Feedback], first_play: int | None) -> date | None:
    """Return the first day of which anything is known."""
    days = [one.created_at.date() for one in entries]
    if first_play is not None:
        days.append(datetime.fromtimestamp(first_play, UTC).date())
    return min(days, default=None)


def _met_and_months(catalog: Catalog, read: _Read) -> tuple[list[NewName], list[Month]]:
    material = read.material
    worth = dict(artist_worth(catalog, material))
    met = new_names(
        first_met(catalog, material), worth, material.period.since, material.period.until
    )
    mix = genre_mix(catalog)
    months = []
    for number, start in enumerate(read.starts[:-1]):
        days = Period(start, read.starts[number + 1])
        said = [one for one in material.said if days.holds(one.created_at.date())]
        inside = {one.id for one in said}
        others = [one for one in material.entries if one.id not in inside]
        likes = likes_of(catalog, said, material.rows, read.played[number], against=others)
        months.append(
            month_of_taste(
                catalog, likes, start=start, plays=read.plays[number], said=len(said), mix=mix
            )
        )
    return met, telling(months)


async def _early(
    conn: AsyncConnection, catalog: Catalog, material: Material
) -> tuple[list[Early], bool]:
    """Return what was liked before it rose, and whether any past is known."""
    looked = await popularity_past.months_looked_at(conn)
    if not any(len(months) > 1 for months in looked.values()):
        return [], False
    liked = _liked_since(material)
    ids = catalog.track_ids
    sample = ids[np.unique(np.linspace(0, len(ids) - 1, min(_SAMPLE, len(ids))).astype(np.int64))]
    kept = await popularity_past.past_of_tracks(conn, sorted({*liked, *sample.tolist()}))
    return await compute(early_likes, liked, kept, looked), True


def _liked_since(material: Material) -> dict[int, date]:
    """Return since when tracks are liked, or played: the newest ratings, the most plays."""
    entries = [one for one in material.entries if one.subject.kind is SubjectKind.TRACK]
    against = {one.subject.id for one in entries if opinion_value(one) <= 0}
    days = {
        one.track_id: datetime.fromtimestamp(one.first_s, UTC).date()
        for one in material.tracks
        if one.track_id is not None and one.track_id not in against
    }
    for one in entries[-_MOST_LIKED:]:
        if opinion_value(one) > 0:
            day = one.created_at.date()
            days[one.subject.id] = min(day, days.get(one.subject.id, day))
    return days


def _fames(catalog: Catalog, likes: Judged) -> tuple[float, ...]:
    fame = catalog.fame[likes.rows[counted_among(catalog, likes.rows)]]
    return tuple(fame.astype(float).tolist())


async def _named(
    conn: AsyncConnection, kind: SubjectKind, ids: Iterable[int]
) -> dict[int, Favorite]:
    found = await subjects.names(conn, [Subject(kind, one) for one in sorted(ids)])
    return {one.id: Favorite(hit.title, hit.artist or "") for one, hit in found.items()}


def _of_rows(
    catalog: Catalog, rows: Iterable[int], names: Mapping[int, Favorite]
) -> tuple[Favorite, ...]:
    ids = (int(catalog.track_ids[row]) for row in rows)
    return tuple(names[one] for one in ids if one in names)
