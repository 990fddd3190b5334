"""What others may hear of a file: a part of its sound, and nothing else of it."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.audio.excerpt import HEARD_S
from bot.audio.pool import Analyzer
from tests.audio.files import RATE, file_of, noise, tone


@pytest.mark.parametrize(
    ("kind", "rate"), [("MP3", 44_100), ("WAV", 22_050), ("FLAC", 96_000), ("OGG", 8_000)]
)
async def test_an_excerpt_is_half_a_minute_of_ogg(kind: str, rate: int) -> None:
    content = file_of(np.stack([tone(40, rate=rate)] * 2, axis=1), rate, kind)

    found = await Analyzer().analyze(content, "x", excerpt=True)

    assert found.excerpt is not None
    heard = soundfile.info(io.BytesIO(found.excerpt))
    assert (heard.format, heard.subtype, heard.channels) == ("OGG", "VORBIS", 2)
    assert heard.duration == pytest.approx(HEARD_S, abs=0.1)
    assert len(found.excerpt) < 1_000_000


async def test_an_excerpt_is_the_loudest_part_and_clips_nowhere() -> None:
    samples = np.concatenate([noise(40, db=-50), 2 * tone(30, db=0), noise(15, db=-50)])

    found = await Analyzer().analyze(file_of(samples, subtype="FLOAT"), "x", excerpt=True)

    heard, rate = soundfile.read(io.BytesIO(found.excerpt or b""))
    middle = heard[2 * rate : -2 * rate]
    assert np.abs(middle).max() == pytest.approx(1, abs=0.1)
    assert np.sqrt(np.mean(middle**2)) > 0.6
    assert abs(heard[:50]).max() < 0.02


async def test_an_excerpt_names_nobody_and_is_made_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "song.ogg"
    with soundfile.SoundFile(path, "w", RATE, 1, format="OGG", subtype="VORBIS") as file:
        file.title, file.artist = "Secret title", "Secret artist"
        file.write(noise(12))

    plain = await Analyzer().analyze(path, "x")
    found = await Analyzer().analyze(path, "x", excerpt=True)

    assert (found.title, found.artist) == ("Secret title", "Secret artist")
    assert plain.excerpt is None
    assert found.excerpt is not None
    assert b"Secret" not in found.excerpt
    assert soundfile.info(io.BytesIO(found.excerpt)).duration == pytest.approx(12, abs=0.1)


async def test_a_file_from_elsewhere_is_fetched_when_it_is_its_turn() -> None:
    fetched = []

    async def fetch() -> bytes:
        fetched.append(1)
        return file_of(noise())

    found = await Analyzer().analyze(fetch, "x")

    assert (found.duration_s, fetched) == (12, [1])
