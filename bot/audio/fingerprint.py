"""Fingerprints that tell whether two files hold the same recording.

After Haitsma & Kalker (ISMIR 2002): a bit says whether the difference between the energies of two
neighbouring bands grows or falls. Files of one recording agree in most bits, whatever their codec
and loudness; others agree in half of them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.audio.spectra import FRAMES_PER_S, bin_frequencies

WORD_S: Final = 8 / FRAMES_PER_S
"""The time between two words of a fingerprint."""
SAME: Final = 0.3
"""Up to this share of differing bits two fingerprints are of one recording."""
SHARED_S: Final = 12.0
"""This much of the two recordings must overlap."""

_STEP: Final = 8
_SMOOTH: Final = 4
"""Steps: energies are taken over 0.74 s, and compared with those as long ago."""
_EDGES: Final = np.geomspace(200, 4000, 18)
_STEADY: Final = 1e-3
"""A smaller change of the log-energy counts as none."""
_QUIET: Final = 1e-5
"""A word whose power is below this share of the highest counts as silent."""


def fingerprint(spectrum: NDArray[np.float32]) -> bytes:
    """Return a 16-bit word for every 0.19 s of a magnitude spectrogram; 0 where nothing changes."""
    frequencies = bin_frequencies()
    starts = np.searchsorted(frequencies, _EDGES)
    sums = np.add.reduceat(spectrum[:, : starts[-1]] ** 2, starts[:-1], axis=1)
    length = len(sums) // _STEP
    energy = sums[: length * _STEP].reshape(length, _STEP, -1).astype(np.float64).sum(axis=1)
    total = np.cumsum(np.vstack([np.zeros(energy.shape[1]), energy]), axis=0)
    smooth = total[_SMOOTH:] - total[:-_SMOOTH]
    if len(smooth) <= _SMOOTH or not smooth.any():
        return b""
    level = np.log(smooth + 1e-10 * smooth.max())
    slope = level[:, :-1] - level[:, 1:]
    change = slope[_SMOOTH:] - slope[:-_SMOOTH]
    words = (change > _STEADY) @ (1 << np.arange(16))
    loudness = smooth.sum(axis=1)[_SMOOTH:]
    words[loudness < _QUIET * loudness.max()] = 0
    return bytes(words.astype("<u2").tobytes())


def difference(first: bytes, second: bytes) -> float:
    """Return the smallest share of differing bits over all ways to lay one over the other.

    0.5 when less than `SHARED_S` of sound overlaps in each of them.
    """
    a, b = _signs(first), _signs(second)
    if not len(a) or not len(b):
        return 0.5
    size = 1 << (len(a) + len(b) - 1).bit_length()
    bits = _correlation(a, b, size).sum(axis=1)
    shared = _correlation(np.abs(a[:, :1]), np.abs(b[:, :1]), size)[:, 0]
    enough = shared > SHARED_S / WORD_S
    if not enough.any():
        return 0.5
    return float(0.5 - (bits[enough] / (16 * shared[enough])).max() / 2)


def same_recording(first: bytes, second: bytes) -> bool:
    """Return whether two fingerprints are of one recording, however it was encoded or cut."""
    return difference(first, second) <= SAME


def _signs(words: bytes) -> NDArray[np.float64]:
    """Return word × 16: 1 or -1 for each bit, 0 in words where nothing changes."""
    read = np.frombuffer(words[: len(words) // 2 * 2], "<u2").astype(np.int64)
    signs = 2 * (read[:, None] >> np.arange(16) & 1).astype(np.float64) - 1
    signs[read == 0] = 0
    return signs


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(a, size, axis=0) * np.conj(np.fft.rfft(b, size, axis=0))
    found: NDArray[np.float64] = np.fft.irfft(spectrum, size, axis=0).astype(np.float64)
    return found
