"""The measured values of a recording, and how they travel from the child to the bot."""

import json
import math
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Final

FORMATS: Final = ("wav", "w64", "aiff", "flac", "ogg", "opus", "mp3")
"""The formats that can be read; "ogg" is Vorbis."""
MAX_TAG: Final = 300
_OGG: Final = b"OggS"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and how far to trust it, both 0 … 1."""

    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast the music is. Sound alone does not tell which octave of the tempo people feel."""

    bpm: float
    """60 … 180 beats per minute; 0 when nothing beats."""
    other_bpm: float
    """The same an octave off, which some listeners may hear."""
    confidence: float
    """How far to trust `log2(bpm)` modulo 1, 0 … 1."""


@dataclass(frozen=True, slots=True)
class Key:
    """The tonic and the mode."""

    pitch_class: int
    """0 (C) … 11 (B)."""
    mode: int
    """1 major, 0 minor."""
    confidence: float
    """0 … 1."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was measured of at most 90 s from the middle of a recording."""

    sha256: str
    """The SHA-256 of the file, in hexadecimal."""
    format: str
    """One of `FORMATS`."""
    duration_s: float
    """The duration of the whole recording."""
    sample_rate: int
    channels: int
    tempo: Tempo
    key: Key
    loudness_lufs: float
    """Integrated, EBU R 128."""
    bandwidth_hz: float
    """The highest frequency it contains; a low one means that it was once compressed with loss."""
    acousticness: Estimate
    energy: Estimate
    instrumentalness: Estimate
    danceability: Estimate
    speechiness: Estimate
    valence: Estimate
    fingerprint: bytes
    """What `fingerprint.same_recording` compares."""
    spectrogram: bytes
    """A PNG: time goes right, pitch goes up on the mel scale to 11 kHz."""
    title: str | None = None
    artist: str | None = None
    """What the tags of the file say."""
    excerpt: bytes | None = None
    """Some seconds for others to hear (`audio.excerpt`); None: nobody asked for an excerpt."""


PERCEIVED: Final = (
    "acousticness",
    "energy",
    "instrumentalness",
    "danceability",
    "speechiness",
    "valence",
)
"""The fields of `Analysis` that are estimates of what listeners perceive."""


def encode(analysis: Analysis) -> bytes:
    """Return an analysis as one line of JSON; `sha256` is left to the reader, who has the file."""
    plain: dict[str, Any] = {
        name: [one.value, one.confidence]
        for name in PERCEIVED
        if isinstance(one := getattr(analysis, name), Estimate)
    }
    plain |= {
        "format": analysis.format,
        "duration_s": analysis.duration_s,
        "sample_rate": analysis.sample_rate,
        "channels": analysis.channels,
        "tempo": [analysis.tempo.bpm, analysis.tempo.other_bpm, analysis.tempo.confidence],
        "key": [analysis.key.pitch_class, analysis.key.mode, analysis.key.confidence],
        "loudness_lufs": analysis.loudness_lufs,
        "bandwidth_hz": analysis.bandwidth_hz,
        "fingerprint": b64encode(analysis.fingerprint).decode(),
        "spectrogram": b64encode(analysis.spectrogram).decode(),
        "title": analysis.title,
        "artist": analysis.artist,
        "excerpt": None if analysis.excerpt is None else b64encode(analysis.excerpt).decode(),
    }
    return json.dumps(plain).encode()


def decode(line: bytes, *, sha256: str) -> Analysis:
    """Read what `encode` wrote.

    Raises:
        ValueError: it is not that, or a number is out of its range. The writer has opened a
        stranger's file, so what it wrote is checked.
    """
    try:
        told = json.loads(line)
        bpm, other_bpm, tempo_confidence = told["tempo"]
        pitch_class, mode, key_confidence = told["key"]
        spectrogram = b64decode(told["spectrogram"], validate=True)
        if told["format"] not in FORMATS or not spectrogram.startswith(_PNG):
            raise ValueError("no analysis")
        return Analysis(
            sha256=sha256,
            format=told["format"],
            duration_s=_number(told["duration_s"], 0, 1e6),
            sample_rate=int(_number(told["sample_rate"], 1, 1e6)),
            channels=int(_number(told["channels"], 1, 2)),
            tempo=Tempo(
                _number(bpm, 0, 180), _number(other_bpm, 0, 360), _number(tempo_confidence, 0, 1)
            ),
            key=Key(
                int(_number(pitch_class, 0, 11)),
                int(_number(mode, 0, 1)),
                _number(key_confidence, 0, 1),
            ),
            loudness_lufs=_number(told["loudness_lufs"], -70, 20),
            bandwidth_hz=_number(told["bandwidth_hz"], 0, 1e6),
            **{name: _estimate(told[name]) for name in PERCEIVED},
            fingerprint=b64decode(told["fingerprint"], validate=True),
            spectrogram=spectrogram,
            title=_tag(told["title"]),
            artist=_tag(told["artist"]),
            excerpt=_excerpt(told["excerpt"]),
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no analysis: {error!r}") from error


def _estimate(told: Any) -> Estimate:
    value, confidence = told
    return Estimate(_number(value, 0, 1), _number(confidence, 0, 1))


def _number(told: Any, low: float, high: float) -> float:
    number = float(told)
    if not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{number} is not within {low} … {high}")
    return number


def _excerpt(told: Any) -> bytes | None:
    if told is None:
        return None
    content = b64decode(told, validate=True)
    if not content.startswith(_OGG):
        raise ValueError("no excerpt")
    return content


def _tag(told: Any) -> str | None:
    text = " ".join(str(told or "").split())
    return text[:MAX_TAG] or None
