"""What few tracks say of popularity is drawn to the middle, built or appended alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.building import append_tracks
from bot.core.catalog.gaussian import midranks
from bot.core.catalog.popularity import (
    FEW_VALUES,
    drawn,
    outgrown_sources,
    percentiles_of_counts,
    ranked,
)
from tests.spaces import catalog_of, raw_tracks

values = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=200)


def shares_of(played: list[float]) -> np.ndarray:
    raw = raw_tracks(len(played), popularity={"deezer": played})
    return ranked(raw)[0]


def test_two_known_tracks_are_not_the_best_and_the_least_known() -> None:
    assert shares_of([5, 900]).tolist() == pytest.approx([3 / 7, 4 / 7])
    assert shares_of([7]).tolist() == [0.5]


@given(values)
def test_drawn_percentiles_keep_their_order_and_stay_inside_by_the_doubt(
    played: list[float],
) -> None:
    shares, edge = shares_of(played), (FEW_VALUES + 1) / 2 / (len(played) + FEW_VALUES)

    order = np.argsort(played, kind="stable")
    assert (np.diff(shares[order]) >= 0).all()
    assert (shares >= edge - 1e-12).all()
    assert (shares <= 1 - edge + 1e-12).all()
    assert np.isclose(shares.mean(), 0.5)


@given(st.integers(1, 1_000_000), st.floats(0, 1))
def test_the_more_are_known_the_nearer_a_percentile_is_to_the_plain_midrank(
    known: int, share: float
) -> None:
    moved = abs(drawn(np.array([share]), known)[0] - share)

    assert moved <= FEW_VALUES / 2 / (known + FEW_VALUES) + 1e-12
    assert moved <= 0.001 or known < 2500


@given(values)
def test_counts_of_different_values_give_the_same_percentiles(played: list[float]) -> None:
    _, places, counts = np.unique(played, return_inverse=True, return_counts=True)

    assert np.allclose(percentiles_of_counts(counts)[places], shares_of(played))


def test_no_value_at_all_has_no_percentiles() -> None:
    assert percentiles_of_counts(np.array([], np.int64)).tolist() == []


@given(st.lists(st.integers(0, 50).map(float), min_size=2, max_size=60))
def test_an_appended_track_stands_where_its_like_stands(played: list[float]) -> None:
    older = catalog_of(raw_tracks(len(played), popularity={"deezer": played}))

    grown = append_tracks(
        older, raw_tracks(1, first_id=1000, popularity={"deezer": played[:1]}), version=2
    )

    assert abs(grown.popularity[-1] - grown.popularity[0]) < 0.001
    drawn_from = midranks(np.array(played))[0]
    assert abs(grown.popularity[-1] - 0.5) <= abs(drawn_from - 0.5) + 0.001


def test_a_table_is_outgrown_when_more_was_placed_by_it_than_it_was_made_of() -> None:
    held = catalog_of(raw_tracks(2, popularity={"deezer": [1, 2], "spotify": [1, 2]}))
    outgrown = []
    for first_id in (11, 12, 13):
        one = raw_tracks(1, first_id=first_id, popularity={"deezer": [3]})
        held = append_tracks(held, one, version=2)
        outgrown.append(outgrown_sources(held))

    assert outgrown == [[], [], ["deezer"]]
