"""Decodes sound files within bounds. Only `child` calls this: decoders have had security holes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from bot.audio.refusal import (
    MAX_CHANNELS,
    MAX_RATE,
    MAX_S,
    MIN_RATE,
    MIN_S,
    Refusal,
    RefusedError,
)

EXCERPT_S: Final = 90
"""This much of the middle is read: intros and endings seldom sound like the track."""
FULL_SCALE: Final = 8.0
"""Floats beyond this (+18 dB) are not sound; an MP3 may go a little over 1."""

_BLOCK: Final = 65_536
_FORMATS: Final = {
    ("WAV", ""): "wav",
    ("WAVEX", ""): "wav",
    ("RF64", ""): "wav",
    ("FLAC", ""): "flac",
    ("OGG", "VORBIS"): "ogg",
    ("OGG", "OPUS"): "opus",
    ("MP3", ""): "mp3",
    ("MPEG", ""): "mp3",
}


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """An excerpt of a recording, and what its file says about the whole."""

    samples: NDArray[np.float32]
    """Frame × channel; finite."""
    rate: int
    format: str
    duration_s: float
    title: str | None
    artist: str | None


def read(file: int | str) -> Sound:
    """Read the middle of a sound file.

    Args:
        file: a descriptor of an open file, which is left open, or a path.

    Raises:
        RefusedError: it is not a file that can be analysed.
    """
    try:
        with soundfile.SoundFile(file, closefd=False) as opened:
            kind = _checked(opened)
            duration = opened.frames / opened.samplerate
            length = min(opened.frames, EXCERPT_S * opened.samplerate)
            if length < opened.frames:
                opened.seek((opened.frames - length) // 2)
            samples = _samples(opened, length)
            tags = opened.copy_metadata()
            rate = opened.samplerate
    except (soundfile.LibsndfileError, OSError, UnicodeDecodeError) as error:
        raise RefusedError(Refusal.DAMAGED) from error
    if len(samples) < MIN_S * rate:
        raise RefusedError(Refusal.DAMAGED)  # it promised more
    if not (samples.min() >= -FULL_SCALE and samples.max() <= FULL_SCALE):  # nor a NaN
        raise RefusedError(Refusal.NUMBERS)
    samples -= np.full(len(samples), 1 / len(samples), np.float32) @ samples  # no direct current
    return Sound(samples, rate, kind, duration, tags.get("title"), tags.get("artist"))


def _checked(opened: soundfile.SoundFile) -> str:
    kind = _FORMATS.get((opened.format, "")) or _FORMATS.get((opened.format, opened.subtype))
    if kind is None:
        raise RefusedError(Refusal.FORMAT)
    if not MIN_RATE <= opened.samplerate <= MAX_RATE:
        raise RefusedError(Refusal.RATE)
    if not 1 <= opened.channels <= MAX_CHANNELS:
        raise RefusedError(Refusal.CHANNELS)
    if opened.frames < MIN_S * opened.samplerate:
        raise RefusedError(Refusal.SHORT)
    if opened.frames > MAX_S * opened.samplerate:
        raise RefusedError(Refusal.LONG)
    return kind


def _samples(opened: soundfile.SoundFile, length: int) -> NDArray[np.float32]:
    """Read in blocks, so that a file that claims to be long costs only what it holds."""
    blocks, left = [np.empty((0, opened.channels), np.float32)], length
    while left > 0:
        block = opened.read(min(left, _BLOCK), dtype="float32", always_2d=True)
        if not len(block):
            break
        blocks.append(block)
        left -= len(block)
    return np.concatenate(blocks)
