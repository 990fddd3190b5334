"""Tempo and key, on songs made by rule."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.audio.analysis import Key, Tempo
from bot.audio.spectra import magnitudes, mel_weights
from bot.audio.tempo import FELT, find_tempo
from bot.audio.tonality import find_key
from tests.audio.files import RATE, noise, tone
from tests.audio.songs import STYLES, Song, make_song, mirex_score, same_tempo


def tempo_of(signal: NDArray[np.float32]) -> Tempo:
    return find_tempo(magnitudes(signal) ** 2 @ mel_weights().T)


def clicks(bpm: float, seconds: float = 20) -> NDArray[np.float32]:
    signal = np.zeros(int(seconds * RATE), np.float32)
    for at in np.arange(0, seconds - 0.1, 60 / bpm):
        signal[int(at * RATE) : int(at * RATE) + 200] = noise(1)[:200]
    return signal


@pytest.fixture(scope="module")
def songs() -> list[Song]:
    """One of each style, in different keys."""
    rng = np.random.default_rng(5)
    return [
        make_song(style, (place * 5) % 12, place % 2, rng, seconds=24)
        for place, style in enumerate(STYLES)
    ]


@pytest.mark.parametrize("bpm", [61, 72.5, 90, 120, 128, 140.2, 174])
def test_clicks_are_counted_exactly(bpm: float) -> None:
    tempo = tempo_of(clicks(bpm))

    assert np.abs(np.log2(tempo.bpm / bpm) - np.round(np.log2(tempo.bpm / bpm))) < 0.01
    assert FELT[0] <= tempo.bpm <= FELT[1]
    assert tempo.other_bpm / tempo.bpm in (0.5, 2)
    assert tempo.confidence > 0.5


def test_songs_have_their_tempo_up_to_an_octave(songs: list[Song]) -> None:
    right = [same_tempo(tempo_of(one.samples).bpm, one.bpm, octaves=True) for one in songs]

    assert sum(right) >= 7


def test_songs_are_in_their_key(songs: list[Song]) -> None:
    found = [find_key(one.samples) for one in songs]
    scores = [
        mirex_score((key.pitch_class, key.mode), (one.pitch_class, one.mode))
        for key, one in zip(found, songs, strict=True)
    ]

    assert np.mean(scores) >= 0.8


def test_a_chord_of_three_octaves_is_its_own_key() -> None:
    midi = np.array([57, 61, 64, 69, 73, 76])  # A major
    chord = sum(tone(10, hz=440 * 2 ** ((note - 69) / 12)) for note in midi.tolist())
    assert isinstance(chord, np.ndarray)

    key = find_key(chord)

    assert (key.pitch_class, key.mode) == (9, 1)
    assert key.confidence > 0.3


def test_a_piano_out_of_tune_is_in_the_same_key(songs: list[Song]) -> None:
    rng = np.random.default_rng(2)
    song = make_song(STYLES[6], 4, 1, rng, seconds=20)
    places = np.arange(0, len(song.samples) - 1, 2 ** (0.4 / 12))  # 40 cents sharp
    sharp = np.interp(places, np.arange(len(song.samples)), song.samples).astype(np.float32)

    assert find_key(sharp).pitch_class == find_key(song.samples).pitch_class


@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_louder_or_quieter_is_the_same_music(songs: list[Song], gain: float) -> None:
    for song in songs[:4]:
        changed = song.samples * np.float32(gain)

        assert tempo_of(changed).bpm == pytest.approx(tempo_of(song.samples).bpm, rel=0.01)
        before, after = find_key(song.samples), find_key(changed)
        assert (after.pitch_class, after.mode) == (before.pitch_class, before.mode)


def test_where_nothing_beats_and_nothing_sounds_nothing_is_claimed() -> None:
    silence = np.zeros(12 * RATE, np.float32)

    assert tempo_of(silence) == Tempo(0, 0, 0)
    assert find_key(silence) == Key(0, 1, 0)
    assert tempo_of(noise()).confidence < 0.5
    assert find_key(noise()).confidence < 0.3
