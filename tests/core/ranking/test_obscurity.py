from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking.obscurity import (
    DeepCuts,
    ceiling,
    counting_fame,
    fame_penalty,
    is_deep_cut,
    within_reach,
)
from tests.spaces import catalog_of, raw_tracks

NAN = float("nan")


def test_the_dial_leaves_out_three_artists_in_ten_at_70_and_two_in_three_at_100() -> None:
    assert [ceiling(dial) for dial in (0, 35, 70, 100)] == pytest.approx([1, 0.85, 0.7, 0.35])


@given(st.integers(1, 100), st.floats(0, 1))
def test_a_higher_dial_never_takes_less(obscurity: int, fame: float) -> None:
    one = np.array([fame])

    assert fame_penalty(one, obscurity)[0] <= fame_penalty(one, obscurity - 1)[0] + 1e-12


def test_the_penalty_is_flat_below_the_ceiling() -> None:
    penalties = fame_penalty(np.array([0.1, 0.7, 0.8, 0.95]), 70)

    assert penalties[:2].tolist() == [0, 0]
    assert penalties[2:] == pytest.approx([-8 * 0.7 * 0.1, -8 * 0.7 * 0.25])
    assert not fame_penalty(np.array([0.99]), 0).any()


# Artist 9 is famous for one song; nobody counts its second one; the others are little known.
FAMOUS = catalog_of(
    raw_tracks(
        12,
        artists=[9, 9, 9, *range(1, 10)][:12],
        popularity={"table": [95, 3, NAN, *range(10, 19)]},
    )
)


def test_a_little_known_song_of_a_famous_artist_is_a_deep_cut() -> None:
    rows = np.arange(len(FAMOUS))

    assert is_deep_cut(FAMOUS, rows).tolist()[:3] == [False, True, True]
    assert (
        counting_fame(FAMOUS, rows, DeepCuts.NO)[:3].tolist()
        == [counting_fame(FAMOUS, rows, DeepCuts.NO)[0]] * 3
    )
    also = counting_fame(FAMOUS, rows, DeepCuts.ALSO)
    assert also[1] < 0.2 < also[0], "the least known of eleven, drawn to the middle"
    assert also[2] == pytest.approx(0.5), "nobody counts it, so it stands in the middle"


def test_a_song_that_many_know_is_no_deep_cut_and_counts_as_its_artist_does() -> None:
    catalog = catalog_of(
        raw_tracks(12, artists=[9, 9, *range(10, 20)], popularity={"table": [95, 60, *range(10)]})
    )
    rows = np.arange(2)

    assert not is_deep_cut(catalog, rows).any()
    assert (
        counting_fame(catalog, rows, DeepCuts.ALSO).tolist()
        == counting_fame(catalog, rows, DeepCuts.NO).tolist()
        == [pytest.approx(float(catalog.fame[0]))] * 2
    )


def test_songs_of_artists_whom_nobody_counts_are_no_deep_cuts_however_the_guess() -> None:
    guessed = replace(FAMOUS, counted=np.zeros(len(FAMOUS), np.bool_))

    assert not is_deep_cut(guessed, np.arange(len(guessed))).any()


@pytest.mark.parametrize(
    ("own", "reach"),
    [
        pytest.param(0.2, (0.2, 0.6), id="half of the way to the top"),
        pytest.param(None, (0.5, 0.75), id="unknown is the middle"),
        pytest.param(0.97, (0.97, 0.99), id="two percentiles at least"),
        pytest.param(0.99, (0.99, 1.0), id="never above the top"),
    ],
)
def test_others_within_reach_are_better_known_but_no_superstars(
    own: float | None, reach: tuple[float, float]
) -> None:
    assert within_reach(own) == pytest.approx(reach)
