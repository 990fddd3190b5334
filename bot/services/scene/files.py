"""Finds the files that hold lists or listens, and tells by their content what they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from bot.errors import SeedsError
from bot.services.catalog import header_of, holds_listens, is_playlist, names_tracks
from bot.services.packed import open_packed

_HEAD_BYTES: Final = 1 << 16
_ARCHIVES: Final = {
    b"PK": "zip",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"PAR1": "parquet",
}
_TAR: Final = (257, b"ustar")


class Kind(Enum):
    """What a file holds."""

    TABLE = "a table of lists"
    SLICE = "playlists as JSON"
    LISTENS = "listens as JSON lines"
    DUMP = "a dump of listens, as it is downloaded"


_BY_NAME: Final = {
    ".json": Kind.SLICE,
    ".listens": Kind.LISTENS,
    ".jsonl": Kind.LISTENS,
    ".ndjson": Kind.LISTENS,
}
"""What a damaged file was meant to be, so that its fault can be told."""


@dataclass(frozen=True, slots=True)
class ListeningFile:
    """A file to read."""

    path: Path
    kind: Kind
    size: int
    """Bytes on the disk."""
    origin: Path
    """The path that was asked for: the file, or the folder it was found in."""


def find_files(paths: Iterable[Path]) -> list[ListeningFile]:
    """Return the files that some paths stand for, each once, those of a folder by name.

    A folder stands for all files in and below it that are recognised; others are passed over.

    Raises:
        SeedsError: a file is missing, cannot be read or is of no known kind; a folder holds none.
    """
    found: dict[Path, ListeningFile] = {}
    for path in paths:
        for one in _in_folder(path) if path.is_dir() else [_by_path(path)]:
            found.setdefault(one.path.resolve(), one)
    return list(found.values())


def _by_path(path: Path) -> ListeningFile:
    if path.exists() and not path.is_file():
        raise SeedsError(f"{path} is neither a file nor a folder: write it to a file first.")
    head = _head(path)
    kind = _recognised(head) or _BY_NAME.get(_ending(path))
    archive = _archive(head)
    if archive is not None:
        if holds_listens(path):
            return ListeningFile(path, Kind.DUMP, path.stat().st_size, path)
        raise SeedsError(
            f"{path} is packed ({archive}), and holds no listens of ListenBrainz: unpack it, then "
            "name the folder."
        )
    if kind is None and head.lstrip()[:1] in (b"{", b"["):
        raise SeedsError(
            f"{path} is JSON, but holds neither playlists (JSPF, or as the slices of the Million "
            "Playlist Dataset) nor listens (as the dumps of ListenBrainz)."
        )
    return ListeningFile(path, kind or Kind.TABLE, path.stat().st_size, path)


def _in_folder(folder: Path) -> list[ListeningFile]:
    found = []
    for path in sorted(_visible_files(folder), key=str):
        head = _head(path)
        kind = _recognised(head)
        if kind is None and _archive(head) is not None and holds_listens(path):
            kind = Kind.DUMP
        if kind is not None:
            found.append(ListeningFile(path, kind, path.stat().st_size, folder))
    if not found:
        raise SeedsError(
            f"The folder {folder} holds no lists that can be read: no CSV with the columns list "
            "and track_id (or artist and title), no M3U, XSPF or JSPF, no playlist slices (.json), "
            "no listens (.listens, .jsonl, dumps of ListenBrainz)."
        )
    return found


def _visible_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield path


def _ending(path: Path) -> str:
    """Return the ending of a name without .gz, in lower case."""
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return inner.suffix.lower()


def _head(path: Path) -> bytes:
    with open_packed(path) as file:
        return file.stream.read(_HEAD_BYTES)


def _archive(head: bytes) -> str | None:
    if head[_TAR[0] :].startswith(_TAR[1]):
        return "tar"
    return next((name for magic, name in _ARCHIVES.items() if head.startswith(magic)), None)


def _recognised(head: bytes) -> Kind | None:
    text = head.decode("utf-8-sig", "replace").lstrip()
    if is_playlist(text):
        return Kind.TABLE
    first = text.partition("\n")[0]
    if not text.startswith("{"):
        return Kind.TABLE if names_tracks(header_of(text)) else None
    if '"track_metadata"' in first and ('"listened_at"' in first or '"timestamp"' in first):
        return Kind.LISTENS
    return Kind.SLICE if '"playlists"' in text else None
