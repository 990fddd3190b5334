import numpy as np
import pytest

from bot.services.bench.als import ImplicitAls
from tests.listed import SCENE, world

pytest.importorskip("implicit")

WORLD = world(lists=60)


def test_als_continues_a_list_with_its_scene() -> None:
    method = ImplicitAls(WORLD.catalog)
    method.fit(WORLD.lists[1:])
    seeds = WORLD.lists[0]

    found = method.recommend(seeds, 10)

    assert len(found) == 10
    assert not np.isin(found, seeds).any()
    assert np.mean(found // SCENE == seeds[0] // SCENE) >= 0.8


def test_als_gives_the_same_list_again() -> None:
    lists = []
    for _ in range(2):
        method = ImplicitAls(WORLD.catalog)
        method.fit(WORLD.lists[1:])
        lists.append(method.recommend(WORLD.lists[0], 10).tolist())

    assert lists[0] == lists[1]
