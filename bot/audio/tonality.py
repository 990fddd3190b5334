"""Key from a harmonic pitch class profile and profiles of keys."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.audio.analysis import Key
from bot.audio.spectra import RATE, bin_frequencies, magnitudes

_WINDOW: Final = 8192
_HOP: Final = 4096
_HEARD: Final = (55.0, 2500.0)
_HARMONICS: Final = ((1, 1.0), (2, 0.6), (3, 0.36), (4, 0.22), (5, 0.13))
_FLOOR: Final = 0.01
"""Peaks below this share of the highest in their frame do not count."""

_PROFILES: Final = np.array(
    [
        [
            0.16519551, 0.04749026, 0.08293076, 0.06687112, 0.09994645, 0.09274123,
            0.05294487, 0.13159476, 0.05218986, 0.07443653, 0.06940723, 0.06425150,
        ],
        [
            0.17235348, 0.05336489, 0.07610090, 0.10043649, 0.05621498, 0.08527853,
            0.04979150, 0.13451001, 0.07458916, 0.05003023, 0.09187879, 0.05545106,
        ],
    ]
)  # fmt: skip
"""Major and minor as electronic music uses them: "edma" of Faraldo et al. (ECIR 2016)."""
_CLEAR: Final = 0.25
"""A key that stands by this much above the next was right in all of 192 songs made by rule, also
where their chords were chosen to be ambiguous; at half of it, in two of three."""


def find_key(signal: NDArray[np.float32]) -> Key:
    """Return the key of a signal at `spectra.RATE`; C with confidence 0 when none is heard."""
    chroma = _standardized(_pitch_classes(magnitudes(signal, window=_WINDOW, hop=_HOP)))
    profiles = np.stack([_standardized(profile) for profile in _PROFILES])
    turned = np.stack([np.roll(profiles, tonic, axis=1) for tonic in range(12)])
    scores = turned @ chroma / 12
    tonic, minor = np.unravel_index(int(np.argmax(scores)), scores.shape)
    second, first = np.sort(scores.ravel())[-2:]
    return Key(int(tonic), 1 - int(minor), min(1.0, float(first - second) / _CLEAR))


def _standardized(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    deviation = profile.std()
    if deviation < 1e-9:
        return np.zeros(12)
    level: NDArray[np.float64] = (profile - profile.mean()) / deviation
    return level


def _pitch_classes(spectrum: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how strong each pitch class is on average, each frame by its strongest.

    Spectral peaks, placed between bins by a parabola through the logarithms, count for the pitch
    class of their fundamental, or of one of which they are a harmonic; the tuning is the circular
    mean of how far they lie off the semitones.
    """
    frequencies = bin_frequencies(_WINDOW)
    first, last = (int(place) for place in np.searchsorted(frequencies, _HEARD))
    part = spectrum[:, first - 1 : last + 1]
    middle = part[:, 1:-1]
    peaks = (middle > part[:, :-2]) & (middle >= part[:, 2:])
    peaks &= middle > np.maximum(_FLOOR * middle.max(axis=1, keepdims=True), 1e-6)
    frame, place = np.nonzero(peaks)
    if not len(frame):
        return np.zeros(12)
    strength = middle[frame, place].astype(np.float64)
    before, here, after = (np.log(part[frame, place + step] + 1e-12) for step in range(3))
    shift = np.clip(0.5 * (before - after) / (before - 2 * here + after - 1e-9), -0.5, 0.5)
    strength = np.minimum(strength, np.percentile(strength, 99))
    semitone = 12 * np.log2((place + first + shift) * RATE / _WINDOW / 440) + 69
    tuning = np.angle(np.sum(strength * np.exp(2j * np.pi * semitone))) / (2 * np.pi)
    classes = np.zeros(12 * len(spectrum))
    for harmonic, weight in _HARMONICS:
        pitch = semitone - tuning - 12 * np.log2(harmonic)
        nearest = np.round(pitch)
        counted = strength * weight * np.cos(np.pi * (pitch - nearest)) ** 2
        slots = frame * 12 + nearest.astype(np.int64) % 12
        classes += np.bincount(slots, counted, minlength=len(classes))
    by_frame = classes.reshape(-1, 12)
    mean: NDArray[np.float64] = (by_frame / (by_frame.max(axis=1, keepdims=True) + 1e-9)).mean(
        axis=0
    )
    return mean
