"""What comes up for many pays, so that it comes up for fewer."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import CROWDING_DIALS
from bot.core.catalog.space import FEATURES, Catalog
from bot.core.ranking.crowding import crowding_price
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank
from bot.core.ranking.scoring import likings, score_parts
from bot.core.ranking.wallpaper import uncrowded
from bot.core.scene.scene import Crowding, Scene, with_scene
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, random_tracks

SIZE = 400
HUB = 7
"""The row that everybody's taste is near to."""
CATALOG = catalog_of(
    replace(random_tracks(SIZE, 3), song_ids=np.arange(SIZE) * 11, artist_ids=np.arange(SIZE))
)


def crowded_scene() -> Scene:
    """All songs lean the same way a little, and one of them a lot."""
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(SIZE, 8))
    vectors[:, 0] += 1
    vectors[HUB] = [6, 0, 0, 0, 0, 0, 0, 0]
    size = len(FEATURES)
    return Scene(
        song_ids=np.unique(CATALOG.song_ids),
        vectors=(vectors / 3).astype(np.float32),
        weights=np.zeros((1 + 2 * size + size * (size + 1), 8), np.float32),
        genre_names=(),
        genre_weights=np.empty((0, 8), np.float32),
        song_lists=np.ones(SIZE, np.int32),
        artist_lists=np.ones(SIZE, np.int32),
        lists=60,
        fit=0.0,
    )


def some_lists(count: int = 60) -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(5)
    others = np.delete(np.arange(SIZE), HUB)
    return [rng.choice(others, 12, replace=False) for _ in range(count)]


def taste_of(catalog: Catalog, rows: NDArray[np.int64]) -> TasteProfile:
    return build_taste(catalog, [Opinion(row, 1.0) for row in rows.tolist()])


def shown_to(catalog: Catalog, obscurity: int = 0) -> float:
    """Return the share of other listeners in whose first ten the hub stands."""
    rng = np.random.default_rng(6)
    found = 0
    for _ in range(40):
        taste = taste_of(catalog, rng.choice(np.arange(20, SIZE), 5, replace=False))
        picks = rank(catalog, taste, Query(count=10, obscurity=obscurity)).picks
        found += HUB in [pick.row for pick in picks]
    return found / 40


def test_a_track_near_everybody_comes_up_for_fewer_once_it_pays() -> None:
    scene = crowded_scene()

    learned = uncrowded(CATALOG, scene, some_lists())

    before = shown_to(with_scene(CATALOG, scene, version="a"))
    after = shown_to(with_scene(CATALOG, learned, version="b"))
    assert before > 0.7
    assert after < before / 2
    hub = np.searchsorted(learned.crowding.song_ids, CATALOG.song_ids[HUB])
    assert learned.crowding.prices[hub, 0] == learned.crowding.prices[:, 0].max()


def test_the_same_lists_and_seed_give_the_same_prices_and_no_listener_knows_its_own() -> None:
    first, second = (uncrowded(CATALOG, crowded_scene(), some_lists()) for _ in range(2))

    assert (first.crowding.song_ids == second.crowding.song_ids).all()
    assert (first.crowding.prices == second.crowding.prices).all()
    assert (first.crowding.prices >= 0).all()


def test_nobody_pays_where_there_are_no_lists_to_learn_from() -> None:
    learned = uncrowded(CATALOG, crowded_scene(), [np.array([3])])

    assert not len(learned.crowding.song_ids)
    catalog = with_scene(CATALOG, learned, version="a")
    assert not crowding_price(catalog, np.arange(SIZE), 70).any()


def test_between_two_positions_of_the_dial_the_lower_one_counts() -> None:
    prices = np.arange(len(CROWDING_DIALS), dtype=np.float16)[None, :]
    crowding = Crowding(CATALOG.song_ids[[HUB]], prices)
    catalog = with_scene(CATALOG, replace(crowded_scene(), crowding=crowding), version="a")

    taken = [float(crowding_price(catalog, np.array([HUB]), dial)[0]) for dial in (0, 9, 10, 65)]

    assert taken == [0, 0, -1, -6]
    assert float(crowding_price(catalog, np.array([HUB + 1]), 65)[0]) == 0


def test_what_a_track_pays_says_nothing_of_how_much_it_is_liked() -> None:
    learned = uncrowded(CATALOG, crowded_scene(), some_lists())
    free, paying = (
        with_scene(CATALOG, scene, version=name)
        for scene, name in ((crowded_scene(), "a"), (learned, "b"))
    )
    rows = np.arange(SIZE)
    liked = np.array([30, 31])

    expected = likings(free, taste_of(free, liked), rows, affinity=0.5)

    assert (likings(paying, taste_of(paying, liked), rows, affinity=0.5) == expected).all()
    whole = score_parts(paying, taste_of(paying, liked), rows, obscurity=0, affinity=0.5)
    assert whole.sum(axis=1)[HUB] < expected[HUB]
