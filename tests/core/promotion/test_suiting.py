import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core.promotion.suiting import (
    SMALLEST_CROWD,
    STANDS_OUT,
    Fit,
    Suitability,
    list_standout,
    sound_of,
    suitability,
)
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(400, seed=3))
FITS = st.lists(
    st.builds(Fit, st.integers(1, 99), st.floats(-5, 5), st.booleans()),
    unique_by=lambda fit: fit.user_id,
    max_size=20,
)


def best_first(taste: TasteProfile) -> NDArray[np.int64]:
    """Return all rows, the ones that suit a taste best first."""
    alone = [list_standout(CATALOG, taste, np.array([row])) for row in range(len(CATALOG))]
    return np.argsort([-(one if one is not None else 0.0) for one in alone], kind="stable")


def test_a_list_of_what_fits_best_suits_and_one_of_what_fits_worst_does_not() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in (1, 5, 9)])
    order = best_first(taste)

    best, worst = (list_standout(CATALOG, taste, rows) for rows in (order[:10], order[-10:]))

    assert best is not None
    assert worst is not None
    assert worst < 0 < STANDS_OUT < best


def test_one_lucky_track_among_many_changes_nothing() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in (1, 5, 9)])
    order = best_first(taste)
    plain = order[200:211]

    with_one = list_standout(CATALOG, taste, np.append(plain, order[0]))

    assert with_one is not None
    assert with_one < STANDS_OUT / 2


def test_a_list_of_everything_suits_nobody() -> None:
    taste = build_taste(CATALOG, [Opinion(1, 1.0), Opinion(2, -1.0)])

    everything = list_standout(CATALOG, taste, np.arange(len(CATALOG)))

    assert everything == pytest.approx(0, abs=0.5)


@settings(deadline=None)
@given(st.lists(st.integers(0, 399), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_list_stands_out_the_same_in_any_order_and_however_often_a_track_is_on_it(
    rows: list[int], chance: random.Random
) -> None:
    taste = build_taste(CATALOG, [Opinion(1, 1.0)])
    shuffled = rows * 2
    chance.shuffle(shuffled)

    assert list_standout(CATALOG, taste, np.array(rows)) == list_standout(
        CATALOG, taste, np.array(shuffled)
    )


def test_without_a_taste_or_a_measured_track_nothing_is_said() -> None:
    nobody, hater = build_taste(CATALOG, []), build_taste(CATALOG, [Opinion(1, -1.0)])
    someone = build_taste(CATALOG, [Opinion(1, 1.0)])

    assert list_standout(CATALOG, nobody, np.array([1])) is None
    assert list_standout(CATALOG, hater, np.array([1])) is None
    assert list_standout(CATALOG, someone, np.array([], np.int64)) is None


def test_unmeasured_tracks_have_no_sound_and_count_for_nothing() -> None:
    catalog = catalog_of(raw_tracks(4, measures={"energy": [0.1, 0.9, 0.5, np.nan]}))
    unmeasured = int(catalog.track_ids[3])
    someone = build_taste(catalog, [Opinion(0, 1.0)])

    assert sound_of(catalog, [unmeasured]) is None
    assert list_standout(catalog, someone, np.array([3])) is None
    sound = sound_of(catalog, [int(one) for one in catalog.track_ids])
    assert sound is not None
    assert sound.track_count == 3


def test_names_are_told_of_public_profiles_only_the_best_fit_first() -> None:
    fits = [
        Fit(7, 1.5, True), Fit(3, 2.5, True), Fit(5, 0.7, True), Fit(4, 1.5, True),
        Fit(1, 9.0, False), Fit(2, 1.0, False), Fit(6, 1.1, False), Fit(8, -1.0, False),
        Fit(9, 1.2, False), Fit(10, 1.3, False),
    ]  # fmt: skip

    assert suitability(fits) == Suitability(named=(3, 4, 7), others=5)
    assert suitability(fits).listeners == 8
    assert suitability([fit for fit in fits if fit.user_id != 6]).others == 0


@given(FITS)
def test_nobody_is_named_against_their_will_and_no_small_crowd_is_counted(
    fits: list[Fit],
) -> None:
    found = suitability(fits)

    public = {fit.user_id for fit in fits if fit.public}
    assert set(found.named) <= public
    assert found.others == 0 or found.others >= SMALLEST_CROWD
    assert found.others <= len(fits) - len(public)
    assert found == suitability(fits[::-1])


@given(FITS, st.floats(-5, 5), st.booleans())
def test_one_more_listener_never_makes_it_suit_fewer(
    fits: list[Fit], standout: float, public: bool
) -> None:
    more = suitability([*fits, Fit(1000, standout, public)])

    assert more.listeners >= suitability(fits).listeners
