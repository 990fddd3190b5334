"""The tracks of the catalogue that say most about each new release: it is judged by them.

Nobody has measured a new release. Its own tracks stand for it, if the catalogue has them; else its
artist's other tracks; else tracks of its genres. Many releases are judged by the same tracks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.releases.releases import KnownRelease
from bot.core.taste import TasteProfile

REPRESENTATIVES: Final = 16
"""This many tracks, evenly spread, stand for an artist or a genre."""

_NO_ROWS: Final = np.empty(0, np.int64)


class Grounds(StrEnum):
    """What a release is judged by."""

    TRACKS = "tracks"
    """Its own tracks."""
    ARTIST = "artist"
    """Other tracks of its artist."""
    GENRES = "genres"
    """Tracks of its genres: nothing of its artist was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedReleases:
    """Releases with what they are judged by, N of G groups."""

    releases: tuple[KnownRelease, ...]
    grounds: tuple[Grounds, ...]
    groups: NDArray[np.int64]
    """N: the place in `rows` of each release."""
    rows: tuple[NDArray[np.int64], ...]
    """G lists of rows of the catalogue; an empty one: only liking the artist counts."""
    fame: NDArray[np.float64]
    """Of the artist, 0 … 1; NaN: the catalogue has nothing of theirs."""
    counted: NDArray[np.bool_]
    """False where nobody counts the artist."""
    unknown: int
    """Releases whose artists and genres are unknown."""
    rated: int
    """Releases whose tracks are all rated already."""

    def rows_of(self, place: int) -> NDArray[np.int64]:
        """Return the rows that stand for one release."""
        return self.rows[int(self.groups[place])]

    @property
    def artists(self) -> NDArray[np.int64]:
        """N: the artists, 0 for those that the catalogue does not know."""
        return np.array([one.artist_id or 0 for one in self.releases], np.int64)


def judge_releases(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    releases: Sequence[KnownRelease],
    *,
    rated: Collection[int] = (),
) -> JudgedReleases:
    """Find what releases are judged by, and leave out those that cannot be judged or are not new.

    Args:
        tastes: who likes an artist hears of them, even when nothing of theirs is measured.
        releases: each once.
        rated: rows of tracks that the listener has rated already.
    """
    finder = _GroundFinder(catalog, tastes)
    old = frozenset(rated)
    kept: list[tuple[KnownRelease, Grounds, int]] = []
    unknown = known_already = 0
    for one in releases:
        own = catalog.rows_of(one.track_ids) if one.track_ids else _NO_ROWS
        found = finder.grounds_of(one, own)
        if len(own) and old.issuperset(own.tolist()):
            known_already += 1
        elif found is None:
            unknown += 1
        else:
            kept.append((one, *found))
    known = [finder.fame(one.artist_id) for one, _, _ in kept]
    return JudgedReleases(
        releases=tuple(one for one, _, _ in kept),
        grounds=tuple(grounds for _, grounds, _ in kept),
        groups=np.array([group for _, _, group in kept], np.int64),
        rows=tuple(finder.rows),
        fame=np.array([fame for fame, _ in known], np.float64),
        counted=np.array([counted for _, counted in known], np.bool_),
        unknown=unknown,
        rated=known_already,
    )


class _GroundFinder:
    """Finds the rows that stand for releases, each group once."""

    def __init__(self, catalog: Catalog, tastes: Sequence[TasteProfile]) -> None:
        self._catalog = catalog
        self._known = np.asarray(catalog.measured) | np.asarray(catalog.listed)
        self._of_artist = np.asarray(catalog.artist_rows), np.asarray(catalog.artist_row_offsets)
        self._heard_of = {int(one) for taste in tastes for one in taste.artist_ids}
        self._genres: dict[int, NDArray[np.int64]] = {}
        self._groups: dict[tuple[Grounds, tuple[int, ...]], int] = {}
        self.rows: list[NDArray[np.int64]] = []

    def grounds_of(self, known: KnownRelease, own: NDArray[np.int64]) -> tuple[Grounds, int] | None:
        """Return what a release is judged by, and its group; None when there is nothing."""
        artist = () if known.artist_id is None else (known.artist_id,)
        for grounds, ids in (
            (Grounds.TRACKS, known.track_ids),
            (Grounds.ARTIST, artist),
            (Grounds.GENRES, known.genre_ids),
        ):
            if ids and len(self.rows[group := self._group(grounds, ids, own)]):
                return grounds, group
        if known.artist_id in self._heard_of:
            return Grounds.ARTIST, self._group(Grounds.ARTIST, artist, own)
        return None

    def fame(self, artist_id: int | None) -> tuple[float, bool]:
        """Return the fame of an artist (NaN is unknown), and whether anybody counts them."""
        place, here = self._catalog.places_of_artists(np.array([artist_id or 0], np.int64))
        if artist_id is None or not here[0]:
            return np.nan, False
        first = int(place[0])
        return float(self._catalog.artist_fame[first]), bool(self._catalog.artist_counted[first])

    def _group(self, grounds: Grounds, ids: tuple[int, ...], own: NDArray[np.int64]) -> int:
        found = self._groups.get((grounds, ids))
        if found is None:
            found = self._groups[grounds, ids] = len(self.rows)
            self.rows.append(self._rows(grounds, ids, own))
        return found

    def _rows(
        self, grounds: Grounds, ids: tuple[int, ...], own: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        match grounds:
            case Grounds.TRACKS:
                return self._telling(own)
            case Grounds.ARTIST:
                return self._telling(self._rows_of_artist(ids[0]))
            case _:
                return np.concatenate([_NO_ROWS, *map(self._of_genre, ids)])

    def _rows_of_artist(self, artist_id: int) -> NDArray[np.int64]:
        rows, offsets = self._of_artist
        place, here = self._catalog.places_of_artists(np.array([artist_id]))
        start, end = offsets[place[0] : place[0] + 2] if here[0] else (0, 0)
        return rows[start:end].astype(np.int64)

    def _of_genre(self, genre_id: int) -> NDArray[np.int64]:
        if genre_id not in self._genres:
            some = _spread(self._catalog.rows_of_genres([genre_id]), 4 * REPRESENTATIVES)
            self._genres[genre_id] = self._telling(some)
        return self._genres[genre_id]

    def _telling(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return some of the rows that are measured or stand in lists."""
        return _spread(rows[self._known[rows]])


def _spread(rows: NDArray[np.int64], most: int = REPRESENTATIVES) -> NDArray[np.int64]:
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
