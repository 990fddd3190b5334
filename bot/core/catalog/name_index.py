"""The names of the catalogue in memory, for what is still being typed.

One index holds the entries of one kind: their folded keys, the words in these, and how they are
written. All of it is a few flat arrays: a quarter of a million tracks take some 60 MB. It finds
just what a search of the database finds (`store.search` tells how that is ordered).
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.identity import SEPARATOR
from bot.core.models import SubjectKind

CANDIDATES: Final = 200
"""How many of the most popular matches are looked at for a better fit."""
SCANNED: Final = 2000
"""How many neighbours in the alphabet are looked at; exact titles come first there."""
NEIGHBORS: Final = CANDIDATES // 4
_AFTER_ALL: Final = "\U0010ffff".encode()
_BEGIN: Final = 16
"""So many bytes of each text are compared at once."""
_LIKELY: Final = 5 * CANDIDATES

Places: TypeAlias = NDArray[np.uint32]
"""Entries by their place in the order of search rank and id."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entry."""

    id: int
    search_rank: int
    key: str
    """Title, artist and version, folded and separated; of an artist the name alone."""
    title: str
    """As it is written."""
    artist: str | None


@dataclass(frozen=True, slots=True)
class Keys:
    """The folded parts of a key."""

    title: str
    artist: str
    version: str


def tier(typed: str, keys: Keys) -> int:
    """Return 0 when what is typed is the title or the artist, 1 when one begins so, else 2."""
    artist = keys.artist
    if typed == artist or is_meant(typed, keys):
        return 0
    starts = (keys.title, artist, artist.removeprefix("the "))
    return 1 if any(start.startswith(typed) for start in starts) else 2


def is_meant(typed: str, keys: Keys) -> bool:
    """Tell whether what is typed is the whole name of something, with or without its artist."""
    full = f"{keys.title} {keys.version}".strip()
    if not full:  # an artist, who has no title
        return typed == keys.artist
    return typed in (full, f"{full} {keys.artist}", f"{keys.artist} {full}")


class _Texts:
    """Many texts in one piece, by number."""

    __slots__ = ("_ends", "_text")

    def __init__(self) -> None:
        self._text, self._ends = bytearray(), array("I", [0])

    def add(self, one: bytes) -> None:
        """Add a text; it has the next number."""
        self._text += one
        self._ends.append(len(self._text))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._text[self._ends[number] : self._ends[number + 1]])


