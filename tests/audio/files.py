"""Sound files made for a test."""

import io
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 22_050
_SUBTYPES = {"MP3": "MPEG_LAYER_III", "OGG": "VORBIS", "FLAC": "PCM_16", "WAV": "PCM_16"}


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def file_of(
    samples: NDArray[np.float32], rate: int = RATE, kind: str = "WAV", subtype: str = ""
) -> bytes:
    """Return a sound file of frames (× channels)."""
    content = io.BytesIO()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(
        content, "w", rate, channels, subtype or _SUBTYPES[kind], format=kind
    ) as file:
        for start in range(0, len(samples), 65_536):  # long Ogg files in one call crash libsndfile
            file.write(samples[start : start + 65_536])
    return content.getvalue()


def tone(
    seconds: float = 12, *, hz: float = 1000, db: float = -20, rate: int = RATE
) -> NDArray[np.float32]:
    """Return a sine whose peak is so many dB below full scale."""
    times = np.arange(int(seconds * rate)) / rate
    return (10 ** (db / 20) * np.sin(2 * np.pi * hz * times)).astype(np.float32)


def noise(seconds: float = 12, *, db: float = -20, seed: int = 1) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return (10 ** (db / 20) * rng.standard_normal(int(seconds * RATE))).astype(np.float32)
