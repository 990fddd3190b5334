"""Ranks new releases by the same taste and penalty as tracks.

Nobody has measured a new release, so it is judged by the tracks that say most about it: its own,
as far as the catalogue has them, else its artist's, else tracks of its genres. Its score is the
mean of theirs, part by part, so that it can be taken apart like any other; liking the artist counts
for the artist alone, and the popularity that is paid for is that of the artist's best known song.
"""

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.filters import Query
from bot.core.releases import KnownRelease
from bot.core.reranking import may_follow
from bot.core.scoring import (
    Parts,
    add_up,
    artist_strength,
    assumed_popularity,
    ceiling,
    popularity_penalty,
    score_parts,
    typical_score,
)
from bot.core.space import FEATURES, Catalog
from bot.core.taste import TasteProfile
from bot.core.why import Basis, Explanation, reasons_of

REPRESENTATIVES: Final = 32
"""So many tracks, evenly spread, stand for an artist or a genre."""

_IN_ONE_PASS: Final = 1000
_WIDTH: Final = 2 * len(FEATURES) + 4
_NO_ROWS: Final = np.empty(0, np.int64)


class Grounds(StrEnum):
    """What a release is judged by."""

    TRACKS = "tracks"
    """Its own tracks."""
    ARTIST = "artist"
    """Other tracks of its artist."""
    GENRES = "genres"
    """Tracks of its genres: nothing of its artist was measured."""


@dataclass(frozen=True, slots=True)
class RankedRelease:
    """A release in its place."""

    known: KnownRelease
    grounds: Grounds
    score: float
    popularity: float | None
    """Percentile 0 … 1 of the artist's best known song; None is unknown."""
    fits: int
    """How many of the tastes it fits: it scores more for them than tracks do on average."""
    explanation: Explanation | None
    """The score taken apart; None where several tastes were asked."""


@dataclass(frozen=True, slots=True)
class ReleaseRanking:
    """Some of the releases that fit, in order, and what became of the others."""

    shown: tuple[RankedRelease, ...]
    fitting: int
    """How many fit at least one taste."""
    misfits: int
    unknown: int
    """Nothing is known of their artists and genres."""
    rated: int
    """All their tracks are rated already."""
    kept_promise: int
    """How many of those shown are by artists known to stand at or below the ceiling of the dial."""
    unknown_popularity: int
    """Of those shown."""
    ceiling: float


