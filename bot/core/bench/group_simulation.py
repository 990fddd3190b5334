"""Groups of simulated listeners who share lists: what `bside lab blend` runs.

Every way to make a list meets the same groups. It is given the tastes that were learned from what
each listener said before, makes list after list, and never shows a track twice. What counts is the
listener of the group who likes the least of what was shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.bench.simulated_listeners import FAMILIES, World, like_probabilities
from bot.core.bench.simulation import WRONG, Difference, difference
from bot.core.catalog import Catalog
from bot.core.ranking import GroupList, Query, averaged, blend, rank
from bot.core.ranking import best_sum as best_sum_of
from bot.core.taste import Opinion, TasteProfile, build_taste

SIZES: Final = (2, 3, 5)
"""Listeners in a group."""
SAID: Final = 15
"""So many likes, and as many dislikes, each of them has said."""


class Overlap(StrEnum):
    """How the tastes of a group stand to each other."""

    DISJOINT = "disjoint"
    """Nobody likes what another likes."""
    OVERLAPPING = "overlapping"
    """Everybody also likes one kind of music that all of them like."""


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """How many groups and lists."""

    groups: int = 40
    """Of each size and kind, >= 2."""
    lists: int = 4
    """That a group is made, one after the other."""
    picks: int = 5
    """In a list."""
    obscurity: int = 0
    seed: int = 0


class GroupMethod(Protocol):
    """Makes lists for groups."""

    @property
    def name(self) -> str:
        """What its line in the table is called."""

    def start(self, size: int) -> None:
        """Begin with another group of so many."""

    def next_rows(self, tastes: list[TasteProfile], query: Query) -> list[int]:
        """Return the rows of the next list for the group."""


class AveragedTaste:
    """The list of one listener who thinks what all of them think."""

    name = "averaged taste"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._taste: TasteProfile | None = None

    def start(self, size: int) -> None:
        """Forget the former group."""
        self._taste = None

    def next_rows(self, tastes: list[TasteProfile], query: Query) -> list[int]:
        """Return the best of the averaged taste."""
        if self._taste is None:
            self._taste = averaged(self._catalog, tastes)
        return [pick.row for pick in rank(self._catalog, self._taste, query).picks]


class BestSum:
    """The list with the largest sum of fits, whoever has them."""

    name = "sum of fits"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def start(self, size: int) -> None:
        """Do nothing: no list depends on another."""

    def next_rows(self, tastes: list[TasteProfile], query: Query) -> list[int]:
        """Return the best by the sum."""
        return _rows(best_sum_of(self._catalog, tastes, query))


class Fair:
    """What the bot makes, with or without what is owed from the lists before."""

    def __init__(self, catalog: Catalog, *, carries: bool) -> None:
        self.name = "B-Side" if carries else "B-Side, nothing carried over"
        self._catalog = catalog
        self._carries = carries
        self._owed: tuple[float, ...] = ()

    def start(self, size: int) -> None:
        """Owe nobody anything."""
        self._owed = (0.0,) * size

    def next_rows(self, tastes: list[TasteProfile], query: Query) -> list[int]:
        """Return the fairest list."""
        found = blend(self._catalog, tastes, query, self._owed)
        if self._carries:
            self._owed = found.owed
        return _rows(found)


def _rows(found: GroupList) -> list[int]:
    return [one.row for one in found.picks]


def group_methods(catalog: Catalog) -> tuple[GroupMethod, ...]:
    """Return every way to make a list, the one to beat first, ours last."""
    return (
        AveragedTaste(catalog),
        BestSum(catalog),
        Fair(catalog, carries=False),
        Fair(catalog, carries=True),
    )


@dataclass(frozen=True, slots=True, eq=False)
class GroupSimulation:
    """The result: what the listeners of each group like of what they were shown."""

    methods: tuple[str, ...]
    rates: dict[tuple[Overlap, int], NDArray[np.float64]]
    """By kind and size: group × method × listener, the mean chance that a pick is liked."""
    tracks: int

    def worst(self, kind: Overlap, size: int, method: int) -> float:
        """Return the like rate of the listener who likes least, a mean over groups."""
        return float(self.rates[kind, size][:, method].min(axis=1).mean())

    def mean(self, kind: Overlap, size: int, method: int) -> float:
        """Return the like rate of all listeners, a mean over groups."""
        return float(self.rates[kind, size][:, method].mean())

    def ratio(self, method: int) -> float:
        """Return the rate of the worst-off over that by the first method, for all groups."""
        mine, first = (
            sum(self.worst(kind, size, one) for kind, size in self.rates) for one in (method, 0)
        )
        return mine / first if first else float("nan")

    def gain_of_all(self, method: int) -> Difference:
        """Return `gain` over all groups."""
        worst = [rates.min(axis=2) for rates in self.rates.values()]
        return difference(np.concatenate([one[:, method] - one[:, 0] for one in worst]))

    def gain(self, kind: Overlap, size: int, method: int) -> Difference:
        """Return how much more the worst-off like than of the first method's lists."""
        worst = self.rates[kind, size].min(axis=2)
        return difference(worst[:, method] - worst[:, 0])


