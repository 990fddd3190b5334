"""Whom a list suits, on real playlists: a taste is most of one, the list is the rest of it."""

import numpy as np
import pytest

from bot.core.catalog.building import build_catalog
from bot.core.promotion.suiting import STANDS_OUT, list_standout
from bot.core.taste.taste import Opinion, build_taste
from tests.real_data import PRESENT, real_playlists, real_tracks

pytestmark = pytest.mark.skipif(not PRESENT, reason="the real tables are not here")


def test_the_rest_of_a_playlist_suits_its_maker_and_that_of_another_one_seldom() -> None:
    catalog = build_catalog(real_tracks(), version=1)
    playlists = real_playlists(catalog.track_ids, 100)
    suits = {"own": 0, "other": 0}
    for one, other in zip(playlists, np.roll(np.arange(len(playlists)), 1), strict=True):
        taste = build_taste(catalog, [Opinion(int(row), 1.0) for row in one.seeds])
        lists = {"own": one.held_out, "other": playlists[int(other)].held_out}
        for name, rows in lists.items():
            suits[name] += (list_standout(catalog, taste, rows) or 0.0) >= STANDS_OUT

    assert suits["own"] >= 0.7 * len(playlists)
    assert suits["other"] <= 0.25 * len(playlists)
