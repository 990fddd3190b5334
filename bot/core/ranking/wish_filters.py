"""The filters that come of a wish: genres, moods, bounds of what is heard, years, who made it."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, Independence, Sort, levels_between, mask_of
from bot.core.ranking.checks import Blocked, Rows, any_of, membership
from bot.core.ranking.query import MOODS, Bound, Filter, Mood, Query
from bot.core.taste import BOUNDS


def wished(catalog: Catalog, query: Query) -> list[Blocked]:
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
        found.append(_other_sound(catalog, others))
    if query.years is not None:
        found.append(_other_year(catalog, *query.years))
    if query.independent:
        found.append(_not_independent(catalog))
    if query.without:
        unwanted = membership(len(catalog), catalog.rows_of_artists(sorted(set(query.without))))
        found.append(Blocked(Filter.WITHOUT, lambda rows: unwanted[rows]))
    return found


def _other_genre(catalog: Catalog, genres: Collection[int]) -> Blocked:
    admitted = catalog.rows_of_genres(genres)
    fits, offsets = membership(len(catalog), admitted), catalog.genre_offsets
    return Blocked(
        Filter.GENRE,
        lambda rows: ~fits[rows],
        lambda rows: np.equal(offsets[:-1][rows], offsets[1:][rows]),
        admitted,
    )


def _unwanted_genre(catalog: Catalog, genres: Collection[int]) -> Blocked:
    has = membership(len(catalog), catalog.rows_of_genres(genres))
    return Blocked(Filter.NOT_GENRE, lambda rows: has[rows])


def _other_mood(catalog: Catalog, moods: Collection[Mood]) -> Blocked:
    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return any_of([_unmeasured(catalog, mood, rows) for mood in moods])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        return any_of([~_has_mood(catalog, mood, rows) for mood in moods])

    return Blocked(Filter.MOOD, blocks, unknown)


def _unwanted_mood(catalog: Catalog, moods: Collection[Mood]) -> Blocked:
    """A track of which it is not known whether it has the mood may have it."""

    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return any_of([_unmeasured(catalog, mood, rows) for mood in moods])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        return unknown(rows) | any_of([_has_mood(catalog, mood, rows) for mood in moods])

    return Blocked(Filter.NOT_MOOD, blocks, unknown)


def _unmeasured(catalog: Catalog, mood: Mood, rows: Rows) -> NDArray[np.bool_]:
    name, _, _ = MOODS[mood][0]
    missing: NDArray[np.bool_] = ~catalog.known[:, FEATURES.index(name)][rows]
    return missing


def _has_mood(catalog: Catalog, mood: Mood, rows: Rows) -> NDArray[np.bool_]:
    has = ~_unmeasured(catalog, mood, rows)
    for name, sign, threshold in MOODS[mood]:
        has &= sign * catalog.gaussian[:, FEATURES.index(name)][rows] >= sign * threshold
    return has


def _other_sound(catalog: Catalog, bounds: Sequence[Bound]) -> Blocked:
    """Nothing live is no live recording, as in a standing wish: what nobody measured stays."""
    heard = [one for one in bounds if one.feature != "liveness" or one.lowest is not None]
    found = _out_of_bounds(Filter.SOUND, catalog, heard) if heard else None
    if found is not None and len(heard) == len(bounds):
        return found
    live, sorts = mask_of([Sort.LIVE]), catalog.sorts

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        is_live: NDArray[np.bool_] = (sorts[rows] & live) != 0
        return is_live if found is None else is_live | found.blocks(rows)

    return Blocked(Filter.SOUND, blocks, None if found is None else found.unknown)


def _out_of_bounds(filter_: Filter, catalog: Catalog, bounds: Sequence[Bound]) -> Blocked:
    spans = [[_span(catalog, one), *_in_its_place(catalog, one)] for one in bounds]

    def unknown(rows: Rows) -> NDArray[np.bool_]:
        return any_of([_unknown_span(catalog, one, rows) for one in spans])

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        out = unknown(rows)
        for each in spans:
            unseen = np.ones(len(out), np.bool_)
            for column, lowest, highest in each:
                levels, known = catalog.gaussian[:, column][rows], catalog.known[:, column][rows]
                out |= unseen & known & ((levels < lowest) | (levels > highest))
                unseen &= ~known
        return out

    return Blocked(filter_, blocks, unknown)


_Span: TypeAlias = tuple[int, float, float]
"""A feature, and the lowest and highest level that fits."""


def _span(catalog: Catalog, bound: Bound) -> _Span:
    levels = levels_between(catalog, bound.feature, bound.lowest, bound.highest)
    return FEATURES.index(bound.feature), *levels


def _in_its_place(catalog: Catalog, bound: Bound) -> list[_Span]:
    """Return what a track is judged by whose loudness nobody measured: energy goes with it.

    Between real tracks the two levels correlate by .77, more than any other two features.
    """
    if bound.feature != "loudness":
        return []
    energy = BOUNDS["energy"]
    lowest = None if bound.lowest is None else energy.high
    highest = None if bound.highest is None else energy.low
    return [_span(catalog, Bound("energy", lowest, highest))]


def _unknown_span(catalog: Catalog, spans: Sequence[_Span], rows: Rows) -> NDArray[np.bool_]:
    missing: NDArray[np.bool_] = np.logical_and.reduce(
        [~catalog.known[:, column][rows] for column, _, _ in spans]
    )
    return missing


def _other_year(catalog: Catalog, first: int | None, last: int | None) -> Blocked:
    lowest, highest = max(1, first or 1), np.iinfo(np.int16).max if last is None else last

    def blocks(rows: Rows) -> NDArray[np.bool_]:
        years = catalog.years[rows]
        return (years < lowest) | (years > highest)

    return Blocked(Filter.YEARS, blocks, lambda rows: catalog.years[rows] <= 0)


def _not_independent(catalog: Catalog) -> Blocked:
    known = catalog.independence
    return Blocked(
        Filter.INDEPENDENT,
        lambda rows: known[rows] != Independence.INDEPENDENT,
        lambda rows: known[rows] == Independence.UNKNOWN,
        np.flatnonzero(known == Independence.INDEPENDENT),
    )
