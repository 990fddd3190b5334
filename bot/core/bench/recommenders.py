"""The Protocol of whatever can be judged, and the plain methods to compare with.

A recommender is fitted to whole lists (never to the one it is judged on) and then continues
others. A new method is one more class with these three members.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, places

NEIGHBORS: Final = 500
"""How many of the nearest lists count."""


class RankingMethod(Protocol):
    """Continues lists. Rows are rows of the one catalogue it was made for."""

    @property
    def name(self) -> str:
        """What its line in the table is called."""

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Learn from whole lists, forgetting earlier ones; nothing for a method without training.

        Called before `recommend`, once for every fold.
        """

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return up to k rows, best first: no song twice, none of the seeds' songs."""


def best_rows(
    catalog: Catalog, scores: NDArray[np.floating], seeds: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Return the k best rows, each song once and no song of the seeds; ties go by row.

    Args:
        scores: one per row; -inf is never recommended.
    """
    wanted = k + len(seeds)
    while True:
        if wanted < len(scores):
            worst = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
            rows = np.flatnonzero((scores >= worst) & (scores > -np.inf))
        else:
            rows = np.flatnonzero(scores > -np.inf)
        ordered = rows[np.lexsort((rows, -scores[rows]))]
        songs = catalog.song_index[ordered]
        first = np.sort(np.unique(songs, return_index=True)[1])
        left = ordered[first][~np.isin(songs[first], catalog.song_index[seeds])]
        if len(left) >= k or wanted >= len(scores):
            return left[:k]
        wanted *= 4


class RandomTracks:
    """Random tracks: every method must do better. The same seeds get the same list."""

    name = "random"

    def __init__(self, catalog: Catalog, *, seed: int = 0) -> None:
        self._catalog = catalog
        self._seed = seed

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Learn nothing."""

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return rows drawn with equal chances."""
        rng = np.random.default_rng([self._seed, *np.sort(seeds).tolist()])
        return best_rows(self._catalog, rng.random(len(self._catalog)), seeds, k)


class PopularTracks:
    """The tracks that are in most training lists, the same for everybody."""

    name = "popularity"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._scores = np.full(len(catalog), -np.inf)

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Count in how many lists every song is."""
        matrix = SongLists(self._catalog, lists)
        self._scores = matrix.spread(matrix.counts.astype(np.float64))

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return the most listed songs that are no seeds."""
        return best_rows(self._catalog, self._scores, seeds, k)


class AudioCosine:
    """Cosine to the mean of the seeds in z-scored audio features: what many projects ship.

    Args:
        audio: row × feature as measured; NaN is unknown and becomes the mean.
    """

    name = "cosine of z-scored audio"

    def __init__(self, catalog: Catalog, audio: NDArray[np.float64]) -> None:
        self._catalog = catalog
        finite = np.where(np.isfinite(audio), audio, np.nan)
        known = ~np.isnan(finite)
        count = np.maximum(known.sum(axis=0), 1)
        centered = np.where(known, finite - np.where(known, finite, 0).sum(axis=0) / count, 0)
        spread = np.sqrt((centered**2).sum(axis=0) / count)
        scores = centered / np.where(spread > 0, spread, 1)
        lengths = np.sqrt((scores**2).sum(axis=1))
        self._known = lengths > 0
        self._scores = scores.astype(np.float32)
        self._units = (scores / np.where(self._known, lengths, 1)[:, None]).astype(np.float32)

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Learn nothing: the scales are those of the catalogue."""

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return the rows in the direction of the seeds' mean."""
        scores = self._units @ self._scores[seeds].mean(axis=0)
        return best_rows(self._catalog, np.where(self._known, scores, -np.inf), seeds, k)


class NearestLists:
    """Collaborative filtering by nearest lists, as in the Million Playlist challenge.

    Lists are compared by the cosine of their songs, weighted by idf = ln(lists / lists that hold
    the song). A song's score is the sum of similarity² over the `neighbors` nearest lists that
    hold it. Songs in no such list are never recommended: the list may be shorter than k.
    """

    name = "nearest lists (CF)"

    def __init__(self, catalog: Catalog, *, neighbors: int = NEIGHBORS) -> None:
        self._catalog = catalog
        self._neighbors = neighbors
        self._matrix = SongLists(catalog, [])

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Remember the lists."""
        self._matrix = matrix = SongLists(self._catalog, lists)
        self._squares = np.log(max(len(lists), 1) / np.maximum(matrix.counts, 1)) ** 2
        totals = np.bincount(matrix.owners, self._squares[matrix.songs], minlength=len(lists))
        self._inverse_norms = 1 / np.sqrt(np.maximum(totals, 1e-12))

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return what the lists nearest to the seeds hold."""
        matrix = self._matrix
        songs = np.unique(self._catalog.song_index[seeds]).astype(np.int64)
        owners, lengths = matrix.lists_with(songs)
        shared = np.bincount(
            owners, np.repeat(self._squares[songs], lengths), minlength=matrix.size
        )
        similarity = shared * self._inverse_norms
        nearest = np.argsort(-similarity, kind="stable")[: self._neighbors]
        nearest = nearest[similarity[nearest] > 0]
        members, sizes = matrix.songs_of(nearest)
        votes = np.bincount(
            members, np.repeat(similarity[nearest] ** 2, sizes), minlength=len(matrix.counts)
        )
        scores = matrix.spread(votes.astype(np.float64), above=0)
        return best_rows(self._catalog, scores, seeds, k)


class SongLists:
    """Lists × songs as a sparse matrix, readable by list and by song."""

    def __init__(self, catalog: Catalog, lists: Sequence[NDArray[np.int64]]) -> None:
        songs_count = int(catalog.song_index.max(initial=-1)) + 1
        rows = np.concatenate([np.empty(0, np.int64), *lists])
        whole = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
        pairs = np.unique(whole * max(songs_count, 1) + catalog.song_index[rows])
        self.size = len(lists)
        self.owners, self.songs = np.divmod(pairs, max(songs_count, 1))
        """One entry per song of a list, by list."""
        self.counts = np.bincount(self.songs, minlength=songs_count)
        """In how many lists each song is."""
        self._list_ends = np.cumsum(np.bincount(self.owners, minlength=len(lists)))
        self._by_song = self.owners[np.argsort(self.songs, kind="stable")]
        self._song_ends = np.cumsum(self.counts)
        self._listed_songs, self._rows = _shown_rows(catalog, rows)
        self._length = len(catalog)

    def lists_with(self, songs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the lists that hold each song, one after the other, and how many each has."""
        return _pieces(self._by_song, self._song_ends, songs)

    def songs_of(self, lists: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the songs of each list, one after the other, and how many each has."""
        return _pieces(self.songs, self._list_ends, lists)

    def spread(self, votes: NDArray[np.floating], *, above: float = -np.inf) -> NDArray[np.float64]:
        """Turn one vote per song into scores per row, -inf where nothing speaks for it.

        Of a song with several versions, the one that is in most lists gets the vote.

        Args:
            above: a vote counts when it is greater.
        """
        scores = np.full(self._length, -np.inf)
        heard = votes[self._listed_songs]
        scores[self._rows[heard > above]] = heard[heard > above]
        return scores


def _pieces(
    values: NDArray[np.int64], ends: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the values of some compressed rows, one after the other, and the rows' lengths."""
    starts = np.where(wanted > 0, ends[wanted - 1], 0)
    lengths = ends[wanted] - starts
    return values[places(starts, lengths)], lengths


def _shown_rows(
    catalog: Catalog, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the songs of some rows, ascending, with the row that stands for each most often."""
    different, counts = np.unique(rows, return_counts=True)
    songs = catalog.song_index[different].astype(np.int64)
    order = np.lexsort((different, -counts, songs))
    first = np.unique(songs[order], return_index=True)[1]
    return songs[order][first], different[order][first]
