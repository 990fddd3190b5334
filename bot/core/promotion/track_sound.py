"""How one recording sounds, in the catalogue or not, and what sounds close to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURE_WEIGHTS, FEATURES, Catalog, levels_in
from bot.core.models import AudioFeatures, Track
from bot.core.taste import describe

SHARED: Final = 0.8
"""Compared are tracks that share this much of the recording's known features, by weight."""
_TRUSTED_AS: Final = {"key_cos": "key", "key_sin": "key"}
_LOOKED_AT: Final = 512


@dataclass(frozen=True, slots=True)
class SoundLevel:
    """How high a recording stands in one feature, and how sure that is."""

    feature: str
    percentile: float
    """0 (lowest of the catalogue) … 1 (highest)."""
    trust: float | None
    """0 … 1; None: the value comes from a music service, which does not say how sure it is."""
    value: float | None = None
    """What stands there, `taste.cautious_value`."""


@dataclass(frozen=True, slots=True)
class TrackSound:
    """What is known about the sound of one recording."""

    features: AudioFeatures
    """On the catalogue's scale."""
    levels: tuple[SoundLevel, ...]
    """The perceived features; tempo, key and loudness are shown as they are."""
    near: tuple[Track, ...] = ()
    """The tracks of the catalogue that sound closest to it, closest first."""
    other_tempo: float | None = None
    """The tempo an octave off, which some listeners may hear; None: unknown."""
    tempo_trust: float | None = None
    key_trust: float | None = None
    spectrogram: bytes | None = None
    """The spectrogram as a PNG, if a file was analysed."""

    @property
    def measured_here(self) -> bool:
        """True: a file was analysed. False: music services were asked."""
        return self.spectrogram is not None


def levels_of_sound(
    catalog: Catalog, features: AudioFeatures, trust: Mapping[str, float]
) -> tuple[SoundLevel, ...]:
    """Return how high a recording stands in what listeners perceive, in the order of `FEATURES`.

    Args:
        features: on the catalogue's scale.
        trust: 0 … 1 by feature; who is not in it is as sure as the catalogue.
    """
    return tuple(
        SoundLevel(one.feature, one.percentile, trust.get(one.feature), one.value)
        for one in describe(catalog, levels_in(catalog, features))
        if one.feature not in ("tempo", "loudness", "mode", "year")
    )


def sounds_close(
    catalog: Catalog,
    features: AudioFeatures,
    trust: Mapping[str, float],
    *,
    count: int,
    without_artists: Collection[int] = (),
) -> list[int]:
    """Return the rows of the tracks that sound closest to a recording, one an artist and song.

    Closest is the smallest mean square of the differences of their levels, each weighted as in the
    space and by how far it is trusted: what lies in the same direction, but twice as far from the
    middle, would have the same cosine and does not sound close. Ties go to the lower row; empty
    when nothing is trusted.

    Args:
        features: on the catalogue's scale.
        trust: 0 … 1 by feature; what is not in it is trusted fully.
        without_artists: ids of those to be left out.
    """
    levels = levels_in(catalog, features)
    weights = np.array(
        [FEATURE_WEIGHTS[name] * trust.get(_TRUSTED_AS.get(name, name), 1.0) for name in FEATURES]
    )
    weights[np.isnan(levels)] = 0
    if not weights.any() or not len(catalog):
        return []
    gaps, shared = np.zeros(len(catalog)), np.zeros(len(catalog))
    for place in np.flatnonzero(weights):
        known = catalog.known[:, place]
        gaps += weights[place] * known * (catalog.gaussian[:, place] - levels[place]) ** 2
        shared += weights[place] * known
    far = shared < SHARED * weights.sum()
    gaps[far] = np.inf
    return _different(catalog, gaps / np.maximum(shared, 1e-9), count, set(without_artists))


def _different(
    catalog: Catalog, gaps: NDArray[np.float64], count: int, artists: set[int]
) -> list[int]:
    """Return the rows of the smallest gaps, each of another artist and song than those before."""
    most = min(_LOOKED_AT, len(gaps))
    nearest = np.argpartition(gaps, most - 1)[:most]
    songs: set[int] = set()
    found: list[int] = []
    for row in nearest[np.lexsort((nearest, gaps[nearest]))].tolist():
        artist, song = int(catalog.artist_ids[row]), int(catalog.song_ids[row])
        if len(found) == count or not np.isfinite(gaps[row]):
            break
        if artist not in artists and song not in songs:
            found.append(row)
            artists.add(artist)
            songs.add(song)
    return found
