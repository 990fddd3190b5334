"""Opens a file of tables as a stream of bounded pieces.

csv, alone or packed by gzip, zstd, bzip2 or xz; zip and tar, packed or not; parquet.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, TypeAlias

import polars as pl

from bot.errors import ImportFileError
from bot.services import archives
from bot.services.packed import begins_gzipped, told, unpacked

BLOCK_BYTES: Final = 1 << 20
_PARQUET_ROWS: Final = 50_000
_GZIP: Final = b"\x1f\x8b"
_TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".csv.gz")

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes of the file read so far, and its size."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text: its bytes, piece by piece."""

    name: str
    blocks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A table that is typed already: its rows, piece by piece."""

    name: str
    header: list[str]
    frames: Iterator[pl.DataFrame]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what goes wrong while reading into one sentence."""
    try:
        with told(path, ImportFileError):
            yield
    except (RuntimeError, NotImplementedError) as error:
        raise ImportFileError(f"{path} cannot be unpacked ({error}).") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        first = (str(error).splitlines() or ["it is damaged"])[0]
        raise ImportFileError(f"{path} is not a readable parquet file: {first}") from error


def open_tables(path: Path, progress: Progress) -> Iterator[TextTable | FrameTable]:
    """Yield the tables of a file; each must be read before the next is asked for.

    Raises:
        ImportFileError: missing, a folder, damaged, cut off, or of no known kind.
    """
    if not path.exists():
        raise ImportFileError(f"{path} does not exist.")
    if not path.is_file():
        raise ImportFileError(f"{path} is not a file: name the table itself.")
    with _readable(path), path.open("rb") as file:
        size = path.stat().st_size
        magic = file.read(4)
        file.seek(0)
        if not magic:
            raise ImportFileError(f"{path} is empty.")
        if magic[:2] == b"PK":
            yield from _zip_tables(path, file, lambda: progress(file.tell(), size))
        elif magic == b"PAR1":
            yield _parquet_table(path, lambda share: progress(int(size * share), size))
        elif _is_archive(path, magic):
            yield from _archived_tables(path, progress)
        else:
            yield TextTable(path.name, _text_blocks(path, file, size, progress))


def _text_blocks(
    path: Path, file: BufferedReader, size: int, progress: Progress
) -> Iterator[bytes]:
    with _readable(path):
        stream = unpacked(file, file.tell, gzipped=begins_gzipped(file))
        while block := stream.read(BLOCK_BYTES):
            progress(min(file.tell(), size), size)
            yield block


def _zip_tables(path: Path, file: BinaryIO, tick: Callable[[], None]) -> Iterator[TextTable]:
    with zipfile.ZipFile(file) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for member in members:
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
                raise ImportFileError(
                    f"{path} holds the file name {member.filename!r}, which leads outside of it: "
                    "the file may be hostile, so it is not read."
                )
        tables = [m for m in members if _is_table(m.filename)]
        if not tables:
            raise ImportFileError(f"{path} holds no csv file.")
        # Tables that name tracks go before those that only add to them (FMA's echonest.csv).
        for member in sorted(tables, key=lambda m: ("echonest" in m.filename, m.filename)):
            yield TextTable(member.filename, _member_blocks(path, archive, member, tick))


def _is_archive(path: Path, magic: bytes) -> bool:
    """Tell whether a file is a tar, or packed in a way that only `archives` reads."""
    if magic[:2] == _GZIP:
        return path.name.lower().endswith((".tar.gz", ".tgz"))
    return archives.is_archive(path)


def _archived_tables(path: Path, progress: Progress) -> Iterator[TextTable]:
    """Yield the tables of a tar, in its order, or the one that is packed alone."""
    is_there = False
    for name, stream in archives.members(path, progress):
        if _is_table(name) or path.name.startswith(name):
            is_there = True
            yield TextTable(name, archives.blocks(stream))
    if not is_there:
        raise ImportFileError(f"{path} holds no csv file.")


def _is_table(name: str) -> bool:
    inside = PurePosixPath(name)
    hidden = "__MACOSX" in inside.parts or inside.name.startswith(".")
    return not hidden and inside.name.lower().endswith(_TABLE_ENDINGS)


def _member_blocks(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, tick: Callable[[], None]
) -> Iterator[bytes]:
    with _readable(path), archive.open(member) as packed:
        gzipped = member.filename.lower().endswith(".gz")
        stream = unpacked(packed, lambda: member.compress_size, gzipped=gzipped)
        while block := stream.read(BLOCK_BYTES):
            tick()
            yield block


def _parquet_table(path: Path, progress: Callable[[float], None]) -> FrameTable:
    scan = pl.scan_parquet(path, glob=False)
    header = scan.collect_schema().names()
    rows = int(scan.select(pl.len()).collect().item())

    def frames() -> Iterator[pl.DataFrame]:
        with _readable(path):
            for start in range(0, rows, _PARQUET_ROWS):
                yield _as_text(scan.slice(start, _PARQUET_ROWS).collect())
                progress(min(start + _PARQUET_ROWS, rows) / rows)

    return FrameTable(path.name, header, frames())


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every value as a csv would hold it; lists as "a;b"."""
    columns = []
    for place, series in enumerate(frame.get_columns()):
        if isinstance(series.dtype, pl.List):
            text = series.cast(pl.List(pl.String)).list.join("\x1f")
        else:
            text = series.cast(pl.String, strict=False)
        columns.append(text.alias(f"c{place}").fill_null(""))
    return pl.DataFrame(columns)
