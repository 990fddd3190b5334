"""Opens the archives that dumps come in: a stream of their files, never more of them in memory.

.tar, alone or within zstd, bzip2, xz or gzip, and single files packed so.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from bot.errors import ImportFileError
from bot.services.packed import told

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Progress = Callable[[int, int], None]
"""Called with the bytes of the file read so far, and its size."""
BLOCK_BYTES: Final = 1 << 20
Stream: TypeAlias = "io.BufferedReader[Any]"
_TAR: Final = (257, b"ustar")
_HEAD: Final = 512
_PACKED: Final[dict[bytes, Callable[[IO[bytes]], Any]]] = {
    b"\x28\xb5\x2f\xfd": zstd.ZstdFile,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
}
_ENDINGS: Final = (".zst", ".bz2", ".xz", ".gz")


def is_archive(path: Path) -> bool:
    """Tell by its beginning whether a file is one that `members` takes apart."""
    with told(path, ImportFileError), path.open("rb") as file:
        head = file.read(_HEAD)
    return head[_TAR[0] :].startswith(_TAR[1]) or any(head.startswith(magic) for magic in _PACKED)


def members(path: Path, progress: Progress) -> Iterator[tuple[str, Stream]]:
    """Yield the name of each file in an archive, and what is in it.

    Each is read, or left, before the next is asked for. A file that is no archive is its own only
    member.

    Raises:
        ImportFileError: it is missing, damaged or cut off.
    """
    with _readable(path), ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        size = path.stat().st_size
        source = _Watched(file, path, lambda: progress(min(file.tell(), size), size))
        stream = io.BufferedReader(source, BLOCK_BYTES)
        unpack = next(
            (way for magic, way in _PACKED.items() if stream.peek(8)[:8].startswith(magic)), None
        )
        if unpack is not None:
            opened = stack.enter_context(unpack(stream))
            stream = io.BufferedReader(_Watched(opened, path), BLOCK_BYTES)
        if not stream.peek(_HEAD)[_TAR[0] :].startswith(_TAR[1]):
            yield path.name.removesuffix(next(filter(path.name.endswith, _ENDINGS), "")), stream
            return
        archive = stack.enter_context(tarfile.open(fileobj=stream, mode="r|"))
        for member in archive:
            inside = archive.extractfile(member) if member.isfile() else None
            if inside is not None:
                yield member.name, io.BufferedReader(_Watched(inside, path), BLOCK_BYTES)


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is in a file, piece by piece."""
    while block := stream.read(BLOCK_BYTES):
        yield block


def check_sum(path: Path, progress: Progress) -> bool:
    """Compare a file with the checksum that lies beside it as `<name>.sha256`, if one does.

    Returns:
        Whether there was one.

    Raises:
        ImportFileError: they differ.
    """
    beside = path.with_name(f"{path.name}.sha256")
    if not beside.is_file():
        return False
    with _readable(path), path.open("rb") as file:
        digest, size = hashlib.sha256(), path.stat().st_size
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            progress(file.tell(), size)
    said = beside.read_text("ascii", "replace").split()
    if not said or said[0].lower() != digest.hexdigest():
        raise ImportFileError(
            f"{path} is not what its checksum in {beside.name} says: download it again."
        )
    return True


class _Watched(io.RawIOBase):
    """Passes bytes on, tells that some were read, and says what is wrong with them."""

    def __init__(
        self, inside: IO[bytes], path: Path, told_of: Callable[[], None] = lambda: None
    ) -> None:
        self._inside = inside
        self._path = path
        self._told_of = told_of

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        with _readable(self._path):
            piece = self._inside.read(len(view))
        view[: len(piece)] = piece
        self._told_of()
        return len(piece)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        with told(path, ImportFileError):
            yield
    except (tarfile.TarError, zstd.ZstdError) as error:
        raise ImportFileError(
            f"{path} is damaged or cut off ({error}): download it again."
        ) from error
