"""The space that tracks and tastes live in: the whole catalogue as numpy arrays.

A track is two families of the same features: its own (rank-Gaussian, unknown masked to 0) and its
artist's context (the mean of the artist's tracks, shrunk towards the mean of all for artists with
few tracks). Weighted by `AXIS_WEIGHTS` and brought to unit length, both families side by side are
the vector that tastes are compared with by cosine.

The weights and the share of the artist context were chosen by cross-validation on real playlists
(recall of held-out tracks over the whole catalogue, also among artists new to the list); the weight
of the year on playlists of a table that has years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """Every track of one version of the catalogue; rows are in ascending track id.

    F is `len(FEATURES)`, Q `gaussian.QUANTILES`. Arrays may be memory-mapped and are never written.
    """

    version: int
    built_size: int
    """How many tracks the quantile tables were built from; later ones were placed by them."""
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
    """Percentile 0 … 1 (midrank in a source, median over the sources); NaN is unknown."""
    genre_offsets: NDArray[np.int64]
    genre_ids: NDArray[np.int32]
    """Database ids of row r's genres: genre_ids[genre_offsets[r]:genre_offsets[r + 1]]."""
    gaussian: NDArray[np.float32]
    """Track × F, each column in one piece (Fortran order), as are the two below."""
    known: NDArray[np.bool_]
    artist_context: NDArray[np.float32]
    inverse_norms: NDArray[np.float32]
    """1 / length of the weighted vector."""
    measured: NDArray[np.bool_]
    """True when any audio feature is known (the year alone is none)."""
    feature_tables: NDArray[np.float32]
    popularity_tables: NDArray[np.float32]
    genre_keys: NDArray[np.int64]
    genre_names: tuple[str, ...]
    source_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.track_ids)

    def row_of(self, track_id: int) -> int | None:
        """Return the row of a track; None when this version does not hold it."""
        row = int(np.searchsorted(self.track_ids, track_id))
        found = row < len(self) and int(self.track_ids[row]) == track_id
        return row if found else None

    def rows_of(self, track_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of those tracks that are here, in the order given."""
        wanted = np.asarray(track_ids, np.int64)
        if not len(self):
            return np.empty(0, np.int64)
        rows = np.minimum(np.searchsorted(self.track_ids, wanted), len(self) - 1)
        found: NDArray[np.int64] = rows[self.track_ids[rows] == wanted]
        return found

    def by_artist(
        self, artist_ids: NDArray[np.int64], values: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Spread one value per artist over all tracks; 0 for the tracks of the others."""
        spread = np.zeros(len(self.artist_keys), np.float32)
        if len(spread) and len(artist_ids):
            place = np.minimum(np.searchsorted(self.artist_keys, artist_ids), len(spread) - 1)
            here = self.artist_keys[place] == artist_ids
            spread[place[here]] = values[here]
        return spread[self.artist_index]

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
        plain = np.hstack([self.gaussian[rows], self.artist_context[rows]]).astype(np.float64)
        unit: NDArray[np.float64] = (
            plain * np.sqrt(AXIS_WEIGHTS) * self.inverse_norms[rows, None].astype(np.float64)
        )
        return unit
