"""Short-time spectra and the mel scale, in numpy alone."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 22_050
"""Hz; everything but loudness is measured at this rate."""
WINDOW: Final = 2048
HOP: Final = 512
FRAMES_PER_S: Final = RATE / HOP
MELS: Final = 128

_PIECE: Final = 512
_LINEAR_HZ: Final = 200 / 3
"""Slaney's mel scale: linear below 1 kHz, then 27 steps for a factor of 6.4."""
_KNEE_HZ: Final = 1000.0
_LOG_STEP: Final = np.log(6.4) / 27


def magnitudes(
    signal: NDArray[np.float32], *, window: int = WINDOW, hop: int = HOP
) -> NDArray[np.float32]:
    """Return frame × bin: moduli under a Hann window, frames centred on multiples of the hop."""
    padded = np.pad(signal, window // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    shape = np.hanning(window + 1)[:-1].astype(np.float32)
    found = np.empty((len(frames), window // 2 + 1), np.float32)
    for start in range(0, len(frames), _PIECE):
        piece = frames[start : start + _PIECE] * shape
        found[start : start + _PIECE] = np.abs(np.fft.rfft(piece, axis=1))
    return found


def bin_frequencies(window: int = WINDOW) -> NDArray[np.float32]:
    """Return the middle of each bin of a spectrum in Hz."""
    return np.fft.rfftfreq(window, 1 / RATE).astype(np.float32)


@lru_cache(1)
def mel_weights() -> NDArray[np.float32]:
    """Return mel band × bin: triangles of equal area (Slaney's Auditory Toolbox, 1998)."""
    knee = _KNEE_HZ / _LINEAR_HZ
    top = knee + np.log(RATE / 2 / _KNEE_HZ) / _LOG_STEP
    mels = np.linspace(0, top, MELS + 2)
    edges = np.where(mels < knee, mels * _LINEAR_HZ, _KNEE_HZ * np.exp(_LOG_STEP * (mels - knee)))[
        :, None
    ]
    bins = bin_frequencies().astype(np.float64)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling)) * 2 / (edges[2:] - edges[:-2])
    weights: NDArray[np.float32] = triangles.astype(np.float32)
    return weights


def decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 10·log10 of a power, no lower than 80 dB below its highest value."""
    level = 10 * np.log10(np.maximum(power, 1e-10))
    floored: NDArray[np.float32] = np.maximum(level, level.max() - 80)
    return floored


def cosines(length: int, count: int) -> NDArray[np.float32]:
    """Return count × length: the first rows of the orthonormal discrete cosine transform (II)."""
    places = np.pi / length * (np.arange(length) + 0.5)
    rows = np.sqrt(2 / length) * np.cos(np.arange(count)[:, None] * places)
    rows[0] /= np.sqrt(2)
    cosine: NDArray[np.float32] = rows.astype(np.float32)
    return cosine
