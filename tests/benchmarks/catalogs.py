"""Large generated catalogues that behave like real ones: how features hang together matters here.

The numbers below are those of rank-Gaussian features of a quarter million songs: how features go
together, how much of a feature is the artist's, how many tracks artists have.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.space import FEATURES, MEASURES, Catalog, RawTracks
from bot.core.scene.scene import DIMENSIONS, Scene
from bot.core.taste.taste import Opinion, TasteProfile, build_taste

NAMES = MEASURES[:9]
"""danceability, energy, valence, acousticness, instrumentalness, liveness, speechiness, loudness,
tempo"""
CORRELATION = np.array(
    [
        [1.00, 0.15, 0.46, -0.15, -0.23, -0.12, 0.26, 0.24, -0.01],
        [0.15, 1.00, 0.31, -0.72, -0.21, 0.15, 0.23, 0.77, 0.24],
        [0.46, 0.31, 1.00, -0.15, -0.28, -0.02, 0.10, 0.26, 0.12],
        [-0.15, -0.72, -0.15, 1.00, 0.14, -0.07, -0.13, -0.57, -0.22],
        [-0.23, -0.21, -0.28, 0.14, 1.00, -0.08, -0.15, -0.42, -0.08],
        [-0.12, 0.15, -0.02, -0.07, -0.08, 1.00, 0.08, 0.10, 0.02],
        [0.26, 0.23, 0.10, -0.13, -0.15, 0.08, 1.00, 0.16, 0.09],
        [0.24, 0.77, 0.26, -0.57, -0.42, 0.10, 0.16, 1.00, 0.19],
        [-0.01, 0.24, 0.12, -0.22, -0.08, 0.02, 0.09, 0.19, 1.00],
    ]
)
OF_THE_ARTIST = np.array([0.42, 0.48, 0.27, 0.52, 0.54, 0.05, 0.30, 0.53, 0.05])
GENRES = 300
LISTED = 0.2

Listener: TypeAlias = tuple[TasteProfile, list[int]]
"""A taste, and the rows it rests on."""


def correlated_tracks(size: int, seed: int = 1) -> RawTracks:
    """Return raw columns, in no order: 3.4 tracks an artist (a few have thousands), 300 genres
    from large to small, popularity known of 6 in 10, years of 8 in 10."""
    rng = np.random.default_rng(seed)
    artists = max(1, int(size / 3.4))
    weights = rng.lognormal(0, 1.7, artists)
    artist = rng.choice(artists, size, p=weights / weights.sum())
    audio = np.full((size, len(MEASURES)), np.nan)
    audio[:, :9] = _levels(rng, artist, artists)
    audio[:, 8] = 120 * 2 ** (audio[:, 8] / 3)
    audio[:, 9] = np.where(rng.random(size) < 0.1, np.nan, rng.integers(0, 12, size))
    audio[:, 10] = np.where(rng.random(size) < 0.08, np.nan, rng.integers(0, 2, size))
    years = 2025 - np.abs(rng.normal(0, 18, artists))[artist] + rng.normal(0, 3, size)
    popular = np.flatnonzero(rng.random(size) < 0.6)
    genre = np.minimum(rng.geometric(0.02, artists)[artist], GENRES)
    return RawTracks(
        track_ids=np.arange(1, size + 1, dtype=np.int64),
        artist_ids=artist + 1,
        song_ids=np.where(rng.random(size) < 0.08, np.arange(size) - 1, np.arange(size)) * 7919,
        years=np.where(rng.random(size) < 0.2, 0, np.clip(years, 1930, 2025)).astype(np.int16),
        audio=audio,
        genre_offsets=np.arange(size + 1, dtype=np.int64),
        genre_ids=genre.astype(np.int32),
        popularity_rows=popular,
        popularity_sources=np.zeros(len(popular), np.int64),
        popularity_values=rng.integers(0, 101, len(popular)).astype(np.float64),
        genre_keys=np.arange(1, GENRES + 1, dtype=np.int64),
        genre_names=tuple(f"genre {key}" for key in range(1, GENRES + 1)),
        source_names=("table",),
        guest_rows=np.empty(0, np.int64),
        guest_ids=np.empty(0, np.int64),
        collective_ids=np.empty(0, np.int64),
        sorts=np.zeros(size, np.uint8),
        independence=np.zeros(size, np.uint8),
    )


def _levels(
    rng: np.random.Generator, artist: NDArray[np.int64], artists: int
) -> NDArray[np.float64]:
    mix = np.linalg.cholesky(CORRELATION).T
    shared = rng.standard_normal((artists, 9)) @ mix * np.sqrt(OF_THE_ARTIST)
    own = rng.standard_normal((len(artist), 9)) @ mix * np.sqrt(1 - OF_THE_ARTIST)
    levels: NDArray[np.float64] = shared[artist] + own
    return levels


def generated_scene(catalog: Catalog, *, dimensions: int = DIMENSIONS, seed: int = 3) -> Scene:
    """Return a scene as training leaves it: a fifth of the songs stand in lists.

    A song stands near its genre and less near its artist; those in many lists have the longest
    vectors.
    """
    rng = np.random.default_rng(seed)
    songs, rows = np.unique(catalog.song_ids, return_index=True)
    listed = np.sort(rng.choice(len(songs), round(LISTED * len(songs)), replace=False))
    rows = rows[listed]
    genres = rng.standard_normal((GENRES + 1, dimensions))
    artists = rng.standard_normal((len(catalog.artist_keys), dimensions))
    vectors = 2 * genres[catalog.genre_ids[catalog.genre_offsets[rows]]]
    vectors += artists[catalog.artist_index[rows]] + rng.standard_normal(vectors.shape)
    vectors /= np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    lengths = rng.lognormal(0, 0.5, len(rows))
    vectors *= (lengths / np.sqrt((lengths**2).mean()))[:, None]
    family = len(FEATURES)
    weights = np.zeros((1 + 2 * family + family * (family + 1), dimensions))
    for first in (1, 1 + family + family * (family + 1) // 2):  # the levels of each family
        weights[first : first + family] = 0.01 * rng.standard_normal((family, dimensions))
    return Scene(
        song_ids=songs[listed],
        vectors=vectors.astype(np.float32),
        weights=weights.astype(np.float32),
        genre_names=(),
        genre_weights=np.empty((0, dimensions), np.float32),
        song_lists=np.ones(len(vectors), np.int32),
        artist_lists=np.ones(len(vectors), np.int32),
        lists=len(rows) // 50,
        fit=0.1,
    )


def listeners(
    catalog: Catalog, count: int, *, corners: int, dislikes: int, seed: int = 2
) -> list[Listener]:
    """Return listeners whose likes stand in one place of the scene and some corners of the space.

    A place is 500 of 20,000 random tracks, a corner 15 of the 150 of them that sound most alike.
    Then about as large a share of the catalogue comes near to the best as it does for playlists.
    Dislikes are random. One corner makes a taste of one cluster, more make two or three: who turns
    out otherwise is left out.
    """
    rng = np.random.default_rng(seed)
    found: list[Listener] = []
    while len(found) < count:
        rows = rng.integers(0, len(catalog), 20_000)
        scene, vectors = catalog.scene[rows].astype(np.float32), catalog.vectors(rows)
        first = np.argsort(-(scene**2).sum(axis=1), kind="stable")[0]
        near = np.argsort(-(scene @ scene[first]), kind="stable")[:500]
        liked = [
            rng.choice(near[np.argsort(-(vectors[near] @ vectors[one]))[:150]], 15, replace=False)
            for one in rng.choice(near, corners, replace=False)
        ]
        opinions = [Opinion(int(rows[place]), 1.0) for corner in liked for place in corner]
        opinions += [Opinion(int(row), -0.5) for row in rows[len(rows) - dislikes :]]
        taste = build_taste(catalog, opinions)
        clusters = len(taste.preference.offsets)
        if clusters == 1 if corners == 1 else clusters in {2, 3}:
            found.append((taste, sorted({one.row for one in opinions})))
    return found
