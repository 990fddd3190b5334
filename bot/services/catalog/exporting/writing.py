"""Writes rows into a table piece by piece: csv, plain or gzipped, or parquet."""

import gzip
import io
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast

import polars as pl
from polars.io.plugins import register_io_source

from bot.services.cells import FORMULA_CELL

ENDINGS: Final = (".csv", ".csv.gz", ".parquet")
_GROUP: Final = 100_000
_LOOKS_EVERY_S: Final = 0.2


class Writer(Protocol):
    """A table that grows; its methods are called from threads, one at a time."""

    def write(self, rows: pl.DataFrame) -> None:
        """Add rows."""

    def finish(self) -> None:
        """Bring everything onto the disk."""

    def abandon(self) -> None:
        """Close what is open; what was written so far is worth nothing."""


class CsvWriter:
    """Writes csv in UTF-8; cells that a spreadsheet would take for a formula are marked."""

    def __init__(self, file: Path, *, packed: bool) -> None:
        self._plain = file.open("wb")
        self._file: IO[bytes] | gzip.GzipFile = self._plain
        if packed:
            self._file = gzip.GzipFile("", "wb", 5, self._plain, mtime=0)
        self._begins = True

    def write(self, rows: pl.DataFrame) -> None:
        """Add rows."""
        texts = [name for name, kind in rows.schema.items() if kind == pl.String]
        rows = rows.with_columns(_marked(name) for name in texts)
        self._file.write(rows.write_csv(include_header=self._begins).encode())
        self._begins = False

    def finish(self) -> None:
        """Bring everything onto the disk."""
        self._file.close()
        self._plain.close()

    def abandon(self) -> None:
        """Close the file."""
        with suppress(OSError):  # the disk is full, which was told already
            self._file.close()
        with suppress(OSError):
            self._plain.close()


def _marked(name: str) -> pl.Expr:
    cell = pl.col(name)
    is_formula = cell.str.contains(f"^{FORMULA_CELL}")
    return pl.when(is_formula).then(pl.lit("'") + cell).otherwise(cell).alias(name)


class _AbandonedError(Exception):
    """The table is not wanted any more."""


class _Noting(io.BufferedIOBase):
    """A file that remembers why it could not be written: polars tells that in its own words."""

    def __init__(self, file: Path) -> None:
        self._inside = file.open("wb")
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        try:
            return self._inside.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        try:
            self._inside.flush()
        except OSError as error:
            self.error = error
            raise

    def close(self) -> None:
        try:
            self._inside.close()
        except OSError as error:
            self.error = self.error or error


class ParquetWriter:
    """Writes parquet in a thread of its own, which takes pieces as it needs them."""

    def __init__(self, file: Path) -> None:
        self._file = _Noting(file)
        self._pieces: queue.Queue[pl.DataFrame | _AbandonedError | None] = queue.Queue(maxsize=2)
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def write(self, rows: pl.DataFrame) -> None:
        """Add rows."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(dict(rows.schema),))
            self._thread.start()
        self._put(rows)

    def finish(self) -> None:
        """Bring everything onto the disk."""
        self._put(None)
        if self._thread is not None:
            self._thread.join()
        self._file.close()
        if (error := self._error or self._file.error) is not None:
            raise error

    def abandon(self) -> None:
        """End the thread."""
        if self._thread is not None and self._thread.is_alive():
            with suppress(OSError):  # it ended by itself, which was told already
                self._put(_AbandonedError())
            self._thread.join()
        self._file.close()

    def _put(self, piece: pl.DataFrame | _AbandonedError | None) -> None:
        while self._error is None:
            try:
                self._pieces.put(piece, timeout=_LOOKS_EVERY_S)
            except queue.Full:
                continue
            return
        raise self._error

    def _run(self, schema: dict[str, pl.DataType]) -> None:
        try:
            table = register_io_source(self._given, schema=schema)
            table.sink_parquet(cast("IO[bytes]", self._file), row_group_size=_GROUP)
        except pl.exceptions.PolarsError as error:
            self._error = self._file.error or OSError(str(error))
        except Exception as error:
            self._error = error  # it is raised where rows are added

    def _given(self, *_: Any) -> Iterator[pl.DataFrame]:
        while (piece := self._pieces.get()) is not None:
            if isinstance(piece, _AbandonedError):
                raise piece
            yield piece


def open_writer(part: Path, ending: str) -> Writer:
    """Begin a table of one of the `ENDINGS`."""
    if ending == ".parquet":
        return ParquetWriter(part)
    return CsvWriter(part, packed=ending == ".csv.gz")
