"""From a taste and a wish to a list: filter, score, take the best, exactly.

The small interface the rest of the bot knows is `rank`; how a score comes about is
`scoring`'s business, who may take part that of `filters`.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.filters import Filter, Query, Removed, blocked, candidates, count_alone
from bot.core.scoring import Parts, add_up, ceiling, quick_scores, score_parts
from bot.core.space import FEATURES, Catalog
from bot.core.taste import TasteProfile

_SLACK: Final = np.float32(2e-5)
"""More than float32 can be wrong about a score; rows this close to the cut are scored exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """One recommended track."""

    row: int
    track_id: int
    score: float
    """`parts.score`: what the list is ordered by."""
    parts: Parts
    popularity: float | None
    """Percentile 0 … 1; None is unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """A list, best first, and how it came about."""

    picks: tuple[Pick, ...]
    removed: tuple[Removed, ...]
    """Per filter, in order. For a short list the numbers and the picks add up to the catalogue."""
    candidates: int
    """Tracks that were left when the filters were done, before songs and artists were capped."""
    catalog_size: int
    ceiling: float
    """The popularity percentile the obscurity dial promises to stay below."""

    @property
    def kept_promise(self) -> int:
        """How many picks are known to be no more popular than the ceiling."""
        return sum(p.popularity is not None and p.popularity <= self.ceiling for p in self.picks)

    @property
    def unknown_popularity(self) -> int:
        """How many picks have no known popularity; they neither keep nor break the promise."""
        return sum(pick.popularity is None for pick in self.picks)


def rank(catalog: Catalog, taste: TasteProfile, query: Query) -> Ranking:
    """Return the best tracks for a taste: an exact top-k in a total order (ties by track id).

    The same catalogue, taste and query always give the same list. A song is picked once, an artist
    at most `query.per_artist` times. A taste of zeros ranks by popularity penalty and id only.

    Raises:
        ValueError: the obscurity is not 0 … 100 or the count is negative.
    """
    if not 0 <= query.obscurity <= 100 or query.count < 0:
        raise ValueError(f"not a query: obscurity {query.obscurity}, count {query.count}")
    filters = list(blocked(catalog, taste, query))
    left, removed = candidates(catalog, filters)
    rows = np.flatnonzero(left)
    quick = quick_scores(catalog, taste, obscurity=query.obscurity, affinity=query.affinity)[rows]
    picks, capped = _best(catalog, taste, query, rows, quick)
    if len(picks) < query.count:
        alone = count_alone(filters)
        removed = [replace(one, alone=alone[one.filter]) for one in removed]
        for cap in (Filter.SAME_SONG, Filter.PER_ARTIST):
            removed.append(Removed(cap, capped[cap], alone=capped[cap]))
    return Ranking(
        picks=picks,
        removed=tuple(removed),
        candidates=len(rows),
        catalog_size=len(catalog),
        ceiling=ceiling(query.obscurity),
    )


def _best(
    catalog: Catalog,
    taste: TasteProfile,
    query: Query,
    rows: NDArray[np.int64],
    quick: NDArray[np.float32],
) -> tuple[tuple[Pick, ...], Counter[Filter]]:
    """Take the best with few looks: widen the cut until the caps leave enough."""
    wanted = 2 * query.count + 16
    while True:
        chosen = _cut(quick, wanted)
        rest = rows[chosen]
        contributions, affinities, penalties = score_parts(
            catalog, taste, rest, obscurity=query.obscurity, affinity=query.affinity
        )
        scores = add_up(contributions, affinities[:, None], penalties[:, None])
        order = np.lexsort((rest, -scores))
        taken, capped = _capped(catalog, rest[order], query)
        if len(taken) == query.count or len(chosen) == len(rows):
            break
        wanted *= 8
    size = len(FEATURES)
    picks = []
    for place in order[taken].tolist():
        parts = Parts(
            contributions[place, :size],
            contributions[place, size:],
            float(affinities[place]),
            float(penalties[place]),
        )
        picks.append(_pick(catalog, int(rest[place]), float(scores[place]), parts))
    return tuple(picks), capped


def _cut(quick: NDArray[np.float32], wanted: int) -> NDArray[np.int64]:
    """Return the places of at least the `wanted` best and of all that float32 cannot tell apart."""
    if wanted >= len(quick):
        return np.arange(len(quick))
    worst = np.partition(quick, len(quick) - wanted)[len(quick) - wanted]
    return np.flatnonzero(quick >= worst - _SLACK)


def _capped(
    catalog: Catalog, ordered: NDArray[np.int64], query: Query
) -> tuple[list[int], Counter[Filter]]:
    """Walk down the list, keeping each song once and each artist within the cap."""
    songs: set[int] = set()
    artists: Counter[int] = Counter()
    taken: list[int] = []
    dropped: Counter[Filter] = Counter()
    pairs = zip(
        catalog.song_index[ordered].tolist(), catalog.artist_index[ordered].tolist(), strict=True
    )
    for place, (song, artist) in enumerate(pairs):
        if len(taken) == query.count:
            break
        if song in songs:
            dropped[Filter.SAME_SONG] += 1
        elif query.per_artist is not None and artists[artist] >= query.per_artist:
            dropped[Filter.PER_ARTIST] += 1
        else:
            songs.add(song)
            artists[artist] += 1
            taken.append(place)
    return taken, dropped


def _pick(catalog: Catalog, row: int, score: float, parts: Parts) -> Pick:
    known = float(catalog.popularity[row])
    return Pick(
        row=row,
        track_id=int(catalog.track_ids[row]),
        score=score,
        parts=parts,
        popularity=None if np.isnan(known) else known,
    )
