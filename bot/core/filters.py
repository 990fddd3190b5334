"""What may be recommended at all: one mask per wish, each with its count."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.space import FEATURES, Catalog
from bot.core.taste import TasteProfile


class Mood(StrEnum):
    """A mood that can be asked for."""

    CALM = "calm"
    ENERGETIC = "energetic"
    HAPPY = "happy"
    SAD = "sad"
    DANCEABLE = "danceable"
    ACOUSTIC = "acoustic"
    INSTRUMENTAL = "instrumental"


_AT_LEAST: Final = 1.0
_AT_MOST: Final = -1.0
MOODS: Final = {
    Mood.CALM: (("energy", _AT_MOST, -0.5), ("loudness", _AT_MOST, 0.0)),
    Mood.ENERGETIC: (("energy", _AT_LEAST, 0.5),),
    Mood.HAPPY: (("valence", _AT_LEAST, 0.5), ("energy", _AT_LEAST, -0.5)),
    Mood.SAD: (("valence", _AT_MOST, -0.5), ("energy", _AT_MOST, 0.25)),
    Mood.DANCEABLE: (("danceability", _AT_LEAST, 0.5),),
    Mood.ACOUSTIC: (("acousticness", _AT_LEAST, 0.5),),
    Mood.INSTRUMENTAL: (("instrumentalness", _AT_LEAST, 0.8),),
}
"""Per mood what must hold, on the Gaussian scale of the catalogue: 0.5 is its best 31 %, -0.5 its
lowest 31 %, 0.8 its best 21 %. A track fails when a feature it needs is unknown."""


class Filter(StrEnum):
    """Why a track is not among the candidates, in the order in which filters are counted."""

    UNMEASURED = "unmeasured"
    """No audio feature of it is known."""
    RATED = "rated"
    """The listener has rated it or another version of the same song."""
    SHOWN = "shown"
    """The same for what was shown to them lately."""
    GENRE = "genre"
    MOOD = "mood"
    YEARS = "years"
    NEW_ARTISTS = "new_artists"
    """Its artist is known to the listener."""
    EXCLUDED = "excluded"
    """The caller does not want these rows."""
    SAME_SONG = "same_song"
    """Another version of a song that was picked."""
    PER_ARTIST = "per_artist"
    """Its artist already has as many picks as allowed."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted. Rows are rows of the catalogue."""

    count: int = 5
    obscurity: int = 0
    """0 (popularity does not matter) … 100; see `scoring.popularity_penalty`."""
    genres: Collection[int] = ()
    """Database ids, one of which the track must have; empty: any."""
    mood: Mood | None = None
    years: tuple[int | None, int | None] | None = None
    """First and last release year, both included; None is open."""
    rated: Collection[int] = ()
    shown: Collection[int] = ()
    excluded: Collection[int] = ()
    only: Collection[int] = ()
    """When there are any: nothing else is a candidate."""
    new_artists: bool = False
    """Only artists with no rated, liked or disliked track."""
    per_artist: int | None = 1
    """How many picks an artist may have; None: any number."""
    affinity: float = 0.05
    """What a fully loved artist adds to the score (a fully hated one takes away); 0 … 1."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What one filter did."""

    filter: Filter
    removed: int
    """Tracks it removed of those that earlier filters had left."""
    unknown: int = 0
    """Of these, tracks that fell out only because the fact it asks for is unknown."""
    alone: int = 0
    """Tracks that would come back if only this filter were loosened; counted for short lists."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocked:
    """What one filter objects to, whatever the others say."""

    filter: Filter
    blocks: NDArray[np.bool_]
    unknown: NDArray[np.bool_] | None = None


def blocked(catalog: Catalog, taste: TasteProfile, query: Query) -> Iterator[Blocked]:
    """Yield the filters that the query turns on, in the order of `Filter`."""
    yield Blocked(Filter.UNMEASURED, ~catalog.measured)
    if query.rated:
        yield Blocked(Filter.RATED, _same_songs(catalog, query.rated))
    if query.shown:
        yield Blocked(Filter.SHOWN, _same_songs(catalog, query.shown))
    if query.genres:
        yield _other_genre(catalog, query.genres)
    if query.mood is not None:
        yield _other_mood(catalog, query.mood)
    if query.years is not None:
        yield _other_year(catalog, *query.years)
    if query.new_artists:
        yield Blocked(Filter.NEW_ARTISTS, _known_artists(catalog, taste, query.rated))
    if query.excluded or query.only:
        excluded = np.full(len(catalog), bool(query.only))
        excluded[_rows(query.only)] = False
        excluded[_rows(query.excluded)] = True
        yield Blocked(Filter.EXCLUDED, excluded)


def candidates(catalog: Catalog, filters: list[Blocked]) -> tuple[NDArray[np.bool_], list[Removed]]:
    """Return who is left, and what each filter removed of what the earlier ones had left."""
    left = np.ones(len(catalog), np.bool_)
    counts = []
    for one in filters:
        falls = left & one.blocks
        unknown = 0 if one.unknown is None else int(np.count_nonzero(falls & one.unknown))
        counts.append(Removed(one.filter, int(np.count_nonzero(falls)), unknown))
        left &= ~one.blocks
    return left, counts


def count_alone(filters: list[Blocked]) -> dict[Filter, int]:
    """Return for every filter how many tracks no other filter objects to."""
    objections = np.zeros(len(filters[0].blocks), np.int16)
    for one in filters:
        objections += one.blocks
    single = objections == 1
    return {one.filter: int(np.count_nonzero(single & one.blocks)) for one in filters}


def _rows(rows: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(rows, np.int64, len(rows))


def _same_songs(catalog: Catalog, rows: Collection[int]) -> NDArray[np.bool_]:
    heard = np.zeros(len(catalog), np.bool_)  # there are never more songs than tracks
    heard[catalog.song_index[_rows(rows)]] = True
    return heard[catalog.song_index]


def _known_artists(
    catalog: Catalog, taste: TasteProfile, rated: Collection[int]
) -> NDArray[np.bool_]:
    artists = np.concatenate([taste.artist_ids, catalog.artist_ids[_rows(rated)]])
    return catalog.by_artist(artists, np.ones(len(artists))) > 0


def _other_genre(catalog: Catalog, genres: Collection[int]) -> Blocked:
    wanted = np.isin(catalog.genre_ids, _rows(genres))
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(wanted)])
    start, end = catalog.genre_offsets[:-1], catalog.genre_offsets[1:]
    return Blocked(Filter.GENRE, before[start] == before[end], np.equal(start, end))


def _other_mood(catalog: Catalog, mood: Mood) -> Blocked:
    blocks = np.zeros(len(catalog), np.bool_)
    unknown = np.zeros(len(catalog), np.bool_)
    for feature, direction, threshold in MOODS[mood]:
        column = FEATURES.index(feature)
        unknown |= ~catalog.known[:, column]
        blocks |= direction * catalog.gaussian[:, column] < direction * threshold
    return Blocked(Filter.MOOD, blocks | unknown, unknown)


def _other_year(catalog: Catalog, first: int | None, last: int | None) -> Blocked:
    unknown = catalog.years <= 0
    blocks = unknown.copy()
    if first is not None:
        blocks |= catalog.years < first
    if last is not None:
        blocks |= catalog.years > last
    return Blocked(Filter.YEARS, blocks, unknown)
