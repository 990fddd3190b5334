"""Companions for an artist's tracks: alike in sound, genre and scene, but better known.

The tracks make a taste, and the ranking finds what fits it: one track per artist, never the artist
themself, no song twice, only artists between two percentiles of fame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.ranking import (
    Basis,
    Explanation,
    Query,
    Removed,
    explain,
    explained,
    rank,
    within_reach,
)
from bot.core.taste import Opinion, TasteProfile, build_taste, sample


class Ground(StrEnum):
    """What is known about the artist's tracks, which decides how companions are chosen."""

    SOUND = "sound"
    """All of them are measured."""
    SOME_SOUND = "some sound"
    """Some are measured; the others go by what else is known."""
    COMPANY = "company"
    """None is measured, but other tracks by the artist are, or the lists they are in are known."""
    GENRE = "genre"
    """Only their genre is known: companions are typical of it."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A track of another artist, to stand beside the artist's own."""

    row: int
    explanation: Explanation
    """The score taken apart, as a pick's."""
    genres: tuple[int, ...]
    """The genres that it shares with those asked for."""
    artist_fame: float | None
    """The percentile of its artist among artists."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds that every companion had to keep."""

    genres: tuple[int, ...]
    """The companion has one of these genres; empty: any genre, because none is known."""
    fame: tuple[float, float] | None
    """The fame of artists, the first excluded; None: nobody is counted."""
    own_fame: float | None
    """Where the artist stands."""


@dataclass(frozen=True, slots=True)
class Company:
    """The companions found, best first."""

    companions: tuple[Companion, ...]
    bounds: Bounds
    ground: Ground
    removed: tuple[Removed, ...]
    """What each filter removed, when the list came out short."""


def find_companions(
    catalog: Catalog,
    rows: Sequence[int],
    count: int,
    *,
    genres: Sequence[int] | None = None,
    lowest: float | None = None,
    highest: float | None = None,
) -> Company | None:
    """Choose tracks to set an artist's tracks among; None when nothing at all is known of these.

    Args:
        rows: the artist's tracks, at least one.
        genres: one of these; empty: any; None: those of the tracks, or else of their artist.
        lowest: percentile among artists above which companions stand; None: see `within_reach`.
        highest: the percentile up to which they do; None: the same.
    """
    own = np.unique(np.asarray(rows, np.int64))
    all_own = catalog.rows_of_artists(np.unique(catalog.artist_ids[own]))
    wanted = _genres(catalog, own, all_own) if genres is None else tuple(genres)
    ground, taste = _taste(catalog, own, all_own, wanted)
    if taste is None:
        return None
    fame = _counted_fame(catalog)
    bounds = _bounds(catalog, fame, own, wanted, (lowest, highest))
    query = Query(
        count=count,
        genres=wanted,
        artist_fame=bounds.fame,
        rated=own.tolist(),
        excluded=all_own.tolist(),
    )
    ranking = rank(catalog, taste, query)
    companions = []
    for pick in ranking.picks:
        found = explain(catalog, taste, pick.row, pick.parts, obscurity=0, basis=Basis.LIKE)
        known = float(fame[catalog.artist_index[pick.row]])
        shared = tuple(one for one in catalog.genres_of(pick.row) if one in wanted)
        companions.append(Companion(pick.row, found, shared, None if np.isnan(known) else known))
    return Company(tuple(companions), bounds, ground, ranking.removed)


def companion_reasons(
    catalog: Catalog, rows: Sequence[int], others: Sequence[int]
) -> list[Explanation | None]:
    """Explain again what some tracks share with an artist's; None where nothing is known.

    Args:
        rows: the artist's tracks, at least one.
        others: the rows of their companions.
    """
    own = np.unique(np.asarray(rows, np.int64))
    all_own = catalog.rows_of_artists(np.unique(catalog.artist_ids[own]))
    _, taste = _taste(catalog, own, all_own, _genres(catalog, own, all_own))
    if taste is None:
        return [None] * len(others)
    return [explained(catalog, taste, row, Basis.LIKE) for row in others]


def _counted_fame(catalog: Catalog) -> NDArray[np.float64]:
    """Return the fame of every artist; NaN for those whom nobody counts."""
    return np.where(catalog.artist_counted, catalog.artist_fame, np.nan).astype(np.float64)


def _bounds(
    catalog: Catalog,
    fame: NDArray[np.float64],
    own: NDArray[np.int64],
    genres: tuple[int, ...],
    given: tuple[float | None, float | None],
) -> Bounds:
    if np.isnan(fame).all():
        return Bounds(genres, None, None)
    mine = fame[np.unique(catalog.artist_index[own])]
    best = None if np.isnan(mine).all() else float(np.nanmax(mine))
    lowest, highest = (
        usual if asked is None else asked
        for asked, usual in zip(given, within_reach(best), strict=True)
    )
    return Bounds(genres, (lowest, highest), best)


def _genres(
    catalog: Catalog, own: NDArray[np.int64], all_own: NDArray[np.int64]
) -> tuple[int, ...]:
    """Return the genres of the tracks, else of all tracks of their artists, ascending."""
    for rows in (own, all_own):
        found = {genre for row in rows.tolist() for genre in catalog.genres_of(row)}
        if found:
            return tuple(sorted(found))
    return ()


def _taste(
    catalog: Catalog, own: NDArray[np.int64], all_own: NDArray[np.int64], genres: tuple[int, ...]
) -> tuple[Ground, TasteProfile | None]:
    """Return the taste that the tracks describe, and what it is based on."""
    known = catalog.measured | catalog.listed
    ground, rows = Ground.COMPANY, own
    if catalog.measured[own].all():
        ground = Ground.SOUND
    elif catalog.measured[own].any():
        ground = Ground.SOME_SOUND
    elif not known[all_own].any():
        ground, rows = Ground.GENRE, sample(catalog.rows_of_genres(genres))
        if not catalog.measured[rows].any():
            return ground, None
    return ground, build_taste(catalog, [Opinion(int(row), 1.0) for row in rows])
