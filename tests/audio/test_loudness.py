"""Loudness against the minimum requirements of EBU Tech 3341 (cases 1 to 5)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.audio.loudness import SILENT_LUFS, integrated_loudness
from tests.audio.files import noise, tone

RATE = 48_000


def stereo(*parts: tuple[float, float], rate: int = RATE) -> NDArray[np.float32]:
    """Return a 1 kHz tone in both channels, of (dBFS, seconds) after each other."""
    mono = np.concatenate([tone(seconds, db=db, rate=rate) for db, seconds in parts])
    return np.stack([mono, mono], axis=1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(-23, 20)], -23, id="a tone"),
        pytest.param([(-33, 20)], -33, id="a quiet tone"),
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], -23, id="the relative gate"),
        pytest.param(
            [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23, id="the absolute gate"
        ),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], -23, id="no gate between"),
    ],
)
def test_loudness_is_that_of_the_standard(
    parts: list[tuple[float, float]], expected: float
) -> None:
    assert integrated_loudness(stereo(*parts), RATE) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_loudness_is_the_same_at_every_rate(rate: int) -> None:
    assert integrated_loudness(stereo((-23, 10), rate=rate), rate) == pytest.approx(-23, abs=0.1)


def test_one_channel_is_half_as_loud_as_two() -> None:
    both = stereo((-23, 5))

    assert integrated_loudness(both[:, :1], RATE) == pytest.approx(-26, abs=0.1)


def test_silence_is_as_quiet_as_can_be() -> None:
    assert integrated_loudness(np.zeros((RATE * 10, 2), np.float32), RATE) == SILENT_LUFS


@settings(max_examples=20, deadline=None)
@given(st.floats(-30, 20))
def test_so_many_decibels_are_so_many_loudness_units(gain: float) -> None:
    samples = noise(3)[:, None]

    louder = integrated_loudness(samples * np.float32(10 ** (gain / 20)), 22_050)

    assert louder - integrated_loudness(samples, 22_050) == pytest.approx(gain, abs=0.01)
