"""Judges recommendations on lists that somebody really made: what `bside eval` does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.bench import (
    DEPTHS,
    AudioCosine,
    Case,
    Evaluation,
    Judge,
    NearestLists,
    PopularTracks,
    RandomTracks,
    RankingMethod,
    Tally,
    ablations,
    holdout,
)
from bot.core.catalog import Catalog, RawTracks, best_known
from bot.core.ranking import HARDLY_LISTED, LIST_AFFINITY
from bot.errors import SeedsError, SetupError
from bot.services.bench.als import ImplicitAls, als_installed
from bot.services.catalog import LiveCatalog, Seed, resolve
from bot.store import columns
from bot.store.engine import Database

FOLDS: Final = 5
DIAL: Final = (0, 50, 70, 90)
_SCALE: Final = 100.0
_SHARE: Final = 100

_Cut: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The seeds and the held-out rows of a list."""


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """How to judge."""

    splits: int = 3
    """How often every list is cut in two, each time with other folds; >= 1."""
    lists: int | None = None
    """How many lists to judge, drawn by chance; all others are trained on too. None: all."""
    dial: tuple[int, ...] = DIAL
    """Obscurity positions, 0 … 100."""
    under: int = 40
    """Up to this fame an artist is little known, 0 … 100."""
    seeds_per_list: int | None = None
    """How many seeds to take of every list at most, drawn by chance; what is held out stays the
    same. None: all."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """The lists of the file as rows, every song once."""

    names: tuple[str, ...]
    rows: tuple[NDArray[np.int64], ...]

    @property
    def long_enough(self) -> NDArray[np.int64]:
        """The places of the lists that can be split."""
        return np.array([place for place, one in enumerate(self.rows) if len(one) > 1], np.int64)


async def evaluate(
    database: Database,
    live: LiveCatalog,
    entries: Sequence[Seed],
    options: EvaluationOptions,
    *,
    timer: Callable[[], float],
    extra: Callable[[Catalog], Sequence[RankingMethod]] = lambda catalog: (),
    progress: Callable[[str, int, int], None] = lambda name, done, all_: None,
) -> Evaluation:
    """Judge the baselines, our ranking part by part, and `extra` methods on real lists.

    Every list is cut 80/20 by chance. Methods that learn are trained on the other folds' whole
    lists and never see the list they are judged on. Candidates are all songs of the catalogue.
    The same file, catalogue and options give the same table, but for the seconds.

    Args:
        entries: the lists, as `seeds.read_seeds` reads them.
        timer: seconds from any fixed moment on, such as `time.perf_counter`.
        progress: is called with the method's name, lists done and lists in all.

    Raises:
        SetupError: the catalogue is empty.
        SeedsError: there are no lists that can be judged.
    """
    catalog = await live.get()
    if not len(catalog):
        raise SetupError("The catalogue is empty. Fill it first: bside catalog import FILE")
    found = await resolve(database, catalog, entries)
    async with database.read() as conn:
        raw = await columns.read_raw(conn)
    popularity = raw_popularity(catalog, raw)
    judge = Judge.of(catalog, popularity, under=options.under / _SHARE)
    lists = _lists(judge, entries, found)
    judged = _drawn(lists, options)
    audio = await asyncio.to_thread(_audio, catalog, raw)
    methods = _methods(catalog, audio, options)
    methods += extra(catalog)
    folds = min(FOLDS, len(lists.rows))
    tallies = [Tally(judge, lists=len(judged), splits=options.splits) for _ in methods]
    pairs = list(zip(methods, tallies, strict=True))
    done, whole = 0, len(methods) * options.splits * len(judged)
    for split in range(options.splits):
        cuts = _cuts(lists, judged, split, options.seeds_per_list)
        parts = _folded(lists, judged, folds, split)
        async for name in _judged(judge, parts, split, cuts, pairs, timer):
            done += 1
            progress(name, done, whole)
    return Evaluation(
        lines=tuple(tally.line(method.name) for method, tally in pairs),
        lists=len(lists.rows),
        judged=len(judged),
        splits=options.splits,
        folds=folds,
        songs=int(catalog.song_index.max()) + 1,
        entries=len(entries),
        unknown=tuple(str(one) for one, row in zip(entries, found, strict=True) if row is None),
        too_short=tuple(
            name for name, rows in zip(lists.names, lists.rows, strict=True) if len(rows) < 2
        ),
        under=options.under,
        notes=_notes(catalog, popularity),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """Lists to learn from, and the places in `judged` of those to judge."""

    training: list[NDArray[np.int64]]
    places: list[int]


async def _judged(
    judge: Judge,
    folds: Iterable[_Fold],
    split: int,
    cuts: Sequence[_Cut],
    pairs: Sequence[tuple[RankingMethod, Tally]],
    timer: Callable[[], float],
) -> AsyncIterator[str]:
    """Judge every method on every list in one way to cut them; yield its name list by list."""
    for fold in folds:
        emerging = judge.emerging(fold.training)
        for method, tally in pairs:
            await asyncio.to_thread(method.fit, fold.training)
            for place in fold.places:
                seeds, held = cuts[place]
                case = Case(seeds, held, held[emerging[held]])
                await asyncio.to_thread(_answer, method, tally, place, split, case, timer)
                yield method.name


def raw_popularity(catalog: Catalog, raw: RawTracks) -> NDArray[np.float64]:
    """Return per row what the source that knows most tracks says, if its scale is 0 … 100.

    All versions of a song have the popularity of the best known one. NaN is unknown; all are when
    there is no such source. Values of at most 1 are taken for shares.
    """
    values = np.full(len(catalog), np.nan)
    if not len(raw.popularity_values):
        return values
    best = int(np.bincount(raw.popularity_sources).argmax())
    chosen = raw.popularity_sources == best
    known = raw.popularity_values[chosen]
    if known.max() > _SCALE or known.max() <= 1 or known.min() < 0:
        return values
    _placed(values, catalog, raw.track_ids[raw.popularity_rows[chosen]], known)
    return best_known(values, catalog.song_index)


def _audio(catalog: Catalog, raw: RawTracks) -> NDArray[np.float64]:
    audio = np.full((len(catalog), raw.audio.shape[1]), np.nan)
    _placed(audio, catalog, raw.track_ids, raw.audio)
    return audio


def _placed(
    target: NDArray[np.float64],
    catalog: Catalog,
    track_ids: NDArray[np.int64],
    values: NDArray[np.float64],
) -> None:
    """Write values to the rows of their tracks; an import may have come in between."""
    places = np.minimum(np.searchsorted(catalog.track_ids, track_ids), len(catalog) - 1)
    here = catalog.track_ids[places] == track_ids
    target[places[here]] = values[here]


def _lists(judge: Judge, entries: Sequence[Seed], found: Sequence[int | None]) -> _Lists:
    members: dict[str, list[int]] = {entry.list: [] for entry in entries}
    for entry, row in zip(entries, found, strict=True):
        if row is not None:
            members[entry.list].append(row)
    if not any(members.values()):
        raise SeedsError(
            "The catalogue holds none of the tracks of these lists: import the tracks first, or "
            "look whether the ids and names are those of the catalogue."
        )
    return _Lists(tuple(members), tuple(judge.songs_once(rows) for rows in members.values()))


def _drawn(lists: _Lists, options: EvaluationOptions) -> NDArray[np.int64]:
    """Return which lists are judged, ascending."""
    able = lists.long_enough
    if len(able) < 2:
        raise SeedsError(
            f"Only {len(able)} of {len(lists.rows)} lists can be judged. A list needs two songs "
            "that the catalogue holds, and there must be two such lists, one to learn from and "
            "one to judge on. Does the file have a column named list?"
        )
    chosen = np.random.default_rng(0).permutation(able)[: options.lists]
    return np.sort(chosen)


def _methods(
    catalog: Catalog, audio: NDArray[np.float64], options: EvaluationOptions
) -> list[RankingMethod]:
    return [
        RandomTracks(catalog),
        PopularTracks(catalog),
        AudioCosine(catalog, audio),
        NearestLists(catalog),
        *([ImplicitAls(catalog)] if als_installed() else []),
        *ablations(catalog, options.dial, affinity=LIST_AFFINITY),
    ]


def _cuts(lists: _Lists, judged: NDArray[np.int64], split: int, seeds: int | None) -> list[_Cut]:
    """Cut every judged list; a list's cut does not depend on which others are judged."""
    cuts = [
        holdout(lists.rows[place], np.random.default_rng([split, place]))
        for place in judged.tolist()
    ]
    return [(known[:seeds], held_out) for known, held_out in cuts]


