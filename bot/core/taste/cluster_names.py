"""What the clusters of a listener are called: a word of sound and a genre, such as "calm folk".

A genre names a cluster when its tracks have it more often than those of the catalogue; a word of
sound when they stand clearly away from the catalogue's middle and the word is true of them by
itself: nothing is "calm" that is only calmer than a catalogue of metal. Where no genre is known,
two words of sound or an artist take its place. No two clusters of a listener share a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from bot.core.catalog import Catalog
from bot.core.taste.absolute import is_high, is_low
from bot.core.taste.explanation import FeatureLevel, describe
from bot.core.taste.preference import Judged
from bot.core.taste.profile import Height, favorite_genres, height
from bot.core.taste.taste import levels_of
from bot.core.taste.turning import LikedClusters

LONGEST_NAME: Final = 40
"""Letters of a name that a listener gives."""
ARTISTS: Final = 3
"""So many artists of a cluster are named at the most."""
_GENRES: Final = 3
_NAMING: Final = (
    "energy", "acousticness", "instrumentalness", "danceability", "valence", "tempo", "loudness",
)  # fmt: skip
"""The features that may name a cluster; of two that stand out as far, the earlier does."""


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
    levels = describe(catalog, levels_of(catalog, judged.rows, judged.weights))
    clear = [one for one in levels if one.feature in _NAMING and _holds(one)]
    return sorted(clear, key=lambda one: (-abs(one.percentile - 0.5), _NAMING.index(one.feature)))


def _holds(level: FeatureLevel) -> bool:
    if level.value is None:
        return False
    match height(level.percentile):
        case Height.LOW:
            return is_low(level.feature, level.value)
        case Height.HIGH:
            return is_high(level.feature, level.value)
        case _:
            return False
