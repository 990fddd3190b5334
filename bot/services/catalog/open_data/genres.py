"""Finds genres and independence of recordings: what the releases of a song or its album say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.services.catalog.open_data.discogs import Releases, key_of_album, key_of_song
from bot.services.catalog.open_data.recordings import Keys, places_in
from bot.services.catalog.open_data.shuffling import Rows

STYLES: Final = 3
GENRES: Final = 1
"""So many a recording gets at most."""
_MOST: Final = STYLES + GENRES


@dataclass(frozen=True, slots=True, eq=False)
class Genres:
    """Songs and albums by number, ascending, and their genres; both stay on the disk."""

    keys: Keys
    found: NDArray[np.uint16]
    """Key × `_MOST`: places in `names` + 1, the most frequent style first; 0: no more."""
    names: Sequence[str]
    released: NDArray[np.uint8]
    """An `Independence` for each key."""

    def of(self, titles: Sequence[str], artists: Sequence[str], albums: Sequence[str]) -> list[str]:
        """Return the genres of recordings, parted by ";", "" where nobody knows them.

        Those of the song count, else those of the album.
        """
        return self.written(self.places(titles, artists, albums))

    def released_at(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return an `Independence` for each place; -1 is nowhere."""
        if not len(self.released):
            return np.zeros(len(places), np.uint8)
        return np.where(places < 0, np.uint8(0), self.released[np.maximum(places, 0)])

    def places(
        self, titles: Sequence[str], artists: Sequence[str], albums: Sequence[str]
    ) -> NDArray[np.int64]:
        """Return where songs stand in `keys`, else their albums, else -1."""
        rows = list(zip(titles, artists, albums, strict=True))
        songs = np.array([key_of_song(title, artist) for title, artist, _ in rows], np.uint64)
        places = places_in(self.keys, songs)
        for place in np.flatnonzero(places < 0).tolist():
            _, artist, album = rows[place]
            if album:
                key = np.array([key_of_album(album, artist)], np.uint64)
                places[place] = places_in(self.keys, key)[0]
        return places

    def written(self, places: NDArray[np.int64]) -> list[str]:
        """Return the genres at some places, parted by ";"."""
        return [self._written(place) for place in places.tolist()]

    def _written(self, place: int) -> str:
        if place < 0:
            return ""
        return ";".join(self.names[one - 1] for one in self.found[place].tolist() if one)


def count(parts: Iterator[Rows], releases: Releases, folder: Path) -> Genres:
    """Choose the genres of each song and album: the most frequent styles, then genres.

    Args:
        folder: where they are written: of all releases they would take a gigabyte of memory.

    Raises:
        OSError: the disk is full.
    """
    is_genre = np.zeros(len(releases.names) + 1, np.bool_)
    is_genre[np.array(releases.genres, np.int64) + 1] = True
    where = [folder / f"songs.{name}" for name in ("keys", "genres", "released")]
    with where[0].open("wb") as keys, where[1].open("wb") as found, where[2].open("wb") as released:
        for part in parts:
            some, names = _most_frequent(part, is_genre)
            keys.write(some.tobytes())
            found.write(names.tobytes())
            released.write(_released(part, some).tobytes())
    if not where[0].stat().st_size:
        return Genres(
            np.empty(0, np.uint64),
            np.empty((0, _MOST), np.uint16),
            releases.names,
            np.empty(0, np.uint8),
        )
    mapped = np.memmap(where[1], np.uint16, "r")
    return Genres(
        np.memmap(where[0], np.uint64, "r"),
        mapped.reshape(-1, _MOST),
        releases.names,
        np.memmap(where[2], np.uint8, "r"),
    )


def _released(part: Rows, keys: Keys) -> NDArray[np.uint8]:
    """Return an `Independence` for each of the ascending keys: a label counts more."""
    place = np.searchsorted(keys, part["key"])
    here = place < len(keys)
    here[here] = keys[place[here]] == part["key"][here]
    found = np.zeros(len(keys), np.uint8)
    np.maximum.at(found, place[here], part["released"][here])
    return found


def _most_frequent(part: Rows, is_genre: NDArray[np.bool_]) -> tuple[Keys, NDArray[np.uint16]]:
    """Return the keys of a part that have genres, and key × `_MOST` of these."""
    width = part["names"].shape[1]
    key, name = np.repeat(part["key"], width), part["names"].reshape(-1)
    key, name = key[name > 0], name[name > 0]
    order = np.lexsort((name, key))
    key, name = key[order], name[order]
    first = _starts(key, name)
    times = np.diff(np.append(first, len(key)))
    key, name = key[first], name[first]
    kind = is_genre[name]
    order = np.lexsort((name, -times, kind, key))
    key, name, kind = key[order], name[order], kind[order]
    of_kind = _starts(key, kind)
    rank = np.arange(len(key)) - np.repeat(of_kind, np.diff(np.append(of_kind, len(key))))
    keep = rank < np.where(kind, GENRES, STYLES)
    key, name = key[keep], name[keep]
    of_key = _starts(key)
    lengths = np.diff(np.append(of_key, len(key)))
    found = np.zeros((len(of_key), _MOST), np.uint16)
    place = np.arange(len(key)) - np.repeat(of_key, lengths)
    found[np.repeat(np.arange(len(of_key)), lengths), place] = name
    return key[of_key], found


def _starts(*columns: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return where in sorted columns another value begins."""
    if not len(columns[0]):
        return np.empty(0, np.int64)
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.flatnonzero(new)
