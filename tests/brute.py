"""The best tracks found the slow way: everything is scored, and the list is walked down."""

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.space import Catalog
from bot.core.ranking.filters import blocked, passing
from bot.core.ranking.obscurity import ceiling, counting_fame
from bot.core.ranking.query import Query
from bot.core.ranking.scoring import add_up, score_parts
from bot.core.taste.taste import TasteProfile


def exact_scores(catalog: Catalog, taste: TasteProfile, query: Query) -> NDArray[np.float64]:
    rows = np.arange(len(catalog))
    return add_up(
        score_parts(
            catalog,
            taste,
            rows,
            obscurity=query.obscurity,
            affinity=query.affinity,
            cuts=query.admitted_cuts,
            lift=query.lift,
        )
    )


def above_ceiling(catalog: Catalog, query: Query) -> NDArray[np.bool_]:
    if not query.obscurity or not catalog.knows_fame:
        return np.zeros(len(catalog), np.bool_)
    rows = np.arange(len(catalog))
    high: NDArray[np.bool_] = counting_fame(catalog, rows, query.admitted_cuts) > ceiling(
        query.obscurity
    )
    return high


def best_of(
    catalog: Catalog, taste: TasteProfile, query: Query, rows: NDArray[np.int64]
) -> list[int]:
    """Walk down the candidates among the rows, and then once more where the promise must break."""
    scores, high = exact_scores(catalog, taste, query), above_ceiling(catalog, query)
    songs: set[int] = set()
    artists: dict[int, int] = {}
    taken: list[int] = []
    left = passing(blocked(catalog, taste, query), rows)
    ordered = left[np.lexsort((left, -scores[left]))].tolist()
    for promise in (True, False):
        for row in ordered:
            song, artist = int(catalog.song_ids[row]), int(catalog.artist_ids[row])
            full = query.per_artist is not None and artists.get(artist, 0) >= query.per_artist
            popular = sum(bool(high[one]) for one in taken) + 1
            early = bool(high[row]) and promise and popular * 5 > len(taken) + 1
            if len(taken) < query.count and song not in songs and not full and not early:
                taken.append(row)
                songs.add(song)
                artists[artist] = artists.get(artist, 0) + 1
    return taken
