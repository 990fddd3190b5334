"""Opens an export as text, file by file when it is packed; never more of it than fits in memory."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from zlib import error as ZlibError  # noqa: N812 (it is an exception, whatever zlib calls it)

from bot.errors import UserError

MOST_FILES: Final = 2000
"""An export has some dozens."""
MOST_UNPACKED: Final = 2 << 30
MOST_RATIO: Final = 100
"""Exports are unpacked to about twenty times their size; what grows more is no export."""
_ALLOWANCE: Final = 16 << 20
_ENDINGS: Final = (".json", ".jsonl", ".csv")
_BUFFER: Final = 1 << 20
_HEAD: Final = 1024
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How text begins that is not UTF-8 but holds zeros all the same."""

DAMAGED: Final = (
    "The file is cut off or damaged. Export or download it again; what I could read counts, and "
    "nothing counts twice if you import it again."
)
EMPTY: Final = "This file is empty. Download or export it again, and send it as you get it."
NOT_AN_EXPORT: Final = (
    "I do not know this file. I read the exports of Spotify (account data or extended streaming "
    "history, zip or JSON), ListenBrainz (zip or JSON), Last.fm (CSV or JSON) and Exportify (CSV). "
    "Send the file as you downloaded it."
)


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
            UserError: they are far more than an export has.
        """
        self.done += length
        if self.done > min(MOST_UNPACKED, MOST_RATIO * self.packed + _ALLOWANCE):
            raise UserError(
                "This file unpacks to far more than an export holds, so I stopped reading it. Send "
                "the files in it in smaller parts."
            )


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

    files: tuple[tuple[str, Callable[[], io.TextIOWrapper]], ...]
    """The name of each file that may hold something, and what opens it."""
    unpacked: Unpacked


@contextmanager
def open_export(path: Path, name: str) -> Iterator[OpenExport]:
    """Open an export, zipped or plain.

    Args:
        name: how its owner calls it.

    Raises:
        UserError: it is empty, no text, damaged, locked with a password or far too big.
    """
    unpacked = Unpacked(path.stat().st_size)
    if not unpacked.packed:
        raise UserError(EMPTY)
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                head = file.read(_HEAD)
            if head.startswith(b"PK"):
                raise UserError(DAMAGED)
            if b"\0" in head and not head.startswith(_UTF_16):  # a picture, a song, …
                raise UserError(NOT_AN_EXPORT)
            unpacked.size = unpacked.packed
            yield OpenExport(((name, lambda: _text(path.open("rb"), unpacked)),), unpacked)
            return
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            unpacked.size = sum(member.file_size for member in members)
            yield OpenExport(tuple(_opened(archive, one, unpacked) for one in members), unpacked)
    except (zipfile.BadZipFile, ZlibError, EOFError) as error:
        raise UserError(DAMAGED) from error
    except (RuntimeError, NotImplementedError) as error:  # so zipfile says that it cannot unpack
        raise UserError(
            "I cannot unpack this file: it is locked with a password or packed in a rare way. "
            "Unpack it, and send the files in it."
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            "This file is not saved as UTF-8. Save it so (in a spreadsheet: “CSV UTF-8”), and send "
            "it again."
        ) from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise UserError("That zip holds thousands of files: send only those of the export.")
    chosen = [
        one
        for one in members
        if one.filename.lower().endswith(_ENDINGS)
        and not one.filename.startswith("__MACOSX")
        and not one.is_dir()
    ]
    return sorted(chosen, key=lambda one: one.filename)


def _opened(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, unpacked: Unpacked
) -> tuple[str, Callable[[], io.TextIOWrapper]]:
    name = member.filename.rpartition("/")[2]
    return name, lambda: _text(archive.open(member), unpacked)


def _text(source: IO[bytes], unpacked: Unpacked) -> io.TextIOWrapper:
    counted = io.BufferedReader(_Counted(source, unpacked), _BUFFER)
    return io.TextIOWrapper(counted, encoding="utf-8-sig", newline="")
