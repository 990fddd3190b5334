import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete, update

from bot.core.bench.judging import (
    COVERAGE,
    DISTINCT,
    EMERGING,
    FAMOUS,
    MOST_SHOWN,
    NEW,
    PERCENTILE,
    POPULARITY,
    SECONDS,
    UNDER,
    Evaluation,
)
from bot.errors import SeedsError, SetupError
from bot.services.bench.als import als_installed
from bot.services.bench.evaluation import EvaluationOptions, evaluate
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.seeds import Seed
from bot.store.engine import Database
from bot.store.tables import popularity
from tests.listed import SIZE, entries, store, world
from tests.templates import put_database

WORLD = world(lists=60)
SHORT = EvaluationOptions(splits=1, dial=(70,))

pytestmark = pytest.mark.sqlite  # what is measured comes from memory


async def judged(
    database: Database, lists: Sequence[Seed], options: EvaluationOptions = SHORT, **more: Any
) -> Evaluation:
    ticks = count()
    return await evaluate(
        database, LiveCatalog(database), lists, options, timer=lambda: next(ticks) / 4, **more
    )


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as conn:
        await store(conn, WORLD)
    return database


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """What comes out for all lists; made once, for it takes long."""
    file = tmp_path_factory.mktemp("lists") / "bside.db"
    put_database(file)

    async def judge() -> Evaluation:
        async with Database(f"sqlite+aiosqlite:///{file}") as database:
            async with database.write() as conn:
                await store(conn, WORLD)
            return await judged(database, entries(WORLD))

    return asyncio.run(judge())


def means(result: Evaluation, measure: str) -> dict[str, float]:
    return {line.name: line[measure].mean for line in result.lines}


def test_the_methods_come_out_in_the_order_that_is_known(table: Evaluation) -> None:
    recall = means(table, "recall@100")
    assert recall["nearest lists (CF)"] > 0.6
    assert recall["nearest lists (CF)"] > recall["popularity"] > recall["random"] + 0.1
    assert recall["cosine of z-scored audio"] > recall["random"] + 0.05
    assert recall["B-Side: + artist context"] > recall["B-Side: audio"] > recall["random"]
    assert recall["B-Side: + artist affinity"] > recall["B-Side: + artist context"]
    famous = means(table, FAMOUS)
    assert famous["B-Side: obscurity 70"] < famous["B-Side: + artist affinity"]
    assert (table.judged, table.lists, table.folds, table.songs) == (60, 60, 5, SIZE)
    assert table.unknown == table.too_short == ()


def test_every_group_and_measure_has_a_value_with_an_error(table: Evaluation) -> None:
    for line in table.lines:
        for group in ("", UNDER, EMERGING, NEW):
            assert line["recall@100" + group].count > 5
            assert line["NDCG@100" + group].error >= 0
        assert line[SECONDS].mean == 0.25
        assert line[PERCENTILE].count == 60
        assert 0 < line[COVERAGE].mean <= 1
        assert 20 <= line[DISTINCT].mean <= 20 * 60
        assert 1 / 60 <= line[MOST_SHOWN].mean <= 1


async def test_the_same_lists_give_the_same_table(filled: Database) -> None:
    options = EvaluationOptions(splits=2, lists=10, dial=())

    first = await judged(filled, entries(WORLD), options)
    second = await judged(filled, entries(WORLD), options)

    assert repr(first) == repr(second)
    assert (first.judged, first.lists) == (10, 60)
    coverage = first.lines[0][COVERAGE]
    assert coverage.count == 2
    assert coverage.error >= 0


@dataclass
class Spy:
    """A method that another part of the program brings along, and writes down what it sees."""

    name: str = "spy"
    fits: list[list[frozenset[int]]] = field(default_factory=list)
    asked: list[tuple[int, frozenset[int]]] = field(default_factory=list)

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        self.fits.append([frozenset(one.tolist()) for one in lists])

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        self.asked.append((len(self.fits) - 1, frozenset(seeds.tolist())))
        return seeds[:k]


async def test_a_method_is_fitted_to_four_fifths_and_never_to_the_list_it_continues(
    filled: Database,
) -> None:
    spy = Spy()

    result = await judged(filled, entries(WORLD), extra=lambda catalog: [spy])

    whole = [frozenset(rows.tolist()) for rows in WORLD.lists]
    assert [len(lists) for lists in spy.fits] == [48] * 5
    assert len(spy.asked) == 60
    for fit, seeds in spy.asked:
        assert len(seeds) == 12
        (own,) = [rows for rows in whole if seeds < rows]
        assert own not in spy.fits[fit]
    assert means(result, "recall@500")["spy"] == 0  # seeds do not count


