"""Songs made by rule, so that their tempo and key are known: eight styles in any key."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 22_050


@dataclass(frozen=True, slots=True)
class Style:
    """How a song is played; a step is a quarter of a beat."""

    name: str
    slowest: float
    fastest: float
    beats: int
    kick: tuple[int, ...]
    snare: tuple[int, ...]
    hat: tuple[int, ...]
    chords: tuple[int, ...]
    bass: tuple[int, ...]
    fade: float
    """How fast the overtones of the chords fade: 1 is a saw, 4 a flute."""
    held: float
    """Seconds that chords ring."""


_EIGHTHS: Final = tuple(range(0, 16, 2))
STYLES: Final = (
    Style(
        "rock", 100, 150, 4, kick=(0, 8, 10), snare=(4, 12), hat=_EIGHTHS,
        chords=(0, 4, 8, 12), bass=_EIGHTHS, fade=1.2, held=0.4,
    ),
    Style(
        "house", 118, 130, 4, kick=(0, 4, 8, 12), snare=(4, 12), hat=(2, 6, 10, 14),
        chords=(2, 5, 8, 11), bass=(2, 6, 10, 14), fade=1.0, held=0.15,
    ),
    Style(
        "drum and bass", 165, 178, 4, kick=(0, 10), snare=(4, 12), hat=_EIGHTHS,
        chords=(0,), bass=(0, 3, 10), fade=1.5, held=1.5,
    ),
    Style(
        "ballad", 62, 84, 4, kick=(0, 8), snare=(4, 12), hat=(0, 4, 8, 12),
        chords=(0, 4, 8, 12), bass=(0, 8), fade=2.5, held=1.2,
    ),
    Style(
        "waltz", 90, 150, 3, kick=(0,), snare=(4, 8), hat=(),
        chords=(4, 8), bass=(0,), fade=2.0, held=0.3,
    ),
    Style(
        "hip hop", 82, 98, 4, kick=(0, 7, 10), snare=(4, 12), hat=_EIGHTHS,
        chords=(0, 6), bass=(0, 7, 10), fade=1.8, held=0.6,
    ),
    Style(
        "piano", 76, 120, 4, kick=(), snare=(), hat=(),
        chords=_EIGHTHS, bass=(0, 8), fade=2.2, held=0.7,
    ),
    Style(
        "funk", 96, 114, 4, kick=(0, 3, 10), snare=(4, 12), hat=tuple(range(16)),
        chords=(2, 5, 10, 13), bass=(0, 3, 6, 10, 11), fade=1.1, held=0.12,
    ),
)  # fmt: skip
_SCALES: Final = {1: (0, 2, 4, 5, 7, 9, 11), 0: (0, 2, 3, 5, 7, 8, 10)}
_PROGRESSIONS: Final = {
    1: ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 1, 4), (0, 3, 0, 4)),
    0: ((0, 3, 4, 0), (0, 5, 3, 4), (0, 5, 6, 0), (0, 0, 3, 4)),
}
"""Degrees, one a bar; in minor the fifth has a leading note, else no ear could tell the key from
its relative."""


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """Sound with its truth."""

    samples: NDArray[np.float32]
    """One channel at `RATE`."""
    bpm: float
    pitch_class: int
    mode: int
    style: str


def make_song(
    style: Style, pitch_class: int, mode: int, rng: np.random.Generator, *, seconds: float = 30.0
) -> Song:
    """Play a song of some style in a key, everything else by chance."""
    bpm = float(rng.uniform(style.slowest, style.fastest))
    samples = np.zeros(int(seconds * RATE))
    step = 60 / bpm / 4
    scale, steps = _SCALES[mode], 4 * style.beats
    chords = _PROGRESSIONS[mode][int(rng.integers(4))]
    tonic = 48 + pitch_class
    for bar in range(int(seconds / (step * steps))):
        root = chords[bar % len(chords)]

        def pitch(degree: int, root: int = root) -> int:
            leading = mode == 0 and root == 4 and (root + degree) % 7 == 6
            return tonic + scale[(root + degree) % 7] + 12 * ((root + degree) // 7) + leading

        at = bar * steps * step
        for place in style.kick:
            _add(samples, at + place * step, _kick(), 0.9)
        for place in style.snare:
            _add(samples, at + place * step, _noise(rng, 0.15, 25), 0.4)
        for place in style.hat:
            _add(samples, at + place * step, np.diff(_noise(rng, 0.05, 90)), 0.2)
        for place in style.chords:
            for degree in (0, 2, 4):
                note = _note(pitch(degree) + 12, style.held, style.fade)
                _add(samples, at + place * step, note, 0.12)
        for place in style.bass:
            _add(samples, at + place * step, _note(pitch(0) - 12, 0.25, 1.5), 0.3)
        for place in range(0, steps, 2):
            if rng.random() < 0.5:
                degree = int(rng.choice([0, 2, 4, 0, 2, 4, 1, 3, 5, 6]))
                _add(samples, at + place * step, _note(pitch(degree) + 24, 0.25, 2.0), 0.12)
    samples += rng.normal(0, 1e-3, len(samples))
    loud = 0.7 * samples / np.abs(samples).max()
    return Song(loud.astype(np.float32), bpm, pitch_class, mode, style.name)


def catalog_of_songs(seed: int = 1, *, seconds: float = 30.0) -> list[Song]:
    """Return 192 songs: every style in every key."""
    rng = np.random.default_rng(seed)
    return [
        make_song(style, pitch_class, mode, rng, seconds=seconds)
        for style in STYLES
        for mode in (1, 0)
        for pitch_class in range(12)
    ]


def same_tempo(found: float, true: float, *, octaves: bool) -> bool:
    """Return whether a tempo is right within 4 %; with octaves, also at 1/3, 1/2, 2 and 3 times."""
    factors = (1, 2, 0.5, 3, 1 / 3) if octaves else (1,)
    return any(abs(found / (true * factor) - 1) <= 0.04 for factor in factors)


def mirex_score(found: tuple[int, int], true: tuple[int, int]) -> float:
    """Return 1 for the same key, .5 a fifth off, .3 for the relative, .2 for the parallel one."""
    (tonic, mode), (wanted, wanted_mode) = found, true
    apart = (tonic - wanted) % 12
    if mode == wanted_mode:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(apart, 0.0)
    if apart == 0:
        return 0.2
    return 0.3 if apart == (9 if wanted_mode == 1 else 3) else 0.0


def _add(samples: NDArray[np.float64], at: float, sound: NDArray[np.float64], gain: float) -> None:
    start = round(at * RATE)
    part = samples[start : start + len(sound)]
    part += gain * sound[: len(part)]


def _times(seconds: float) -> NDArray[np.float64]:
    return np.arange(int(seconds * RATE)) / RATE


@lru_cache(4096)
def _note(midi: float, seconds: float, fade: float) -> NDArray[np.float64]:
    times = _times(seconds)
    frequency = 440 * 2 ** ((midi - 69) / 12)
    count = min(12, int(RATE / 2 / frequency))
    tone = sum(np.sin(2 * np.pi * n * frequency * times) / n**fade for n in range(1, count + 1))
    envelope = np.minimum(times / 0.005, 1) * np.exp(-2 * times / seconds)
    played: NDArray[np.float64] = tone * envelope * np.minimum((seconds - times) / 0.01, 1)
    return played


@lru_cache(1)
def _kick() -> NDArray[np.float64]:
    times = _times(0.2)
    kick: NDArray[np.float64] = np.sin(2 * np.pi * (50 * times + 8 * (1 - np.exp(-30 * times))))
    return kick * np.exp(-15 * times)


def _noise(rng: np.random.Generator, seconds: float, decay: float) -> NDArray[np.float64]:
    times = _times(seconds)
    return rng.normal(0, 1, len(times)) * np.exp(-decay * times)
