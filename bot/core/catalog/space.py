"""The space that tracks and tastes live in: the whole catalogue as numpy arrays.

A track is two families of the same features: its own (rank-Gaussian, unknown masked to 0) and its
artist's context (the mean of the artist's tracks, shrunk towards the mean of all for artists with
few tracks). These levels are what a taste is learned from and scored by (`preference`); with a
scene, a track also has its place among what it is played with (`scene`).

How much two tracks sound alike is the cosine of their `vectors`: both families side by side,
weighted by `AXIS_WEIGHTS`, brought to unit length. The weights were chosen by cross-validation on
real playlists (recall of held-out tracks over the whole catalogue, also among artists new to the
list); that of the year on playlists of a table that has years.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.independence import Independence
from bot.core.catalog.ragged import places
from bot.core.models import AUDIO_FEATURES

MEASURES: Final = tuple(name for name in AUDIO_FEATURES if name != "time_signature")
"""The columns of `RawTracks.audio`, in the units of `core.models.AudioFeatures`."""

FEATURE_WEIGHTS: Final = {
    "danceability": 2.0,
    "energy": 2.0,
    "valence": 1.0,
    "acousticness": 0.5,
    "instrumentalness": 2.0,
    "liveness": 0.5,
    "speechiness": 1.0,
    "loudness": 1.0,
    "tempo": 1.0,
    "key_cos": 0.125,
    "key_sin": 0.125,
    "mode": 0.5,
    "year": 2.0,
}
FEATURES: Final = tuple(FEATURE_WEIGHTS)
"""The F features of one family; the key is a point on the circle of fifths."""

CONTEXT_SHARE: Final = 2.0
"""How much the artist's context weighs beside the track itself (1)."""

_FAMILY: Final = np.array(list(FEATURE_WEIGHTS.values()))
AXIS_WEIGHTS: Final[NDArray[np.float64]] = np.concatenate([_FAMILY, CONTEXT_SHARE * _FAMILY])
"""The weight of every axis of the space: audio, then artist context. A product of two vectors."""

CROWDING_DIALS: Final = tuple(range(0, 101, 10))
"""The positions of the dial for which it is known who crowds the lists."""

NEUTRAL_POPULARITY: Final = 0.5
"""The popularity assumed for a track when it is unknown: it must never be an advantage."""


