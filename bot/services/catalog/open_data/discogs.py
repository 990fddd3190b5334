"""Reads the dumps of Discogs: genres, styles and labels of releases, by artist, song and album.

`discogs_…_masters.xml.gz` names albums, `discogs_…_releases.xml.gz` each edition with its songs.
"""

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree as ET

import numpy as np

from bot.core.catalog import (
    Independence,
    artist_key,
    independence_of,
    recording_key,
    released_by,
    song_key,
    text_key,
)
from bot.errors import ImportFileError
from bot.services.archives import Stream, blocks
from bot.services.catalog.open_data.releases_xml import GENRES, STYLES, Record, Records
from bot.services.catalog.open_data.shuffling import MANY, Shuffle

SOURCE: Final = "discogs"
_MOST_NAMES: Final = 60_000
_ROWS: Final = 100_000
_HEAD: Final = 1 << 16
_ROOTS: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:masters|releases)\b")
_OTHERS: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:artists|labels)\b")
_NUMBERED: Final = re.compile(r" \(\d+\)$")
"""Discogs tells artists of one name apart so."""
_VARIOUS: Final = "194"
_SAMPLER: Final = "records of various artists, whose genres are those of no one song"


@dataclass(frozen=True, slots=True)
class Kind:
    """How releases are put aside: under the keys of their songs and their album."""

    name: str
    fields: list[tuple[str, str]]
    bits: int


KIND: Final = Kind("discogs", [("names", f"({STYLES + GENRES},)<u2"), ("released", "u1")], MANY)
"""`names`: places in `Releases.names` + 1, styles first; 0: no more. `released`: an `Independence`.
Names of labels are not kept: there are millions."""


@dataclass(slots=True)
class Releases:
    """What was read of Discogs."""

    names: list[str] = field(default_factory=list)
    """Genres and styles, in the order in which they came."""
    genres: list[int] = field(default_factory=list)
    """Those of the names that are genres, which hold many styles."""
    read: int = 0
    used: int = 0
    left: dict[str, int] = field(default_factory=dict)
    """By reason."""


def is_called_so(file: Path) -> bool:
    """Tell by its name whether a file should be a dump of Discogs."""
    return file.name.lower().startswith("discogs_") and ".xml" in file.name.lower()


def is_one(head: bytes) -> bool:
    """Tell by its beginning whether something is a dump of masters or releases."""
    return _ROOTS.match(head) is not None


def check(file: Path, stream: Stream) -> None:
    """Raise `ImportFileError` where a file is called as a dump of Discogs, and is none."""
    if is_called_so(file) and not _OTHERS.match(stream.peek(_HEAD)):
        raise ImportFileError(
            f"{file} is called as a dump of Discogs, and holds no XML of theirs: download it "
            "again, or take it out of the folder."
        )


def key_of_song(title: str, artist: str) -> int:
    """Return the number of a song, whatever its version; it may be another's once in 10¹⁰."""
    return _number(f"s{song_key(recording_key(title, artist))}")


def key_of_album(title: str, artist: str) -> int:
    """Return the number of an album."""
    return _number(f"a{text_key(title)}\x1f{artist_key(artist)}")


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def take(file: Path, stream: IO[bytes], shuffle: Shuffle, releases: Releases) -> None:
    """Put the releases in a dump aside, in constant memory.

    Raises:
        ImportFileError: it is damaged, cut off, or holds what no dump of Discogs does.
    """
    aside = _Aside(shuffle, releases)
    parser = ET.XMLParser(target=Records(aside.add))  # noqa: S314 - no DOCTYPE, no entities
    try:
        for block in blocks(stream):
            parser.feed(block)
        parser.close()
    except ET.ParseError as error:
        raise ImportFileError(
            f"{file} is damaged or cut off ({error}): download it again, or take it out of the "
            "folder."
        ) from error
    aside.flush()


class _Aside:
    """Puts records aside, many at a time."""

    def __init__(self, shuffle: Shuffle, releases: Releases) -> None:
        self._shuffle = shuffle
        self._releases = releases
        self._places = {name: place for place, name in enumerate(releases.names)}
        self._keys: list[int] = []
        self._names: list[list[int]] = []
        self._released: list[Independence] = []

    def add(self, record: Record) -> None:
        releases = self._releases
        releases.read += 1
        why = _useless(record)
        if why:
            releases.left[why] = releases.left.get(why, 0) + 1
            return
        styles = [self._place(one, is_genre=False) for one in record.styles]
        genres = [self._place(one, is_genre=True) for one in record.genres]
        names = [*styles, *genres, *[0] * (STYLES + GENRES)][: STYLES + GENRES]
        artist = plain_artist(record.artist)
        keys = {key_of_album(record.title, artist): artist} if record.title else {}
        for title, other in record.songs:
            who = plain_artist(other) if other else artist
            keys[key_of_song(title, who)] = who
        releases.used += 1
        self._keys += keys
        self._released += [_released(record, one, artist) for one in keys.values()]
        self._names += [names] * len(keys)
        if len(self._keys) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        rows = np.empty(len(self._keys), self._shuffle.dtype)
        if len(rows):
            rows["key"] = np.array(self._keys, np.uint64)
            rows["names"] = np.array(self._names, np.uint16)
            rows["released"] = np.array(self._released, np.uint8)
            self._shuffle.add(rows)
        self._keys, self._names, self._released = [], [], []

    def _place(self, written: str, *, is_genre: bool) -> int:
        """Return the place of a genre or style + 1; 0 where there are too many."""
        name = _plain_name(written)
        releases = self._releases
        if name not in self._places:
            if len(releases.names) >= _MOST_NAMES:
                return 0
            self._places[name] = len(releases.names)
            releases.names.append(name)
            if is_genre:
                releases.genres.append(self._places[name])
        return self._places[name] + 1


def _released(record: Record, artist: str, owner: str) -> Independence:
    """Return what the labels of a record say of a song by an artist."""
    told = released_by(SOURCE, record.labels, artist, owner)
    return independence_of(() if told is None else (told,))


def _useless(record: Record) -> str:
    if not record.genres and not record.styles:
        return "without genres"
    if not record.artist or not (record.title or record.songs):
        return "without names"
    return _SAMPLER if record.artist_id == _VARIOUS else ""


def plain_artist(name: str) -> str:
    """Return an artist without the number that tells namesakes apart: "Low (2)" is Low."""
    return _NUMBERED.sub("", name)


def _plain_name(written: str) -> str:
    """Return a genre as others write it, as one: "Folk, World, & Country", "Funk / Soul"."""
    plain = written.lower().replace(";", " ").replace("|", " ").replace(",", "")
    return " ".join(plain.replace(" / ", " & ").split())[:60]
