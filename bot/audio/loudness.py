"""Integrated loudness: ITU-R BS.1770-4 with the gates of EBU R 128."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SILENT_LUFS: Final = -70.0
"""The absolute gate; a recording that never passes it gets this loudness."""

_OFFSET: Final = -0.691
_STEP_S: Final = 0.1
_STEPS_IN_BLOCK: Final = 4
_STEPS_AT_ONCE: Final = 10
_RUN_IN_STEPS: Final = 2
"""After 0.2 s, the start no longer matters to the filters."""
_RELATIVE_GATE: Final = 10.0


def integrated_loudness(samples: NDArray[np.float32], rate: int) -> float:
    """Return the loudness in LUFS, `SILENT_LUFS` at least.

    Args:
        samples: frame × channel, one or two channels, 0.4 s or longer.
        rate: Hz.
    """
    power = _step_powers(samples, rate)
    blocks = np.convolve(power, np.full(_STEPS_IN_BLOCK, 1 / _STEPS_IN_BLOCK), "valid")
    loud = blocks[blocks > _power(SILENT_LUFS)]
    if not len(loud):
        return SILENT_LUFS
    kept = loud[loud > loud.mean() * 10 ** (-_RELATIVE_GATE / 10)]
    return float(_OFFSET + 10 * np.log10(kept.mean()))


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def _step_powers(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Return the mean square of every 100 ms after weighting, added over the channels.

    Filtered by Fourier transform, a second at a time: what fits a cache.
    """
    step = round(rate * _STEP_S)
    count = len(samples) // step
    length = step * (_STEPS_AT_ONCE + _RUN_IN_STEPS)
    response = _k_weighting(np.fft.rfftfreq(length, 1 / rate), rate)
    channels = np.ascontiguousarray(samples.T)
    powers = []
    for first in range(0, count, _STEPS_AT_ONCE):
        steps = min(_STEPS_AT_ONCE, count - first)
        run_in = min(first, _RUN_IN_STEPS)
        piece = channels[:, (first - run_in) * step : (first + steps) * step]
        heard = np.fft.irfft(np.fft.rfft(piece, length) * response, length)
        heard = heard[:, run_in * step : (run_in + steps) * step]
        powers.append((heard**2).reshape(len(heard), steps, step).mean(axis=2).sum(axis=0))
    return np.concatenate(powers).astype(np.float64)


def _k_weighting(frequencies: NDArray[np.floating], rate: int) -> NDArray[np.complex64]:
    """Return the response of BS.1770's two filters, redesigned for any rate by their analog form.

    The shelf lifts what the head reflects (+4 dB above 1.7 kHz), the high-pass cuts below 38 Hz;
    constants as in the coefficients that the standard prints for 48 kHz (De Man, 2014).
    """
    delay = np.exp(-2j * np.pi * frequencies / rate)
    warped, q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = _biquad(
        delay,
        (
            high + band * warped / q + warped**2,
            2 * (warped**2 - high),
            high - band * warped / q + warped**2,
        ),
        (1 + warped / q + warped**2, 2 * (warped**2 - 1), 1 - warped / q + warped**2),
    )
    warped, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    lowest = 1 + warped / q + warped**2
    # the standard leaves the numerator of this filter unscaled, hence `lowest`
    pass_high = _biquad(
        delay,
        (lowest, -2 * lowest, lowest),
        (lowest, 2 * (warped**2 - 1), 1 - warped / q + warped**2),
    )
    return (shelf * pass_high).astype(np.complex64)


def _biquad(
    delay: NDArray[np.complex128],
    above: tuple[float, float, float],
    below: tuple[float, float, float],
) -> NDArray[np.complex128]:
    numerator = above[0] + delay * (above[1] + delay * above[2])
    ratio: NDArray[np.complex128] = numerator / (below[0] + delay * (below[1] + delay * below[2]))
    return ratio
