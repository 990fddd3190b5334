"""Opens an export as text, file by file when it is packed; never more of it than fits in memory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, BinaryIO, Final, TypeAlias

from bot.exports import sheets
from bot.exports.refusal import Refusal, RefusedError

MOST_FILES: Final = 2000
"""An export has some dozens."""
MOST_UNPACKED: Final = 2 << 30
MOST_RATIO: Final = 100
"""Exports are unpacked to about twenty times their size; what grows more is no export."""
_ALLOWANCE: Final = 16 << 20
_ENDINGS: Final = (".json", ".jsonl", ".csv", ".tsv", ".log", ".zip")
_DEEPEST: Final = 3
"""Apple packs zips within zips."""
_LARGEST_INNER: Final = 100 << 20
"""Bytes of a zip within a zip, which is held in memory."""
_BUFFER: Final = 1 << 20
_HEAD: Final = 1024
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How text begins that is not UTF-8 but holds zeros all the same."""

_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Services pack exports so; every other way only brings its own faults."""
_LOCKED: Final = 1
_END: Final = b"PK\5\6"
_END_FIELDS: Final = struct.Struct("<10xHI6x")
"""Of the end of a zip: how many entries, and how long their list is."""
_LOCATOR: Final = b"PK\6\7"
_LOCATOR_FIELDS: Final = struct.Struct("<8xQ4x")
_LONG_END_FIELDS: Final = struct.Struct("<32xQQ8x")
_SEE_LONG: Final = 0xFFFFFFFF
"""A length that stands in the long end."""
_LONGEST_TAIL: Final = 22 + 65_535 + 20
_DIRECTORY: Final = 1 << 20
"""Bytes of the list of entries."""
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError,
    RuntimeError,
)  # fmt: skip
"""What reading a damaged zip may raise."""


NamedFile: TypeAlias = tuple[str, Callable[[], io.TextIOWrapper]]


@dataclass(slots=True)
class Unpacked:
    """How much of an export was unpacked, over all of its files."""

    packed: int
    """Bytes of the whole file."""
    done: int = 0
    size: int = 0
    """Bytes that will be unpacked, as the file itself says."""

    @property
    def share(self) -> float:
        """How far it is read, 0 … 1."""
        return min(self.done / self.size, 1.0) if self.size else 1.0

    def count(self, length: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            RefusedError: they are far more than an export has.
        """
        self.done += length
        if self.done > min(MOST_UNPACKED, MOST_RATIO * self.packed + _ALLOWANCE):
            raise RefusedError(Refusal.UNPACKED)


class _Counted(io.RawIOBase):
    """Passes bytes on and counts them."""

    def __init__(self, source: IO[bytes], unpacked: Unpacked) -> None:
        self._source = source
        self._unpacked = unpacked

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        piece = self._source.read(len(view))
        self._unpacked.count(len(piece))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()


@dataclass(frozen=True, slots=True, eq=False)
class OpenExport:
    """An export that is being read."""

    files: tuple[NamedFile, ...]
    """The name of each file that may hold something, and what opens it."""
    unpacked: Unpacked
    packed_names: Sequence[str] = ()
    """What a zip holds, for saying what it looks like."""


@contextmanager
def open_export(file: BinaryIO, name: str) -> Iterator[OpenExport]:
    """Open an export, zipped or plain.

    Args:
        file: it, open at its beginning.
        name: how its owner calls it.

    Raises:
        RefusedError: it is empty, no text, damaged, locked with a password or far too big.
    """
    unpacked = Unpacked(file.seek(0, io.SEEK_END))
    if not unpacked.packed:
        raise RefusedError(Refusal.EMPTY)
    try:
        if not zipfile.is_zipfile(file):
            unpacked.size = unpacked.packed
            yield OpenExport(((name, lambda: _plain(file, unpacked)),), unpacked)
            return
        _check_directory(file, unpacked.packed)
        with zipfile.ZipFile(file) as archive, ExitStack() as inner:
            if sheets.MARK in archive.NameToInfo:
                unpacked.size = unpacked.packed
                yield OpenExport(tuple(sheets.sheets(file)), unpacked)
                return
            files = tuple(_opened(archive, unpacked, inner))
            yield OpenExport(files, unpacked, _names(archive))
    except UnicodeDecodeError as error:
        raise RefusedError(Refusal.ENCODING) from error
    except NotImplementedError as error:  # so zipfile says that it cannot unpack
        raise RefusedError(Refusal.PACKED) from error
    except _DAMAGE as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _plain(file: BinaryIO, unpacked: Unpacked) -> io.TextIOWrapper:
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"PK"):
        raise RefusedError(Refusal.DAMAGED)
    if b"\0" in head and not head.startswith(_UTF_16):  # a picture, a song, …
        raise RefusedError(Refusal.NOT_AN_EXPORT)
    file.seek(0)
    return _text(file, unpacked)


def _check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a zip of more files than an export has, before they are listed.

    The standard library makes an object for each entry, whatever their number, which the end of the
    file tells, and so is the length of the list told.
    """
    start = max(0, size - _LONGEST_TAIL)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_FIELDS.size:
        raise RefusedError(Refusal.DAMAGED)
    counts = _END_FIELDS.unpack_from(tail, place)
    locator = place - _LOCATOR_FIELDS.size
    if locator >= 0 and tail.startswith(_LOCATOR, locator):
        file.seek(_LOCATOR_FIELDS.unpack_from(tail, locator)[0])
        counts = (*counts, *_LONG_END_FIELDS.unpack(file.read(_LONG_END_FIELDS.size)))
    entries, lengths = counts[::2], counts[1::2]
    if max(entries) > MOST_FILES or max(one for one in lengths if one != _SEE_LONG) > _DIRECTORY:
        raise RefusedError(Refusal.FILES)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise RefusedError(Refusal.FILES)
    chosen = [
        one
        for one in members
        if one.filename.lower().endswith(_ENDINGS)
        and not one.filename.startswith("__MACOSX")
        and not one.filename.endswith("/")
    ]
    if any(one.compress_type not in _PACKINGS or one.flag_bits & _LOCKED for one in chosen):
        raise RefusedError(Refusal.PACKED)
    return sorted(chosen, key=lambda one: one.filename)


def _opened(
    archive: zipfile.ZipFile, unpacked: Unpacked, inner: ExitStack, *, depth: int = 1
) -> Iterator[NamedFile]:
    """Yield the files of a zip, and those of the zips within it."""
    for member in _members(archive):
        if not member.filename.lower().endswith(".zip"):
            unpacked.size += member.file_size
            name = member.filename.rpartition("/")[2]
            yield name, partial(_member, archive, member, unpacked)
        elif depth < _DEEPEST and member.file_size <= _LARGEST_INNER:
            content = io.BytesIO(archive.read(member))
            unpacked.count(member.file_size)
            unpacked.size += member.file_size
            _check_directory(content, member.file_size)  # which refuses what is cut off
            within = inner.enter_context(zipfile.ZipFile(content))
            yield from _opened(within, unpacked, inner, depth=depth + 1)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, unpacked: Unpacked
) -> io.TextIOWrapper:
    return _text(archive.open(member), unpacked)


def _names(archive: zipfile.ZipFile) -> list[str]:
    return [one.filename for one in archive.infolist() if one.filename.strip("/")]


def _text(source: IO[bytes], unpacked: Unpacked) -> io.TextIOWrapper:
    counted = io.BufferedReader(_Counted(source, unpacked), _BUFFER)
    is_wide = counted.peek(2)[:2] in _UTF_16
    return io.TextIOWrapper(counted, encoding="utf-16" if is_wide else "utf-8-sig", newline="")
