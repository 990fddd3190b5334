"""What the parts count is learned from lists that are held out, or stays as it is."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.catalog import OPEN, PLAIN, UPPER, PartWeights, shipped_weights
from bot.core.catalog.space import Catalog
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank
from bot.core.ranking.scoring import Parts, add_up, score_parts
from bot.core.ranking.weighing import FEWEST, SHORTEST, weighed
from bot.core.scene.scene import Scene, train_scene, with_scene
from bot.core.taste.taste import Opinion, build_taste
from tests.spaces import catalog_of, random_tracks

SIZE = 1_200
CIRCLES = 24
"""Songs of one circle are listed together, whatever they sound like."""
CATALOG = catalog_of(
    replace(random_tracks(SIZE, 3), song_ids=np.arange(SIZE) * 11, artist_ids=np.arange(SIZE) // 2)
)


def circle_lists(count: int) -> list[NDArray[np.int64]]:
    """Return lists of one circle each, with a few songs of others among them."""
    rng = np.random.default_rng(8)
    circle = np.random.default_rng(9).permutation(SIZE) % CIRCLES
    lists = []
    for place in range(count):
        own = np.flatnonzero(circle == place % CIRCLES)
        some = rng.choice(own, min(len(own), 14), replace=False)
        lists.append(np.unique(np.concatenate([some, rng.integers(0, SIZE, 4)])))
    return lists


def known_lists(count: int) -> list[NDArray[np.int64]]:
    """Return lists of well-known songs, whatever goes together."""
    rng = np.random.default_rng(8)
    known = np.argsort(-np.nan_to_num(CATALOG.popularity, nan=0.0), kind="stable")[: SIZE // 3]
    return [np.unique(rng.choice(known, 16, replace=False)) for _ in range(count)]


def trained(lists: list[NDArray[np.int64]], seed: int = 0) -> Scene:
    scene = train_scene(CATALOG, lists, dimensions=16)
    return weighed(CATALOG, scene, lists, seed=seed)


@pytest.fixture(scope="module")
def known() -> Scene:
    """A scene in which people list what is well known."""
    return trained(known_lists(480))


def test_where_well_known_songs_are_listed_renown_counts(known: Scene) -> None:
    few, many = (PartWeights(*known.part_weights[place, OPEN].tolist()) for place in (0, 1))

    assert max(few.renown, many.renown) > 0


def test_company_and_artist_never_count_against_a_track_nor_fame_for_one_above(
    known: Scene,
) -> None:
    assert (known.part_weights[:, :, :2] >= 0).all()
    upper = known.part_weights[:, UPPER]
    assert (upper <= np.array([PLAIN.company, PLAIN.artist, 0, 0])).all()


def test_the_same_lists_and_seed_give_the_same_weights(known: Scene) -> None:
    again = trained(known_lists(480))

    assert np.array_equal(known.part_weights, again.part_weights)


@pytest.mark.parametrize("count", [30, 5 * FEWEST - 1])
def test_too_few_lists_teach_nothing(count: int) -> None:
    assert np.array_equal(trained(circle_lists(count)).part_weights, shipped_weights())


def test_lists_that_are_too_short_teach_nothing() -> None:
    short = [rows[: SHORTEST - 1] for rows in circle_lists(400)]

    assert np.array_equal(trained(short).part_weights, shipped_weights())


def test_lists_without_any_sense_leave_sane_weights() -> None:
    rng = np.random.default_rng(1)
    scene = trained([np.unique(rng.integers(0, SIZE, 15)) for _ in range(320)])

    assert np.isfinite(scene.part_weights).all()
    assert np.abs(scene.part_weights).max() < 20


def test_a_score_is_still_the_sum_of_its_parts(known: Scene) -> None:
    catalog: Catalog = with_scene(CATALOG, known, version="x")
    taste = build_taste(catalog, [Opinion(row, 1.0) for row in range(0, 90, 9)])

    for dial in (0, 70):
        query = Query(count=20, obscurity=dial, affinity=0.5)
        for pick in rank(catalog, taste, query).picks:
            rows = np.array([pick.row])
            parts = score_parts(catalog, taste, rows, obscurity=dial, affinity=0.5)
            assert pick.score == add_up(parts)[0] == Parts.of(parts[0]).score
            named = Parts.of(parts[0])
            beside = named.listing, named.renown, named.scene, named.affinity
            sound = named.offset + named.audio.sum() + named.context.sum()
            whole = sound + sum(beside) + named.crowding + named.penalty
            assert whole == pytest.approx(pick.score)
