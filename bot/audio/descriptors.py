"""The descriptors that perceived features are estimated from, as librosa defines them.

Means over frames at 22.05 kHz of what McFee et al. (SciPy 2015) compute: mel cepstrum, level,
the shape of the spectrum, its contrast in octaves (Jiang et al., 2002) and zero crossings.
"""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.audio.spectra import HOP, MELS, WINDOW, bin_frequencies, cosines, decibels

CEPSTRA: Final = 20
NAMES: Final = (
    *(f"cepstrum_{place}" for place in range(CEPSTRA)),
    "level",
    "bandwidth",
    "centroid",
    *(f"contrast_{band}" for band in range(6)),
    "rolloff",
    "zero_crossings",
)

_LOWEST_OCTAVE: Final = 200.0
_OCTAVES: Final = 6
_QUANTILE: Final = 0.02
_ROLLOFF: Final = 0.85


def describe(
    signal: NDArray[np.float32], spectrum: NDArray[np.float32], mel: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the descriptors in the order of `NAMES`.

    Args:
        signal: at `spectra.RATE`.
        spectrum: its `spectra.magnitudes`.
        mel: power in mel bands, frame × `spectra.MELS`.
    """
    cepstrum = (decibels(mel) @ cosines(MELS, CEPSTRA).T).mean(axis=0)
    frequencies = bin_frequencies()
    total = spectrum.sum(axis=1, keepdims=True)
    share = spectrum / np.where(total < 1e-10, 1, total)
    centroid = share @ frequencies
    spread = np.sqrt(np.maximum(share @ frequencies**2 - centroid**2, 0))
    below = (np.cumsum(share, axis=1) < _ROLLOFF).sum(axis=1)
    rolloff = frequencies[np.minimum(below, len(frequencies) - 1)]
    level = np.sqrt((spectrum**2).mean(axis=1))
    shape = [level.mean(), spread.mean(), centroid.mean()]
    ends = [rolloff.mean(), _zero_crossings(signal)]
    described = np.concatenate([cepstrum, shape, _contrast(spectrum), ends])
    return described.astype(np.float64)


def _contrast(spectrum: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return peak over valley in dB for the band below 200 Hz and five octaves above it."""
    frequencies = bin_frequencies()
    edges = np.concatenate([[0.0], _LOWEST_OCTAVE * 2.0 ** np.arange(_OCTAVES)])
    found = []
    for band, (low, high) in enumerate(pairwise(edges)):
        bins = np.flatnonzero((frequencies >= low) & (frequencies <= high))
        count = max(1, round(_QUANTILE * (len(bins) + (band > 0))))
        first = bins[0] - (band > 0)  # librosa takes one bin more below, and leaves out the last
        levels = np.sort(spectrum[:, first : bins[-1]], axis=1)
        valley = np.maximum(levels[:, :count].mean(axis=1), 1e-10)
        peak = np.maximum(levels[:, -count:].mean(axis=1), 1e-10)
        found.append(float((10 * np.log10(peak / valley)).mean()))
    return np.array(found)


def _zero_crossings(signal: NDArray[np.float32]) -> float:
    """Return the mean share of samples in a window before which the sign changes."""
    negative = np.signbit(np.pad(signal, WINDOW // 2, mode="edge"))
    crossings = np.concatenate([[0, 0], np.cumsum(negative[1:] != negative[:-1])])
    starts = np.arange(0, len(negative) - WINDOW + 1, HOP)
    return float((crossings[starts + WINDOW] - crossings[starts]).mean() / WINDOW)


def bandwidth(mono: NDArray[np.float32], rate: int) -> float:
    """Return the highest frequency in Hz that a recording holds: 90 dB below the strongest."""
    window = 4096
    starts = np.linspace(0, len(mono) - window, 100).astype(np.int64)
    shape = np.blackman(window).astype(np.float32)
    pieces = np.stack([mono[start : start + window] * shape for start in starts])
    power = (np.abs(np.fft.rfft(pieces, axis=1)) ** 2).mean(axis=0)
    held = np.flatnonzero(power > power.max() * 1e-9)
    return float(held[-1] * rate / window) if len(held) else 0.0