@dataclass(frozen=True, slots=True, eq=False)
class RawTracks:
    """Columns as the database has them, one row per track in ascending id."""

    track_ids: NDArray[np.int64]
    artist_ids: NDArray[np.int64]
    song_ids: NDArray[np.int64]
    years: NDArray[np.int16]
    """0 is unknown."""
    audio: NDArray[np.float64]
    """Track × `MEASURES`; NaN (and any impossible tempo, key or mode) is unknown."""
    genre_offsets: NDArray[np.int64]
    genre_ids: NDArray[np.int32]
    popularity_rows: NDArray[np.int64]
    popularity_sources: NDArray[np.int64]
    """One entry per known value: places in `source_names`."""
    popularity_values: NDArray[np.float64]
    genre_keys: NDArray[np.int64]
    """The ids of all genres, ascending, with their names beside."""
    genre_names: tuple[str, ...]
    source_names: tuple[str, ...]
    guest_rows: NDArray[np.int64]
    """One entry per further artist that a track is credited to."""
    guest_ids: NDArray[np.int64]
    collective_ids: NDArray[np.int64]
    """Artists that stand for many, such as "Various Artists"."""
    sorts: NDArray[np.uint8]
    """`sorts.sort_bits` of each track."""
    independence: NDArray[np.uint8]
    """An `Independence` of each track."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """Every track of one version of the catalogue; rows are in ascending track id.

    F is `len(FEATURES)`, Q `gaussian.QUANTILES`. Arrays may be memory-mapped and are never written.
    """

    version: int
    built_version: int
    """The version that the quantile tables were built from; later tracks were placed by them."""
    built_size: int
    """How many tracks it had."""
    track_ids: NDArray[np.int64]
    artist_ids: NDArray[np.int64]
    artist_keys: NDArray[np.int64]
    artist_index: NDArray[np.int32]
    """artist_ids == artist_keys[artist_index], keys ascending: for lookups by array."""
    song_ids: NDArray[np.int64]
    song_index: NDArray[np.int32]
    """Songs as 0 … count-1: versions of one song share it."""
    years: NDArray[np.int16]
    popularity: NDArray[np.float32]
    """Percentile 0 … 1 (midrank in a source, median over the sources) of the best known version of
    the song; NaN is unknown."""
    fame: NDArray[np.float32]
    """0 … 1 per row: that of the most famous artist it is credited to; for artists that stand for
    many the popularity of the song. NaN: nothing is known of anybody, or of such a song."""
    counted: NDArray[np.bool_]
    """Per row: False where the fame is a guess, because nobody counts the artist it comes from."""
    artist_fame: NDArray[np.float32]
    """Per artist, `fame.artist_fame`."""
    artist_counted: NDArray[np.bool_]
    """False where nobody counts the artist, and the fame is a guess."""
    artist_best: NDArray[np.float32]
    """Source × artist, `fame.best_known_songs`."""
    artist_known_songs: NDArray[np.int32]
    artist_lists: NDArray[np.int32]
    """In how many lists of the scene each artist stands; 0 without a scene."""
    part_weights: NDArray[np.float32]
    """`weights.shipped_weights`, or what the scene has learned."""
    crowding: NDArray[np.float16]
    """Row × `CROWDING_DIALS`, >= 0: what a track pays for coming up for many, see
    `ranking.wallpaper`; row × 0 where that is not known."""
    guest_rows: NDArray[np.int64]
    guest_ids: NDArray[np.int64]
    """As in `RawTracks`; rows are not sorted."""
    collective_ids: NDArray[np.int64]
    sorts: NDArray[np.uint8]
    """`sorts.sort_bits` of each track."""
    independence: NDArray[np.uint8]
    """An `Independence` of each track."""
    genre_offsets: NDArray[np.int64]
    genre_ids: NDArray[np.int32]
    """Database ids of row r's genres: genre_ids[genre_offsets[r]:genre_offsets[r + 1]]."""
    genre_row_offsets: NDArray[np.int64]
    genre_rows: NDArray[np.int32]
    """The same the other way round: ascending rows of each of `genre_keys`."""
    gaussian: NDArray[np.float32]
    """Track × F, each row in one piece."""
    known: NDArray[np.bool_]
    """Track × F, each column in one piece (Fortran order)."""
    artist_contexts: NDArray[np.float32]
    """Artist × F, in the order of `artist_keys`, each column in one piece (Fortran order)."""
    artist_row_offsets: NDArray[np.int64]
    artist_rows: NDArray[np.int32]
    """Ascending rows of each of `artist_keys`."""
    inverse_norms: NDArray[np.float32]
    """1 / length of the weighted vector."""
    scene: NDArray[np.float16]
    """Track × D, `scene.scene_matrix`; D is 0 when there is no scene."""
    listed: NDArray[np.bool_]
    """True when the scene's lists hold the song; the place of the others is a guess."""
    sketch_scales: NDArray[np.float64]
    """2F: what a level and its square are divided by, before they are sketched."""
    sketch_axes: NDArray[np.float64]
    """2F × at most `sketch.WIDTH`: own levels, then their squares."""
    scene_axes: NDArray[np.float64]
    """D × at most `sketch.SCENE_WIDTH`."""
    sketch: NDArray[np.float32]
    """Short forms of all tracks, each row (one number of every track) in one piece: those of the
    own levels and their squares, then those of the scene. Columns are in `blocks.search_order`."""
    sketch_rows: NDArray[np.int32]
    """The row of the track in each column, with what is asked of every column beside."""
    sketch_artists: NDArray[np.int64]
    """Places in `artist_keys`."""
    sketch_fame: NDArray[np.float32]
    """With the neutral prior for unknown ones."""
    sketch_popularity: NDArray[np.float32]
    """Percentiles with the neutral prior for unknown ones."""
    sketch_boxes: NDArray[np.float32]
    """2 × (F + 3) × block: the lowest and highest own levels, length in the scene, popularity and
    fame of each `blocks.block_size` columns."""
    measured: NDArray[np.bool_]
    """True when any audio feature is known (the year alone is none)."""
    feature_tables: NDArray[np.float32]
    popularity_tables: NDArray[np.float32]
    popularity_counts: NDArray[np.int64]
    """Of how many values each of these tables was made; what few say is drawn to the middle."""
    popularity_placed: NDArray[np.int64]
    """How many values were placed by it since."""
    genre_keys: NDArray[np.int64]
    genre_names: tuple[str, ...]
    source_names: tuple[str, ...]
    scene_version: str = ""
    """Names the scene; empty when there is none."""

    def __len__(self) -> int:
        return len(self.track_ids)

    @property
    def knows_fame(self) -> bool:
        """True when anybody counts any artist; else the dial of obscurity has nothing to go by."""
        return bool(self.artist_counted.any())

    def row_of(self, track_id: int) -> int | None:
        """Return the row of a track; None when this version does not hold it."""
        row = int(np.searchsorted(self.track_ids, track_id))
        found = row < len(self) and int(self.track_ids[row]) == track_id
        return row if found else None

    def is_independent(self, row: int) -> bool:
        """Return whether a source says that its artist released a track, and none names a label."""
        return int(self.independence[row]) == Independence.INDEPENDENT

    def rows_of(self, track_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of those tracks that are here, in the order given."""
        wanted = np.asarray(track_ids, np.int64)
        if not len(self):
            return np.empty(0, np.int64)
        rows = np.minimum(np.searchsorted(self.track_ids, wanted), len(self) - 1)
        found: NDArray[np.int64] = rows[self.track_ids[rows] == wanted]
        return found

    def places_of_artists(
        self, artist_ids: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the places in `artist_keys`, and which of the ids are there at all."""
        if not len(self.artist_keys):
            return np.zeros(len(artist_ids), np.int64), np.zeros(len(artist_ids), np.bool_)
        place = np.minimum(np.searchsorted(self.artist_keys, artist_ids), len(self.artist_keys) - 1)
        return place, self.artist_keys[place] == artist_ids

    def rows_of_songs(self, song_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first row of each song, -1 for those without any."""
        wanted = np.asarray(song_ids, np.int64)
        if not len(self) or not len(wanted):
            return np.full(len(wanted), -1, np.int64)
        by_song = np.argsort(self.song_ids, kind="stable")
        songs = self.song_ids[by_song]
        places = np.minimum(np.searchsorted(songs, wanted), len(self) - 1)
        return np.where(songs[places] == wanted, by_song[places], -1)

    def rows_of_artists(self, artist_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return all rows of some different artists, ascending."""
        place, here = self.places_of_artists(np.asarray(artist_ids, np.int64))
        return _listed(self.artist_rows, self.artist_row_offsets, place[here])

    def rows_of_genres(self, genre_ids: Collection[int]) -> NDArray[np.int64]:
        """Return the rows with at least one of some genres, ascending."""
        wanted = np.isin(self.genre_keys, np.fromiter(genre_ids, np.int64, len(genre_ids)))
        rows = _listed(self.genre_rows, self.genre_row_offsets, np.flatnonzero(wanted))
        return rows[np.diff(rows, prepend=-1) > 0]  # a track of two of them is listed twice

    def genres_of(self, row: int) -> tuple[int, ...]:
        """Return the database ids of a track's genres."""
        return tuple(self.genre_ids[self.genre_offsets[row] : self.genre_offsets[row + 1]].tolist())

    def genre_name(self, genre_id: int) -> str | None:
        """Return the name of a genre; None when it is not known."""
        place = int(np.searchsorted(self.genre_keys, genre_id))
        found = place < len(self.genre_keys) and int(self.genre_keys[place]) == genre_id
        return self.genre_names[place] if found else None

    def vectors(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weighted vectors of some tracks, row × 2F, length 1 (0: nothing is known)."""
        rows = np.asarray(rows, np.int64)
        context = self.artist_contexts[self.artist_index[rows]]
        plain = np.hstack([self.gaussian[rows], context]).astype(np.float64)
        unit: NDArray[np.float64] = (
            plain * np.sqrt(AXIS_WEIGHTS) * self.inverse_norms[rows, None].astype(np.float64)
        )
        return unit


def assumed_popularity(popularity: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return percentiles with the neutral prior in place of NaN."""
    return np.where(np.isnan(popularity), NEUTRAL_POPULARITY, popularity).astype(np.float64)


def squared_levels(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return row × 2F: the tracks' own levels, then their squares."""
    levels = catalog.gaussian[rows].astype(np.float64)
    return np.hstack([levels, levels**2])


def _listed(
    values: NDArray[np.int32], offsets: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the values of some lists that stand one after the other, ascending."""
    starts, lengths = offsets[wanted], offsets[wanted + 1] - offsets[wanted]
    return np.sort(values[places(starts, lengths)].astype(np.int64))
