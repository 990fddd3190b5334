"""What the ranking promises, on a real catalogue with real playlists."""

from functools import cache

import numpy as np
import pytest

from bot.core.catalog.building import build_catalog
from bot.core.catalog.space import Catalog
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.real_data import PRESENT, Playlist, real_playlists, real_tracks

pytestmark = pytest.mark.skipif(not PRESENT, reason="the real tables are not here")


@cache
def world() -> tuple[Catalog, list[Playlist]]:
    catalog = build_catalog(real_tracks(), version=1)
    return catalog, real_playlists(catalog.track_ids, 150)


def taste_of(catalog: Catalog, playlist: Playlist) -> TasteProfile:
    return build_taste(catalog, [Opinion(int(row), 1.0) for row in playlist.seeds])


def test_audio_and_artist_context_find_held_out_tracks_without_training() -> None:
    catalog, playlists = world()
    recalls = []
    for playlist in playlists:
        query = Query(count=100, rated=playlist.seeds.tolist(), per_artist=None, affinity=0)
        picks = rank(catalog, taste_of(catalog, playlist), query).picks
        recalls.append(np.isin(playlist.held_out, [pick.row for pick in picks]).mean())

    assert np.mean(recalls) >= 0.012


def test_at_obscurity_70_four_of_five_picks_are_by_artists_below_the_ceiling() -> None:
    catalog, playlists = world()
    kept = picked = 0
    for playlist in playlists:
        query = Query(count=10, obscurity=70, rated=playlist.seeds.tolist())
        ranking = rank(catalog, taste_of(catalog, playlist), query)
        kept += ranking.kept_promise
        picked += len(ranking.picks)

    assert picked >= 5 * len(playlists)
    assert kept >= 0.8 * picked
