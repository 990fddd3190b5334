"""What may be recommended at all: one check per wish.

A check looks at rows that are asked about; how many tracks each removes of the whole catalogue is
counted only when a list comes out short.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, Sort, mask_of
from bot.core.ranking.checks import Blocked, as_rows, membership
from bot.core.ranking.obscurity import DeepCuts, is_deep_cut
from bot.core.ranking.query import Filter, Query
from bot.core.ranking.wish_filters import wished
from bot.core.taste import TasteProfile, Unwanted

_BY_SORT: Final = {
    Sort.LIVE: Filter.LIVE,
    Sort.INSTRUMENTAL: Filter.INSTRUMENTAL,
    Sort.EXPLICIT: Filter.EXPLICIT,
    Sort.AI: Filter.AI,
    Sort.PARTLY_AI: Filter.PARTLY_AI,
}


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
    if len(query.barred):
        found.append(_these(Filter.SERVER_AI, catalog, query.barred))
    found += wished(catalog, query)
    if query.new_artists:
        found.append(_known_artist(catalog, taste, query.rated))
    if query.deep_cuts is DeepCuts.ONLY:
        found.append(Blocked(Filter.DEEP_CUTS, lambda rows: ~is_deep_cut(catalog, rows)))
    if query.artist_fame is not None:
        found.append(_other_fame(catalog, *query.artist_fame))
    if query.excluded or query.only:
        found.append(_excluded(catalog, query.excluded, query.only))
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


def _same_song(filter_: Filter, catalog: Catalog, rows: Collection[int]) -> Blocked:
    songs = catalog.song_index
    heard = membership(len(catalog), songs[as_rows(rows)])  # there are never more songs than tracks
    return Blocked(filter_, lambda rows: heard[songs[rows]])


def _these(
    filter_: Filter, catalog: Catalog, unwanted: Collection[int] | NDArray[np.int64]
) -> Blocked:
    table = membership(len(catalog), as_rows(unwanted))
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
    places = np.concatenate([place[here], catalog.artist_index[as_rows(rated)]])
    known, index = membership(len(catalog.artist_keys), places), catalog.artist_index
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


def _excluded(catalog: Catalog, excluded: Collection[int], only: Collection[int]) -> Blocked:
    unwanted = membership(len(catalog), as_rows(excluded))
    if not only:
        return Blocked(Filter.EXCLUDED, lambda rows: unwanted[rows])
    admitted = np.unique(as_rows(only))
    admitted = admitted[~unwanted[admitted]]
    wanted = membership(len(catalog), admitted)
    return Blocked(Filter.EXCLUDED, lambda rows: ~wanted[rows], admitted=admitted)
