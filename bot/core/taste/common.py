"""What several tastes have in common, and what each has alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.catalog import Catalog
from bot.core.taste.explanation import FeatureLevel, describe
from bot.core.taste.preference import Judged
from bot.core.taste.profile import Height, favorite_genres, genre_mix, height
from bot.core.taste.taste import TasteProfile

_SHARED: Final = 3
"""So many things are named as shared at the most."""
_ALL_GENRES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that can be said of a taste: a genre, or how it sounds."""

    genre: str | None = None
    level: FeatureLevel | None = None
    """Clearly high or low."""


@dataclass(frozen=True, slots=True)
class Common:
    """What some tastes share, and one thing that each has alone."""

    shared: tuple[Trait, ...] = ()
    alone: tuple[Trait | None, ...] = ()
    """One per taste; None: there is nothing."""


def in_common(catalog: Catalog, tastes: Sequence[TasteProfile]) -> Common:
    """Compare some tastes: by genres, and by sound where there are none.

    A taste has a genre when it likes more of it than the catalogue holds (`favorite_genres`), and a
    sound when it stands clearly away from the catalogue's middle. What is shared, all have; what
    somebody has alone, nobody else has.
    """
    mix = genre_mix(catalog)
    genres = [
        {
            one.name: one.share
            for one in favorite_genres(
                catalog,
                Judged(taste.liked_rows, taste.liked_weights),
                limit=_ALL_GENRES,
                mix=mix,
            )
        }
        for taste in tastes
    ]
    sounds = [_clear(catalog, taste) for taste in tastes]
    everywhere = set(genres[0]).intersection(*genres[1:])
    best = sorted(everywhere, key=lambda name: (-min(one[name] for one in genres), name))
    shared = [Trait(genre=name) for name in best[:_SHARED]] or _shared_sounds(sounds)
    return Common(
        tuple(shared), tuple(_alone(genres, sounds, place) for place in range(len(tastes)))
    )


def _clear(catalog: Catalog, taste: TasteProfile) -> dict[str, FeatureLevel]:
    """Return the levels that are clearly high or low, the farthest from the middle first."""
    levels = [
        one
        for one in describe(catalog, taste.levels)
        if height(one.percentile) is not Height.MIDDLE and one.value is not None
    ]
    return {one.feature: one for one in sorted(levels, key=_middle)}


def _middle(level: FeatureLevel) -> float:
    return -abs(level.percentile - 0.5)


def _shared_sounds(sounds: Sequence[dict[str, FeatureLevel]]) -> list[Trait]:
    """Return the levels that are high for all or low for all: those nearest to the middle."""
    found = []
    for feature in sounds[0]:
        levels = [one[feature] for one in sounds if feature in one]
        if len(levels) == len(sounds) and len({height(one.percentile) for one in levels}) == 1:
            found.append(Trait(level=max(levels, key=_middle)))
    return found[:_SHARED]


def _alone(
    genres: Sequence[dict[str, float]], sounds: Sequence[dict[str, FeatureLevel]], place: int
) -> Trait | None:
    others = [one for number, one in enumerate(genres) if number != place]
    for genre in sorted(genres[place], key=lambda name: (-genres[place][name], name)):
        if not any(genre in one for one in others):
            return Trait(genre=genre)
    elsewhere = [one for number, one in enumerate(sounds) if number != place]
    for feature, level in sounds[place].items():
        theirs = [one[feature] for one in elsewhere if feature in one]
        if all(height(one.percentile) is not height(level.percentile) for one in theirs):
            return Trait(level=level)
    return None
