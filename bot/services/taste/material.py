"""What is known of a listener over a period, read for profiles, timelines and stories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.taste import (
    NO_OPINION,
    NOTHING_PLAYED,
    Favorite,
    Judged,
    ListenerProfile,
    Opinion,
    Period,
    Played,
    artist_strengths,
    artists_behind,
    count_feedback,
    describe_sound,
    likes_among,
    listening_opinions,
    opinion_value,
    opinions,
    ranked,
)
from bot.services.taste.heard import read_listening
from bot.services.taste.taste import plays_not_judged, rows_of_entries
from bot.store import feedback, played_past, subjects
from bot.store.played_past import PlayedArtist, PlayedTrack

FAVORITES: Final = 5
"""How many artists, tracks and genres a profile names."""

_MOST_TRACKS: Final = 200
_BETWEEN: Final = "\x1f"  # stands in no title


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What somebody said and played, and what the things are called."""

    period: Period
    entries: tuple[Feedback, ...] = ()
    """All that counts about music, oldest first, also from before the period."""
    rows: Mapping[Subject, NDArray[np.int64]] = field(default_factory=dict)
    """The catalogue rows of what they are about."""
    names: Mapping[Subject, tuple[str, str]] = field(default_factory=dict)
    """Title and artist of the tracks, name and "" of the artists among them."""
    played: Played = NOTHING_PLAYED
    """The tracks of the catalogue played in the period, as far as they count for the taste."""
    artists: tuple[PlayedArtist, ...] = ()
    tracks: tuple[PlayedTrack, ...] = ()
    """Played most in the period."""

    @property
    def said(self) -> list[Feedback]:
        """Return the entries of the period."""
        return [one for one in self.entries if self.period.holds(one.created_at.date())]

    @property
    def plays(self) -> int:
        """Return how many plays of the period are known."""
        return sum(one.plays for one in self.artists)


async def read_material(
    conn: AsyncConnection, catalog: Catalog, user_id: int, period: Period, *, heard: bool
) -> Material:
    """Read what is known of a listener over a period.

    Args:
        conn: the connection.
        catalog: where the rows are of.
        user_id: the listener.
        period: the days.
        heard: False: what was said alone.
    """
    entries = [
        one
        for one in await feedback.counting(conn, user_id)
        if one.subject.kind is not SubjectKind.PROMOTION and one.kind not in NO_OPINION
    ]
    rows = await rows_of_entries(conn, catalog, entries)
    names = await _names(conn, entries, artists_behind(catalog, rows).values())
    if not heard:
        return Material(period, tuple(entries), rows, names)
    if period.since is None:
        played = (await read_listening(conn, user_id)).counts
    else:
        (played,) = await played_past.tracks_by_month(conn, user_id, [period.since, period.until])
    return Material(
        period,
        tuple(entries),
        rows,
        names,
        played,
        tuple(await played_past.artists_played(conn, user_id, period)),
        tuple(await played_past.tracks_played(conn, user_id, period, limit=_MOST_TRACKS)),
    )


def likes_of(
    catalog: Catalog,
    entries: Sequence[Feedback],
    rows: Mapping[Subject, NDArray[np.int64]],
    played: Played,
    *,
    against: Iterable[Feedback] = (),
) -> Judged:
    """Return what is liked by what was said and played, both alike.

    All plays together weigh as much as all that was said, and a track that was judged itself is
    what was said of it, however often it was played.

    Args:
        catalog: the tracks.
        entries: what was said.
        rows: the catalogue rows of what it is about.
        played: the tracks that were played.
        against: other entries, whose tracks count by no plays either.
    """
    said = opinions(entries, rows)
    return likes_among([*said, *_weak(catalog, [*entries, *against], rows, played, said)])


def _weak(
    catalog: Catalog,
    entries: Sequence[Feedback],
    rows: Mapping[Subject, NDArray[np.int64]],
    played: Played,
    said: Sequence[Opinion],
) -> list[Opinion]:
    weight = sum(one.value * one.weight for one in said if one.value > 0)
    free = plays_not_judged(catalog, entries, rows, played)
    return listening_opinions(*free, each=1.0, together=max(weight, 5.0))


