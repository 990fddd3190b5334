"""Decodes sound files within bounds. Only `child` calls this: decoders have had security holes."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import miniaudio
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
from bot.audio.streams import Stream, open_stream
from bot.audio.tags import read_tags

EXCERPT_S: Final = 90
"""This much of the middle is read: intros and endings seldom sound like the track."""
FULL_SCALE: Final = 8.0
"""Floats beyond this (+18 dB) are not sound; an MP3 may go a little over 1."""

_AT_ONCE: Final = 1 << 20
_HALF: Final = np.float32(np.sqrt(0.5))
_FRONT: Final = {"L": (1, 0), "R": (0, 1), "C": (_HALF, _HALF), "l": (_HALF, 0), "r": (0, _HALF)}
"""How much of a channel goes to the left and the right (ITU-R BS.775); a deep effect to neither."""
_LAYOUTS: Final = {3: "LRC", 4: "LRlr", 5: "LRClr", 6: "LRC.lr", 7: "LRC.Clr", 8: "LRC.lrlr"}
_VORBIS_LAYOUTS: Final = {
    3: "LCR", 4: "LRlr", 5: "LCRlr", 6: "LCRlr.", 7: "LCRlrC.", 8: "LCRlrlr.",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """An excerpt of a recording, and what its file says about the whole."""

    samples: NDArray[np.float32]
    """Frame × channel, of one channel or two; finite."""
    rate: int
    format: str
    duration_s: float
    title: str | None
    artist: str | None


def read(file: int | Path) -> Sound:
    """Read the middle of a sound file.

    Args:
        file: a descriptor of an open file, which is left open, or a path.

    Raises:
        RefusedError: it is not a file that can be analysed.
    """
    data = _content(file) if isinstance(file, int) else file.read_bytes()
    stream = open_stream(data)
    _check(stream)
    try:
        frames = stream.length()
        if frames < MIN_S * stream.rate:
            raise RefusedError(Refusal.SHORT)
        if frames > MAX_S * stream.rate:
            raise RefusedError(Refusal.LONG)
        length = min(frames, EXCERPT_S * stream.rate)
        samples = _samples(stream, (frames - length) // 2, length)
    except (soundfile.LibsndfileError, miniaudio.MiniaudioError, OSError) as error:
        raise RefusedError(Refusal.DAMAGED) from error
    if len(samples) < MIN_S * stream.rate:
        raise RefusedError(Refusal.DAMAGED)  # it promised more
    if not (samples.min() >= -FULL_SCALE and samples.max() <= FULL_SCALE):  # nor a NaN
        raise RefusedError(Refusal.NUMBERS)
    samples -= np.full(len(samples), 1 / len(samples), np.float32) @ samples  # no direct current
    tags = read_tags(data)
    return Sound(samples, stream.rate, stream.format, frames / stream.rate, tags.title, tags.artist)


def _content(file: int) -> bytes:
    pieces = []
    while piece := os.read(file, _AT_ONCE):
        pieces.append(piece)
    return b"".join(pieces)


def _check(stream: Stream) -> None:
    if not MIN_RATE <= stream.rate <= MAX_RATE:
        raise RefusedError(Refusal.RATE)
    if not 1 <= stream.channels <= MAX_CHANNELS:
        raise RefusedError(Refusal.CHANNELS)


def _samples(stream: Stream, start: int, length: int) -> NDArray[np.float32]:
    """Read in blocks, so that a file that claims to be long costs only what it holds."""
    mixed = _down_mix(stream)
    blocks, left = [np.empty((0, min(stream.channels, 2)), np.float32)], length
    for block in stream.blocks(start):
        taken = block[:left]
        blocks.append(taken if mixed is None else taken @ mixed)
        left -= len(taken)
        if not left:
            break
    return np.concatenate(blocks)


def _down_mix(stream: Stream) -> NDArray[np.float32] | None:
    """Return channels × 2, what stereo takes of each; None: it is mono or stereo already."""
    if stream.channels <= 2:
        return None
    layouts = _VORBIS_LAYOUTS if stream.format in ("ogg", "opus") else _LAYOUTS
    mixed = np.array([_FRONT.get(sign, (0, 0)) for sign in layouts[stream.channels]], np.float32)
    return np.asarray(mixed / mixed.sum(0), np.float32)
