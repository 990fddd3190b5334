"""Brings together what was said of one thing in several places of a wish."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.asking.grammar import FAMOUS, LITTLE_KNOWN
from bot.core.asking.heard import Heard
from bot.core.asking.numbers import Found, Tempo
from bot.core.ranking import Bound, DeepCuts, Mood, Years

_OPPOSED: Final = ((Mood.SAD, Mood.HAPPY), (Mood.CALM, Mood.ENERGETIC))
_JOINS: Final = frozenset({"by", "of", "from"})


@dataclass(slots=True)
class Spoken:
    """What may have been said more than once."""

    fames: list[tuple[int, int]] = field(default_factory=list)
    """Positions of the dial of obscurity, and the place in the wish."""
    years: list[Found] = field(default_factory=list)
    tempos: list[tuple[Tempo, bool, str]] = field(default_factory=list)
    """With whether a number was said, and how."""


def settle(heard: Heard, spoken: Spoken, keys: Sequence[str]) -> None:
    """Fill in what takes all of a wish, and note what cannot hold together.

    Args:
        heard: what was understood so far.
        spoken: what is to be brought together.
        keys: of all tokens of the wish.
    """
    _settle_fame(heard, spoken.fames, keys)
    _settle_years(heard, spoken.years)
    _settle_tempo(heard, spoken.tempos)
    _settle_opposites(heard)


def _settle_fame(heard: Heard, fames: Sequence[tuple[int, int]], keys: Sequence[str]) -> None:
    values = [value for value, _ in fames]
    if not values:
        return
    if FAMOUS in values and max(values) >= LITTLE_KNOWN:
        first = next(place for value, place in fames if value != FAMOUS)
        star = next(place for value, place in fames if value == FAMOUS)
        between = set(keys[first:star])
        if first < star and between & _JOINS:  # "unknown songs by famous bands"
            heard.deep_cuts = heard.deep_cuts or DeepCuts.ONLY
        else:
            heard.clashes.append(("famous", "hardly known"))
        return
    heard.obscurity = max(values)


def _settle_years(heard: Heard, found: Sequence[Found]) -> None:
    spans = [one.years for one in found if one.years is not None and not one.is_bound]
    bounds = [one.years for one in found if one.years is not None and one.is_bound]
    first: int | None = None
    last: int | None = None
    if spans:
        first = min(one[0] for one in spans if one[0] is not None)
        last = max(one[1] for one in spans if one[1] is not None)
    for low, high in bounds:
        first = low if first is None else first if low is None else max(first, low)
        last = high if last is None else last if high is None else min(last, high)
    if first is not None and last is not None and first > last:
        heard.clashes.append((_since(first), _until(last)))
    elif first is not None or last is not None:
        years: Years = (first, last)
        heard.years = years


def _since(year: int) -> str:
    return f"{year} or later"


def _until(year: int) -> str:
    return f"{year} or earlier"


def _settle_tempo(heard: Heard, tempos: Sequence[tuple[Tempo, bool, str]]) -> None:
    """Let all that was said of the tempo hold together; numbers count more than words."""
    numbers = [one for one in tempos if one[1]]
    tempo: Tempo = (None, None)
    said = ""
    for (low, high), is_number, words in [*numbers, *(one for one in tempos if not one[1])]:
        slowest, fastest = tempo
        slowest = low if slowest is None else slowest if low is None else max(slowest, low)
        fastest = high if fastest is None else fastest if high is None else min(fastest, high)
        if slowest is not None and fastest is not None and slowest > fastest:
            if is_number or not numbers:
                heard.clashes.append((said, words))
            continue
        tempo, said = (slowest, fastest), words
    if tempo != (None, None):
        heard.tempo = tempo


def _settle_opposites(heard: Heard) -> None:
    for one, other in _OPPOSED:
        if one in heard.moods and other in heard.moods:
            heard.clashes.append((one.value, other.value))
    for mood in heard.moods:
        if mood in heard.not_moods:
            heard.clashes.append((mood.value, f"not {mood.value}"))
    for genre in heard.genres:
        if genre in heard.not_genres:
            heard.clashes.append((genre.name, f"no {genre.name}"))
    for bound in heard.bounds:
        if any(_exclude(bound, other) for other in heard.bounds):
            heard.clashes.append((f"more {bound.feature}", f"less {bound.feature}"))
            break


def _exclude(one: Bound, other: Bound) -> bool:
    """Tell whether nothing lies within both, as the one is a floor and the other a ceiling."""
    if one.feature != other.feature or one.lowest is None or other.highest is None:
        return False
    return one.lowest >= other.highest
