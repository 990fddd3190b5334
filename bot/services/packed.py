"""Opens files of the operator that may be packed; what goes wrong becomes one sentence.

Never more is unpacked than such a file holds.
"""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from bot.errors import OperatorError, SeedsError

_GZIP: Final = b"\x1f\x8b"
_BUFFER: Final = 1 << 20
_FREE: Final = 64 << 20
_MOST_RATIO: Final = 100
"""Lists and tables are unpacked to about twenty times their size."""


class _SwellsError(Exception):
    """A file unpacks to far more than a list or a table of tracks does."""


@contextmanager
def told(path: Path, kind: type[OperatorError]) -> Iterator[None]:
    """Turn what goes wrong while a file is opened and read into one sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise kind(f"There is no file {path}.") from error
    except _SwellsError as error:
        raise kind(
            f"{path} unpacks to more than {_MOST_RATIO} times its size: that is no list or table "
            "of tracks. Unpack it yourself if you trust it."
        ) from error
    except EOFError as error:
        raise kind(f"{path} is cut off: copy or download it again.") from error
    except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, lzma.LZMAError) as error:
        raise kind(f"{path} is damaged ({error}): copy or download it again.") from error
    except UnicodeDecodeError as error:
        raise kind(f"{path} is not UTF-8 text: save it in UTF-8.") from error
    except OSError as error:
        raise kind(f"{path} cannot be read: {error.strerror or error}.") from error


class _Guarded(io.RawIOBase):
    """Passes on what is unpacked; stops at a file that swells as no list or table does."""

    def __init__(self, inside: IO[bytes] | gzip.GzipFile, packed: Callable[[], int]) -> None:
        self._inside = inside
        self._packed = packed
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        piece = self._inside.read(len(view))
        self._total += len(piece)
        if self._total > _FREE and self._total > _MOST_RATIO * max(self._packed(), 1):
            raise _SwellsError
        view[: len(piece)] = piece
        return len(piece)


def unpacked(file: IO[bytes], packed: Callable[[], int], *, gzipped: bool) -> io.BufferedReader:
    """Return what is in a file that is read within `told`; `packed` says how much of it is read."""
    inside = gzip.GzipFile(fileobj=file) if gzipped else file
    return io.BufferedReader(_Guarded(inside, packed), _BUFFER)


def begins_gzipped(file: io.BufferedReader) -> bool:
    """Tell whether a file begins as gzip does, without reading on."""
    return file.peek(2)[:2] == _GZIP


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile:
    """A file that is being read."""

    stream: io.BufferedReader
    """What is in it, unpacked."""
    source: io.BufferedReader
    """The bytes as they lie on the disk: `source.tell()` says how far it is read."""


@contextmanager
def open_packed(path: Path) -> Iterator[OpenFile]:
    """Open a file of lists or listens, gzipped or plain.

    Raises:
        SeedsError: it is missing, damaged, no gzip despite its name, no UTF-8, swells far beyond
            its size or cannot be read.
    """
    with told(path, SeedsError), path.open("rb") as source:
        gzipped = path.suffix == ".gz" or begins_gzipped(source)
        yield OpenFile(unpacked(source, source.tell, gzipped=gzipped), source)
