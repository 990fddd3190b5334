"""Cuts the text of a table into records, and these into frames of bounded size.

A record ends at a line break outside quotes, found for a whole piece at once: a line break with
an even number of quotes before it. The same way the fields of each record are counted, so that
rows of the wrong length are known by their number.
"""

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.errors import ImportFileError
from bot.services.cells import separator_line, separator_of

CHUNK_BYTES: Final = 8 << 20
MAX_RECORD_BYTES: Final = 16 << 20
_MAX_ROWS: Final = 150_000
_MAX_HEADER_BYTES: Final = 1 << 20
_HEADER_ROWS: Final = 4


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as the encoding of older Windows programs."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error("bside_cp1252", _decode_as_cp1252)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table, its columns as text, or as numbers where a whole column is that.

    `frame` has a column `row` (the header is row 1) and c0, c1 …; `ragged` are the rows with
    another number of fields than the header, with that number.
    """

    frame: pl.DataFrame
    ragged: list[tuple[int, int]]


class RecordReader:
    """Reads one table: its first rows to recognise it, then all that follows the header."""

    def __init__(
        self, name: str, blocks: Iterator[bytes], *, chunk_bytes: int = CHUNK_BYTES
    ) -> None:
        self._name = name
        self._blocks = blocks
        self._chunk_bytes = chunk_bytes
        self._buffer = bytearray()
        self._ended = False
        self._row = 1
        self.separator = ","

    def _as_utf8(self) -> None:
        """Read UTF-16 as UTF-8, and line ends of old Macs as those of everybody else."""
        start = bytes(self._buffer[:_MAX_HEADER_BYTES])
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
            blocks = self._blocks
            self._buffer = bytearray(decoder.decode(bytes(self._buffer)).encode("utf-8", "replace"))
            self._blocks = (decoder.decode(block).encode("utf-8", "replace") for block in blocks)
            start = bytes(self._buffer[:_MAX_HEADER_BYTES])
        if b"\n" not in start and b"\r" in start:
            rest = self._blocks
            self._buffer = bytearray(self._buffer.replace(b"\r", b"\n"))
            self._blocks = (block.replace(b"\r", b"\n") for block in rest)

    def _take_separator(self, line: str) -> bool:
        """Read a line that only names the separator, as Excel writes it; tell whether it is one."""
        found = separator_line(line)
        if found is None:
            return False
        self.separator = found
        del self._buffer[: self._buffer.index(b"\n") + 1]
        self._row += 1
        return True

    def first_rows(self) -> list[list[str]]:
        """Return the first rows, for finding the header.

        Raises:
            ImportFileError: the table is empty, not text, or has no line break in its beginning.
        """
        self._fill(min(self._chunk_bytes, _MAX_HEADER_BYTES))
        if self._buffer.startswith(codecs.BOM_UTF8):
            del self._buffer[: len(codecs.BOM_UTF8)]
        self._as_utf8()
        start = bytes(self._buffer[:_MAX_HEADER_BYTES])
        if not start.strip():
            raise ImportFileError(f"{self._name} is empty.")
        if b"\0" in start:
            raise ImportFileError(f"{self._name} is not a text table (it holds binary data).")
        if b"\n" not in start and len(start) == _MAX_HEADER_BYTES:
            raise ImportFileError(
                f"{self._name} is not a table: its first megabyte has no line break."
            )
        text = start.decode("utf-8", errors="bside_cp1252")
        line = text.splitlines()[0]
        if self._take_separator(line):
            text = text.partition("\n")[2]
        else:
            self.separator = separator_of(line)
        csv.field_size_limit(MAX_RECORD_BYTES)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator)
        try:
            return [row for row, _ in zip(rows, range(_HEADER_ROWS), strict=False)]
        except csv.Error as error:
            raise ImportFileError(
                f"{self._name} has a header that cannot be read ({error})."
            ) from error

    def chunks(
        self, *, header_rows: int, width: int, numbers: Collection[int] = ()
    ) -> Iterator[Chunk]:
        """Yield the rows after the header.

        Args:
            header_rows: how many records to leave out at the start.
            width: how many fields a row should have.
            numbers: the places of columns that should hold nothing but numbers.

        Raises:
            ImportFileError: a quote is never closed, a record is longer than 16 MB, the file is
                damaged, or quotes stand where they cannot be told apart.
        """
        to_skip = header_rows
        while True:
            self._fill(self._chunk_bytes)
            if not self._buffer:
                return
            data, ends, quotes = self._take()
            if to_skip:
                skipped = min(to_skip, len(ends))
                to_skip -= skipped
                self._row += skipped
                offset = int(ends[skipped - 1]) + 1
                data, ends = data[offset:], ends[skipped:] - offset
                quotes = quotes[np.searchsorted(quotes, offset) :] - offset
            for some in _split(data, ends, quotes):
                yield self._parse(*some, width, numbers)
                self._row += len(some[1])

    def _fill(self, size: int) -> None:
        while not self._ended and len(self._buffer) < size:
            block = next(self._blocks, b"")
            self._ended = not block
            self._buffer += block

    def _take(self) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
        """Take whole records from the buffer: their text, where each ends, where quotes stand."""
        while True:
            if self._ended and not self._buffer.endswith(b"\n"):
                self._buffer += b"\n"
            view = np.frombuffer(bytes(self._buffer), dtype=np.uint8)
            quotes = np.flatnonzero(view == ord('"'))
            breaks = np.flatnonzero(view == ord("\n"))
            ends = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
            if len(ends) and not (self._ended and len(quotes) % 2):
                cut = int(ends[-1]) + 1
                data = bytes(self._buffer[:cut])
                del self._buffer[:cut]
                return data, ends, quotes[: np.searchsorted(quotes, cut)]
            if self._ended:
                raise ImportFileError(
                    f'{self._name} is a broken csv: a quote (") is opened in or after row '
                    f"{self._row} and never closed."
                )
            if len(self._buffer) >= MAX_RECORD_BYTES:
                raise ImportFileError(
                    f"{self._name}, row {self._row}: a record of more than "
                    f"{MAX_RECORD_BYTES >> 20} MB is not a row of a track table."
                )
            self._fill(len(self._buffer) * 2)

    def _parse(
        self,
        data: bytes,
        ends: NDArray[np.int64],
        quotes: NDArray[np.int64],
        width: int,
        numbers: Collection[int],
    ) -> Chunk:
        view = np.frombuffer(data, dtype=np.uint8)
        separators = np.flatnonzero(view == ord(self.separator))
        if len(quotes):
            separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
        fields = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = ends - starts - (view[np.maximum(ends - 1, 0)] == ord("\r"))
        rows = np.arange(self._row, self._row + len(ends), dtype=np.uint32)
        blank = lengths <= 0
        ragged = (fields != width) & ~blank
        names = [f"c{place}" for place in range(width)]
        frame = self._frame(data, names, numbers).select(*names)
        if frame.height != len(ends):
            raise self._stray_quote(int(rows[-1]))
        kept = frame.with_columns(pl.Series("row", rows)).filter(pl.Series(~(blank | ragged)))
        return Chunk(kept, list(zip(rows[ragged].tolist(), fields[ragged].tolist(), strict=True)))

    def _frame(self, data: bytes, names: list[str], numbers: Collection[int]) -> pl.DataFrame:
        if not data.isascii():
            text = data.decode("utf-8", errors="bside_cp1252")
            data = text.encode("utf-8")
        header = self.separator.join([*names, "extra"]).encode() + b"\n"
        try:
            return pl.read_csv(
                header + data,
                separator=self.separator,
                infer_schema=False,
                schema_overrides={names[place]: pl.Float64 for place in numbers},
                truncate_ragged_lines=True,
            )
        except pl.exceptions.PolarsError as error:
            if numbers:
                return self._frame(data, names, ())  # one of them holds something else, or a quote
            raise self._stray_quote(self._row + data.count(b"\n") - 1) from error

    def _stray_quote(self, last_row: int) -> ImportFileError:
        return ImportFileError(
            f'{self._name} is a broken csv: between row {self._row} and row {last_row} a quote (") '
            "stands inside a field that is not quoted."
        )


def _split(
    data: bytes, ends: NDArray[np.int64], quotes: NDArray[np.int64]
) -> Iterator[tuple[bytes, NDArray[np.int64], NDArray[np.int64]]]:
    """Cut records into pieces of at most `_MAX_ROWS`."""
    start = 0
    for first in range(0, len(ends), _MAX_ROWS):
        some = ends[first : first + _MAX_ROWS]
        stop = int(some[-1]) + 1
        inside = quotes[slice(*np.searchsorted(quotes, (start, stop)))]
        yield data[start:stop], some - start, inside - start
        start = stop
