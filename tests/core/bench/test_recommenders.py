from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core.bench.ablation import ablations, without_context
from bot.core.bench.recommenders import (
    AudioCosine,
    NearestLists,
    PopularTracks,
    RandomTracks,
    RankingMethod,
    best_rows,
)
from bot.core.catalog.space import FEATURES, Catalog
from tests.listed import World, world
from tests.spaces import catalog_of, random_tracks, raw_tracks

WORLD = world()
METHODS: dict[str, Callable[[World], RankingMethod]] = {
    "random": lambda one: RandomTracks(one.catalog),
    "popularity": lambda one: PopularTracks(one.catalog),
    "cosine": lambda one: AudioCosine(one.catalog, one.raw.audio),
    "nearest": lambda one: NearestLists(one.catalog),
    "audio": lambda one: ablations(one.catalog, (), affinity=0.5)[0],
    "ranker": lambda one: ablations(one.catalog, (), affinity=0.5)[2],
}


def rows(*values: int) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def plain(size: int, songs: list[int] | None = None) -> Catalog:
    return catalog_of(raw_tracks(size, songs=songs))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_recommends_no_seed_no_song_twice_and_the_same_again(name: str) -> None:
    seeds = WORLD.lists[0]
    method = METHODS[name](WORLD)
    method.fit(WORLD.lists[1:])

    found = method.recommend(seeds, 50)

    assert 20 <= len(found) <= 50
    assert len(np.unique(WORLD.catalog.song_index[found])) == len(found)
    assert not np.isin(found, seeds).any()
    assert method.recommend(seeds[::-1], 50).tolist() == found.tolist()


@given(st.lists(st.integers(0, 4), min_size=9, max_size=9), st.integers(1, 9), st.integers(0, 8))
def test_best_rows_is_the_full_sort_without_seeds_and_further_versions(
    values: list[int], k: int, seed: int
) -> None:
    catalog = plain(9, songs=[1, 2, 3, 1, 5, 6, 6, 6, 9])
    scores = np.array(values, np.float64)
    songs = catalog.song_index.tolist()

    expected: list[int] = []
    for row in sorted(range(9), key=lambda row: (-scores[row], row)):
        if songs[row] != songs[seed] and songs[row] not in [songs[one] for one in expected]:
            expected.append(row)

    assert best_rows(catalog, scores, rows(seed), k).tolist() == expected[:k]


def test_what_has_no_score_is_not_recommended() -> None:
    scores = np.array([1.0, -np.inf, 3.0, -np.inf])

    assert best_rows(plain(4), scores, rows(), 10).tolist() == [2, 0]


def test_popularity_counts_lists_and_a_list_once_however_often_it_holds_a_song() -> None:
    method = PopularTracks(plain(4, songs=[1, 1, 2, 3]))

    method.fit([rows(0, 1), rows(2, 3), rows(2)])

    assert method.recommend(rows(), 10).tolist() == [2, 0, 3]


def test_nearest_lists_of_a_hand_worked_case() -> None:
    method = NearestLists(plain(5))
    method.fit([rows(0, 1, 2), rows(0, 3), rows(4)])

    # 0 is in two of three lists, so 1 says more; the second list shares only 0; the third nothing.
    assert method.recommend(rows(0, 1), 10).tolist() == [2, 3]
    assert method.recommend(rows(3), 10).tolist() == [0]
    assert method.recommend(rows(4), 10).tolist() == []


def test_lists_are_found_by_another_version_of_their_song() -> None:
    method = NearestLists(plain(4, songs=[1, 1, 2, 3]))
    method.fit([rows(0, 2), rows(3)])

    assert method.recommend(rows(1), 10).tolist() == [2]


def test_a_song_is_spoken_for_by_its_most_listed_version() -> None:
    method = PopularTracks(plain(3, songs=[1, 1, 2]))

    method.fit([rows(1), rows(1), rows(0), rows(2)])

    assert method.recommend(rows(), 1).tolist() == [1]


def test_methods_that_were_fitted_to_nothing_have_nothing_to_say() -> None:
    for method in (NearestLists(plain(3)), PopularTracks(plain(3))):
        method.fit([])
        assert method.recommend(rows(0), 5).tolist() == []


def test_the_cosine_of_z_scores_leans_the_way_of_the_seeds() -> None:
    audio = np.array([[0.9, 120.0], [0.8, 118.0], [0.1, 80.0], [0.2, np.nan], [np.nan, np.nan]])
    method = AudioCosine(plain(5), audio)

    assert method.recommend(rows(0), 5).tolist() == [1, 3, 2]


def test_without_context_the_space_is_the_tracks_alone() -> None:
    catalog = catalog_of(random_tracks(200))

    vectors = without_context(catalog).vectors(np.arange(200))

    assert not vectors[:, len(FEATURES) :].any()
    lengths = np.sqrt((vectors**2).sum(axis=1))
    assert (lengths <= 1 + 1e-6).all()
    assert np.median(lengths) == pytest.approx(1, abs=1e-6)


def test_the_dial_has_a_line_for_every_position_but_that_of_the_whole_ranking() -> None:
    names = [one.name for one in ablations(WORLD.catalog, (90, 0, 50, 50), affinity=0.5)]

    assert names == [
        "B-Side: audio",
        "B-Side: + artist context",
        "B-Side: + artist affinity",
        "B-Side: + scene",
        "B-Side: obscurity 50",
        "B-Side: obscurity 90",
    ]
