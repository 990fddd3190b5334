"""The scene: who is played with whom, learned from public lists.

Songs that stand in lists have vectors of their own (`factorization`). Every other track enters
where its artist's listed songs stand, or, for an artist in no list, where its sound, that of its
artist and its genres say (ridge regression). The product of two vectors says how much the tracks
belong together; the length of one says how sure that is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import (
    CROWDING_DIALS,
    FEATURES,
    Catalog,
    famed,
    places,
    shipped_weights,
    sketched,
)
from bot.core.scene.factorization import Incidence, song_vectors

DIMENSIONS: Final = 128
"""By cross-validation on playlists: half as many find less (recall@100 .360 instead of .386)."""
PRIOR_SHARE: Final = 0.3
"""How long the vector a track's artist and sound predict is, beside the one its lists gave it.

By cross-validation on playlists: recall of little-known tracks grows up to about here."""
PREDICTION_DOUBT: Final = 1.0
"""Counts as if every artist had this many more listed songs, at the place the regression gives."""
FEWEST_LISTS: Final = 20
"""Fewer lists (of two songs or more) say nothing about who belongs together."""
GENRES: Final = 100
"""At most this many genres, the largest ones, take part in the prediction."""
_FEWEST_SONGS: Final = 20
"""A genre with fewer listed songs takes no part."""
_FOLDS: Final = 5
_RIDGES: Final = (10.0, 100.0, 1000.0, 10_000.0)
_PIECE: Final = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Crowding:
    """What songs pay for coming up for many, learned by `ranking.wallpaper`."""

    song_ids: NDArray[np.int64]
    """Ascending: the songs that pay."""
    prices: NDArray[np.float16]
    """Song × `CROWDING_DIALS`, >= 0."""

    @classmethod
    def none(cls) -> Self:
        """Return what is known before anything was learned: nobody pays."""
        return cls(np.empty(0, np.int64), np.empty((0, len(CROWDING_DIALS)), np.float16))


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What was learned; songs and genres are named by keys that are the same in every catalogue."""

    song_ids: NDArray[np.int64]
    """Ascending: the songs that stand in lists."""
    vectors: NDArray[np.float32]
    """Song × D; the mean square of their lengths is 1."""
    weights: NDArray[np.float32]
    """Regressor × D: predicts a vector from a track and its artist's context."""
    genre_names: tuple[str, ...]
    genre_weights: NDArray[np.float32]
    """Genre × D: is added for each genre of the track."""
    song_lists: NDArray[np.int32]
    """In how many lists each song stands."""
    artist_lists: NDArray[np.int32]
    """In how many lists the artist of each song stands."""
    lists: int
    """How many lists it was learned from."""
    fit: float
    """Share of the variance of unseen artists' vectors that the prediction explains, 0 … 1."""
    crowding: Crowding = field(default_factory=Crowding.none)
    part_weights: NDArray[np.float32] = field(default_factory=shipped_weights)
    """What the parts of a score count in it, as `shipped_weights` has them; learned by
    `ranking.weighing`."""

    @property
    def dimensions(self) -> int:
        """The length D of a vector."""
        return int(self.vectors.shape[1])


