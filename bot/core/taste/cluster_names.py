"""What the clusters of a listener are called: a word of sound and a genre, such as "calm folk".

A genre names a cluster when its tracks have it more often than those of the catalogue; a word of
sound when they stand clearly away from the catalogue's middle and the word is true of them by
itself: nothing is "calm" that is only calmer than a catalogue of metal. Where no genre is known,
two words of sound or an artist take its place. No two clusters of a listener share a name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, QUANTILES, Catalog
from bot.core.taste.explanation import FeatureLevel, describe
from bot.core.taste.preference import Judged
from bot.core.taste.profile import Height, favorite_genres, height
from bot.core.taste.taste import levels_of
from bot.core.taste.turning import LikedClusters

ARTISTS: Final = 3
"""So many artists of a cluster are named at the most."""
_GENRES: Final = 3
_HOLDS: Final[Mapping[str, tuple[float, float]]] = {
    "energy": (0.4, 0.6),
    "acousticness": (0.25, 0.6),
    "instrumentalness": (-np.inf, 0.5),
    "danceability": (-np.inf, 0.6),
    "valence": (0.35, 0.6),
    "tempo": (95.0, 125.0),
    "loudness": (-14.0, -8.0),
}
"""A word for a low level holds up to the first value, one for a high level from the second on, in
the units of `core.models.AudioFeatures`."""


@dataclass(frozen=True, slots=True)
class ClusterName:
    """What a cluster is called, in parts that have words of their own."""

    sound: tuple[FeatureLevel, ...] = ()
    """Clearly high or low levels, at most two."""
    genre: str | None = None
    artist: str | None = None
    """Named when the rest does not tell it from others."""
    number: int | None = None
    """As a last resort, from 2 on."""

    @property
    def key(self) -> tuple[object, ...]:
        """Return what is the same only for names that read the same."""
        sound = tuple((one.feature, height(one.percentile)) for one in self.sound)
        return sound, (self.genre or "").casefold(), (self.artist or "").casefold(), self.number


def cluster_artists(catalog: Catalog, clusters: LikedClusters) -> list[list[int]]:
    """Return the artists liked most in each cluster, at most `ARTISTS`, ties by id."""
    found = []
    for cluster in range(len(clusters.factors)):
        here = clusters.labels == cluster
        ids, place = np.unique(catalog.artist_ids[clusters.rows[here]], return_inverse=True)
        worth = np.bincount(place, clusters.weights[here], len(ids))
        found.append(ids[np.lexsort((ids, -np.round(worth, 12)))][:ARTISTS].tolist())
    return found


def name_clusters(
    catalog: Catalog, clusters: LikedClusters, artists: Sequence[Sequence[str]]
) -> list[ClusterName]:
    """Name every cluster, the heaviest first, so that no two names read the same.

    Args:
        catalog: where the likes are.
        clusters: of one listener.
        artists: the names of the artists of each, the best liked first.
    """
    count = len(clusters.factors)
    heaviness = np.bincount(clusters.labels, clusters.weights, count)
    names: dict[int, ClusterName] = {}
    taken: set[tuple[object, ...]] = set()
    for cluster in np.argsort(-heaviness, kind="stable").tolist():
        here = clusters.labels == cluster
        judged = Judged(clusters.rows[here], clusters.weights[here])
        genres = [one.name for one in favorite_genres(catalog, judged, limit=_GENRES)]
        candidates = _candidates(_sounds(catalog, judged), genres, artists[cluster])
        names[cluster] = next(one for one in candidates if one.key not in taken)
        taken.add(names[cluster].key)
    return [names[cluster] for cluster in range(count)]


def _candidates(
    sounds: Sequence[FeatureLevel], genres: Sequence[str], artists: Sequence[str]
) -> Iterator[ClusterName]:
    """Yield names from the best to the last resort; they never end."""
    best = sounds[:1]
    if genres:
        for genre, sound in product(genres, [*([one] for one in sounds), []]):
            yield ClusterName(tuple(sound), genre)
    elif len(sounds) > 1:
        yield ClusterName(tuple(sounds[:2]))
    plain = ClusterName(tuple(best), genres[0] if genres else None)
    for artist in artists:
        yield ClusterName(plain.sound, plain.genre, artist)
    first = artists[0] if artists else None
    number = 1
    while True:
        number += 1
        yield ClusterName(plain.sound, plain.genre, first, number)


def _sounds(catalog: Catalog, judged: Judged) -> list[FeatureLevel]:
    """Return the levels that have a word which holds, the farthest from the middle first."""
    levels = describe(levels_of(catalog, judged.rows, judged.weights))
    clear = [one for one in levels if one.feature in _HOLDS and _holds(catalog, one)]
    order = list(_HOLDS)
    return sorted(clear, key=lambda one: (-abs(one.percentile - 0.5), order.index(one.feature)))


def _holds(catalog: Catalog, level: FeatureLevel) -> bool:
    low, high = _HOLDS[level.feature]
    value = _value(catalog, level)
    match height(level.percentile):
        case Height.LOW:
            return value <= low
        case Height.HIGH:
            return value >= high
        case _:
            return False


def _value(catalog: Catalog, level: FeatureLevel) -> float:
    """Return a level in the feature's own units."""
    table: NDArray[np.float64] = catalog.feature_tables[FEATURES.index(level.feature)].astype(
        np.float64
    )
    shares = (np.arange(QUANTILES) + 0.5) / QUANTILES
    value = float(np.interp(level.percentile, shares, table))
    return 2.0**value if level.feature == "tempo" else value