def _folded(lists: _Lists, judged: NDArray[np.int64], folds: int, split: int) -> Iterator[_Fold]:
    """Yield the whole lists to learn from and those to judge, fold by fold."""
    fold = np.empty(len(lists.rows), np.int64)
    order = np.random.default_rng([split]).permutation(len(fold))
    fold[order] = np.arange(len(fold)) % folds
    for one in range(folds):
        places = np.flatnonzero(fold[judged] == one).tolist()
        if places:
            others = np.flatnonzero(fold != one).tolist()
            yield _Fold([lists.rows[other] for other in others], places)


def _answer(
    method: RankingMethod,
    tally: Tally,
    place: int,
    split: int,
    case: Case,
    timer: Callable[[], float],
) -> None:
    start = timer()
    rows = method.recommend(case.seeds, max(DEPTHS))
    tally.add(place, split, case, rows, timer() - start)


def _notes(catalog: Catalog, popularity: NDArray[np.float64]) -> tuple[str, ...]:
    notes = []
    if not als_installed():
        notes.append(
            "Implicit ALS is left out: it needs the package implicit (uv sync --extra eval)."
        )
    if not catalog.knows_fame:
        notes.append(
            "Nobody counts any artist, so there are no results for little-known ones, and the "
            "obscurity dial changes nothing."
        )
    elif np.isnan(popularity).all():
        notes.append(
            "Raw popularity is left out, because no source gives it from 0 to 100: nobody is "
            "called famous, and every artist in fewer than "
            f"{HARDLY_LISTED} of the other lists emerging."
        )
    return tuple(notes)