def train_scene(
    catalog: Catalog,
    lists: Sequence[NDArray[np.int64]],
    *,
    dimensions: int = DIMENSIONS,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Scene:
    """Learn a scene from lists of catalogue rows; the same lists and seed give the same scene.

    Args:
        lists: rows that were played or listed together; further versions of a song count once.
        dimensions: >= 1; fewer are learned when there are fewer lists or songs.
        progress: is called with the steps that are done and of all steps.

    Raises:
        ValueError: there are too few lists of two songs or more; the text says so.
    """
    songs = [np.unique(catalog.song_index[rows]).astype(np.int64) for rows in lists]
    songs = [one for one in songs if len(one) > 1]
    if len(songs) < FEWEST_LISTS:
        raise ValueError(
            f"{len(songs)} lists hold two songs or more that the catalogue knows, and a scene "
            f"needs {FEWEST_LISTS}"
        )
    owners = np.repeat(np.arange(len(songs)), [len(one) for one in songs])
    listed, members = np.unique(np.concatenate(songs), return_inverse=True)
    vectors = song_vectors(
        Incidence.of(owners, members, (len(songs), len(listed))),
        dimensions=min(dimensions, len(songs), len(listed)),
        seed=seed,
        progress=progress,
    )
    vectors /= max(float(np.sqrt((vectors**2).sum(axis=1).mean())), 1e-12)
    rows = _song_rows(catalog)[listed]
    genres = _helpful_genres(catalog, rows)
    weights, fit = _regression(catalog, rows, vectors, genres)
    ids = catalog.song_ids[rows]
    order = np.argsort(ids)
    sounds = len(weights) - len(genres)
    return Scene(
        song_ids=ids[order],
        vectors=vectors[order].astype(np.float32),
        weights=weights[:sounds].astype(np.float32),
        genre_names=tuple(catalog.genre_name(genre) or "" for genre in genres.tolist()),
        genre_weights=weights[sounds:].astype(np.float32),
        song_lists=np.bincount(members)[order].astype(np.int32),
        artist_lists=_lists_of_artists(catalog, rows, owners, members)[order],
        lists=len(songs),
        fit=fit,
    )


def _lists_of_artists(
    catalog: Catalog,
    rows: NDArray[np.int64],
    owners: NDArray[np.int64],
    members: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return per song, whose row is given, in how many lists its artist stands.

    Args:
        owners: the list of every entry.
        members: the place of its song in `rows`.
    """
    artists = catalog.artist_index[rows].astype(np.int64)
    entries = np.unique(owners * len(catalog.artist_keys) + artists[members])
    lists = np.bincount(entries % len(catalog.artist_keys), minlength=len(catalog.artist_keys))
    return lists[artists].astype(np.int32)


def scene_matrix(catalog: Catalog, scene: Scene) -> NDArray[np.float16]:
    """Return row × D: what lists say of the song, and a little of what its artist and sound say.

    own + `PRIOR_SHARE` · (Σ own over the artist's listed songs + doubt · predicted) / (their
    number + doubt). In half precision: the last bits mean nothing, and it is the largest thing
    that is kept of a track.
    """
    size, dimensions = len(catalog), scene.dimensions
    whole = np.empty((size, dimensions), np.float16)
    if not size:
        return whole
    place = _places(scene, catalog.song_ids)
    artists = len(catalog.artist_keys)
    rows = _song_rows(catalog)
    rows = rows[place[rows] >= 0]
    who = catalog.artist_index[rows]
    order = np.argsort(who, kind="stable")
    some, first = np.unique(who[order], return_index=True)
    total = np.zeros((artists, dimensions), np.float32)
    if len(rows):
        total[some] = np.add.reduceat(scene.vectors[place[rows[order]]], first, axis=0)
    count = np.bincount(who, minlength=artists).astype(np.float32)
    genres = _genres_by_name(catalog, scene.genre_names)
    for start in range(0, size, _PIECE):
        piece = np.arange(start, min(start + _PIECE, size))
        predicted = _regressors(catalog, piece, np.empty(0, np.int64)) @ scene.weights
        _add_genres(predicted, catalog, piece, genres, scene.genre_weights)
        artist = catalog.artist_index[piece]
        behind = count[artist, None] + np.float32(PREDICTION_DOUBT)
        prior = (total[artist] + np.float32(PREDICTION_DOUBT) * predicted) / behind
        here = place[piece]
        own = np.where((here >= 0)[:, None], scene.vectors[here], np.float32(0))
        whole[piece] = own + np.float32(PRIOR_SHARE) * prior
    return whole


def with_scene(catalog: Catalog, scene: Scene | None, *, version: str) -> Catalog:
    """Return the catalogue in another scene, or in none."""
    matrix = np.empty((len(catalog), 0), np.float16)
    listed = np.zeros(len(catalog), np.bool_)
    lists = np.zeros(len(catalog.artist_keys), np.int32)
    crowding = np.empty((len(catalog), 0), np.float16)
    part_weights = shipped_weights()
    if scene is not None:
        part_weights = scene.part_weights
        matrix, listed = scene_matrix(catalog, scene), is_listed(catalog, scene)
        lists = artist_lists(catalog, scene)
        crowding = _crowding(catalog, scene)
    return sketched(
        famed(
            replace(
                catalog,
                scene=matrix,
                listed=listed,
                artist_lists=lists,
                crowding=crowding,
                part_weights=part_weights,
                scene_version=version,
            )
        )
    )


def artist_lists(catalog: Catalog, scene: Scene) -> NDArray[np.int32]:
    """Return in how many of the scene's lists each artist of the catalogue stands."""
    place = _places(scene, catalog.song_ids)
    rows = np.flatnonzero(place >= 0)
    lists = np.zeros(len(catalog.artist_keys), np.int32)
    np.maximum.at(lists, catalog.artist_index[rows], scene.artist_lists[place[rows]])
    return lists


def _crowding(catalog: Catalog, scene: Scene) -> NDArray[np.float16]:
    """Return row × dial: what the tracks of the catalogue pay; none of them where nobody does."""
    who, prices = scene.crowding.song_ids, scene.crowding.prices
    if not len(who):
        return np.empty((len(catalog), 0), np.float16)
    place = _places_of(who, catalog.song_ids)
    return np.where((place >= 0)[:, None], prices[place], np.float16(0))


def is_listed(catalog: Catalog, scene: Scene) -> NDArray[np.bool_]:
    """Return which tracks of the catalogue are songs that stand in the scene's lists."""
    listed: NDArray[np.bool_] = _places(scene, catalog.song_ids) >= 0
    return listed


def coverage(catalog: Catalog, scene: Scene) -> int:
    """Return how many tracks of the catalogue are songs that stand in the scene's lists."""
    return int(np.count_nonzero(is_listed(catalog, scene)))


def _places(scene: Scene, song_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where in the scene each song is; -1: no list holds it."""
    return _places_of(scene.song_ids, song_ids)


def _places_of(known: NDArray[np.int64], song_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where in the ascending ids each song is; -1: nowhere."""
    if not len(known):
        return np.full(len(song_ids), -1)
    places = np.minimum(np.searchsorted(known, song_ids), len(known) - 1)
    return np.where(known[places] == song_ids, places, -1)


def _song_rows(catalog: Catalog) -> NDArray[np.int64]:
    """Return for every song the row that speaks for it: a measured one, with the lowest id."""
    order = np.lexsort((catalog.track_ids, ~catalog.measured, catalog.song_index))
    first = np.unique(catalog.song_index[order], return_index=True)[1]
    rows: NDArray[np.int64] = order[first]
    return rows


def _regressors(
    catalog: Catalog, rows: NDArray[np.int64], genres: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return what a vector is predicted from: features, their squares and products, genres.

    Row × (1 + 2F + F(F+1) + genres), float32; the products stay within a family.
    """
    upper = np.triu_indices(len(FEATURES))
    columns = [np.ones((len(rows), 1), np.float32)]
    contexts = catalog.artist_contexts[catalog.artist_index[rows]]
    for values in (catalog.gaussian[rows], contexts):
        columns += [values, values[:, upper[0]] * values[:, upper[1]]]
    if len(genres):
        marks = np.zeros((len(rows), len(genres)), np.float32)
        _add_genres(marks, catalog, rows, genres, np.eye(len(genres), dtype=np.float32))
        columns.append(marks)
    return np.hstack(columns)


def _add_genres(
    target: NDArray[np.float32],
    catalog: Catalog,
    rows: NDArray[np.int64],
    genres: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> None:
    """Add to each row of the target the weights of every genre its track has."""
    if not len(genres):
        return
    starts = catalog.genre_offsets[rows]
    lengths = catalog.genre_offsets[rows + 1] - starts
    ids = catalog.genre_ids[places(starts, lengths)]
    order = np.argsort(genres)
    place = np.minimum(np.searchsorted(genres[order], ids), len(genres) - 1)
    known = genres[order][place] == ids
    owners = np.repeat(np.arange(len(rows)), lengths)[known]
    np.add.at(target, owners, weights[order][place[known]])


def _genres_by_name(catalog: Catalog, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the catalogue's ids of genres; -1 for one it does not know."""
    ids = dict(zip(catalog.genre_names, catalog.genre_keys.tolist(), strict=True))
    return np.array([ids.get(name, -1) for name in names], np.int64)


def _helpful_genres(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the genres most listed songs have, ascending ids."""
    listed = np.zeros(len(catalog), np.bool_)
    listed[rows] = True
    owners = np.repeat(np.arange(len(catalog)), np.diff(catalog.genre_offsets))
    ids, counts = np.unique(catalog.genre_ids[listed[owners]], return_counts=True)
    most = np.lexsort((ids, -counts))[:GENRES]
    return np.sort(ids[most[counts[most] >= _FEWEST_SONGS]]).astype(np.int64)


def _regression(
    catalog: Catalog,
    rows: NDArray[np.int64],
    vectors: NDArray[np.float64],
    genres: NDArray[np.int64],
) -> tuple[NDArray[np.float64], float]:
    """Return the weights of the ridge regression and how much of unseen artists it explains.

    The ridge is chosen by cross-validation over artists; no artist is in two folds.
    """
    inputs = _regressors(catalog, rows, genres).astype(np.float64)
    fold = np.unique(catalog.artist_index[rows], return_inverse=True)[1] % _FOLDS
    grams = [inputs[fold == one].T @ inputs[fold == one] for one in range(_FOLDS)]
    moments = [inputs[fold == one].T @ vectors[fold == one] for one in range(_FOLDS)]
    gram, moment = (
        sum(grams, start=np.zeros_like(grams[0])),
        sum(moments, np.zeros_like(moments[0])),
    )
    unit = np.eye(len(gram))
    errors = [
        sum(
            float(((vectors[fold == one] - inputs[fold == one] @ part) ** 2).sum())
            for one in range(_FOLDS)
            for part in [np.linalg.solve(gram - grams[one] + ridge * unit, moment - moments[one])]
        )
        for ridge in _RIDGES
    ]
    best = int(np.argmin(errors))
    spread = float(((vectors - vectors.mean(axis=0)) ** 2).sum())
    fit = max(0.0, 1 - errors[best] / spread) if spread > 0 else 0.0
    return np.linalg.solve(gram + _RIDGES[best] * unit, moment), fit
