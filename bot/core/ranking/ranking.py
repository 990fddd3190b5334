"""From a taste and a wish to a list: filter, score, take the best, exactly.

The small interface the rest of the bot knows is `rank`; how a score comes about is the business
of `scorer` and `scoring`, who may take part that of `filters`, how the best are found `search`'s.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.ranking.checks import Blocked
from bot.core.ranking.filters import Removed, blocked, count_pairs, count_removed
from bot.core.ranking.obscurity import ceiling, is_deep_cut
from bot.core.ranking.query import WISHED, Filter, Query
from bot.core.ranking.reranking import may_follow, mmr_order
from bot.core.ranking.scorer import Scorer
from bot.core.ranking.scoring import Parts, add_up, score_parts
from bot.core.ranking.search import Search, scan
from bot.core.taste import TasteProfile


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """One recommended track."""

    row: int
    track_id: int
    score: float
    """`parts.score`: what the list is ordered by."""
    parts: Parts
    popularity: float | None
    """Percentile 0 … 1 of the song; None is unknown."""
    fame: float | None
    """Of the artist, 0 … 1; None: nothing is known of anybody."""
    counted: bool
    """False when nobody counts the artist, and the fame is a guess."""
    deep_cut: bool
    """True for a little-known song of a famous artist."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """A list, best first, and how it came about."""

    picks: tuple[Pick, ...]
    removed: tuple[Removed, ...]
    """Only for a list that came out short, per filter, in order: the numbers and the picks add up
    to the catalogue. Empty for a full one."""
    candidates: int | None
    """Tracks that were left when the filters were done, before songs and artists were capped;
    None for a full list, for which nobody counts them."""
    catalog_size: int
    ceiling: float
    """The fame the obscurity dial promises to stay below."""
    pairs: tuple[tuple[Filter, Filter, int], ...] = ()
    """Only for an empty list that no single filter makes empty: how many tracks would come back
    without two of them, most first."""

    @property
    def kept_promise(self) -> int:
        """How many picks are by artists who stand below the ceiling, as far as anybody knows."""
        return sum(one.fame is not None and one.fame <= self.ceiling for one in self.picks)

    @property
    def uncounted(self) -> int:
        """How many of the picks are by artists whom nobody counts."""
        return sum(not one.counted for one in self.picks)


def rank(catalog: Catalog, taste: TasteProfile, query: Query) -> Ranking:
    """Return the best tracks for a taste: an exact top-k in a total order (ties by track id).

    The same catalogue, taste and query always give the same list. A song is picked once, an artist
    at most `query.per_artist` times. Of any five picks from the first on, one at most stands above
    the ceiling of the dial, unless nothing else is left. A taste of zeros ranks by the
    penalty of fame and id only.

    Raises:
        ValueError: the obscurity is not 0 … 100 or the count is negative.
    """
    return rank_all(catalog, [(taste, query)])[0]


def rank_all(catalog: Catalog, wanted: Sequence[tuple[TasteProfile, Query]]) -> tuple[Ranking, ...]:
    """Rank for several tastes in one pass over the catalogue; the lists are those of `rank`.

    Raises:
        ValueError: the obscurity of a query is not 0 … 100 or its count is negative.
    """
    tasks = [_Task.of(catalog, taste, query) for taste, query in wanted]
    scanning = [task.search for task in tasks if not task.search.finish_listed()]
    if scanning:
        scan(catalog, scanning)
    return tuple(task.ranking(catalog) for task in tasks)


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One list on its way."""

    taste: TasteProfile
    query: Query
    filters: list[Blocked]
    scorer: Scorer
    search: Search

    @classmethod
    def of(cls, catalog: Catalog, taste: TasteProfile, query: Query) -> Self:
        if not 0 <= query.obscurity <= 100 or query.count < 0:
            raise ValueError(f"not a query: obscurity {query.obscurity}, count {query.count}")
        scorer = Scorer.of(
            catalog,
            taste,
            obscurity=query.obscurity,
            affinity=query.affinity,
            cuts=query.admitted_cuts,
            lift=query.lift,
        )
        filters = blocked(catalog, taste, query)
        search = Search(catalog, scorer, filters, count=_pool(query), per_artist=query.per_artist)
        return cls(taste, query, filters, scorer, search)

    def ranking(self, catalog: Catalog) -> Ranking:
        rows = self.search.candidates()
        picks, capped = _best(catalog, self.taste, self.query, self.scorer, rows)
        removed: list[Removed] = []
        left = None
        pairs: tuple[tuple[Filter, Filter, int], ...] = ()
        if len(picks) < self.query.count:
            left, removed = count_removed(catalog, self.filters)
            if not left and not any(one.alone for one in removed if one.filter in WISHED):
                pairs = tuple(count_pairs(catalog, self.filters))
            for cap in (Filter.SAME_SONG, Filter.PER_ARTIST):
                removed.append(Removed(cap, capped[cap], alone=capped[cap]))
        return Ranking(
            picks=picks,
            removed=tuple(removed),
            candidates=left,
            catalog_size=len(catalog),
            ceiling=ceiling(self.query.obscurity),
            pairs=pairs,
        )


