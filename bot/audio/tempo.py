"""Tempo from the autocorrelation of onsets in several bands."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.audio.analysis import Tempo
from bot.audio.spectra import FRAMES_PER_S

FELT: Final = (60.0, 180.0)
"""Beats per minute; found tempos are brought here by octaves."""

_SEARCHED: Final = np.exp(np.arange(np.log(40.0), np.log(240.0), 0.004))
_USUAL: Final = 140.0
_OCTAVES: Final = 0.85
"""Spread of the tempos expected around the usual one."""
_LONGEST: Final = int(FRAMES_PER_S * 60 / 40 * 4) + 2
_BEATS: Final = ((1.0, 1.0), (2.0, 0.5), (4.0, 0.5), (0.5, 0.35))
"""Multiples of the beat that also support a tempo, and how much each counts."""
_CLEAR: Final = 0.5
"""Tempos that stand by this share above others were right in all of 192 songs made by rule."""
_SAME: Final = 0.06
"""Two tempos closer than this, in octaves, are the same."""


def find_tempo(mel: NDArray[np.float32]) -> Tempo:
    """Return the tempo of a mel power spectrogram (frame × band); 0 when nothing beats."""
    correlation = _onset_correlation(mel)
    if not correlation.any():
        return Tempo(0.0, 0.0, 0.0)
    lags = 60 * FRAMES_PER_S / _SEARCHED
    places = np.arange(len(correlation))
    metre = sum(
        weight * np.interp(beats * lags, places, correlation, right=0) for beats, weight in _BEATS
    )
    usual = np.exp(-0.5 * (np.log2(_SEARCHED / _USUAL) / _OCTAVES) ** 2)
    scores = np.maximum(metre, 0) * usual
    best = int(np.argmax(scores))
    if scores[best] <= 0:
        return Tempo(0.0, 0.0, 0.0)
    bpm = _folded(_refined(correlation, float(_SEARCHED[best])))
    other = 2 * bpm if bpm * bpm < FELT[0] * FELT[1] else bpm / 2
    return Tempo(bpm, other, _confidence(scores, best))


def _onset_correlation(mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how alike the onsets are to themselves, by lag in frames, over four bands."""
    level = np.sqrt(mel)
    level = np.log1p(100 * level / (np.percentile(level, 95) + 1e-12))
    rises = np.maximum(np.diff(level, axis=0, prepend=level[:1]), 0)
    sixth, half = rises.shape[1] // 6, rises.shape[1] // 2
    bands = (rises[:, :sixth], rises[:, sixth:half], rises[:, half:], rises)
    total = np.zeros(min(_LONGEST, len(mel) - 1))
    for band in bands:
        onsets = band.mean(axis=1).astype(np.float64)
        onsets = np.maximum(onsets - _moving_mean(onsets, int(FRAMES_PER_S)), 0)
        if onsets.std() < 1e-6:
            continue
        onsets = (onsets - onsets.mean()) / onsets.std()
        size = 1 << (2 * len(onsets) - 1).bit_length()
        spectrum = np.fft.rfft(onsets, size)
        found = np.fft.irfft(np.abs(spectrum) ** 2, size)[: len(total)]
        found /= np.arange(len(onsets), len(onsets) - len(found), -1)
        total += found / found[0]
    return total


def _moving_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the mean around every value, over `width` of them, fewer at the ends."""
    ends = np.minimum(np.arange(len(values)) + width // 2 + 1, len(values))
    starts = np.maximum(np.arange(len(values)) - width // 2, 0)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    mean: NDArray[np.float64] = (sums[ends] - sums[starts]) / (ends - starts)
    return mean


def _refined(correlation: NDArray[np.float64], bpm: float) -> float:
    """Return the tempo by the place of the peak four beats on, between frames."""
    wanted = 4 * 60 * FRAMES_PER_S / bpm
    low, high = int(wanted * 0.985), int(wanted * 1.015) + 2
    if low < 1 or high >= len(correlation) - 1:
        return bpm
    peak = low + int(np.argmax(correlation[low:high]))
    before, here, after = correlation[peak - 1 : peak + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(4 * 60 * FRAMES_PER_S / (peak + np.clip(shift, -0.5, 0.5)))


def _folded(bpm: float) -> float:
    while bpm < FELT[0]:
        bpm *= 2
    while bpm > FELT[1]:
        bpm /= 2
    return bpm


def _confidence(scores: NDArray[np.float64], best: int) -> float:
    """Return how far the best tempo stands above the best one that is no octave of it."""
    apart = np.log2(_SEARCHED / _SEARCHED[best])
    apart = np.abs(apart - np.round(apart))
    rival = float(scores[apart > _SAME].max(initial=0))
    return min(1.0, (1 - rival / float(scores[best])) / _CLEAR)
