"""Recommendations for many lists of seeds at once, for scripts and for evaluation."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TextIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.ranking import LIST_AFFINITY, DeepCuts, Query, rank_all
from bot.core.taste import Opinion, build_taste
from bot.errors import SeedsError, SetupError
from bot.services.catalog import LiveCatalog, Seed, resolve
from bot.store import batch as batch_store
from bot.store.batch import ListedTrack
from bot.store.engine import Database

HEADER: Final = ("list", "rank", "track_id", "artist", "title", "popularity", "score")
TOGETHER: Final = 64
"""Lists that share one pass over the catalogue."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What is wanted for every list."""

    top: int = 100
    obscurity: int = 0
    new_artists: bool = False
    per_artist: int | None = None
    """How many tracks an artist may have in a list; None: any number."""
    deep_cuts: DeepCuts | None = None
    """None: as the dial has it."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch went."""

    lists: int
    seeds: int
    unknown: tuple[Seed, ...]
    """Seeds that are not in the catalogue, in the order of the file."""
    unanswered: tuple[str, ...]
    """Lists without any known seed: they have no rows."""
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    list: str
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]


async def recommend(
    database: Database,
    live: LiveCatalog,
    seeds: Sequence[Seed],
    out: Path,
    options: BatchOptions,
    *,
    progress: Callable[[int, int], None] = lambda done, lists: None,
) -> BatchReport:
    """Write the best tracks for every list to a CSV, which is there whole or not at all.

    A seed, and every version of its song, is never recommended.
    `progress` is called with the number of lists that are done and of all lists.

    Raises:
        SetupError: the catalogue is empty.
        SeedsError: the file cannot be written.
    """
    catalog = await live.get()
    if not len(catalog):
        raise SetupError("The catalogue is empty. Fill it first: bside catalog import FILE")
    with _written_whole(out) as file:
        rows = await resolve(database, catalog, seeds)
        lists: dict[str, list[int]] = {seed.list: [] for seed in seeds}
        for seed, row in zip(seeds, rows, strict=True):
            if row is not None:
                lists[seed.list].append(row)
        answers: list[_Answer] = []
        for start in range(0, len(lists), TOGETHER):
            some = dict(islice(lists.items(), start, start + TOGETHER))
            answers += await asyncio.to_thread(_answers, catalog, some, options)
            for done in range(start, start + len(some)):
                progress(done + 1, len(lists))
        shown = np.unique(np.concatenate([np.empty(0, np.int64), *(one.rows for one in answers)]))
        async with database.read() as conn:
            tracks = await batch_store.listed(conn, catalog.track_ids[shown].tolist())
        written = await asyncio.to_thread(_write, file, catalog, answers, tracks)
    return BatchReport(
        lists=len(lists),
        seeds=len(seeds),
        unknown=tuple(seed for seed, row in zip(seeds, rows, strict=True) if row is None),
        unanswered=tuple(name for name, known in lists.items() if not known),
        rows=written,
    )


def _answers(
    catalog: Catalog, lists: Mapping[str, Sequence[int]], options: BatchOptions
) -> list[_Answer]:
    """Rank for the lists that have any known seed, all in one pass over the catalogue."""
    known = {name: sorted(set(rows)) for name, rows in lists.items() if rows}
    wanted = [
        (
            build_taste(catalog, [Opinion(row, 1.0) for row in rows]),
            Query(
                count=options.top,
                obscurity=options.obscurity,
                rated=rows,
                new_artists=options.new_artists,
                per_artist=options.per_artist,
                deep_cuts=options.deep_cuts,
                affinity=LIST_AFFINITY,
            ),
        )
        for rows in known.values()
    ]
    return [
        _Answer(
            name,
            np.array([pick.row for pick in ranking.picks], np.int64),
            np.array([pick.score for pick in ranking.picks], np.float64),
        )
        for name, ranking in zip(known, rank_all(catalog, wanted), strict=True)
    ]


def _write(
    file: TextIO, catalog: Catalog, answers: Sequence[_Answer], tracks: Mapping[int, ListedTrack]
) -> int:
    writer = csv.writer(file, lineterminator="\n")
    written = 0
    for answer in answers:
        places = zip(catalog.track_ids[answer.rows].tolist(), answer.scores.tolist(), strict=True)
        for place, (track_id, score) in enumerate(places, 1):
            track = tracks[track_id]
            known = "" if track.popularity is None else f"{track.popularity:g}"
            writer.writerow(
                (
                    answer.list,
                    place,
                    track.external_id or "",
                    track.artist,
                    track.title,
                    known,
                    f"{score:.6f}",
                )
            )
            written += 1
    return written


@contextmanager
def _written_whole(out: Path) -> Iterator[TextIO]:
    """Give a file to write with the header in it; it takes the place of `out` only at the end."""
    part = out.with_name(f".{out.name}.{uuid4().hex[:8]}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(HEADER)
            yield file
        part.replace(out)
    except OSError as error:
        raise SeedsError(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