async def test_few_seeds_are_taken_of_the_same_cut(filled: Database) -> None:
    spies = Spy(), Spy()
    for spy, seeds in zip(spies, (None, 5), strict=True):
        options = EvaluationOptions(splits=1, dial=(), seeds_per_list=seeds)
        await judged(filled, entries(WORLD)[:45], options, extra=lambda catalog, one=spy: [one])

    whole, few = ([seeds for _, seeds in spy.asked] for spy in spies)
    assert [len(seeds) for seeds in whole] == [12] * 3
    assert [len(seeds) for seeds in few] == [5] * 3
    assert all(some < all_ for some, all_ in zip(few, whole, strict=True))


async def test_unknown_tracks_and_short_lists_are_named_and_passed_over(filled: Database) -> None:
    odd = [Seed("odd", "nobody", None, None), Seed("odd", "id3", None, None)]
    known = entries(WORLD)[: 15 * 6]

    result = await judged(filled, [*odd, *known, known[0]])

    assert result.unknown == ("nobody",)
    assert result.too_short == ("odd",)
    assert (result.lists, result.judged, result.entries) == (7, 6, 93)


async def test_a_song_counts_once_in_a_list(filled: Database) -> None:
    known = entries(WORLD)[: 15 * 6]
    spy = Spy()

    await judged(filled, [*known, *known], extra=lambda catalog: [spy])

    assert {len(seeds) for _, seeds in spy.asked} == {12}


async def test_two_lists_are_enough(filled: Database) -> None:
    result = await judged(filled, entries(WORLD)[:30])

    assert (result.folds, result.judged) == (2, 2)


async def test_progress_is_told_method_by_method(filled: Database) -> None:
    told: list[tuple[str, int, int]] = []

    result = await judged(
        filled,
        entries(WORLD)[:45],
        progress=lambda name, done, whole: told.append((name, done, whole)),
    )

    whole = 3 * len(result.lines)
    assert [done for _, done, _ in told] == list(range(1, whole + 1))
    assert {all_ for _, _, all_ in told} == {whole}
    assert {name for name, _, _ in told} == {line.name for line in result.lines}


async def test_a_catalogue_without_popularity_is_judged_and_says_so(filled: Database) -> None:
    async with filled.write() as conn:
        await conn.execute(delete(popularity))

    result = await judged(filled, entries(WORLD)[:45])

    assert any("Nobody counts any artist" in note for note in result.notes)
    line = result.lines[-1]
    assert line[POPULARITY].count == line["recall@100" + UNDER].count == 0
    assert line["recall@100"].count == 3


async def test_a_popularity_of_another_scale_calls_nobody_famous(filled: Database) -> None:
    async with filled.write() as conn:
        await conn.execute(update(popularity).values(value=popularity.c.value * 1000))

    result = await judged(filled, entries(WORLD)[:45])

    assert any("no source gives it from 0 to 100" in note for note in result.notes)
    assert result.lines[0][FAMOUS].count == result.lines[0][POPULARITY].count == 0
    assert result.lines[0]["recall@100" + EMERGING].count == 3
    assert result.lines[0][PERCENTILE].count == 3


async def test_als_is_a_line_when_it_is_installed_and_a_sentence_when_not(
    filled: Database,
) -> None:
    result = await judged(filled, entries(WORLD)[:45])

    names = [line.name for line in result.lines]
    assert ("implicit ALS" in names) == als_installed()
    assert any("uv sync --extra eval" in note for note in result.notes) == (not als_installed())


@pytest.mark.parametrize(
    ("lists", "sentence"),
    [
        ([Seed("a", "nobody", None, None)], "holds none of the tracks"),
        ([Seed("a", "id1", None, None), Seed("b", "id2", None, None)], "Only 0 of 2 lists"),
        ([Seed("a", "id1", None, None), Seed("a", "id2", None, None)], "Only 1 of 1 lists"),
    ],
    ids=["unknown tracks", "single tracks", "a single list"],
)
async def test_lists_that_cannot_be_judged_are_a_sentence(
    filled: Database, lists: list[Seed], sentence: str
) -> None:
    with pytest.raises(SeedsError, match=sentence):
        await judged(filled, lists)


async def test_an_empty_catalogue_is_a_sentence(database: Database) -> None:
    with pytest.raises(SetupError, match="bside catalog import"):
        await judged(database, entries(WORLD))
