"""A folder that holds one version of something, as a file or a folder of its own.

The file CURRENT names the one that counts. A new version is written whole before CURRENT is
replaced, so a reader sees the old one or the new one.
"""

import hashlib
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

DAMAGE: Final = (
    OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, RuntimeError,
    MemoryError, ArithmeticError, SyntaxError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged version may raise: a RuntimeError is an unknown kind of packing, or JSON
that is too deep; numpy reads the head of an array as Python."""
_CURRENT: Final = "CURRENT"


def is_there(folder: Path) -> bool:
    """Tell whether there is a version, usable or not."""
    return (folder / _CURRENT).exists()


def current(folder: Path) -> str:
    """Return the name of the version that counts.

    Raises:
        OSError: there is none (a FileNotFoundError), or it cannot be read.
        ValueError: what names it is damaged.
    """
    return (folder / _CURRENT).read_text(encoding="utf-8")


def publish(version: Path, write: Callable[[Path], None], *, pattern: str) -> None:
    """Write a version, let it count, and remove the others.

    Args:
        version: where it goes; its stem is its name.
        write: writes it there, onto the disk.
        pattern: of the names that versions have.

    Raises:
        OSError: it cannot be written; the former version still counts, and nothing is left over.
    """
    folder, name = version.parent, version.stem
    folder.mkdir(parents=True, exist_ok=True)
    pointer = folder / f"{_CURRENT}.{name}"
    try:
        write(version)
        write_text(pointer, name)
        pointer.replace(folder / _CURRENT)
    except OSError:
        _remove(version)
        _remove(pointer)
        raise
    _clear(folder, pattern, keep=version)


def remove(folder: Path, *, pattern: str) -> bool:
    """Remove all versions; return whether one counted.

    Raises:
        OSError: CURRENT cannot be removed.
    """
    there = is_there(folder)
    (folder / _CURRENT).unlink(missing_ok=True)
    _clear(folder, pattern)
    return there


def write_text(path: Path, text: str) -> None:
    """Write a file, onto the disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sealed(path: Path, text: str) -> None:
    """Write a file, onto the disk, whose first line tells whether the rest is as it was."""
    write_text(path, f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")


def read_sealed(path: Path) -> str:
    """Return what `write_sealed` wrote.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is damaged.
    """
    seal, _, text = path.read_text(encoding="utf-8").partition("\n")
    if seal != hashlib.sha256(text.encode()).hexdigest():
        raise ValueError(f"{path.name} is damaged")
    return text


def _clear(folder: Path, pattern: str, keep: Path | None = None) -> None:
    for old in [*folder.glob(pattern), *folder.glob(f"{_CURRENT}.*")]:
        if old != keep:
            _remove(old)


def _remove(path: Path) -> None:
    """Remove a version or a pointer; what is held open elsewhere stays until next time."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
