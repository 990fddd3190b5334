"""Files that mean harm, or are just broken: a clear sentence or a finite result, nothing left."""

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.audio.analysis import decode, encode
from bot.audio.pool import MAX_BYTES, Analyzer
from bot.errors import UserError
from tests.audio.files import RATE, file_of, left_in, noise, tone


def flipped(content: bytes, *, start: int, every: int) -> bytes:
    """Return a file with every so many bytes turned over from a place on."""
    broken = np.frombuffer(content, np.uint8).copy()
    broken[start::every] ^= 0xFF
    return broken.tobytes()


def floats(value: float) -> bytes:
    samples = noise()
    samples[RATE * 5] = value
    return file_of(samples, subtype="FLOAT")


def promising_wav(content: bytes) -> bytes:
    """Return a WAV whose header promises four gigabytes."""
    place = content.index(b"data") + 4
    return (
        content[:4]
        + b"\xf0\xff\xff\xff"
        + content[8:place]
        + b"\xf0\xff\xff\xff"
        + content[place + 4 :]
    )


def promising_flac(content: bytes, frames: int) -> bytes:
    """Return a FLAC file that claims another length."""
    head = int.from_bytes(content[18:26])
    return content[:18] + (head >> 36 << 36 | frames).to_bytes(8) + content[26:]


def stereo_of(channels: int) -> bytes:
    return file_of(np.stack([noise()] * channels, axis=1))


SENTENCES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty"),
    "one byte": (lambda: b"\xff", "not a sound file"),
    "text": (lambda: b"Never gonna give you up\n" * 50, "not a sound file"),
    "a page": (lambda: b"<!doctype html><title>404</title>" * 9, "not a sound file"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "not a sound file"),
    "an archive": (lambda: b"PK\x03\x04" + bytes(500), "not a sound file"),
    "a program": (lambda: b"\x7fELF" + bytes(500), "not a sound file"),
    "m4a": (lambda: b"\0\0\0\x20ftypM4A " + bytes(500), "MP4 file"),
    "m4p, protected": (lambda: b"\0\0\0\x20ftypM4P " + bytes(500), "protected"),
    "au": (lambda: file_of(noise(), kind="AU", subtype="PCM_16"), "not a sound file"),
    "too large": (lambda: b"fLaC" + bytes(MAX_BYTES), "larger than 25 MB"),
    "only a wav header": (lambda: file_of(noise())[:44], "damaged|shorter"),
    "half a wav header": (lambda: file_of(noise())[:20], "damaged"),
    "nine seconds": (lambda: file_of(noise(9)), "shorter than 10 seconds"),
    "two hours of silence": (
        lambda: file_of(np.zeros(8_000 * 7_200, np.int16), 8_000, "FLAC"),
        "longer than 20 minutes",
    ),
    "silence": (lambda: file_of(np.zeros(RATE * 12, np.float32)), "silent"),
    "nearly silence": (lambda: file_of(noise(db=-75), kind="FLAC"), "silent"),
    "direct current": (lambda: file_of(np.full(RATE * 12, 0.9, np.float32)), "silent"),
    "not a number": (lambda: floats(float("nan")), "not sound"),
    "infinity": (lambda: floats(float("inf")), "not sound"),
    "beyond all scale": (lambda: floats(1e30), "not sound"),
    "nine channels": (lambda: stereo_of(9), "more than 8 channels"),
    "4 kHz": (lambda: file_of(noise(60), 4_000), "sample rate"),
    "384 kHz": (lambda: file_of(noise(200), 384_000), "sample rate"),
    "an empty wav of GSM": (lambda: file_of(noise(), subtype="GSM610")[:60], "damaged|shorter"),
    "id3 and garbage": (lambda: b"ID3\x04\0\0\0\0\0\0" + noise().tobytes(), "damaged|kind"),
    "mp3 sync and zeros": (lambda: b"\xff\xfb\x90\x64" + bytes(20_000), "damaged|kind|shorter"),
    "ogg and garbage": (lambda: b"OggS" + noise().tobytes(), "damaged|kind"),
    "flac and garbage": (lambda: b"fLaC" + noise().tobytes(), "damaged|kind"),
    "a cut off ogg": (lambda: file_of(noise(), kind="OGG")[:9_000], "damaged|shorter"),
    "flac that promises an hour": (
        lambda: promising_flac(file_of(noise(), kind="FLAC"), 3_600 * RATE), "damaged"
    ),
    "flac that promises ten minutes": (
        lambda: promising_flac(file_of(noise(), kind="FLAC"), 600 * RATE), "damaged"
    ),
}  # fmt: skip

