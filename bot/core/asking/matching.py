"""Which tracks hold some words in their title or their genres, and how well that tells them apart.

BM25 (Robertson & Zaragoza, 2009): a rare word counts more than a common one, the second time less
than the first, a short title more than a long one.
"""

import math
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, text_key
from bot.core.ranking import Lift

_K1: Final = 1.2
_B: Final = 0.5
_LIFTED: Final = 2000
"""So many tracks are lifted at the most, those that hold the words best."""
_ENDINGS: Final = ("ing", "ed", "s", "y")
_SHORTEST_STEM: Final = 3
_LONGEST_TITLE: Final = 255


def stem(word: str) -> str:
    """Return what a word shares with its other forms: rain of rainy, rains and raining."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            found = word[: -len(ending)]
            is_doubled = len(found) > _SHORTEST_STEM and found[-1] == found[-2]
            return found[:-1] if is_doubled and ending != "s" else found
    return word


class TitleWordsBuilder:
    """Collects titles, in ascending id; `finish` may be called again after more were added."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._lengths = array("B")
        self._vocabulary: dict[str, int] = {}
        self._words = array("I")
        self._owners = array("I")

    @property
    def last_id(self) -> int:
        """The highest id; 0 for none."""
        return self._ids[-1] if self._ids else 0

    def add(self, titles: Iterable[tuple[int, str]]) -> None:
        """Add some titles.

        Args:
            titles: ids of tracks with their folded titles.
        """
        vocabulary = self._vocabulary
        for track_id, title in titles:
            words = title.split()
            number = len(self._ids)
            for word in {stem(one) for one in words}:
                self._words.append(vocabulary.setdefault(word, len(vocabulary)))
                self._owners.append(number)
            self._ids.append(track_id)
            self._lengths.append(min(len(words), _LONGEST_TITLE))

    def finish(self) -> "TitleWords":
        """Return an index of what was added so far."""
        words = np.array(self._words, np.uint32)
        order = np.argsort(words, kind="stable")
        counts = np.bincount(words, minlength=len(self._vocabulary))
        return TitleWords(
            dict(self._vocabulary),
            np.array(self._ids, np.int64),
            np.array(self._lengths, np.uint8),
            np.array(self._owners, np.uint32)[order],
            np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
        )


class TitleWords:
    """Finds tracks by words of their titles; a quarter of a million take some 20 MB."""

    def __init__(
        self,
        vocabulary: dict[str, int],
        track_ids: NDArray[np.int64],
        lengths: NDArray[np.uint8],
        owners: NDArray[np.uint32],
        starts: NDArray[np.uint32],
    ) -> None:
        self._vocabulary = vocabulary
        self._track_ids, self._lengths = track_ids, lengths
        self._owners, self._starts = owners, starts
        self._mean = float(lengths.mean()) if len(lengths) else 1.0

    def __len__(self) -> int:
        return len(self._track_ids)

    def known(self, catalog: Catalog, words: Sequence[str]) -> list[str]:
        """Return those of some words that any title or genre holds."""
        genres = _genres_by_stem(catalog)
        return [one for one in words if stem(one) in self._vocabulary or stem(one) in genres]

    def lift(self, catalog: Catalog, words: Collection[str], most: float) -> Lift:
        """Return what tracks earn for holding words in their title or their genres.

        Args:
            catalog: whose rows are meant.
            words: folded.
            most: what the track earns that holds them best; the others earn their share of it.
        """
        scores = np.zeros(len(catalog), np.float32)
        genres = _genres_by_stem(catalog)
        for word in {stem(one) for one in words}:
            self._score(catalog, word, genres.get(word, ()), scores)
        rows = np.flatnonzero(scores)
        if len(rows) > _LIFTED:
            rows = np.sort(rows[np.argsort(-scores[rows], kind="stable")[:_LIFTED]])
        best = float(scores[rows].max(initial=0.0))
        values = most * scores[rows].astype(np.float64) / best if best else np.empty(0)
        return Lift(rows.astype(np.int64), values)

    def _score(
        self, catalog: Catalog, word: str, genres: Collection[int], scores: NDArray[np.float32]
    ) -> None:
        """Add what one word is worth to the scores of the rows that hold it."""
        times = np.zeros(len(catalog), np.float32)
        lengths = np.full(len(catalog), self._mean, np.float32)
        number = self._vocabulary.get(word)
        if number is not None and len(catalog):
            owners = self._owners[self._starts[number] : self._starts[number + 1]]
            ids = self._track_ids[owners]
            rows = np.minimum(np.searchsorted(catalog.track_ids, ids), len(catalog) - 1)
            here = catalog.track_ids[rows] == ids
            times[rows[here]] += 1
            lengths[rows[here]] = self._lengths[owners[here]]
        if genres:
            times[catalog.rows_of_genres(genres)] += 1
        rows = np.flatnonzero(times)
        rarity = math.log(1 + (len(catalog) - len(rows) + 0.5) / (len(rows) + 0.5))
        long = _K1 * (1 - _B + _B * lengths[rows] / max(self._mean, 1e-9))
        scores[rows] += rarity * times[rows] * (_K1 + 1) / (times[rows] + long)


def _genres_by_stem(catalog: Catalog) -> dict[str, list[int]]:
    """Return the genres of a catalogue by the stems of the words in their names."""
    found: dict[str, list[int]] = {}
    for number, name in zip(catalog.genre_keys.tolist(), catalog.genre_names, strict=True):
        for word in set(text_key(name).split()):
            found.setdefault(stem(word), []).append(number)
    return found
