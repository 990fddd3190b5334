"""Opens a text file that may be gzipped; what goes wrong while it is read becomes one sentence."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import SeedsError

_GZIP: Final = b"\x1f\x8b"
_BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile:
    """A file that is being read."""

    stream: io.BufferedReader
    """What is in it, unpacked."""
    source: io.BufferedReader
    """The bytes as they lie on the disk: `source.tell()` says how far it is read."""


@contextmanager
def open_packed(path: Path) -> Iterator[OpenFile]:
    """Open a file, gzipped or plain.

    Raises:
        SeedsError: it is missing, cut off, no gzip despite its name, no UTF-8 or cannot be read.
    """
    try:
        with path.open("rb") as source:
            if path.suffix == ".gz" or source.peek(2)[:2] == _GZIP:
                unpacked = gzip.GzipFile(fileobj=source)
                yield OpenFile(io.BufferedReader(unpacked, _BUFFER), source)
            else:
                yield OpenFile(source, source)
    except FileNotFoundError as error:
        raise SeedsError(f"There is no file {path}.") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SeedsError(f"{path} is cut off or not a gzip file: copy it again.") from error
    except UnicodeDecodeError as error:
        raise SeedsError(f"{path} is not UTF-8 text: save it in UTF-8.") from error
    except OSError as error:
        raise SeedsError(f"{path} cannot be read: {error.strerror or error}.") from error
