"""Wishes with what is right to understand of them, and how much of that is understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.asking import GenreNames, Heard, Reader, candidates
from bot.core.asking.words import SOUNDS
from bot.core.catalog import artist_key
from bot.core.ranking import MAX_COUNT, Bound
from tests.core.asking.vocabulary import ARTISTS, GENRES

THIS_YEAR = 2026
READER = Reader(GenreNames(dict(enumerate(GENRES, start=1))))
KNOWN = {artist_key(name): name for name in ARTISTS}


@dataclass(frozen=True)
class Written:
    """A wish as somebody typed it."""

    text: str
    slots: frozenset[str]


def written(name: str) -> list[Written]:
    """Read one of the files beside this one."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if not line.startswith("#"):
            text, _, slots = line.partition("=>")
            named = frozenset(one.strip() for one in slots.split(";") if one.strip())
            found.append(Written(text.strip(), named))
    return found


def read(text: str) -> Heard:
    """Read a wish made to the catalogue of these tests."""
    artists = {one for one in candidates(text) if artist_key(one) in KNOWN}
    return READER.read(text, artists=artists, this_year=THIS_YEAR)


def slots_of(heard: Heard) -> frozenset[str]:
    """Return what was understood, as the files write it."""
    found = [f"genre:{one.name}" for one in heard.genres if one.ids]
    found += [f"-genre:{one.name}" for one in heard.not_genres if one.ids]
    found += [f"mood:{one}" for one in heard.moods] + [f"-mood:{one}" for one in heard.not_moods]
    found += [_sound(one) for one in heard.bounds]
    found += [f"like:{_name(one)}" for one in heard.likes]
    found += [f"-artist:{_name(one)}" for one in heard.without]
    if heard.count:
        found.append(f"count:{min(heard.count, MAX_COUNT)}")
    if heard.obscurity is not None:
        found.append(f"obscurity:{heard.obscurity}")
    if heard.deep_cuts:
        found.append(f"cuts:{heard.deep_cuts}")
    for name, span in (("tempo", heard.tempo), ("years", heard.years)):
        if span is not None:
            low, high = ("" if one is None else f"{one:.0f}" for one in span)
            found.append(f"{name}:{low}-{high}")
    return frozenset(found)


def f1(wishes: Sequence[Written]) -> float:
    """Return the F1 of all pairs of slot and value together."""
    right = wrong = missed = 0
    for one in wishes:
        found = slots_of(read(one.text))
        right += len(found & one.slots)
        wrong += len(found - one.slots)
        missed += len(one.slots - found)
    return 2 * right / (2 * right + wrong + missed)


def _name(typed: str) -> str:
    return KNOWN.get(artist_key(typed), typed.casefold())


def _sound(bound: Bound) -> str:
    for one, phrases in SOUNDS.items():
        if one == bound:
            return f"sound:{phrases[0].split()[0]}"
    opposite = Bound(bound.feature, bound.highest, bound.lowest)
    return next(f"-sound:{names[0].split()[0]}" for one, names in SOUNDS.items() if one == opposite)