class NameIndex:
    """Finds entries of one kind by what is typed."""

    def __init__(self, parts: "NameIndexBuilder") -> None:
        """Take over what a builder has collected."""
        self._kind = parts.kind
        self.ids = np.frombuffer(parts.ids, np.int64)
        self._ranks = np.frombuffer(parts.ranks, np.int32)
        self._names, self._keys = parts.names, parts.keys
        order = np.lexsort((self.ids, self._ranks)).astype(np.uint32)
        self._entries = order
        self._by_key = _ascending(parts.keys)
        self._artists = np.frombuffer(parts.artists, np.uint32)
        places = np.empty(len(order), np.uint32)
        places[order] = np.arange(len(order), dtype=np.uint32)
        self._places = places
        self._index_words(parts)

    def _index_words(self, parts: "NameIndexBuilder") -> None:
        unordered = _Texts()
        for word in parts.words:
            unordered.add(word.encode())
        words = _ascending(unordered)
        self._words = _Texts()
        for number in words:
            self._words.add(unordered[number])
        renumbered = np.empty(len(words), np.uint32)
        renumbered[words] = np.arange(len(words), dtype=np.uint32)
        lengths = np.frombuffer(parts.lengths, np.uint32)
        owners = np.repeat(self._places, lengths)
        of_word = renumbered[np.frombuffer(parts.postings, np.uint32)]
        order = np.lexsort((owners, of_word))
        self._postings: Places = owners[order]
        counts = np.bincount(of_word, minlength=len(words))
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def last_id(self) -> int:
        """The highest id; 0 for none."""
        return int(self.ids[-1]) if len(self.ids) else 0

    def holds(self, entry: Named) -> bool:
        """Tell whether an entry is here just so."""
        number = int(np.searchsorted(self.ids, entry.id))
        if number == len(self) or int(self.ids[number]) != entry.id:
            return False
        return (
            int(self._ranks[number]) == entry.search_rank
            and self._keys[number] == entry.key.encode()
            and self._names[number] == _written(entry)
        )

    def words(self) -> list[str]:
        """Return every word that occurs, once, in the order of their bytes."""
        return [self._words[number].decode() for number in range(len(self._words))]

    def find(self, typed: str, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Return tier, search rank and number of what a text may mean, in no order.

        Args:
            typed: folded.
            words: of it, at least one.
        """
        found = set(self._entries[self._matching(words)].tolist())
        found.update(self._neighbors(typed))
        return [
            (tier(typed, self._keys_of(number)), int(self._ranks[number]), number)
            for number in found
        ]

    def named(self, number: int) -> tuple[int, str, str | None]:
        """Return the id of an entry, its title and its artist, as they are written."""
        title, _, artist = self._names[number].decode().partition(SEPARATOR)
        return int(self.ids[number]), title, artist or None

    def _keys_of(self, number: int) -> Keys:
        key = self._keys[number].decode()
        if self._kind is SubjectKind.ARTIST:
            return Keys("", key, "")
        title, artist, *version = key.split(SEPARATOR)
        return Keys(title, artist, "".join(version))

    def _matching(self, words: Sequence[str]) -> Places:
        """Return the best places that hold all words, the last as the beginning of a word."""
        *whole, begun = (word.encode() for word in words)
        last = self._holding(begun, begun + _AFTER_ALL)
        if not whole:
            return _best(last, CANDIDATES)
        lists = sorted((self._holding(word, word + b"\0") for word in whole), key=len)
        found = lists[0]
        for other in lists[1:]:
            found = found[_among(found, other)]
        return np.unique(found[np.isin(found, last)])[:CANDIDATES]

    def _holding(self, first: bytes, end: bytes) -> Places:
        """Return the places that hold a word from the first to the end, which is excluded.

        Those of one word are ascending.
        """
        low = bisect_left(self._words, first)
        high = bisect_left(self._words, end, low)
        return self._postings[self._starts[low] : self._starts[high]]

    def _neighbors(self, typed: str) -> list[int]:
        """Return the best entries that begin with a text, or are by the artist of that name."""
        if self._kind is SubjectKind.ALBUM:
            return []
        begin, of_tracks = typed.encode(), self._kind is SubjectKind.TRACK
        low = self._bisect_keys(begin)
        high = min(self._bisect_keys(begin + _AFTER_ALL), low + SCANNED)
        exact = self._bisect_keys(begin + (b" " if of_tracks else b"\0"))
        exact = min(max(exact, low), high)
        found: list[int] = []
        for numbers in (self._by_key[low:exact], self._by_key[exact:high]):
            best = np.sort(self._places[numbers])[: NEIGHBORS - len(found)]
            found += self._entries[best].tolist()
        if of_tracks:
            found += self._by_artist(begin)
        return found

    def _bisect_keys(self, key: bytes) -> int:
        return bisect_left(self._by_key, key, key=lambda number: self._keys[number])

    def _by_artist(self, artist: bytes) -> list[int]:
        alike = np.flatnonzero(self._artists == crc32(artist))
        theirs = [one for one in alike.tolist() if _artist_in(self._keys[one]) == artist]
        best = np.sort(self._places[theirs])[:NEIGHBORS]
        return self._entries[best].tolist()  # type: ignore[no-any-return]


class NameIndexBuilder:
    """Collects the entries of one kind, in ascending id."""

    def __init__(self, kind: SubjectKind) -> None:
        self.kind = kind
        self.ids = array("q")
        self.ranks = array("i")
        self.artists = array("I")
        self.keys, self.names = _Texts(), _Texts()
        self.words: dict[str, int] = {}
        self.lengths = array("I")
        self.postings = array("I")

    def add(self, entries: Collection[Named]) -> None:
        """Add some entries."""
        words = self.words
        for one in entries:
            self.ids.append(one.id)
            self.ranks.append(one.search_rank)
            key = one.key.encode()
            self.keys.add(key)
            self.names.add(_written(one))
            self.artists.append(crc32(_artist_in(key)))
            numbers = {
                words.setdefault(word, len(words))
                for word in one.key.replace(SEPARATOR, " ").split()
            }
            self.lengths.append(len(numbers))
            self.postings.extend(numbers)

    def finish(self) -> NameIndex:
        """Return the index; nothing can be added any more."""
        return NameIndex(self)


def _ascending(texts: _Texts) -> NDArray[np.uint32]:
    """Return the numbers of texts in the order of their bytes.

    Most of it is done by numpy, so that other threads go on meanwhile.
    """
    size = len(texts)
    begin = bytearray()
    for number in range(size):
        begin += texts[number][:_BEGIN].ljust(_BEGIN, b"\0")
    halves = np.frombuffer(begin, ">u8").reshape(size, 2).astype(np.uint64)
    order = np.lexsort((halves[:, 1], halves[:, 0])).astype(np.uint32)
    ordered = halves[order]
    follows = np.concatenate([[False], (ordered[1:] == ordered[:-1]).all(axis=1), [False]])
    edges = np.flatnonzero(follows[1:] != follows[:-1])
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        alike = order[first : last + 1].tolist()
        order[first : last + 1] = sorted(alike, key=texts.__getitem__)
    return order


def _written(entry: Named) -> bytes:
    return f"{entry.title}{SEPARATOR}{entry.artist or ''}".encode()


def _artist_in(key: bytes) -> bytes:
    return key.partition(SEPARATOR.encode())[2].partition(SEPARATOR.encode())[0]


def _among(some: Places, others: Places) -> NDArray[np.bool_]:
    """Return which of some places are among others, which are ascending."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    at = np.minimum(np.searchsorted(others, some), len(others) - 1)
    return np.equal(others[at], some)


def _best(places: Places, count: int) -> Places:
    """Return the lowest different ones."""
    if len(places) > _LIKELY:
        likely = np.unique(np.partition(places, _LIKELY)[:_LIKELY])
        if len(likely) >= count:
            return likely[:count]
    return np.unique(places)[:count]
