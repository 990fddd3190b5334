import math

import numpy as np
import pytest

from bot.core.bench.paths import HIT, UNKNOWN, WAYS, PathPair, figures_of, judged_pairs
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(600, seed=8))


def test_every_way_goes_between_the_same_ends_from_the_famous_to_the_little_known() -> None:
    pairs = list(judged_pairs(CATALOG, pairs=8, steps=6, seed=1))

    assert len(pairs) == 8
    for pair in pairs:
        assert set(pair.paths) == set(WAYS)
        ends = {(rows[0], rows[-1]) for rows, _ in pair.paths.values() if rows is not None}
        ((start, goal),) = ends
        assert CATALOG.fame[start] >= HIT
        assert CATALOG.fame[goal] <= UNKNOWN
    again = [pair.paths["path"][0] for pair in judged_pairs(CATALOG, pairs=8, steps=6, seed=1)]
    assert again == [pair.paths["path"][0] for pair in pairs]


def test_a_path_keeps_what_it_promises_and_chance_does_not() -> None:
    pairs = list(judged_pairs(CATALOG, pairs=20, steps=6, seed=2))

    path, chance = (figures_of(CATALOG, pairs, name) for name in ("path", "any tracks"))

    assert (path.nearer, path.better_known) == (1, 0)
    assert path.worst_hop > chance.worst_hop
    assert chance.better_known > 0.2
    assert chance.tracks == 6


def test_a_way_that_leads_nowhere_has_no_figures() -> None:
    figures = figures_of(CATALOG, [PathPair({"path": (None, 0.5)})], "path")

    assert figures.found == 0
    assert math.isnan(figures.hop)
    assert figures.cpu_ms == 500


def test_where_nobody_is_famous_there_is_nothing_to_judge() -> None:
    alike = catalog_of(raw_tracks(5, measures={"energy": np.linspace(0, 1, 5).tolist()}))

    with pytest.raises(ValueError, match="fame"):
        list(judged_pairs(alike, pairs=1, steps=4, seed=0))
