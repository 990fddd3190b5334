"""Sorts of recordings: said by titles, albums, measures and sources, and never guessed."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

from bot.core.catalog.identity import recording_key
from bot.core.catalog.sorts import (
    LIVE_ALBUMS,
    TOLD,
    Sort,
    bit,
    is_live_album,
    sort_bits,
    sorts_of_title,
)
from bot.core.catalog.space import MEASURES


def bits_of(
    title: str = "Song",
    *,
    explicit: bool | None = None,
    live_album: bool = False,
    measured: Mapping[str, float] = MappingProxyType({}),
) -> int:
    audio = np.full((1, len(MEASURES)), np.nan)
    for name, value in measured.items():
        audio[0, MEASURES.index(name)] = value
    key = recording_key(title, "Low")
    (found,) = sort_bits([key], audio, [explicit], np.array([live_album]))
    return int(found)


@pytest.mark.parametrize(
    ("title", "sorts"),
    [
        ("Hurt (Live in Rome)", {Sort.LIVE}),
        ("Hurt - Ao Vivo", {Sort.LIVE}),
        ("Hurt (Unplugged)", {Sort.LIVE}),
        ("Live Forever", set()),
        ("The World We Live In", set()),
        ("Hurt (Instrumental)", {Sort.INSTRUMENTAL}),
        ("Hurt (Karaoke Version)", {Sort.INSTRUMENTAL}),
        ("Hurt (Live, Instrumental)", {Sort.LIVE, Sort.INSTRUMENTAL}),
        ("Hurt (2011 Remaster)", set()),
        ("Hurt (Explicit)", set()),
    ],
)
def test_a_title_says_of_which_sorts_a_recording_is(title: str, sorts: set[Sort]) -> None:
    assert bits_of(title) == sum(bit(one) for one in sorts)
    assert sorts_of_title(title) == sorts


@pytest.mark.parametrize(
    ("measured", "sorts"),
    [
        ({"liveness": 0.81}, {Sort.LIVE}),
        ({"liveness": 0.8}, set()),
        ({"instrumentalness": 0.51}, {Sort.INSTRUMENTAL}),
        ({"instrumentalness": 0.5}, set()),
        ({}, set()),
    ],
)
def test_a_measure_says_it_where_no_doubt_is_left(
    measured: dict[str, float], sorts: set[Sort]
) -> None:
    assert bits_of(measured=measured) == sum(bit(one) for one in sorts)


def test_explicit_is_what_a_source_says_and_unknown_is_not() -> None:
    assert bits_of(explicit=True) == TOLD | bit(Sort.EXPLICIT)
    assert bits_of(explicit=False) == TOLD
    assert bits_of(explicit=None) == 0


def test_all_of_a_live_album_is_live() -> None:
    assert bits_of(live_album=True) == bit(Sort.LIVE)


@pytest.mark.parametrize(
    ("title", "is_live"),
    [
        ("Live at Leeds", True),
        ("MTV Unplugged in New York", True),
        ("Roseland NYC (Live)", True),
        ("Stop Making Sense - Live", True),
        ("Live Through This", False),
        ("Alive 2007", False),
        ("The World We Live In", False),
    ],
)
def test_an_album_is_live_when_its_title_says_so(title: str, *, is_live: bool) -> None:
    assert is_live_album(title) is is_live
    looked_at = any(_like(title.lower(), one) for one in LIVE_ALBUMS)
    assert looked_at or not is_live, "the database finds each of them"


def _like(text: str, pattern: str) -> bool:
    begin, _, end = pattern.partition("%")
    if not begin:
        return end.rstrip("%") in text
    return text.startswith(begin)
