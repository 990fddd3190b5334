"""Judges recommended lists by the tracks that were held out, and averages the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.bench.evaluation import (
    Estimate,
    estimate,
    intra_list_diversity,
    known_median,
    ndcg_at_k,
    popularity_lift,
    recall_at_k,
)
from bot.core.catalog import Catalog
from bot.core.ranking import HARDLY_LISTED, coverage, gini

DEPTHS: Final = (10, 100, 500)
"""The lengths of list at which recall is measured."""
DEPTH: Final = 100
"""The length of list at which everything else is measured."""
TOP: Final = 20
"""The length of list at which stars and repetition are measured: what people look at."""
EMERGING_UNDER: Final = 50.0
"""An artist whose best-known song has a lower raw popularity (0 … 100), or an unknown one, may be
emerging, when fewer than `HARDLY_LISTED` of the lists that are learned from hold any of theirs."""
FAMOUS_FROM: Final = 60.0
"""An artist whose best-known song has this raw popularity or more is famous."""

EVERY, UNDER, EMERGING, NEW = "", ", little known", ", emerging", ", new artists"
"""The held-out tracks that count: all; by artists up to some fame; by emerging ones; by artists not
among the seeds. The recommended list is the same for all of them."""
GROUPS: Final = (EVERY, UNDER, EMERGING, NEW)
FINDING: Final = (*(f"recall@{depth}" for depth in DEPTHS), f"NDCG@{DEPTH}")
POPULARITY, PERCENTILE, LIFT = "median popularity", "median percentile", "popularity lift"
DIVERSITY, SECONDS, COVERAGE, GINI = "intra-list diversity", "seconds", "coverage", "Gini"
FAMOUS, DISTINCT, MOST_SHOWN = "famous", "distinct", "most shown"
LIST_MEASURES: Final = (
    *(name + group for group in GROUPS for name in FINDING),
    POPULARITY,
    PERCENTILE,
    LIFT,
    DIVERSITY,
    FAMOUS,
)
"""What `Judge.judge` measures of one list, in its order."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One list, cut in two; rows of the catalogue, every song once."""

    seeds: NDArray[np.int64]
    held_out: NDArray[np.int64]
    emerging: NDArray[np.int64]
    """Those of the held-out ones that are by emerging artists."""


