"""A short piece of music, made by rule, for those who have none at hand to upload."""

import io
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

NAME: Final = "Night Ferry - Foghorn Waltz.ogg"
TEMPO: Final = 112.0
_RATE: Final = 22_050
_BARS: Final = 20
_CHORDS: Final = ((9, 12, 16), (5, 9, 12), (12, 16, 19), (7, 11, 14))
"""A minor, F, C, G: semitones above the C below middle C."""
_BLOCK: Final = 65_536
"""Frames; libsndfile fails on a long Ogg file written at once."""


def demo_piece() -> bytes:
    """Return three quarters of a minute in C major or its minor relative, as Ogg Vorbis."""
    rng = np.random.default_rng(11)
    beat = int(60 / TEMPO * _RATE)
    sound = np.zeros(_BARS * 4 * beat + _RATE)
    for bar in range(_BARS):
        chord, start = _CHORDS[bar % len(_CHORDS)], bar * 4 * beat
        for semitone in chord:
            _add(sound, start, 0.10 * _tone(semitone, 4 * beat, fall=2.0))
        _add(sound, start, 0.25 * _tone(chord[0] - 12, 2 * beat, fall=1.2))
        for number in range(8):
            semitone = chord[number % len(chord)] + 12
            _add(sound, start + number * beat // 2, 0.12 * _tone(semitone, beat, fall=0.4))
        for number in range(4):
            _add(sound, start + number * beat, 0.5 * _drum(beat))
            hiss = rng.normal(0, 0.06, beat // 8) * np.linspace(1, 0, beat // 8)
            _add(sound, start + number * beat + beat // 2, hiss)
    sound = (0.8 * sound / np.abs(sound).max()).astype(np.float32)
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", _RATE, 1, format="OGG", subtype="VORBIS") as ogg:
        for first in range(0, len(sound), _BLOCK):
            ogg.write(sound[first : first + _BLOCK])
    return file.getvalue()


def _tone(semitone: int, frames: int, *, fall: float) -> NDArray[np.float64]:
    """Return a plucked tone with some harmonics, which falls to 1 / e in so many seconds."""
    seconds = np.arange(frames) / _RATE
    pitch = 130.81 * 2 ** (semitone / 12)
    harmonics = sum(np.sin(2 * np.pi * pitch * n * seconds) / n**1.5 for n in range(1, 5))
    tone: NDArray[np.float64] = harmonics * np.exp(-seconds / fall)
    return tone


def _drum(frames: int) -> NDArray[np.float64]:
    seconds = np.arange(frames // 2) / _RATE
    pitch = 50 + 70 * np.exp(-seconds * 30)
    drum: NDArray[np.float64] = np.sin(2 * np.pi * pitch * seconds) * np.exp(-seconds * 12)
    return drum


def _add(sound: NDArray[np.float64], start: int, part: NDArray[np.float64]) -> None:
    end = min(start + len(part), len(sound))
    sound[start:end] += part[: end - start]
