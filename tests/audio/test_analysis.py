"""An analysis on its way from the child, which is not believed; and its picture."""

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import image

from bot.audio.analysis import PERCEIVED, Analysis, Estimate, Key, Tempo, decode, encode
from bot.audio.decoding import Sound
from bot.audio.descriptors import NAMES, bandwidth, describe
from bot.audio.measuring import measure
from bot.audio.perception import CONFIDENCE, raw_estimates
from bot.audio.spectra import MELS, RATE, magnitudes, mel_weights
from bot.audio.spectrogram import SCALE, picture
from tests.audio.files import noise, tone

SHARES = st.floats(0, 1)
ESTIMATES = st.builds(Estimate, SHARES, SHARES)
ANALYSES = st.builds(
    Analysis,
    sha256=st.just("0" * 64),
    format=st.sampled_from(("wav", "flac", "ogg", "opus", "mp3")),
    duration_s=st.floats(10, 1200),
    sample_rate=st.integers(8_000, 192_000),
    channels=st.integers(1, 2),
    tempo=st.builds(Tempo, st.floats(60, 180), st.floats(60, 360), SHARES),
    key=st.builds(Key, st.integers(0, 11), st.integers(0, 1), SHARES),
    loudness_lufs=st.floats(-60, 5),
    bandwidth_hz=st.floats(0, 96_000),
    **dict.fromkeys(PERCEIVED, ESTIMATES),
    fingerprint=st.binary(max_size=40),
    spectrogram=st.binary(max_size=40).map(lambda rest: b"\x89PNG\r\n\x1a\n" + rest),
    title=st.sampled_from((None, "Blue Train", "Für Elise")),
    artist=st.none(),
)


def told() -> dict[str, Any]:
    """Return an analysis as the child tells it."""
    analysis = measure(Sound(noise()[:, None], RATE, "wav", 12.0, None, None))
    plain: dict[str, Any] = json.loads(encode(analysis))
    return plain


@given(ANALYSES)
def test_an_analysis_arrives_as_it_was_sent(analysis: Analysis) -> None:
    assert decode(encode(analysis), sha256=analysis.sha256) == analysis


@pytest.mark.parametrize(
    "lie",
    [
        {"loudness_lufs": float("nan")},
        {"energy": [1.5, 0.5]},
        {"energy": [0.5]},
        {"energy": None},
        {"tempo": [float("inf"), 1, 1]},
        {"key": [12, 1, 1]},
        {"format": "exe"},
        {"spectrogram": "PGh0bWw+"},
        {"fingerprint": "not base64!"},
        {"duration_s": "long"},
        {"channels": 10**400},
    ],
)
def test_what_cannot_be_an_analysis_is_none(lie: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(json.dumps(told() | lie).encode(), sha256="")


@given(st.binary(max_size=60))
def test_any_other_bytes_are_none(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(line, sha256="")


def test_a_nest_of_brackets_is_none() -> None:
    with pytest.raises(ValueError, match="no analysis"):
        decode(b"[" * 1_000_000, sha256="")


def test_tags_become_one_short_line() -> None:
    found = decode(json.dumps(told() | {"title": " a\n\tb " + "c" * 999}).encode(), sha256="")

    assert found.title is not None
    assert found.title.startswith("a b ccc")
    assert len(found.title) == 300


def test_the_picture_shows_a_tone_as_a_line_at_its_height() -> None:
    mel = magnitudes(tone(30, hz=1000)) ** 2 @ mel_weights().T

    pixels = image.imread(io.BytesIO(picture(mel)))

    assert pixels.shape[0] == SCALE * MELS
    brightest = pixels[:, :, :3].sum(axis=2).mean(axis=1).argmax()
    lowest_first = MELS - 1 - int(brightest) // SCALE
    assert lowest_first == mel_weights()[:, round(1000 / RATE * 2048)].argmax()


def test_descriptors_of_a_tone_are_those_of_its_frequency() -> None:
    signal = tone(10, hz=2000)
    spectrum = magnitudes(signal)
    found = dict(zip(NAMES, describe(signal, spectrum, spectrum**2 @ mel_weights().T), strict=True))

    assert found["centroid"] == pytest.approx(2000, rel=0.02)
    assert found["rolloff"] == pytest.approx(2000, rel=0.02)
    assert found["zero_crossings"] == pytest.approx(4000 / RATE, rel=0.02)
    assert found["contrast_4"] > found["contrast_0"]  # 1600 … 3200 Hz


@pytest.mark.parametrize("cut", [4_000, 8_000, 16_000])
def test_the_bandwidth_is_where_a_codec_cut(cut: int) -> None:
    whole = noise(20)
    spectrum = np.fft.rfft(whole)
    spectrum[np.fft.rfftfreq(len(whole), 1 / 44_100) > cut] = 0
    limited = np.fft.irfft(spectrum, len(whole)).astype(np.float32)

    assert bandwidth(limited, 44_100) == pytest.approx(cut, abs=200)
    assert bandwidth(whole, 44_100) == pytest.approx(22_050, rel=0.01)


def test_acousticness_is_not_trusted_where_the_highs_are_gone() -> None:
    full = measure(Sound(noise()[:, None], RATE, "wav", 12.0, None, None))
    narrow = measure(Sound(noise()[:, None], 8_000, "wav", 12.0, None, None))

    assert full.acousticness.confidence == CONFIDENCE["acousticness"]
    assert narrow.acousticness.confidence == 0
    assert narrow.energy.confidence == CONFIDENCE["energy"]


def test_louder_music_has_more_energy() -> None:
    def energy(db: float) -> float:
        signal = noise(db=db)
        spectrum = magnitudes(signal)
        return raw_estimates(describe(signal, spectrum, spectrum**2 @ mel_weights().T))["energy"]

    assert energy(-15) > energy(-45)
