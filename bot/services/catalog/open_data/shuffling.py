"""Puts many rows aside by their key, so that all rows of one lie in one small file."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]
"""Structured; its field `key` says of which recording, or listener, a row is."""
FEW: Final = 6
"""Powers of two: so many files, 64."""
MANY: Final = 8


class Kind(Protocol):
    """What is put aside."""

    @property
    def name(self) -> str:
        """Of its folder; another meaning has another name."""

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a row holds besides its key."""

    @property
    def bits(self) -> int:
        """As `Shuffle` takes it."""


class Shuffle:
    """Files of rows, one for each part of the keys."""

    def __init__(self, folder: Path, fields: list[tuple[str, str]], *, bits: int = FEW) -> None:
        """Take where the files are, what a row holds besides `key`, and how many files."""
        self._shift = np.uint64(64 - bits)
        self._folder = folder
        self.dtype = np.dtype([("key", "<u8"), *fields])
        folder.mkdir(parents=True, exist_ok=True)
        self._files = [self._path(part).open("ab") for part in range(1 << bits)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close()

    def add(self, rows: Rows) -> None:
        """Put rows aside.

        Raises:
            OSError: the disk is full.
        """
        parts = (rows["key"] >> self._shift).astype(np.int64)
        order = np.argsort(parts, kind="stable")
        rows, parts = rows[order], parts[order]
        cuts = np.searchsorted(parts, np.arange(len(self._files) + 1))
        for part, file in enumerate(self._files):
            some = rows[cuts[part] : cuts[part + 1]]
            if len(some):
                file.write(some.tobytes())

    @property
    def rows(self) -> int:
        """How many rows were put aside."""
        return sum(file.tell() for file in self._files) // self.dtype.itemsize

    def sizes(self) -> list[int]:
        """Return how long each file is, once all of it is on the disk."""
        for file in self._files:
            file.flush()
        return [file.tell() for file in self._files]

    def cut_back(self, sizes: list[int]) -> None:
        """Forget what was put aside after `sizes` was asked: it will come once more."""
        for file, size in zip(self._files, sizes, strict=True):
            file.truncate(size)
            file.seek(0, 2)

    def parts(self) -> Iterator[Rows]:
        """Yield all rows, part by part, each sorted by key."""
        self.sizes()
        for part in range(len(self._files)):
            rows = np.fromfile(self._path(part), self.dtype)
            yield rows[np.argsort(rows["key"], kind="stable")]

    def _path(self, part: int) -> Path:
        return self._folder / f"{part:02}.rows"
