import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.bench.learners import BLEND, OURS, all_learners
from bot.core.bench.simulated_listeners import (
    FAMILIES,
    LIKED,
    like_probabilities,
    songs_of_artists,
    world_of,
)
from bot.core.bench.simulation import (
    SEEDS,
    Simulation,
    SimulationOptions,
    best_unshown,
    difference,
    possible_picks,
    simulate,
)
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(songs_of_artists(random_tracks(900, seed=5), 900, seed=0))
WORLD = world_of(CATALOG, seed=0)
SHORT = SimulationOptions(listeners=2, rounds=3, picks=5)


class Oracle:
    """Knows one listener; remembers what it was told."""

    name = "oracle"

    def __init__(self, truth: NDArray[np.float64]) -> None:
        self.truth = truth
        self.told: list[tuple[list[int], list[int]]] = []

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        self.told.append((likes.tolist(), dislikes.tolist()))
        return self.truth


@pytest.mark.parametrize("family", FAMILIES)
def test_a_listener_of_each_family_likes_one_track_in_twenty(family: str) -> None:
    chances = like_probabilities(WORLD, family, np.random.default_rng(1))

    assert chances.shape == (len(CATALOG),)
    assert chances.mean() == pytest.approx(LIKED, rel=0.02)
    assert 0 <= chances.min() < 0.05
    assert 0.3 < chances.max() <= 1


@pytest.mark.parametrize("family", FAMILIES)
def test_listeners_can_be_drawn_when_little_is_known(family: str) -> None:
    world = world_of(
        catalog_of(raw_tracks(80, measures={"energy": [0.5] * 40 + [0.7] * 40})), seed=0
    )

    assert np.isfinite(like_probabilities(world, family, np.random.default_rng(1))).all()


def test_the_same_seed_gives_the_same_numbers_and_another_others() -> None:
    def rates(seed: int) -> list[float]:
        options = SimulationOptions(listeners=1, rounds=2, picks=5, seed=seed)
        learners = all_learners(WORLD, affinity=0.05)[-2:]
        return [float(found.sum()) for _, _, found in simulate(WORLD, learners, options)]

    assert rates(0) == rates(0) != rates(1)


def test_a_learner_hears_thumbs_for_what_it_showed_and_never_shows_it_again() -> None:
    oracle = Oracle(np.arange(len(CATALOG), dtype=float))

    next(simulate(WORLD, [oracle], SHORT))

    heard = [likes + dislikes for likes, dislikes in oracle.told]
    assert [len(one) for one in heard] == [SEEDS, SEEDS + 5, SEEDS + 10]
    assert all(len(set(one)) == len(one) for one in heard)
    assert set(heard[0]) < set(heard[1]) < set(heard[2])


def test_whoever_knows_the_listener_beats_every_learner() -> None:
    rng = np.random.default_rng([0, 2, 0, 0])
    oracle = Oracle(like_probabilities(WORLD, "one point", rng))

    _, _, rates = next(simulate(WORLD, [oracle, *all_learners(WORLD, affinity=0.05)], SHORT))

    assert rates[0].mean() >= rates[1:].mean(axis=1).max()


def test_ours_finds_far_more_than_chance() -> None:
    learner = all_learners(WORLD, affinity=0.05)[-1]

    steps = list(simulate(WORLD, [learner], SHORT))

    assert learner.name == OURS
    assert np.mean([rates for _, _, rates in steps]) > 3 * LIKED


def test_at_most_a_quarter_of_a_small_catalogue_is_shown() -> None:
    options = SimulationOptions(rounds=20, picks=10)
    small = world_of(catalog_of(random_tracks(120, seed=1)), seed=0)

    assert possible_picks(small, options) == 1
    assert possible_picks(WORLD, SimulationOptions(rounds=2, picks=10)) == 10


def test_the_best_are_taken_in_order_and_ties_by_row() -> None:
    scores = np.array([1.0, 3.0, 2.0, 2.0, 9.0, 2.0])
    shown = np.array([False, False, False, False, True, False])

    assert best_unshown(scores, shown, 3).tolist() == [1, 2, 3]


def test_a_difference_lies_in_its_interval() -> None:
    values = np.random.default_rng(0).normal(0.2, 0.1, 50)

    found = difference(values)

    assert found.low < found.mean < found.high
    assert found.low > 0.15
    assert difference(np.zeros(4)).low == difference(np.zeros(4)).high == 0


def test_rates_are_means_over_listeners_and_rounds() -> None:
    rates = np.zeros((2, 3, 2, 4))
    rates[0, :, 1, :2] = 0.5
    result = Simulation(("a", "b"), (BLEND, OURS), rates, picks=10, tracks=100)

    assert result.rate(OURS, 1, 2, "a") == 0.5
    assert result.rate(OURS, 1, 4, "a") == 0.25
    assert result.rate(OURS, 1, 4) == 0.125
    assert np.isnan(result.rate(OURS, 11, 20))
    assert result.difference(OURS, BLEND, "a").mean == 0.25


def test_a_large_catalogue_is_cut_by_artist_and_keeps_every_song_once() -> None:
    raw = random_tracks(900, seed=5)

    cut = songs_of_artists(raw, 200, seed=0)

    assert 100 < len(cut.track_ids) <= 200
    assert len(np.unique(cut.song_ids)) == len(cut.song_ids)
    left = np.isin(raw.artist_ids, cut.artist_ids)
    assert set(raw.song_ids[left].tolist()) >= set(cut.song_ids.tolist())
    assert len(catalog_of(cut)) == len(cut.track_ids)
    known = ~np.isnan(catalog_of(cut).popularity)
    assert np.count_nonzero(known) == len(np.unique(cut.popularity_rows))


def test_a_cut_keeps_one_artist_at_least() -> None:
    cut = songs_of_artists(raw_tracks(6, artists=[1] * 6), 2, seed=0)

    assert len(cut.track_ids) == 6