def profile_of(catalog: Catalog, material: Material) -> tuple[ListenerProfile, Judged]:
    """Describe the taste of a period, and return what is liked in it; arithmetic for a thread."""
    said = material.said
    inside = {one.id for one in said}
    earlier = [one for one in material.entries if one.id not in inside]
    likes = likes_of(catalog, said, material.rows, material.played, against=earlier)
    chosen = [one for one in said if one.kind is not FeedbackKind.SEED]
    judged = likes_of(catalog, chosen, material.rows, material.played, against=earlier)
    sound = describe_sound(catalog, likes, judged, genres=FAVORITES)
    profile = ListenerProfile(
        counts=count_feedback(said),
        levels=sound.levels,
        unknown=sound.unknown,
        obscurity=sound.obscurity,
        independents=sound.independents,
        artists=tuple(Favorite(name) for name, _ in artist_worth(catalog, material)[:FAVORITES]),
        tracks=_tracks(material),
        genres=sound.genres,
        plays=material.plays,
    )
    return profile, likes


def artist_worth(catalog: Catalog, material: Material) -> list[tuple[str, float]]:
    """Return the artists liked and played in the period, best first, with their worth."""
    said = _against(
        _strengths(catalog, material, material.said),
        _strengths(catalog, material, material.entries),
    )
    played = {one.name: one.plays for one in material.artists}
    return ranked(said, played, limit=len(said) + len(played))


def first_met(catalog: Catalog, material: Material) -> dict[str, date]:
    """Return when each artist was said something of, or played, first of all."""
    behind = artists_behind(catalog, material.rows)
    met: dict[str, date] = {
        one.name: datetime.fromtimestamp(one.first_s, UTC).date() for one in material.artists
    }
    for entry in material.entries:
        name = _artist_name(material, behind.get(entry.subject))
        if name is not None:
            day = entry.created_at.date()
            met[name] = min(day, met.get(name, day))
    return met


def _strengths(
    catalog: Catalog, material: Material, entries: Sequence[Feedback]
) -> dict[str, float]:
    found = {}
    for one in artist_strengths(entries, artists_behind(catalog, material.rows)):
        name = _artist_name(material, one.artist_id)
        if name is not None:
            found[name] = one.strength
    return found


def _artist_name(material: Material, artist_id: int | None) -> str | None:
    if artist_id is None:
        return None
    named = material.names.get(Subject(SubjectKind.ARTIST, artist_id))
    return None if named is None else named[0]


def _against(now: Mapping[str, float], ever: Mapping[str, float]) -> dict[str, float]:
    """Return what was said in a period, but of whom was ever said more against than for: that."""
    return {**now, **{name: value for name, value in ever.items() if value < 0}}


def _tracks(material: Material) -> tuple[Favorite, ...]:
    said, ever = (
        {
            _BETWEEN.join(material.names[one.subject]): opinion_value(one)
            for one in entries
            if one.subject.kind is SubjectKind.TRACK and one.subject in material.names
        }
        for entries in (material.said, material.entries)
    )
    played = {f"{one.title}{_BETWEEN}{one.artist}": one.plays for one in material.tracks}
    best = ranked(_against(said, ever), played, limit=FAVORITES)
    return tuple(Favorite(*name.split(_BETWEEN, 1)) for name, _ in best)


async def _names(
    conn: AsyncConnection, entries: Sequence[Feedback], artist_ids: Iterable[int]
) -> dict[Subject, tuple[str, str]]:
    asked = {one.subject for one in entries if one.subject.kind is SubjectKind.TRACK}
    asked |= {Subject(SubjectKind.ARTIST, one) for one in artist_ids}
    found = await subjects.names(conn, asked)
    return {subject: (hit.title, hit.artist or "") for subject, hit in found.items()}
