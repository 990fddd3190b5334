"""What to ask a newcomer about: few artists or tracks, as different as they can be."""

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog
from bot.core.ranking.reranking import mmr_order

_POOL: Final = 2000
_WELL_KNOWN: Final = 0.75
_ENOUGH: Final = 20  # times the count: a choice among fewer would not be one
_STARS: Final = 100
_FAME_WEIGHT: Final = 0.4


def favorite_artists(catalog: Catalog, count: int) -> list[int]:
    """Return ids of a few of the most famous artists, of different kinds; always the same ones.

    Of the 100 most famous artists of whom anything is measured or stands in lists (counted ones
    first; of equals those with more tracks) each next one is famous and unlike those before: in
    the sound of their tracks and, as far as they are known, in their genres.

    Args:
        catalog: the tracks.
        count: how many; fewer come back when there are fewer artists.
    """
    known = catalog.artist_index[catalog.measured | catalog.listed]
    tracks = np.bincount(known, minlength=len(catalog.artist_keys))
    tracks[np.isin(catalog.artist_keys, catalog.collective_ids)] = 0
    fame = np.nan_to_num(catalog.artist_fame, nan=-1.0)
    order = np.lexsort((catalog.artist_keys, -tracks, -fame, ~catalog.artist_counted))
    stars = order[tracks[order] > 0][:_STARS]
    if not len(stars) or count < 1:
        return []
    kinds = np.array([_kind(catalog, int(one)) for one in stars])
    places = mmr_order(
        -np.arange(len(stars), dtype=np.float64),
        _unit(kinds),
        np.zeros(len(stars), np.bool_),
        relevance_weight=_FAME_WEIGHT,
        count=count,
    )
    return [int(catalog.artist_keys[stars[place]]) for place in places]


def _kind(catalog: Catalog, artist: int) -> NDArray[np.float64]:
    """Return what an artist sounds like, beside the genres of their tracks; each of length 1."""
    start, end = catalog.artist_row_offsets[artist : artist + 2]
    rows = catalog.artist_rows[start:end].astype(np.int64)
    sound = catalog.vectors(rows).mean(axis=0)
    own = [one for row in rows.tolist() for one in catalog.genres_of(row)]
    genres = np.zeros(len(catalog.genre_keys))
    np.add.at(genres, np.searchsorted(catalog.genre_keys, own), 1.0)
    return np.concatenate([_unit(sound[None])[0], _unit(genres[None])[0]])


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: NDArray[np.float64] = vectors / np.where(lengths > 0, lengths, 1.0)
    return found


def contrasting_rows(
    catalog: Catalog,
    count: int,
    *,
    seed: int,
    known: Collection[int] = (),
    besides: Sequence[int] = (),
) -> list[int]:
    """Return rows of contrasting, measured tracks by different artists; fewer when artists are.

    Among up to 2,000 random tracks (preferably well known ones, or of unknown popularity: people
    must be able to say something about them) each next one is the farthest from all chosen so far.
    The seed decides the sample and the first track; the same seed gives the same rows.

    Args:
        known: rows that the newcomer has judged or was shown already; they are left out.
        besides: rows from which the first one is to differ, too; then it is not by chance.
    """
    rng = np.random.default_rng(seed)
    pool = np.setdiff1d(_pool(catalog, count), np.fromiter(known, np.int64, len(known)))
    if not len(pool) or count < 1:
        return []
    sample = rng.permutation(pool)[:_POOL]
    vectors = catalog.vectors(sample)
    artists = catalog.artist_index[sample]
    apart = vectors @ catalog.vectors(besides).T if len(besides) else None
    chosen = [0 if apart is None else int(np.argmin(apart.max(axis=1)))]
    closest = vectors @ vectors[chosen[0]]
    if apart is not None:
        closest = np.maximum(closest, apart.max(axis=1))
    allowed = artists != artists[chosen[0]]
    while len(chosen) < count and allowed.any():
        best = int(np.argmin(np.where(allowed, closest, np.inf)))
        chosen.append(best)
        closest = np.maximum(closest, vectors @ vectors[best])
        allowed &= artists != artists[best]
    return [int(sample[place]) for place in chosen]


def _pool(catalog: Catalog, count: int) -> NDArray[np.int64]:
    measured = FEATURES.index("key_cos")
    complete = catalog.known[:, :measured].mean(1) >= 0.75
    known = complete & ((catalog.popularity >= _WELL_KNOWN) | np.isnan(catalog.popularity))
    for wanted in (complete & (catalog.popularity >= _WELL_KNOWN), known, complete):
        if np.count_nonzero(wanted) >= _ENOUGH * count:
            return np.flatnonzero(wanted)
    return np.flatnonzero(complete)
