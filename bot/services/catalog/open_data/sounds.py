"""Takes the middle of what AcousticBrainz measured: several people sent the same recording.

Its danceability (0 … 3, detrended fluctuation) and average loudness (0 … 1) are on scales of their
own. A recording gets the value of common tables of tracks at its rank among all that were measured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import IO, Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.catalog import midranks
from bot.services.catalog.open_data.recordings import Keys, Redirects, keys_of, open_table
from bot.services.catalog.open_data.shuffling import FEW, Rows, Shuffle

_TEMPO: Final = (
    "bpm_histogram_first_peak_bpm_median", "bpm_histogram_first_peak_bpm_mean", "bpm",
)  # fmt: skip
"""The peak of the histogram of beats is right more often than the mean of all beats."""
_PITCHES: Final = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "F": 5, "F#": 6, "Gb": 6,
    "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11,
}  # fmt: skip
_SPREAD: Final = 0.04
"""Where tempos lie further apart than this share, nobody knows the tempo."""
_AGREED: Final = 0.5
"""More than this share of those who sent a recording must agree on its key."""
_DANCEABILITY: Final = NormalDist(0.577, 0.178)
_LOUDNESS: Final = NormalDist(-9.17, 5.5)
"""Mean and spread of 263,842 tracks of tables that people have."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three tables of AcousticBrainz."""

    name: str
    needs: tuple[str, ...]
    """Its columns; of the tempo one of several."""
    fields: list[tuple[str, str]]
    bits: int = FEW


RHYTHM: Final = Kind("rhythm", ("mbid", "danceability"), [("bpm", "<f4"), ("dance", "<f4")])
TONAL: Final = Kind("tonal", ("mbid", "key_key", "key_scale"), [("tone", "<i2")])
LOWLEVEL: Final = Kind("lowlevel", ("mbid", "average_loudness"), [("loud", "<f4")])
KINDS: Final = (RHYTHM, TONAL, LOWLEVEL)


def kind_of(header: Sequence[str]) -> Kind | None:
    """Tell which table of AcousticBrainz has these columns."""
    found = next((kind for kind in KINDS if set(kind.needs) <= set(header)), None)
    if found is RHYTHM and not set(_TEMPO) & set(header):
        return None
    return found


def take(name: str, stream: IO[bytes], shuffle: Shuffle, redirects: Redirects) -> tuple[int, int]:
    """Put one table aside; return how many rows it has, and how many of them say nothing."""
    header, pieces = open_table(name, stream)
    kind = kind_of(header)
    if kind is None:
        return 0, 0
    rows = left = 0
    for frame, broken in pieces:
        keys = keys_of(frame["mbid"])
        values = _values(kind, frame).with_columns(keys.alias("key")).filter(keys.is_not_null())
        said = values.filter(
            pl.any_horizontal(pl.exclude("key").is_not_null() & ~pl.exclude("key").is_nan())
            if kind is not TONAL
            else pl.col("tone") >= 0
        )
        rows += frame.height + broken
        left += frame.height + broken - said.height
        taken = np.empty(said.height, shuffle.dtype)
        taken["key"] = redirects.followed(said["key"].to_numpy())
        for field, _ in kind.fields:
            taken[field] = said[field].to_numpy()
        shuffle.add(taken)
    return rows, left


def _values(kind: Kind, frame: pl.DataFrame) -> pl.DataFrame:
    if kind is TONAL:
        pitch = frame["key_key"].replace_strict(_PITCHES, default=-1, return_dtype=pl.Int16)
        minor = (frame["key_scale"] == "minor").cast(pl.Int16)
        tone = pl.when(pitch >= 0).then(pitch * 2 + minor).otherwise(-1)
        return pl.select(tone.cast(pl.Int16).alias("tone"))
    if kind is LOWLEVEL:
        return pl.DataFrame({"loud": _number(frame["average_loudness"], 0, 1)})
    tempo = next(name for name in _TEMPO if name in frame.columns)
    return pl.DataFrame(
        {"bpm": _number(frame[tempo], 20, 400), "dance": _number(frame["danceability"], 0, 5)}
    )


