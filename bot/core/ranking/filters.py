"""What may be recommended at all: one check per wish.

A check looks at rows that are asked about; how many tracks each removes of the whole catalogue is
counted only when a list comes out short.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, Sort, levels_between, mask_of
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.obscurity import UPPER_HALF, DeepCuts, is_deep_cut
from bot.core.taste import NOTHING_UNWANTED, TasteProfile, Unwanted


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


@dataclass(frozen=True, slots=True)
class Bound:
    """Between which values a feature is to stand, both included; None is open."""

    feature: str
    """One of `MEASURES` that has a height, in the units of `core.models.AudioFeatures`."""
    lowest: float | None
    highest: float | None


class Filter(StrEnum):
    """Why a track is not among the candidates, in the order in which filters are counted."""

    UNMEASURED = "unmeasured"
    """No audio feature of it is known."""
    RATED = "rated"
    """The listener has rated it or another version of the same song."""
    HEARD = "heard"
    """The listener has played it or another version of the same song."""
    SHOWN = "shown"
    """The same for what was shown to them lately."""
    RESTING = "resting"
    """It was shown to many listeners lately, and rests."""
    JUST_RATED = "just_rated"
    """The listener has just said something of its artist, and does not get them straight back."""
    MUTED = "muted"
    """The listener does not want to be shown its artist."""
    VERSION = "version"
    """The listener does not want to be shown this version of the song."""
    LIVE = "live"
    """The listener wants nothing of this sort; the same of the next two."""
    INSTRUMENTAL = "instrumental"
    EXPLICIT = "explicit"
    GENRE = "genre"
    NOT_GENRE = "not_genre"
    """It has a genre that is not wanted."""
    MOOD = "mood"
    NOT_MOOD = "not_mood"
    """It has a mood that is not wanted."""
    TEMPO = "tempo"
    """It is slower or faster than asked for."""
    SOUND = "sound"
    """Another feature lies out of its bounds."""
    YEARS = "years"
    WITHOUT = "without"
    """It is by an artist who is not wanted this time."""
    NEW_ARTISTS = "new_artists"
    """The listener already knows its artist."""
    DEEP_CUTS = "deep_cuts"
    """It is no little-known song of a famous artist."""
    FAME = "fame"
    """Its artist is less or better known than asked for."""
    EXCLUDED = "excluded"
    """The caller does not want these rows."""
    SAME_SONG = "same_song"
    """Another version of a song that was picked."""
    PER_ARTIST = "per_artist"
    """Its artist already has as many picks as allowed."""


_BY_SORT: Final = {
    Sort.LIVE: Filter.LIVE,
    Sort.INSTRUMENTAL: Filter.INSTRUMENTAL,
    Sort.EXPLICIT: Filter.EXPLICIT,
}
WISHED: Final = frozenset(
    {
        Filter.GENRE,
        Filter.NOT_GENRE,
        Filter.MOOD,
        Filter.NOT_MOOD,
        Filter.TEMPO,
        Filter.SOUND,
        Filter.YEARS,
        Filter.WITHOUT,
        Filter.DEEP_CUTS,
        Filter.SHOWN,
        Filter.HEARD,
    }
)
"""Those that whoever asks may loosen."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted. Rows are rows of the catalogue."""

    count: int = 5
    obscurity: int = 0
    """0 (fame does not matter) … 100; see `scoring.ceiling`."""
    deep_cuts: DeepCuts | None = None
    """None: not in the upper half of the dial, which is about artists that few know."""
    genres: Collection[int] = ()
    """Database ids, one of which the track must have; empty: any."""
    not_genres: Collection[int] = ()
    """Database ids, none of which the track may have."""
    mood: Mood | None = None
    moods: Collection[Mood] = ()
    """Further ones; all of them must hold."""
    not_moods: Collection[Mood] = ()
    bounds: Collection[Bound] = ()
    without: Collection[int] = ()
    """Artists to leave out, by their database ids."""
    years: tuple[int | None, int | None] | None = None
    """First and last release year, both included; None is open."""
    rated: Collection[int] = ()
    heard: Collection[int] = ()
    shown: Collection[int] = ()
    resting: Collection[int] = ()
    just_rated: Collection[int] = ()
    """All that is by artists of whom the listener has just said something."""
    unwanted: Unwanted = NOTHING_UNWANTED
    """What the listener does not want to be shown; another version of a song may be."""
    excluded: Collection[int] = ()
    only: Collection[int] = ()
    """When there are any: nothing else is a candidate."""
    new_artists: bool = False
    """Only artists with no rated, liked or disliked track."""
    artist_fame: tuple[float, float] | None = None
    """Percentiles of fame between which the artist stands, the first one excluded; whom nobody
    counts does not."""
    per_artist: int | None = 1
    """How many picks an artist may have; None: any number."""
    affinity: float = 0.05
    """What a fully loved artist adds to the score (a fully hated one takes away); 0 … 1."""
    relevance_weight: float = 1.0
    """1: the best first. Below, tracks unlike those before go first; see `reranking.mmr_order`."""
    lift: Lift = NO_LIFT
    """What some tracks earn for holding words that were asked for."""

    @property
    def admitted_cuts(self) -> DeepCuts:
        """What holds of deep cuts where nothing is said of them, too."""
        if self.deep_cuts is not None:
            return self.deep_cuts
        return DeepCuts.NO if self.obscurity > UPPER_HALF else DeepCuts.ALSO


