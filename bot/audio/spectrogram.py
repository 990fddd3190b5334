"""The mel spectrogram as a PNG, written by hand: an image library would slow the child down."""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 900
SCALE: Final = 2
"""Pixels per mel band."""
_RANGE_DB: Final = 70
_COLORS: Final = np.array(
    [
        (0, 0, 4), (27, 12, 65), (74, 12, 107), (120, 28, 109), (165, 44, 96),
        (207, 68, 70), (237, 105, 37), (251, 155, 6), (247, 209, 61), (252, 255, 164),
    ]
)  # fmt: skip
"""From quiet to loud: the map "inferno", which stays readable for the color-blind."""


def picture(mel: NDArray[np.float32]) -> bytes:
    """Return a mel power spectrogram (frame × band) as a PNG: time goes right, pitch up."""
    edges = np.linspace(0, len(mel), min(WIDTH, len(mel)) + 1).astype(np.int64)
    columns = np.add.reduceat(mel, edges[:-1], axis=0) / np.diff(edges)[:, None]
    level = 10 * np.log10(columns + 1e-10)
    shade = np.clip((level - level.max()) / _RANGE_DB + 1, 0, 1)
    pixels = np.repeat((shade * 255).astype(np.uint8).T[::-1], SCALE, axis=0)
    return _png(pixels)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return rows of palette indexes as a PNG (W3C, Portable Network Graphics, 3rd edition)."""
    height, width = pixels.shape
    places = np.linspace(0, len(_COLORS) - 1, 256)
    channels = [np.interp(places, np.arange(len(_COLORS)), color) for color in _COLORS.T]
    palette = np.stack(channels, axis=1).round().astype(np.uint8).tobytes()
    unfiltered = np.hstack([np.zeros((height, 1), np.uint8), pixels]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(unfiltered, 6)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
