"""Words that are nearly spelled like one that turns a dial."""

from collections.abc import Collection
from typing import Final

_SHORT: Final = 5
"""Shorter words must differ by doubled letters only: they are like too many others."""
_LONG: Final = 10
"""From so many letters on two may be wrong."""


class Spelling:
    """Knows how some words are spelled."""

    def __init__(self, words: Collection[str]) -> None:
        """Learn the words."""
        self._words = frozenset(one for one in words if len(one) >= _SHORT - 1)
        self._squeezed = {_squeezed(one): one for one in sorted(self._words)}
        self._by_first: dict[str, list[str]] = {}
        for one in sorted(self._words):
            self._by_first.setdefault(one[0], []).append(one)

    def corrected(self, word: str) -> str | None:
        """Return the word that is meant; None when it is no such word, or none is near."""
        if len(word) < 3 or not word.isalpha() or word in self._words:
            return None
        same = self._squeezed.get(_squeezed(word))
        if same is not None:
            return same
        if len(word) < _SHORT:
            return None
        most = 2 if len(word) >= _LONG else 1
        near = (
            (wrong, abs(len(one) - len(word)), one)
            for one in self._by_first.get(word[0], ())
            if abs(len(one) - len(word)) <= most
            and len(one) >= _SHORT
            and (wrong := letters_wrong(word, one, most)) <= most
        )
        best = min(near, default=None)
        return None if best is None else best[2]


def letters_wrong(one: str, other: str, most: int) -> int:
    """Return how many letters were left out, added, changed or swapped with the next one.

    Optimal string alignment; anything above `most` is told as `most + 1`.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, last, row = row, before, [place]
        for column, wanted in enumerate(other, start=1):
            cost = min(
                before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != wanted)
            )
            swapped = place > 1 and column > 1
            if swapped and letter == other[column - 2] and one[place - 2] == wanted:
                cost = min(cost, last[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _squeezed(word: str) -> str:
    """Return a word without doubled letters."""
    return "".join(one for place, one in enumerate(word) if place == 0 or one != word[place - 1])