@dataclass(frozen=True, slots=True)
class Removed:
    """What one filter did."""

    filter: Filter
    removed: int
    """Tracks it removed of those that earlier filters had left."""
    unknown: int = 0
    """Of these, tracks that fell out only because the fact it asks for is unknown."""
    alone: int = 0
    """Tracks that would come back if only this filter were loosened."""


Rows: TypeAlias = NDArray[np.int64] | slice
"""Some rows of the catalogue."""
Check: TypeAlias = Callable[[Rows], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Blocked:
    """What one filter objects to, whatever the others say."""

    filter: Filter
    blocks: Check
    unknown: Check | None = None
    """Which of these it blocks only because the fact it asks for is unknown."""
    admitted: NDArray[np.int64] | None = None
    """All rows that it lets pass, ascending, where they are at hand as a list."""


def blocked(catalog: Catalog, taste: TasteProfile, query: Query) -> list[Blocked]:
    """Return the filters that the query turns on, in the order of `Filter`."""
    measured = catalog.measured
    found = [Blocked(Filter.UNMEASURED, lambda rows: ~measured[rows])]
    if query.rated:
        found.append(_same_song(Filter.RATED, catalog, query.rated))
    if query.heard:
        found.append(_same_song(Filter.HEARD, catalog, query.heard))
    if query.shown:
        found.append(_same_song(Filter.SHOWN, catalog, query.shown))
    if query.resting:
        found.append(_these(Filter.RESTING, catalog, query.resting))
    if query.just_rated:
        found.append(_these(Filter.JUST_RATED, catalog, query.just_rated))
    found += _muted(catalog, query.unwanted)
    found += _wished(catalog, query)
    if query.new_artists:
        found.append(_known_artist(catalog, taste, query.rated))
    if query.deep_cuts is DeepCuts.ONLY:
        found.append(Blocked(Filter.DEEP_CUTS, lambda rows: ~is_deep_cut(catalog, rows)))
    if query.artist_fame is not None:
        found.append(_other_fame(catalog, *query.artist_fame))
    if query.excluded or query.only:
        found.append(_excluded(catalog, query.excluded, query.only))
    return found


def _wished(catalog: Catalog, query: Query) -> list[Blocked]:
    """Return the filters by what the music is like, in the order of `Filter`."""
    found: list[Blocked] = []
    if query.genres:
        found.append(_other_genre(catalog, query.genres))
    if query.not_genres:
        found.append(_unwanted_genre(catalog, query.not_genres))
    moods = [one for one in (query.mood, *query.moods) if one is not None]
    if moods:
        found.append(_other_mood(catalog, moods))
    if query.not_moods:
        found.append(_unwanted_mood(catalog, query.not_moods))
    tempo = [one for one in query.bounds if one.feature == "tempo"]
    if tempo:
        found.append(_out_of_bounds(Filter.TEMPO, catalog, tempo))
    if len(query.bounds) > len(tempo):
        others = [one for one in query.bounds if one.feature != "tempo"]
        found.append(_out_of_bounds(Filter.SOUND, catalog, others))
    if query.years is not None:
        found.append(_other_year(catalog, *query.years))
    if query.without:
        unwanted = _table(len(catalog), catalog.rows_of_artists(sorted(set(query.without))))
        found.append(Blocked(Filter.WITHOUT, lambda rows: unwanted[rows]))
    return found


def shortlist(filters: Sequence[Blocked]) -> NDArray[np.int64] | None:
    """Return the shortest list of rows that holds all candidates; None when no filter has one."""
    lists = [one.admitted for one in filters if one.admitted is not None]
    return min(lists, key=len, default=None)


def passing(filters: Sequence[Blocked], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of the rows that no filter blocks, in their order."""
    wishes_first = filters[::-1]
    for one in sorted(wishes_first, key=lambda one: one.admitted is None):
        rows = rows[~one.blocks(rows)]
    return rows


def count_removed(catalog: Catalog, filters: Sequence[Blocked]) -> tuple[int, list[Removed]]:
    """Return how many tracks pass, and for each filter what it does.

    This looks at every track of the catalogue.
    """
    whole = slice(0, len(catalog))
    left = np.ones(len(catalog), np.bool_)
    objections = np.zeros(len(catalog), np.int16)
    masks = [one.blocks(whole) for one in filters]
    for mask in masks:
        objections += mask
    single = objections == 1
    counts = []
    for one, mask in zip(filters, masks, strict=True):
        falls = left & mask
        unknown = 0 if one.unknown is None else int(np.count_nonzero(falls & one.unknown(whole)))
        alone = int(np.count_nonzero(single & mask))
        counts.append(Removed(one.filter, int(np.count_nonzero(falls)), unknown, alone))
        left &= ~mask
    return int(np.count_nonzero(left)), counts


def count_pairs(catalog: Catalog, filters: Sequence[Blocked]) -> list[tuple[Filter, Filter, int]]:
    """Return how many tracks would come back if just two filters were loosened, most first.

    This looks at every track of the catalogue.
    """
    masks = [one.blocks(slice(0, len(catalog))) for one in filters]
    objections = np.zeros(len(catalog), np.int16)
    for mask in masks:
        objections += mask
    two = objections == 2
    some = np.array([mask[two] for mask in masks], np.int32)
    together = some @ some.T
    pairs = [
        (filters[one].filter, filters[other].filter, int(together[one, other]))
        for one in range(len(filters))
        for other in range(one)
        if together[one, other]
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def _rows(rows: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.fromiter(rows, np.int64, len(rows))


def _table(size: int, places: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return which of 0 … size-1 are among the places."""
    table = np.zeros(size, np.bool_)
    table[places] = True
    return table


def _same_song(filter_: Filter, catalog: Catalog, rows: Collection[int]) -> Blocked:
    songs = catalog.song_index
    heard = _table(len(catalog), songs[_rows(rows)])  # there are never more songs than tracks
    return Blocked(filter_, lambda rows: heard[songs[rows]])


def _these(
    filter_: Filter, catalog: Catalog, unwanted: Collection[int] | NDArray[np.int64]
) -> Blocked:
    table = _table(len(catalog), _rows(unwanted))
    return Blocked(filter_, lambda rows: table[rows])


def _muted(catalog: Catalog, unwanted: Unwanted) -> list[Blocked]:
    found = []
    if unwanted.artists:
        by_artists = unwanted.rows_by_artists(catalog)
        found.append(_these(Filter.MUTED, catalog, by_artists))
    if unwanted.tracks:
        versions = unwanted.rows_of_versions(catalog)
        found.append(_these(Filter.VERSION, catalog, versions))
    return found + [_of_sort(catalog, sort) for sort in unwanted.sorts]


def _of_sort(catalog: Catalog, sort: Sort) -> Blocked:
    mask, sorts = mask_of([sort]), catalog.sorts
    return Blocked(_BY_SORT[sort], lambda rows: (sorts[rows] & mask) != 0)


def _known_artist(catalog: Catalog, taste: TasteProfile, rated: Collection[int]) -> Blocked:
    place, here = catalog.places_of_artists(taste.artist_ids)
    places = np.concatenate([place[here], catalog.artist_index[_rows(rated)]])
    known, index = _table(len(catalog.artist_keys), places), catalog.artist_index
    return Blocked(Filter.NEW_ARTISTS, lambda rows: known[index[rows]])


def _other_fame(catalog: Catalog, lowest: float, highest: float) -> Blocked:
    fame, index = catalog.artist_fame, catalog.artist_index
    unknown = ~catalog.artist_counted
    fits = (fame > lowest) & (fame <= highest) & ~unknown
    return Blocked(
        Filter.FAME,
        lambda rows: ~fits[index[rows]],
        lambda rows: unknown[index[rows]],
        catalog.rows_of_artists(catalog.artist_keys[fits]),
    )


def _other_genre(catalog: Catalog, genres: Collection[int]) -> Blocked:
    admitted = catalog.rows_of_genres(genres)
    fits, offsets = _table(len(catalog), admitted), catalog.genre_offsets
    return Blocked(
        Filter.GENRE,
        lambda rows: ~fits[rows],
        lambda rows: np.equal(offsets[:-1][rows], offsets[1:][rows]),
        admitted,
    )


def _unwanted_genre(catalog: Catalog, genres: Collection[int]) -> Blocked:
    has = _table(len(catalog), catalog.rows_of_genres(genres))
    return Blocked(Filter.NOT_GENRE, lambda rows: has[rows])


def _other_mood(catalog: Catalog, moods: Collection[Mood]) -> Blocked:
    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return _any([_unmeasured(catalog, mood, rows) for mood in moods])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        return _any([~_has_mood(catalog, mood, rows) for mood in moods])

    return Blocked(Filter.MOOD, blocks, unknown)


def _unwanted_mood(catalog: Catalog, moods: Collection[Mood]) -> Blocked:
    """A track of which it is not known whether it has the mood may have it."""

    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return _any([_unmeasured(catalog, mood, rows) for mood in moods])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        return unknown(rows) | _any([_has_mood(catalog, mood, rows) for mood in moods])

    return Blocked(Filter.NOT_MOOD, blocks, unknown)


def _unmeasured(catalog: Catalog, mood: Mood, rows: Rows) -> NDArray[np.bool_]:
    return _any([~catalog.known[:, FEATURES.index(name)][rows] for name, _, _ in MOODS[mood]])


def _has_mood(catalog: Catalog, mood: Mood, rows: Rows) -> NDArray[np.bool_]:
    has = ~_unmeasured(catalog, mood, rows)
    for name, sign, threshold in MOODS[mood]:
        has &= sign * catalog.gaussian[:, FEATURES.index(name)][rows] >= sign * threshold
    return has


def _any(masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.logical_or.reduce(masks)
    return found


def _out_of_bounds(filter_: Filter, catalog: Catalog, bounds: Sequence[Bound]) -> Blocked:
    between = [
        (
            FEATURES.index(one.feature),
            *levels_between(catalog, one.feature, one.lowest, one.highest),
        )
        for one in bounds
    ]

    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return _any([~catalog.known[:, column][rows] for column, _, _ in between])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        out = unknown(rows)
        for column, lowest, highest in between:
            levels = catalog.gaussian[:, column][rows]
            out |= (levels < lowest) | (levels > highest)
        return out

    return Blocked(filter_, blocks, unknown)


def _other_year(catalog: Catalog, first: int | None, last: int | None) -> Blocked:
    lowest, highest = max(1, first or 1), np.iinfo(np.int16).max if last is None else last

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        years = catalog.years[rows]
        return (years < lowest) | (years > highest)

    return Blocked(Filter.YEARS, blocks, lambda rows: catalog.years[rows] <= 0)


def _excluded(catalog: Catalog, excluded: Collection[int], only: Collection[int]) -> Blocked:
    unwanted = _table(len(catalog), _rows(excluded))
    if not only:
        return Blocked(Filter.EXCLUDED, lambda rows: unwanted[rows])
    admitted = np.unique(_rows(only))
    admitted = admitted[~unwanted[admitted]]
    wanted = _table(len(catalog), admitted)
    return Blocked(Filter.EXCLUDED, lambda rows: ~wanted[rows], admitted=admitted)