def rank_releases(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    releases: Sequence[KnownRelease],
    *,
    obscurity: int,
    rated: Collection[int] = (),
    first: int = 0,
    count: int,
) -> ReleaseRanking:
    """Order releases for one taste, or for several at once.

    Each artist's best release comes before any second one; of any five from the first on, one at
    most is by an artist above the ceiling of the dial, as long as there are others. For several
    tastes, the score is the mean over the tastes of how many standard deviations it lies above
    what tracks usually score, so that no taste counts more because it is stronger. Ties go by name.

    Args:
        catalog: the tracks.
        tastes: at least one.
        releases: each once.
        obscurity: the dial, 0 … 100.
        rated: rows of tracks that are no news any more.
        first: how many of the list to pass over.
        count: how many to return at most.
    """
    judge = _Judge(catalog, tastes, rated)
    judged = [judge.judged(one) for one in releases]
    news = [one for one in judged if one is not None and not one.is_rated]
    popularity = np.array([_popularity(catalog, one.known.artist_id) for one in news], np.float64)
    penalty = popularity_penalty(popularity, obscurity)
    parts = [_mean_parts(catalog, taste, news, penalty) for taste in tastes]
    scores, fits = _scores(catalog, tastes, parts, penalty)
    above = np.zeros(len(news), np.bool_)
    if obscurity and catalog.source_names:
        above = assumed_popularity(popularity) > ceiling(obscurity)
    order = [place for place in _order(news, scores, above) if fits[place]]
    shown = [
        RankedRelease(
            known=news[place].known,
            grounds=news[place].grounds,
            score=float(scores[place]),
            popularity=_known(popularity[place]),
            fits=int(fits[place]),
            explanation=(
                _explained(catalog, tastes[0], news[place], parts[0][place], obscurity)
                if len(tastes) == 1
                else None
            ),
        )
        for place in order[first : first + count]
    ]
    return ReleaseRanking(
        shown=tuple(shown),
        fitting=len(order),
        misfits=len(news) - len(order),
        unknown=sum(one is None for one in judged),
        rated=sum(one is not None and one.is_rated for one in judged),
        kept_promise=sum(
            one.popularity is not None and one.popularity <= ceiling(obscurity) for one in shown
        ),
        unknown_popularity=sum(one.popularity is None for one in shown),
        ceiling=ceiling(obscurity),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """A release with the rows that stand for it."""

    known: KnownRelease
    grounds: Grounds
    rows: NDArray[np.int64]
    is_rated: bool = False


class _Judge:
    """Finds what releases can be judged by."""

    def __init__(
        self, catalog: Catalog, tastes: Sequence[TasteProfile], rated: Collection[int]
    ) -> None:
        self._catalog = catalog
        self._artists = {int(one) for taste in tastes for one in taste.artist_ids}
        self._rated = frozenset(rated)
        self._genres: dict[int, NDArray[np.int64]] = {}

    def judged(self, known: KnownRelease) -> _Judged | None:
        """Return a release with what it can be judged by; None when there is nothing."""
        own = self._catalog.rows_of(known.track_ids)
        is_rated = bool(len(own)) and self._rated.issuperset(own.tolist())
        rows = self._telling(own)
        if len(rows):
            return _Judged(known, Grounds.TRACKS, rows, is_rated)
        if known.artist_id is not None:
            rows = self._telling(self._catalog.rows_of_artists([known.artist_id]))
            if len(rows):
                return _Judged(known, Grounds.ARTIST, rows, is_rated)
        rows = np.concatenate([_NO_ROWS, *map(self._of_genre, known.genre_ids)])
        if len(rows):
            return _Judged(known, Grounds.GENRES, rows, is_rated)
        if known.artist_id in self._artists:
            return _Judged(known, Grounds.ARTIST, rows, is_rated)
        return None

    def _of_genre(self, genre_id: int) -> NDArray[np.int64]:
        if genre_id not in self._genres:
            some = _spread(self._catalog.rows_of_genres([genre_id]), 4 * REPRESENTATIVES)
            self._genres[genre_id] = self._telling(some)
        return self._genres[genre_id]

    def _telling(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return some of the rows of which anything is measured or listed."""
        return _spread(rows[self._catalog.measured[rows] | self._catalog.listed[rows]])


def _spread(rows: NDArray[np.int64], most: int = REPRESENTATIVES) -> NDArray[np.int64]:
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _popularity(catalog: Catalog, artist_id: int | None) -> float:
    """Return the percentile of an artist's best known song; NaN is unknown."""
    if artist_id is None:
        return np.nan
    known = catalog.popularity[catalog.rows_of_artists([artist_id])]
    return float(np.fmax.reduce(known)) if len(known) else np.nan


def _mean_parts(
    catalog: Catalog, taste: TasteProfile, news: Sequence[_Judged], penalty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return release × parts, as `score_parts` does for tracks."""
    means = np.zeros((len(news), _WIDTH))
    for start in range(0, len(news), _IN_ONE_PASS):
        some = news[start : start + _IN_ONE_PASS]
        lengths = np.array([len(one.rows) for one in some], np.int64)
        rows = np.concatenate([_NO_ROWS, *(one.rows for one in some)])
        if not len(rows):
            continue
        parts = score_parts(catalog, taste, rows, obscurity=0, affinity=0.0)
        full = np.flatnonzero(lengths)
        begins = (np.cumsum(lengths) - lengths)[full]
        means[start + full] = np.add.reduceat(parts, begins) / lengths[full, None]
    artists = np.array([one.known.artist_id or 0 for one in news], np.int64)
    means[:, -2] = Query().affinity * artist_strength(taste, artists)
    means[:, -1] = penalty
    return means


def _scores(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    parts: Sequence[NDArray[np.float64]],
    penalty: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return each release's score, and how many tastes it fits."""
    affinity = Query().affinity
    usual = [typical_score(catalog, taste, affinity=affinity) for taste in tastes]
    earned = np.stack([add_up(own[:, :-1]) for own in parts])
    means = np.array([one.mean for one in usual])[:, None]
    fits = (earned > means).sum(axis=0)
    if len(tastes) == 1:
        return add_up(parts[0]), fits
    spreads = np.array([one.deviation for one in usual])
    standouts = (earned - means) / np.where(spreads > 0, spreads, 1.0)[:, None]
    return standouts.mean(axis=0) * spreads.mean() + penalty, fits


def _order(
    news: Sequence[_Judged], scores: NDArray[np.float64], above: NDArray[np.bool_]
) -> list[int]:
    """Return the places: best first, one of each artist before the seconds, the promise kept."""
    by_score = sorted(
        range(len(news)), key=lambda place: (-float(scores[place]), news[place].known.release.key)
    )
    before: Counter[str] = Counter()
    turns = {}
    for place in by_score:
        artist = news[place].known.release.artist_key
        turns[place] = before[artist]
        before[artist] += 1
    ordered = sorted(by_score, key=lambda place: turns[place])
    return _promised(ordered, above)


def _promised(ordered: Sequence[int], above: NDArray[np.bool_]) -> list[int]:
    """Let those above the ceiling wait until they may follow, or nothing else is left."""
    low = deque((turn, place) for turn, place in enumerate(ordered) if not above[place])
    high = deque((turn, place) for turn, place in enumerate(ordered) if above[place])
    found: list[int] = []
    taken = 0
    while low or high:
        free = not low or (may_follow(taken, len(found)) and bool(high) and high[0] < low[0])
        if free:
            found.append(high.popleft()[1])
            taken += 1
        else:
            found.append(low.popleft()[1])
    return found


def _explained(
    catalog: Catalog,
    taste: TasteProfile,
    judged: _Judged,
    numbers: NDArray[np.float64],
    obscurity: int,
) -> Explanation:
    parts = Parts.of(numbers)
    return Explanation(
        basis=Basis.TASTE,
        score=parts.score,
        reasons=reasons_of(catalog, taste, judged.rows, parts),
        affinity=parts.affinity,
        penalty=parts.penalty,
        popularity=_known(_popularity(catalog, judged.known.artist_id)),
        obscurity=obscurity,
        offset=parts.offset,
        scene=parts.scene,
    )


def _known(percentile: float) -> float | None:
    return None if np.isnan(percentile) else float(percentile)
