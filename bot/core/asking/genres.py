"""The genres of a catalogue, found by the many names that people have for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.asking.genre_words import COMMON, GENRES
from bot.core.catalog import text_key

LONGEST: Final = 5
"""So many words a name of a genre has at most."""


@dataclass(frozen=True, slots=True)
class Genre:
    """What a name of a genre means here."""

    name: str
    """As the catalogue writes it, or as it was typed when the catalogue has none such."""
    ids: tuple[int, ...]
    """All that the catalogue calls so; empty: it has none such."""
    wider: "Genre | None" = None
    """One that it has, where it has none such: jazz for acid jazz."""


class GenreNames:
    """Every way to name a genre of one catalogue; spaces and hyphens do not count."""

    def __init__(self, names: Mapping[int, str]) -> None:
        """Learn the names of a catalogue, by their ids."""
        own: dict[str, list[int]] = {}
        within: dict[str, list[int]] = {}
        for number, name in names.items():
            words = text_key(name).split()
            own.setdefault("".join(words), []).append(number)
            for part in _parts(words):
                within.setdefault(part, []).append(number)
        self._names = names
        self._own = own
        self._others: dict[str, list[int]] = {}
        known = {_joined(one) for pair in GENRES.items() for one in (pair[0], *pair[1].split("|"))}
        known |= {_joined(one) for one in COMMON}
        for key in known - own.keys():
            self._others[key] = within.get(key, [])
        for other, meant in GENRES.items():
            key = _joined(other)
            if key not in own:
                self._others[key] = self._first(meant.split("|"), within) or self._others[key]
        self.words = frozenset(
            word
            for name in (*names.values(), *COMMON, *GENRES, *"|".join(GENRES.values()).split("|"))
            for word in text_key(name).split()
            if len(word) > 1
        )
        """Every word that occurs in a name of a genre."""

    def find(self, words: Sequence[str]) -> Genre | None:
        """Return what some words together name; None: no genre that anybody has heard of."""
        key = "".join(words)
        ids = self._own.get(key)
        if ids is None:
            ids = self._others.get(key)
        if ids is None:
            return None
        if ids:
            return Genre(self._names[ids[0]], tuple(ids))
        return Genre(" ".join(words), (), self._wider(words))

    def _wider(self, words: Sequence[str]) -> Genre | None:
        """Return the genre that the first words of a name are, or else the last ones."""
        firsts = (words[:end] for end in range(len(words) - 1, 0, -1))
        lasts = (words[start:] for start in range(1, len(words)))
        for part in (*firsts, *lasts):
            found = self.find(part)
            if found is not None and found.ids:
                return found
        return None

    def _first(self, names: Iterable[str], within: Mapping[str, list[int]]) -> list[int]:
        """Return the genres of the first name that the catalogue has, whole or within others."""
        keys = [_joined(one) for one in names]
        whole = (self._own[key] for key in keys if key in self._own)
        return next(whole, None) or next((within[key] for key in keys if key in within), [])


def _joined(name: str) -> str:
    return text_key(name).replace(" ", "")


def _parts(words: Sequence[str]) -> Iterable[str]:
    """Yield the runs of words that a name ends with: "metal" of "death metal"."""
    for first in range(1, len(words)):
        yield "".join(words[first:])
