import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import FEATURES, QUANTILES, levels_between
from tests.spaces import catalog_of, raw_tracks

TEMPOS = np.random.default_rng(4).uniform(60, 180, 900).round()
CATALOG = catalog_of(raw_tracks(900, measures={"tempo": TEMPOS.tolist()}))
STEP = 900 // QUANTILES + 1
"""So many tracks lie within one step of the table."""


def between(lowest: float | None, highest: float | None) -> np.ndarray:
    low, high = levels_between(CATALOG, "tempo", lowest, highest)
    levels = CATALOG.gaussian[:, FEATURES.index("tempo")]
    return (levels >= low) & (levels <= high)


@given(st.none() | st.integers(61, 179), st.none() | st.integers(61, 179))
def test_what_has_a_value_between_two_has_a_level_between_theirs(
    lowest: int | None, highest: int | None
) -> None:
    low, high = (-np.inf if lowest is None else lowest), (np.inf if highest is None else highest)

    found = between(lowest, highest)

    beats = TEMPOS
    wanted = (beats >= low) & (beats <= high)
    assert found[wanted].all()
    others = TEMPOS[found & ~wanted]
    assert len(others) <= 2 * STEP + 12  # a whole number of beats is many tracks' at once
    assert all(min(abs(one - low), abs(one - high)) <= 1 for one in others)


def test_a_tempo_beyond_those_that_are_felt_is_looked_for_where_it_is_felt() -> None:
    assert set(TEMPOS[between(190, 210)]) <= set(range(94, 107))
    assert between(190, 210).any()
    assert (TEMPOS[between(None, 50)] <= 101).all()


@pytest.mark.parametrize("bounds", [(None, None), (50, 400)])
def test_open_bounds_leave_everything(bounds: tuple[float | None, float | None]) -> None:
    assert between(*bounds).all()


def test_where_nothing_is_known_nothing_is_bounded() -> None:
    assert levels_between(CATALOG, "energy", 0.1, 0.2) == (-np.inf, np.inf)
