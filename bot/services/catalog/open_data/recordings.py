"""Recordings by number: 64 of the 128 bits of their MusicBrainz id."""

from collections.abc import Iterator
from typing import IO, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.services.archives import blocks
from bot.services.catalog.importing.records import RecordReader

_CHUNK: Final = 8 << 20
Keys = NDArray[np.uint64]
MBID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def open_table(
    name: str, stream: IO[bytes]
) -> tuple[list[str], Iterator[tuple[pl.DataFrame, int]]]:
    """Return the columns of a table, and its rows by them, piece by piece.

    With each piece comes how many lines in it are broken off; those are left out.
    """
    reader = RecordReader(name, blocks(stream), chunk_bytes=_CHUNK)
    header = [cell.strip().lower() for cell in reader.first_rows()[0]]
    named = {f"c{place}": column for place, column in enumerate(header)}
    chunks = reader.chunks(header_rows=1, width=len(header))
    return header, ((chunk.frame.rename(named), len(chunk.ragged)) for chunk in chunks)


def keys_of(mbids: pl.Series) -> pl.Series:
    """Return the number of each MusicBrainz id; null for what is none.

    Of 40 million random ids two share their first and last four digits of 16 bits with a
    probability of one in ten thousand.
    """
    text = mbids.cast(pl.String).str.to_lowercase()
    digits = pl.concat_str(
        pl.col("id").str.slice(0, 8), pl.col("id").str.slice(9, 4), pl.col("id").str.slice(32, 4)
    )
    frame = pl.DataFrame({"id": text})
    return frame.select(
        pl.when(pl.col("id").str.contains(MBID))
        .then(digits)
        .str.to_integer(base=16, dtype=pl.UInt64, strict=False)
        .alias("key")
    ).to_series()


class Redirects:
    """Which recordings are another edition of the canonical one."""

    def __init__(self, old: Keys, new: Keys) -> None:
        """Take pairs; where a recording comes twice, the first counts."""
        self._old, first = np.unique(old, return_index=True)
        self._new = new[first]

    def __len__(self) -> int:
        return len(self._old)

    def followed(self, keys: Keys) -> Keys:
        """Return the canonical recording of each."""
        if not len(self._old):
            return keys
        places = np.minimum(np.searchsorted(self._old, keys), len(self._old) - 1)
        return np.where(self._old[places] == keys, self._new[places], keys)

    def moves(self, keys: Keys) -> NDArray[np.bool_]:
        """Return which of some recordings have another one in their place."""
        return np.asarray(self.followed(keys) != keys, np.bool_)


NO_REDIRECTS: Final = Redirects(np.empty(0, np.uint64), np.empty(0, np.uint64))


def places_in(sorted_keys: Keys, keys: Keys) -> NDArray[np.int64]:
    """Return where each key stands in an ascending array, -1 where it does not."""
    if not len(sorted_keys):
        return np.full(len(keys), -1, np.int64)
    places = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[places] == keys, places, -1).astype(np.int64)
