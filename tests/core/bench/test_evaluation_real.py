"""What is known of plain methods on a real catalogue with real lists."""

import numpy as np
import pytest

from bot.core.bench.evaluation import recall_at_k
from bot.core.bench.recommenders import AudioCosine, NearestLists, RankingMethod
from bot.core.catalog.building import build_catalog
from tests.real_data import PRESENT, real_playlists, real_tracks

pytestmark = pytest.mark.skipif(not PRESENT, reason="the real tables are not here")


def test_lists_find_held_out_tracks_and_the_cosine_of_audio_does_not() -> None:
    raw = real_tracks()
    catalog = build_catalog(raw, version=1)
    lists = real_playlists(catalog.track_ids, 2050)
    judged, training = lists[:50], lists[50:]
    methods: list[RankingMethod] = [NearestLists(catalog), AudioCosine(catalog, raw.audio)]

    recalls = []
    for method in methods:
        method.fit([np.concatenate([one.seeds, one.held_out]) for one in training])
        found = []
        for one in judged:
            hits = np.isin(method.recommend(one.seeds, 100), one.held_out)
            found.append(recall_at_k(hits, len(one.held_out), 100))
        recalls.append(np.mean(found))

    assert 0.15 < recalls[0] < 0.45
    assert recalls[1] < 0.02
