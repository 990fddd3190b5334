"""Analyses sound files in throw-away processes, a few at a time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.audio.analysis import Analysis

MAX_BYTES: Final = 25_000_000
"""Larger files are refused before they are looked at."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that opens a file may use before it is ended."""

    memory_bytes: int = 700 << 20
    cpu_s: int = 15
    wall_s: float = 30.0


class Analyzer:
    """Analyses sound files; use one for the whole bot.

    Args:
        workers: files analysed at once.
        queue: files that may wait for that.
    """

    def __init__(self, workers: int = 1, *, queue: int = 8, limits: Limits = Limits()) -> None:
        self._workers = workers
        self._queue = queue
        self._limits = limits

    async def analyze(self, content: bytes | Path, name: str) -> Analysis:
        """Return what can be heard in a sound file.

        Args:
            content: the file, or where it is.
            name: what its owner calls it; only for sentences.

        Raises:
            UserError: it is no sound file that can be read, or too many wait already.
        """
        raise NotImplementedError