def _number(text: pl.Series, low: float, high: float) -> pl.Series:
    """Return numbers; NaN where there is none that can be."""
    number = text.cast(pl.Float32, strict=False)
    return number.set(~number.is_between(low, high).fill_null(value=False), float("nan"))


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """How recordings sound, ascending; NaN or -1 where it is unknown."""

    keys: Keys
    tempo: NDArray[np.float32]
    danceability: NDArray[np.float32]
    """On the scale of common tables, 0 … 1."""
    loudness: NDArray[np.float32]
    """dB, likewise."""
    pitch: NDArray[np.int8]
    mode: NDArray[np.int8]
    sent: NDArray[np.uint32]
    """How many people sent it."""


def middle(rhythm: Iterator[Rows], tonal: Iterator[Rows], lowlevel: Iterator[Rows]) -> Sounds:
    """Return what most submissions of each recording say."""
    parts = [_part(*rows) for rows in zip(rhythm, tonal, lowlevel, strict=True)]
    found = pl.concat(parts)
    return Sounds(
        keys=found["key"].to_numpy(),
        tempo=found["bpm"].to_numpy().astype(np.float32),
        danceability=_ranked(found["dance"].to_numpy(), _DANCEABILITY, 0.0, 1.0),
        loudness=_ranked(found["loud"].to_numpy(), _LOUDNESS, -40.0, 0.0),
        pitch=found["pitch"].to_numpy().astype(np.int8),
        mode=found["mode"].to_numpy().astype(np.int8),
        sent=found["sent"].to_numpy().astype(np.uint32),
    )


def _part(rhythm: Rows, tonal: Rows, lowlevel: Rows) -> pl.DataFrame:
    beats = _frame(rhythm).with_columns(pl.col("bpm", "dance").fill_nan(None))
    tempo = pl.col("bpm")
    apart = (tempo.quantile(0.75) - tempo.quantile(0.25)) / tempo.median()
    of_beats = beats.group_by("key").agg(
        pl.when(apart <= _SPREAD).then(tempo.median()).alias("bpm"),
        pl.col("dance").median(),
        pl.len().alias("sent"),
    )
    tone = pl.col("tone").mode().min()
    agreed = (pl.col("tone") == tone).mean()
    of_tones = (
        _frame(tonal)
        .group_by("key")
        .agg(
            pl.when(agreed > _AGREED).then(tone).otherwise(-1).alias("tone"),
            pl.len().alias("toned"),
        )
    )
    of_loudness = (
        _frame(lowlevel).group_by("key").agg(pl.col("loud").median(), pl.len().alias("louds"))
    )
    both = of_beats.join(of_tones, on="key", how="full", coalesce=True)
    whole = both.join(of_loudness, on="key", how="full", coalesce=True)
    tone = pl.col("tone").fill_null(-1)
    return whole.sort("key").select(
        "key",
        pl.col("bpm").cast(pl.Float32),
        pl.col("dance").cast(pl.Float32),
        pl.col("loud").cast(pl.Float32),
        pl.when(tone >= 0).then(tone // 2).otherwise(-1).cast(pl.Int8).alias("pitch"),
        pl.when(tone >= 0).then(1 - tone % 2).otherwise(-1).cast(pl.Int8).alias("mode"),
        pl.max_horizontal("sent", "toned", "louds").cast(pl.UInt32).alias("sent"),
    )


def _frame(rows: Rows) -> pl.DataFrame:
    names: Any = rows.dtype.names
    return pl.DataFrame({name: np.ascontiguousarray(rows[name]) for name in names})


def _ranked(
    values: NDArray[Any], scale: NormalDist, low: float, high: float
) -> NDArray[np.float32]:
    """Return for each value that of a scale at its rank; NaN where it is unknown."""
    found = np.full(len(values), np.nan, np.float32)
    known = np.isfinite(values)
    if known.any():
        grid = np.array([scale.inv_cdf(share) for share in np.linspace(0.0005, 0.9995, 1000)])
        shares = midranks(values[known].astype(np.float64))
        found[known] = np.interp(shares, np.linspace(0.0005, 0.9995, 1000), grid).clip(low, high)
    return found
