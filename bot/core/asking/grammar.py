"""Which phrases mean what: the tables of `words` as one that is looked up by its phrases."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from bot.core.asking import words
from bot.core.taste import BOUNDS

FAST: Final = (BOUNDS["tempo"].high, None)
SLOW: Final = (None, BOUNDS["tempo"].low)
VERY_FAST: Final = (140.0, None)
VERY_SLOW: Final = (None, 75.0)
MIDDLING: Final = (BOUNDS["tempo"].low, BOUNDS["tempo"].high)

FAMOUS, NOT_TOO_UNKNOWN, LITTLE_KNOWN, UNKNOWN, MOST_UNKNOWN = 0, 30, 70, 90, 100
"""Positions of the dial of obscurity that words stand for."""


class Kind(Enum):
    """What a phrase is about."""

    MOOD = auto()
    VOCALS = auto()
    TEMPO = auto()
    BOUND = auto()
    STUDIO = auto()
    FAME = auto()
    CUTS = auto()
    RECENT = auto()
    OLDIES = auto()
    INDEPENDENT = auto()
    UNHEARD = auto()
    LENGTH = auto()
    NEGATOR = auto()
    NOT_NEGATED = auto()
    LIKE = auto()
    BY = auto()
    GENRE = auto()
    """Found by the genres of the catalogue, not in the tables."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means."""

    kind: Kind
    value: Any = None


@cache
def table() -> dict[str, Meaning]:
    """Return all phrases with their meanings; of two with one phrase the later counts."""
    found: dict[str, Meaning] = {}

    def add(phrases: tuple[str, ...], kind: Kind, value: Any = None) -> None:
        found.update({phrase: Meaning(kind, value) for phrase in phrases})

    add(words.LENGTHS, Kind.LENGTH)
    add(words.BY, Kind.BY)
    add(words.LIKES, Kind.LIKE)
    add(words.FAMOUS, Kind.FAME, FAMOUS)
    add(words.LITTLE_KNOWN, Kind.FAME, LITTLE_KNOWN)
    add(words.UNKNOWN, Kind.FAME, UNKNOWN)
    add(words.MOST_UNKNOWN, Kind.FAME, MOST_UNKNOWN)
    add(words.RECENT, Kind.RECENT)
    add(words.OLDIES, Kind.OLDIES)
    add(words.DEEP_CUTS, Kind.CUTS)
    for mood, phrases in words.MOODS.items():
        add(phrases, Kind.MOOD, mood)
    add(words.VOCALS, Kind.VOCALS)
    add(words.FAST, Kind.TEMPO, FAST)
    add(words.VERY_FAST, Kind.TEMPO, VERY_FAST)
    add(words.SLOW, Kind.TEMPO, SLOW)
    add(words.VERY_SLOW, Kind.TEMPO, VERY_SLOW)
    add(words.MIDDLING, Kind.TEMPO, MIDDLING)
    for bound, phrases in words.SOUNDS.items():
        add(phrases, Kind.BOUND, bound)
    add(words.STUDIO, Kind.STUDIO)
    add(words.INDEPENDENT, Kind.INDEPENDENT)
    add((*words.UNHEARD, *words.EXPLICIT, *words.LABELS), Kind.UNHEARD)
    add(words.NEGATORS, Kind.NEGATOR)
    add(words.NOT_NEGATED, Kind.NOT_NEGATED)
    return found


@cache
def longest() -> int:
    """Return how many words the longest phrase has."""
    return max(len(phrase.split()) for phrase in table())


@cache
def single_words() -> frozenset[str]:
    """Return all words that mean something by themselves."""
    kinds = (Kind.LENGTH, Kind.BY, Kind.LIKE, Kind.NEGATOR, Kind.NOT_NEGATED)
    return frozenset(
        phrase for phrase, one in table().items() if " " not in phrase and one.kind not in kinds
    )
