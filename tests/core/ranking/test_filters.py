from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import Independence, Sort, mask_of
from bot.core.ranking.filters import blocked, count_pairs
from bot.core.ranking.query import Bound, Filter, Mood, Query
from bot.core.taste import build_taste
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(60, seed=8))
NOBODY = build_taste(CATALOG, [])
QUERIES = st.builds(
    Query,
    genres=st.lists(st.integers(1, 12), max_size=2),
    not_genres=st.lists(st.integers(1, 12), max_size=2),
    bounds=st.just(()) | st.just((Bound("tempo", 100.0, 120.0), Bound("energy", 0.5, None))),
    years=st.none() | st.tuples(st.integers(1960, 2000), st.integers(2001, 2020)),
    without=st.lists(st.integers(1, 9), max_size=3),
)


@given(QUERIES)
def test_pairs_count_what_would_come_back_without_two_filters(query: Query) -> None:
    filters = blocked(CATALOG, NOBODY, query)

    found = {frozenset((one, other)): count for one, other, count in count_pairs(CATALOG, filters)}

    whole = np.arange(len(CATALOG))
    masks = {one.filter: one.blocks(whole) for one in filters}
    for one, other in combinations(masks, 2):
        rest = [mask for kind, mask in masks.items() if kind not in (one, other)]
        passes = ~np.logical_or.reduce([np.zeros(len(whole), np.bool_), *rest])
        both = int(np.count_nonzero(passes & masks[one] & masks[other]))
        assert found.get(frozenset((one, other)), 0) == both


def test_a_track_by_an_artist_left_out_is_blocked_and_no_other() -> None:
    artist = int(CATALOG.artist_keys[0])
    (_, without) = blocked(CATALOG, NOBODY, Query(without=[artist]))

    assert without.filter is Filter.WITHOUT
    rows = np.arange(len(CATALOG))
    assert without.blocks(rows).tolist() == (CATALOG.artist_ids == artist).tolist()


def test_a_mood_needs_its_first_feature_and_of_the_others_what_is_known() -> None:
    catalog = catalog_of(
        raw_tracks(
            7,
            measures={
                "energy": [0.1, 0.15, 0.9, np.nan, 0.8, 0.7, 0.6],
                "loudness": [np.nan, -4.0, np.nan, -30.0, -20.0, -20.0, -20.0],
            },
        )
    )

    (mood,) = (
        one for one in blocked(catalog, NOBODY, Query(mood=Mood.CALM)) if one.filter is Filter.MOOD
    )

    assert mood.blocks(np.arange(4)).tolist() == [False, True, True, True]


def test_whose_loudness_nobody_measured_is_judged_by_energy() -> None:
    catalog = catalog_of(
        raw_tracks(
            4,
            measures={
                "energy": [0.1, 0.9, 0.9, np.nan],
                "loudness": [np.nan, np.nan, -30.0, np.nan],
                "valence": [0.5] * 4,
            },
        )
    )
    quiet = Query(bounds=(Bound("loudness", None, -13.0),))

    (sound,) = (one for one in blocked(catalog, NOBODY, quiet) if one.filter is Filter.SOUND)

    assert sound.blocks(np.arange(4)).tolist() == [False, True, False, True]
    assert sound.unknown is not None
    assert sound.unknown(np.arange(4)).tolist() == [False, False, False, True]


def test_nothing_live_leaves_what_nobody_measured_and_takes_live_recordings_away() -> None:
    catalog = catalog_of(raw_tracks(3, measures={"energy": [0.1, 0.5, 0.9]}))
    catalog = replace(catalog, sorts=np.array([0, mask_of([Sort.LIVE]), 0], catalog.sorts.dtype))
    studio = Bound("liveness", None, 0.2)

    for bounds in ((studio,), (studio, Bound("energy", None, 0.6))):
        (sound,) = (
            one
            for one in blocked(catalog, NOBODY, Query(bounds=bounds))
            if one.filter is Filter.SOUND
        )
        assert sound.blocks(np.arange(3)).tolist() == [False, True, len(bounds) == 2]


def test_only_what_is_known_to_be_independent_is_left_of_it() -> None:
    known = [Independence.UNKNOWN, Independence.INDEPENDENT, Independence.ON_LABEL]
    catalog = catalog_of(raw_tracks(3, independence=known, measures={"energy": [0.1, 0.5, 0.9]}))

    (_, found) = blocked(catalog, NOBODY, Query(independent=True))

    assert found.filter is Filter.INDEPENDENT
    assert found.blocks(np.arange(3)).tolist() == [True, False, True]
    assert found.unknown is not None
    assert found.unknown(np.arange(3)).tolist() == [True, False, False]
    assert found.admitted is not None
    assert found.admitted.tolist() == [1]