BEARABLE: dict[str, Callable[[], bytes]] = {
    "one tone": lambda: file_of(tone()),
    "clicks": lambda: file_of(np.where(np.arange(RATE * 12) % 9_000 == 0, 0.9, 0.0)),
    "a square at full scale": lambda: file_of(np.sign(tone(db=0))),
    "eight bits": lambda: file_of(noise(), subtype="PCM_U8"),
    "a wav that promises gigabytes": lambda: promising_wav(file_of(noise())),
    "an mp3 with broken bytes": lambda: flipped(
        file_of(noise(), kind="MP3"), start=2_000, every=997
    ),
    "half an mp3": lambda: file_of(noise(24), kind="MP3")[:-60_000],
    "an ogg with broken pages": lambda: flipped(
        file_of(noise(24), kind="OGG"), start=30_000, every=30_011
    ),
    "a flac with broken frames": lambda: flipped(
        file_of(noise(24), kind="FLAC"), start=50_000, every=50_021
    ),
    "opus of one channel": lambda: file_of(noise(), 24_000, "OGG", "OPUS"),
    "192 kHz": lambda: file_of(noise(110), 192_000, "FLAC"),
    "8 kHz": lambda: file_of(noise(5), 8_000),
}
"""Here a result is as good as a sentence, so long as it is finite."""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("make", "sentence"), SENTENCES.values(), ids=[name.replace(" ", "-") for name in SENTENCES]
)
async def test_a_file_that_cannot_be_used_is_one_clear_sentence(
    make: Callable[[], bytes], sentence: str, temporary: Path
) -> None:
    with pytest.raises(UserError, match=rf"^song\.mp3 .*({sentence}).*\.$") as caught:
        await Analyzer().analyze(make(), "song.mp3")

    assert len(str(caught.value)) < 200
    assert left_in(temporary) == []


@pytest.mark.parametrize(
    "make", BEARABLE.values(), ids=[name.replace(" ", "-") for name in BEARABLE]
)
async def test_an_odd_file_gives_finite_numbers_or_a_sentence(
    make: Callable[[], bytes], temporary: Path
) -> None:
    found, sentence = None, "song.mp3 "
    try:
        found = await Analyzer().analyze(make(), "song.mp3")
    except UserError as error:
        sentence = str(error)

    assert sentence.startswith("song.mp3 ")
    assert found is None or decode(encode(found), sha256=found.sha256) == found  # all in range
    assert left_in(temporary) == []


async def test_after_all_that_a_good_file_is_analysed_whatever_it_is_called() -> None:
    analyzer = Analyzer()
    for name in ("not a number", "ogg and garbage", "flac that promises ten minutes"):
        with pytest.raises(UserError):
            await analyzer.analyze(SENTENCES[name][0](), name)

    found = await analyzer.analyze(file_of(noise(), kind="FLAC"), "really.mp3")

    assert found.format == "flac"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Music\\song.wav", "song.wav"),
        ("**@everyone** `x`.wav", "everyone x.wav"),
        ("a" * 300, "a" * 59 + "…"),
        ("\u202e\n", "That file"),
    ],
)
async def test_only_the_plain_last_part_of_a_name_is_repeated(name: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        await Analyzer().analyze(b"", name)

    assert str(caught.value) == f"{shown} is empty. Choose the sound file itself."


def test_the_length_in_a_flac_header_is_where_the_test_thinks() -> None:
    content = file_of(noise(), kind="FLAC")

    assert struct.unpack(">Q", content[18:26])[0] & (1 << 36) - 1 == 12 * RATE
