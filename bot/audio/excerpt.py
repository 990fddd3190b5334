"""A part of a recording for others to hear, encoded anew: nothing else of the file is in it."""

import io
from typing import Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from bot.audio.decoding import Sound

HEARD_S: Final = 30
_FADE_S: Final = 0.5
_HOP_S: Final = 1
_MOST_RATE: Final = 48_000
_BLOCK: Final = 65_536
"""libsndfile crashes on long Ogg files that are written in one call."""


def excerpt(sound: Sound) -> bytes:
    """Return the loudest `HEARD_S` seconds as Ogg Vorbis, faded in and out, without any tag."""
    samples, rate = _loudest(sound.samples, sound.rate), sound.rate
    if rate > _MOST_RATE:
        samples, rate = soxr.resample(samples, rate, _MOST_RATE), _MOST_RATE
    fade = np.minimum(np.arange(len(samples)) / (_FADE_S * rate), 1).astype(np.float32)
    faded = samples * (fade * fade[::-1])[:, None] / max(1.0, float(np.abs(samples).max()))
    content = io.BytesIO()
    with soundfile.SoundFile(
        content, "w", rate, faded.shape[1], format="OGG", subtype="VORBIS"
    ) as file:
        for start in range(0, len(faded), _BLOCK):
            file.write(faded[start : start + _BLOCK])
    return content.getvalue()


def _loudest(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return the seconds with the most energy; of equals the earliest."""
    hop, length = _HOP_S * rate, HEARD_S * rate
    if len(samples) <= length:
        return samples
    starts = np.arange(0, len(samples) - length + 1, hop)
    energy = np.concatenate([[0.0], np.cumsum((samples**2).sum(axis=1, dtype=np.float64))])
    start = int(starts[np.argmax(energy[starts + length] - energy[starts])])
    return samples[start : start + length]
