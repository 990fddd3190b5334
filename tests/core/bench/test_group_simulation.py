import numpy as np
import pytest

from bot.core.bench.group_simulation import (
    SIZES,
    GroupOptions,
    GroupSimulation,
    Overlap,
    group_chances,
    group_methods,
    simulate_groups,
)
from bot.core.bench.simulated_listeners import songs_of_artists, world_of
from tests.spaces import catalog_of, random_tracks

CATALOG = catalog_of(songs_of_artists(random_tracks(900, seed=5), 900, seed=0))
WORLD = world_of(CATALOG, seed=0)
SHORT = GroupOptions(groups=2, lists=2, picks=3)


@pytest.mark.parametrize("size", SIZES)
def test_in_disjoint_groups_nobody_likes_what_another_likes(size: int) -> None:
    apart = group_chances(WORLD, Overlap.DISJOINT, size, np.random.default_rng(1))
    together = group_chances(WORLD, Overlap.OVERLAPPING, size, np.random.default_rng(1))

    assert apart.shape == together.shape == (size, len(CATALOG))
    assert np.sort(apart, axis=0)[-2].max() <= 0.25
    assert together.min(axis=0).max() > 0.5


def test_every_method_meets_the_same_groups_and_the_same_seed_repeats() -> None:
    first, second = (list(simulate_groups(WORLD, group_methods(CATALOG), SHORT)) for _ in range(2))

    assert len(first) == len(Overlap) * len(SIZES) * SHORT.groups
    for (kind, size, rates), (_, _, again) in zip(first, second, strict=True):
        assert kind in Overlap
        assert rates.shape == (4, size)
        assert ((rates >= 0) & (rates <= 1)).all()
        assert rates.tolist() == again.tolist()


def test_the_worst_off_of_each_group_counts() -> None:
    rates = np.array([[[0.2, 0.4], [0.3, 0.5]], [[0.6, 0.1], [0.3, 0.3]]])
    result = GroupSimulation(("first", "ours"), {(Overlap.DISJOINT, 2): rates}, 10)

    assert result.worst(Overlap.DISJOINT, 2, 0) == pytest.approx(0.15)
    assert result.worst(Overlap.DISJOINT, 2, 1) == pytest.approx(0.3)
    assert result.mean(Overlap.DISJOINT, 2, 0) == pytest.approx(0.325)
    assert result.ratio(1) == pytest.approx(2.0)
    assert result.gain(Overlap.DISJOINT, 2, 1).mean == pytest.approx(0.15)
    assert result.gain_of_all(1).mean == pytest.approx(0.15)
