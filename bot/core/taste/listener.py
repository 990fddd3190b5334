"""All that is derived from what one listener says and plays, and its form as bytes.

The bytes are exact, the same whenever the taste is, and nothing in them is ever run: numbers in a
fixed order, each array with its length before it, a checksum at the end.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES
from bot.core.taste.mutes import Mutes
from bot.core.taste.preference import Judged, Preference
from bot.core.taste.taste import TasteProfile, vector_from_blob
from bot.core.taste.turning import LikedClusters

_MAGIC: Final = b"BST4"
_HEAD: Final = struct.Struct("<4sI")
_NUMBER: Final = struct.Struct("<I")
_ROWS, _IDS, _SHORT, _LONG = "<u4", "<i8", "<f4", "<f8"
_KINDS: Final = (
    *(_LONG, _SHORT, _LONG, _LONG, _LONG),  # levels, scene; the curves
    *(_IDS, _LONG),  # artists
    *(_ROWS, _LONG) * 3,  # liked, said, judged
    *(_ROWS, _ROWS),  # rated, heard
    *(_ROWS, _IDS, _IDS),  # mutes: kinds, ids, ends
    *(_ROWS, _LONG, _ROWS, _LONG, _ROWS),  # clusters, disliked
)
"""How the numbers of each array are written."""
_READ: Final = {_ROWS: np.int64, _IDS: np.int64, _SHORT: np.float32, _LONG: np.float64}
_WIDTH: Final = 2 * len(FEATURES)


@dataclass(frozen=True, slots=True, eq=False)
class ListenerTaste:
    """A listener's taste with what it was derived from. Rows are rows of one catalogue."""

    profile: TasteProfile
    said: Judged
    """What is liked by what was said alone, plays left out."""
    judged: Judged
    """The same without the genres that were chosen at the start."""
    rated_rows: NDArray[np.int64]
    """Tracks that are no discovery any more: judged themselves or with their album."""
    heard_rows: NDArray[np.int64]
    """Nor are these: played, or in a list of theirs."""
    mutes: Mutes
    """What they do not want to be shown, until when."""
    entries: int
    """How much they have said about music in all."""

    @property
    def is_nothing(self) -> bool:
        """True when nothing that the catalogue knows was said or played."""
        about = (
            *(self.profile.artist_ids, self.said.rows),
            *(self.rated_rows, self.heard_rows, self.mutes.ids),
        )
        return not any(len(one) for one in about)

    def to_blobs(self) -> tuple[bytes, bytes]:
        """Return the vector, as `TasteProfile.to_blob`, and all the rest."""
        vector, parts = self.profile.to_blob(), [_HEAD.pack(_MAGIC, self.entries)]
        for kind, values in zip(_KINDS, self._arrays(), strict=True):
            parts += [_NUMBER.pack(values.size), values.astype(kind).tobytes()]
        body = b"".join(parts)
        return vector, body + _checksum(vector, body)

    def _arrays(self) -> tuple[NDArray[Any], ...]:
        taste, curves = self.profile, self.profile.preference
        return (
            *(taste.levels, taste.scene, curves.offsets, curves.linear, curves.square),
            *(taste.artist_ids, taste.artist_strengths),
            *(taste.liked_rows, taste.liked_weights),
            *(self.said.rows, self.said.weights, self.judged.rows, self.judged.weights),
            *(self.rated_rows, self.heard_rows),
            *(self.mutes.kinds, self.mutes.ids, self.mutes.ends_s),
            *(taste.clusters.rows, taste.clusters.weights),
            *(taste.clusters.labels, taste.clusters.factors, taste.disliked_rows),
        )


def taste_from_blobs(vector: bytes, rest: bytes) -> ListenerTaste:
    """Read what `ListenerTaste.to_blobs` returned.

    Raises:
        ValueError: they are damaged, do not belong together, or are of another form or space.
    """
    body = rest[: -_NUMBER.size]
    if len(body) < _HEAD.size or rest[len(body) :] != _checksum(vector, body):
        raise ValueError("it is damaged")
    magic, entries = _HEAD.unpack_from(body)
    if magic != _MAGIC:
        raise ValueError("it is of another form")
    arrays = _read_arrays(body)
    levels, scene, offsets, linear, square, artists, strengths, *rows = arrays
    if (len(levels), len(square), len(linear)) != (len(FEATURES), _WIDTH, len(offsets) * _WIDTH):
        raise ValueError("it is of another space")
    liked, liked_weights, said, said_weights, judged, judged_weights, *known = rows
    rated, heard, *muted = known[:5]
    clustered, weights, labels, factors, disliked = known[5:]
    return ListenerTaste(
        profile=TasteProfile(
            vector=vector_from_blob(vector),
            levels=levels,
            liked_rows=liked,
            liked_weights=liked_weights,
            artist_ids=artists,
            artist_strengths=strengths,
            preference=Preference(offsets, linear.reshape(len(offsets), _WIDTH), square),
            scene=scene,
            clusters=LikedClusters(clustered, weights, labels, factors),
            disliked_rows=disliked,
        ),
        said=Judged(said, said_weights),
        judged=Judged(judged, judged_weights),
        rated_rows=rated,
        heard_rows=heard,
        mutes=Mutes(*muted),
        entries=entries,
    )


def _read_arrays(body: bytes) -> list[NDArray[Any]]:
    """Return the arrays of a body, each in memory of its own."""
    found, start = [], _HEAD.size
    for kind in _KINDS:
        (count,) = _NUMBER.unpack_from(body, start)
        values = np.frombuffer(body, kind, count, start + _NUMBER.size)
        found.append(values.astype(_READ[kind]))
        start += _NUMBER.size + values.nbytes
    return found


def _checksum(vector: bytes, body: bytes) -> bytes:
    return _NUMBER.pack(zlib.crc32(body, zlib.crc32(vector)))