def simulate_groups(
    world: World, methods: tuple[GroupMethod, ...], options: GroupOptions
) -> Iterator[tuple[Overlap, int, NDArray[np.float64]]]:
    """Yield kind, size and the method × listener like rates of one group after the other.

    The same world, methods and options give the same numbers.
    """
    for kind_place, kind in enumerate(Overlap):
        for size in SIZES:
            for number in range(options.groups):
                rng = np.random.default_rng([options.seed, 3, kind_place, size, number])
                chances = group_chances(world, kind, size, rng)
                said = [_said(row, rng) for row in chances]
                yield (
                    kind,
                    size,
                    np.array(
                        [_shown(world.catalog, one, said, chances, options) for one in methods]
                    ),
                )


def group_chances(
    world: World, kind: Overlap, size: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw a group: listener × track, how likely each likes each. Families are drawn by chance."""

    def drawn() -> NDArray[np.float64]:
        families = tuple(FAMILIES)
        return like_probabilities(world, families[rng.integers(len(families))], rng)

    own = np.array([drawn() for _ in range(size)])
    if kind is Overlap.OVERLAPPING:
        overlapping: NDArray[np.float64] = np.maximum(own, drawn())
        return overlapping
    others = [np.delete(1 - own, one, axis=0).prod(axis=0) for one in range(size)]
    disjoint: NDArray[np.float64] = own * np.array(others)
    return disjoint


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    likes: NDArray[np.int64]
    dislikes: NDArray[np.int64]


def _said(chances: NDArray[np.float64], rng: np.random.Generator) -> _Said:
    """Let a listener judge tracks, a few of them wrongly: half are liked, half are not."""
    likes = rng.choice(len(chances), SAID, replace=False, p=chances / chances.sum())
    others = 1 - chances
    others[likes] = 0
    dislikes = rng.choice(len(chances), SAID, replace=False, p=others / others.sum())
    wrong = rng.random(SAID) < WRONG
    return _Said(np.where(wrong, dislikes, likes), np.where(wrong, likes, dislikes))


def _shown(
    catalog: Catalog,
    method: GroupMethod,
    said: list[_Said],
    chances: NDArray[np.float64],
    options: GroupOptions,
) -> NDArray[np.float64]:
    """Return what each listener of a group likes of the lists that a way makes for them."""
    tastes = [
        build_taste(
            catalog,
            [Opinion(row, 1.0) for row in one.likes.tolist()]
            + [Opinion(row, -1.0) for row in one.dislikes.tolist()],
        )
        for one in said
    ]
    known = [row for one in said for row in (*one.likes.tolist(), *one.dislikes.tolist())]
    shown: list[int] = []
    method.start(len(said))
    for _ in range(options.lists):
        query = Query(
            count=options.picks, obscurity=options.obscurity, rated=tuple({*known, *shown})
        )
        shown += method.next_rows(tastes, query)
    rates: NDArray[np.float64] = chances[:, shown].mean(axis=1)
    return rates