@dataclass(frozen=True, slots=True)
class Line:
    """The results of one method."""

    name: str
    estimates: tuple[Estimate, ...]

    def __getitem__(self, measure: str) -> Estimate:
        """Return the estimate of one measure by name; KeyError when there is none."""
        for one in self.estimates:
            if one.measure == measure:
                return one
        raise KeyError(measure)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A whole table, and what it was made from."""

    lines: tuple[Line, ...]
    lists: int
    """Lists in the file; the judged ones were drawn from them."""
    judged: int
    splits: int
    folds: int
    songs: int
    """Candidates: all songs of the catalogue."""
    entries: int
    """Lines of the file."""
    unknown: tuple[str, ...]
    """Those that are not in the catalogue."""
    too_short: tuple[str, ...]
    """Lists of fewer than two known songs: they cannot be split."""
    under: int
    """Up to this fame an artist is little known, 0 … 100."""
    notes: tuple[str, ...]
    """What the reader must know, such as what is missing and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Knows the catalogue and measures lists against it."""

    catalog: Catalog
    raw_popularity: NDArray[np.float64]
    """Per row 0 … 100 as its source gave it; NaN is unknown."""
    best_known: NDArray[np.float64]
    """The raw popularity of each artist's best-known song; NaN is unknown."""
    under: float
    """Up to this fame (0 … 1) an artist is little known; those whom nobody counts are not."""

    @classmethod
    def of(cls, catalog: Catalog, raw_popularity: NDArray[np.float64], *, under: float) -> Self:
        """Look up how well known the artists of a catalogue are."""
        best = np.full(len(catalog.artist_keys), np.nan)
        np.fmax.at(best, catalog.artist_index, raw_popularity)
        return cls(catalog, raw_popularity, best, under)

    def songs_once(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """Return the rows in their order, each song once."""
        plain = np.asarray(rows, np.int64)
        first = np.unique(self.catalog.song_index[plain], return_index=True)[1]
        kept: NDArray[np.int64] = plain[np.sort(first)]
        return kept

    def admitted(self, case: Case, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what counts of a list: each song once, no seeds, cut at `DEPTH`."""
        once = self.songs_once(rows.tolist())
        index = self.catalog.song_index
        kept: NDArray[np.int64] = once[~np.isin(index[once], index[case.seeds])]
        return kept[: max(DEPTHS)]

    def emerging(self, lists: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Return per row whether it is by an emerging artist.

        Args:
            lists: rows of each list that may be learned from.
        """
        listed = np.zeros(len(self.catalog.artist_keys), np.int64)
        for rows in lists:
            listed[np.unique(self.catalog.artist_index[rows])] += 1
        emerging: NDArray[np.bool_] = ~(self.best_known >= EMERGING_UNDER)
        emerging &= listed < HARDLY_LISTED
        return emerging[self.catalog.artist_index]

    def judge(self, case: Case, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the `LIST_MEASURES` of one list that `admitted` has passed; NaN has no value."""
        index, popularity = self.catalog.song_index, self.catalog.popularity
        found: list[float] = []
        for relevant in self._groups(case):
            hits = np.isin(index[rows], index[relevant])
            found += [recall_at_k(hits, len(relevant), depth) for depth in DEPTHS]
            found.append(ndcg_at_k(hits, len(relevant), DEPTH))
        top = rows[:DEPTH]
        return np.array(
            [
                *found,
                known_median(self.raw_popularity[top]),
                known_median(popularity[top]),
                popularity_lift(popularity[top], popularity[case.seeds]),
                intra_list_diversity(self.catalog.vectors(top)),
                self._famous(rows[:TOP]),
            ]
        )

    def _famous(self, rows: NDArray[np.int64]) -> float:
        """Return the share of some rows that are by famous artists."""
        if not len(rows) or np.isnan(self.raw_popularity).all():
            return float("nan")
        best = self.best_known[self.catalog.artist_index[rows]]
        return float((best >= FAMOUS_FROM).mean())

    def _groups(self, case: Case) -> tuple[NDArray[np.int64], ...]:
        """Return the held-out rows of each of the `GROUPS`."""
        held, artists = case.held_out, self.catalog.artist_index
        little = self.catalog.counted[held] & (self.catalog.fame[held] <= self.under)
        return (
            held,
            held[little],
            case.emerging,
            held[~np.isin(artists[held], artists[case.seeds])],
        )


class Tally:
    """Collects the judgements of one method: list × split × measure, and what was shown."""

    def __init__(self, judge: Judge, *, lists: int, splits: int) -> None:
        self._judge = judge
        self._values = np.full((lists, splits, len(LIST_MEASURES)), np.nan)
        self._seconds = np.full((lists, splits), np.nan)
        songs = int(judge.catalog.song_index.max(initial=-1)) + 1
        self._exposure = np.zeros((splits, songs), np.int64)
        self._on_top = np.zeros((splits, songs), np.int64)

    def add(
        self, place: int, split: int, case: Case, rows: NDArray[np.int64], seconds: float
    ) -> None:
        """Judge one recommended list, with the time it took."""
        kept = self._judge.admitted(case, rows)
        self._values[place, split] = self._judge.judge(case, kept)
        self._seconds[place, split] = seconds
        songs = self._judge.catalog.song_index[kept]
        self._exposure[split, songs[:DEPTH]] += 1
        self._on_top[split, songs[:TOP]] += 1

    def line(self, name: str) -> Line:
        """Sum up: means over lists with their standard errors, and over splits what all lists show.

        `DISTINCT` is how many different songs all the first `TOP` hold; `MOST_SHOWN` the share of
        lists whose first `TOP` hold the song that most of them hold.
        """
        by_list = [
            estimate(measure, self._values[:, :, place])
            for place, measure in enumerate(LIST_MEASURES)
        ]
        covered = np.array([[coverage(one)] for one in self._exposure])
        unequal = np.array([[gini(one)] for one in self._exposure])
        lists = len(self._values)
        distinct = np.array([[float(np.count_nonzero(one))] for one in self._on_top])
        most = np.array([[one.max(initial=0) / lists] for one in self._on_top])
        return Line(
            name,
            (
                *by_list,
                estimate(COVERAGE, covered),
                estimate(GINI, unequal),
                estimate(DISTINCT, distinct),
                estimate(MOST_SHOWN, most),
                estimate(SECONDS, self._seconds),
            ),
        )
