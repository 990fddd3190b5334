import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.core.catalog.gaussian import (
    QUANTILES,
    midranks,
    normal_quantile,
    normal_share,
    place_in,
    quantile_table,
)

columns = arrays(
    np.float64,
    st.integers(0, 60),
    elements=st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6, width=32)),
)


def test_midranks_count_ties_by_half() -> None:
    shares = midranks(np.array([5.0, 1.0, 5.0, np.nan, 9.0]))

    assert shares[[0, 1, 2, 4]].tolist() == [0.5, 0.125, 0.5, 0.875]
    assert np.isnan(shares[3])


@given(columns)
def test_midranks_average_one_half_and_keep_the_order(values: np.ndarray) -> None:
    known = ~np.isnan(values)
    shares = midranks(values)

    assert (np.isnan(shares) == ~known).all()
    if known.any():
        assert np.isclose(shares[known].mean(), 0.5)
        order = np.argsort(values[known], kind="stable")
        assert (np.diff(shares[known][order]) >= 0).all()


@given(columns)
def test_a_table_places_its_own_values_where_their_midranks_are(values: np.ndarray) -> None:
    placed = place_in(quantile_table(values), values)

    known = ~np.isnan(values)
    assert (np.isnan(placed) == ~known).all()
    if known.any():
        assert np.abs(placed - midranks(values))[known].max() <= 1.5 / QUANTILES


def test_values_outside_a_table_stay_inside_the_open_interval() -> None:
    table = quantile_table(np.arange(100.0))

    placed = place_in(table, np.array([-1e9, 1e9]))

    assert 0 < placed[0] < 0.001
    assert 0.999 < placed[1] < 1


def test_a_table_of_unknown_values_knows_nothing() -> None:
    table = quantile_table(np.array([np.nan, np.nan]))

    assert np.isnan(place_in(table, np.array([1.0]))).all()


@given(st.floats(0.001, 0.999))
def test_quantile_and_share_undo_each_other(share: float) -> None:
    there = normal_quantile(np.array([share]))

    assert abs(normal_share(there)[0] - share) < 1e-6


def test_the_normal_quantile_is_that_of_the_textbook() -> None:
    assert np.allclose(normal_quantile(np.array([0.5, 0.975])), [0, 1.96], atol=1e-3)
    assert normal_quantile(np.array([0.0, 1.0])).tolist() == [-3.5, 3.5]