def _best(
    catalog: Catalog, taste: TasteProfile, query: Query, scorer: Scorer, rows: NDArray[np.int64]
) -> tuple[tuple[Pick, ...], Counter[Filter]]:
    """Score the last candidates exactly and take the best."""
    parts = score_parts(
        catalog,
        taste,
        rows,
        obscurity=query.obscurity,
        affinity=query.affinity,
        cuts=query.admitted_cuts,
        lift=query.lift,
    )
    scores = add_up(parts)
    order = np.lexsort((catalog.track_ids[rows], -scores))
    above = scorer.above(rows)
    taken, capped = _capped(catalog, rows[order], above[order], _pool(query), query.per_artist)
    places = order[taken]
    if query.relevance_weight < 1:
        places = order[
            np.sort(np.array(taken, np.int64))
        ]  # best first again, whatever the promise has moved
        chosen = mmr_order(
            scores[places],
            catalog.vectors(rows[places]),
            above[places],
            relevance_weight=query.relevance_weight,
            count=query.count,
        )
        places = places[chosen]
    return tuple(
        pick_of(catalog, int(rows[place]), Parts.of(parts[place])) for place in places.tolist()
    ), capped


def _pool(query: Query) -> int:
    """Return how many tracks a list is chosen from."""
    return query.count if query.relevance_weight == 1 or not query.count else 4 * query.count + 16


def _capped(
    catalog: Catalog,
    ordered: NDArray[np.int64],
    above: NDArray[np.bool_],
    count: int,
    per_artist: int | None,
) -> tuple[list[int], Counter[Filter]]:
    """Walk down the list, keeping each song once, each artist within the cap, and the promise.

    Tracks above the ceiling that come too early are passed over; when the list would else come out
    short, they fill it in a second walk.
    """
    songs: set[int] = set()
    artists: Counter[int] = Counter()
    taken: list[int] = []
    dropped: Counter[Filter] = Counter()
    early: list[int] = []
    groups = list(
        zip(
            catalog.song_index[ordered].tolist(),
            catalog.artist_index[ordered].tolist(),
            strict=True,
        )
    )

    def take(place: int) -> bool:
        song, artist = groups[place]
        if song in songs:
            dropped[Filter.SAME_SONG] += 1
        elif per_artist is not None and artists[artist] >= per_artist:
            dropped[Filter.PER_ARTIST] += 1
        else:
            songs.add(song)
            artists[artist] += 1
            taken.append(place)
            return True
        return False

    high = 0
    for place, too_popular in enumerate(above.tolist()):
        if len(taken) == count:
            break
        if too_popular and not may_follow(high, len(taken)):
            early.append(place)
        else:
            high += take(place) and too_popular
    for place in early:
        if len(taken) == count:
            break
        take(place)
    return taken, dropped


def pick_of(catalog: Catalog, row: int, parts: Parts) -> Pick:
    """Return a track as a pick, with its score taken apart."""
    known, fame = float(catalog.popularity[row]), float(catalog.fame[row])
    return Pick(
        row=row,
        track_id=int(catalog.track_ids[row]),
        score=parts.score,
        parts=parts,
        popularity=None if np.isnan(known) else known,
        fame=None if np.isnan(fame) else fame,
        counted=bool(catalog.counted[row]),
        deep_cut=bool(is_deep_cut(catalog, np.array([row]))[0]),
    )
