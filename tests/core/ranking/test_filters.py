from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking.filters import Bound, Filter, Query, blocked, count_pairs
from bot.core.taste import build_taste
from tests.spaces import catalog_of, random_tracks

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
