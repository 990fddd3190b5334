"""Fingerprints: the same recording is known again, another is not."""

import io

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.audio.fingerprint import SAME, difference, fingerprint, same_recording
from bot.audio.spectra import magnitudes
from tests.audio.files import RATE, file_of, noise, tone
from tests.audio.songs import STYLES, make_song


def print_of(signal: NDArray[np.float32]) -> bytes:
    return fingerprint(magnitudes(signal))


@pytest.fixture(scope="module")
def songs() -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(3)
    return [make_song(style, 0, 1, rng, seconds=30).samples for style in STYLES[:5]]


def test_an_mp3_at_half_the_level_is_the_same_recording(songs: list[NDArray[np.float32]]) -> None:
    for song in songs:
        content = file_of(song * np.float32(0.5), kind="MP3")
        heard, _ = soundfile.read(io.BytesIO(content), dtype="float32")

        assert same_recording(print_of(song), print_of(heard))


def test_what_begins_later_is_the_same_recording(songs: list[NDArray[np.float32]]) -> None:
    for cut in (0.05, 1.37, 6.0):
        later = songs[0][int(cut * RATE) :]

        assert same_recording(print_of(songs[0]), print_of(later))


def test_another_sample_rate_is_the_same_recording(songs: list[NDArray[np.float32]]) -> None:
    there = soxr.resample(songs[1], RATE, 16_000)
    back = soxr.resample(there, 16_000, RATE)

    assert same_recording(print_of(songs[1]), print_of(back))


def test_other_songs_in_the_same_key_are_other_recordings(
    songs: list[NDArray[np.float32]],
) -> None:
    prints = [print_of(song) for song in songs]
    pairs = [(a, b) for place, a in enumerate(prints) for b in prints[:place]]

    assert not any(same_recording(*pair) for pair in pairs)


def test_steady_sounds_prove_nothing() -> None:
    quiet = print_of(np.zeros(12 * RATE, np.float32))
    steady = print_of(tone(20))

    assert quiet == b""
    assert not same_recording(quiet, quiet)
    assert not same_recording(steady, steady)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=1200), st.binary(max_size=1200))
def test_any_bytes_can_be_compared_either_way_round(first: bytes, second: bytes) -> None:
    apart = difference(first, second)

    assert 0 <= apart <= 0.5 + 1e-9
    assert difference(second, first) == pytest.approx(apart, abs=1e-9)


@given(st.binary(min_size=200, max_size=1000))
def test_every_fingerprint_of_enough_sound_is_its_own(words: bytes) -> None:
    changing = sum(word != 0 for word in np.frombuffer(words[: len(words) // 2 * 2], "<u2"))

    assert same_recording(words, words) == (changing > 12 / (8 * 512 / RATE))
    assert SAME < 0.5


def test_noise_of_another_chance_is_another_recording() -> None:
    assert not same_recording(print_of(noise(30, seed=1)), print_of(noise(30, seed=2)))
