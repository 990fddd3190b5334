from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.lists.sequencing import (
    EXACT,
    _cost,
    _places,
    _reversals,
    _steps,
    _swaps,
    camelot_distance,
    dj_order,
)
from bot.core.models import AudioFeatures
from tests.orders import order_cost

A_MINOR, C_MAJOR, G_MAJOR, E_MINOR, F_SHARP_MAJOR = 9 + 12, 0, 7, 4 + 12, 6

tracks = st.builds(
    AudioFeatures,
    key=st.none() | st.integers(0, 11),
    mode=st.none() | st.integers(0, 1),
    tempo=st.none() | st.floats(40, 220),
    energy=st.none() | st.floats(0, 1),
)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        pytest.param(C_MAJOR, C_MAJOR, 0, id="the same key"),
        pytest.param(C_MAJOR, A_MINOR, 0.5, id="relative keys"),
        pytest.param(C_MAJOR, G_MAJOR, 1, id="a fifth"),
        pytest.param(C_MAJOR, E_MINOR, 2, id="a fifth, in minor"),
        pytest.param(C_MAJOR, F_SHARP_MAJOR, 6, id="the other side of the wheel"),
    ],
)
def test_camelot_distance_counts_steps_on_the_wheel(one: int, other: int, distance: float) -> None:
    assert camelot_distance(one, other) == camelot_distance(other, one) == distance


def test_half_and_double_tempo_are_no_step_at_all() -> None:
    tempos = [AudioFeatures(key=0, mode=1, tempo=tempo, energy=0.5) for tempo in (70, 140, 99, 198)]

    assert order_cost(tempos, [0, 1]) == pytest.approx(order_cost(tempos, [0, 0]))
    assert order_cost(tempos, [0, 2]) == pytest.approx(order_cost(tempos, [1, 3]))
    assert order_cost(tempos, [0, 2]) > order_cost(tempos, [0, 1])


def test_energy_rises_to_its_peak_and_falls_again() -> None:
    """Four tracks that mix equally well: the loudest comes third."""
    energies = [0.9, 0.1, 0.5, 0.6]
    same = [AudioFeatures(key=0, mode=1, tempo=120, energy=one) for one in energies]

    assert [energies[track] for track in dj_order(same)] == [0.1, 0.6, 0.9, 0.5]


def test_unknown_features_cost_the_same_everywhere() -> None:
    known = AudioFeatures(key=3, mode=0, tempo=87, energy=0.4)
    nothing = AudioFeatures()

    costs = {order_cost([known, nothing], order) for order in ([0, 1], [1, 0])}

    assert len(costs) == 1
    assert dj_order([nothing] * 12) == tuple(range(12))


@given(st.lists(tracks, max_size=14))
@settings(max_examples=50, deadline=None)
def test_every_track_is_played_once_and_never_in_a_worse_order_than_given(
    some: list[AudioFeatures],
) -> None:
    order = dj_order(some)

    assert sorted(order) == list(range(len(some)))
    assert order_cost(some, order) <= order_cost(some, range(len(some))) + 1e-9
    assert order == dj_order(some)


@given(st.lists(tracks, min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_short_list_has_the_best_order_there_is(some: list[AudioFeatures]) -> None:
    best = min(order_cost(some, order) for order in permutations(range(len(some))))

    assert order_cost(some, dj_order(some)) == pytest.approx(best)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_fixed_tracks_stay_in_their_places_and_the_others_are_played_once(
    data: st.DataObject,
) -> None:
    some = data.draw(st.lists(tracks, min_size=1, max_size=12))
    numbers = st.integers(0, len(some) - 1)
    places = data.draw(st.lists(numbers, unique=True, max_size=len(some)))
    there = data.draw(st.lists(numbers, unique=True, min_size=len(places), max_size=len(places)))
    fixed = dict(zip(places, there, strict=True))

    order = dj_order(some, fixed)

    assert sorted(order) == list(range(len(some)))
    assert {place: order[place] for place in fixed} == fixed


@pytest.mark.parametrize("fixed", [{2: 0}, {0: 2}, {0: 1, 1: 1}, {-1: 0}])
def test_places_that_cannot_be_kept_are_refused(fixed: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="these places cannot be kept in a list of 2"):
        dj_order([AudioFeatures()] * 2, fixed)


@given(st.lists(tracks, min_size=2, max_size=8), st.randoms())
@settings(max_examples=50, deadline=None)
def test_what_a_change_is_said_to_gain_is_what_it_gains(
    some: list[AudioFeatures], chance: Random
) -> None:
    size = len(some)
    numbers = list(range(size))
    chance.shuffle(numbers)
    order = np.array(numbers)
    steps, places = _steps(some), _places(some, {})
    padded = np.zeros((size + 1, size + 1))
    padded[:size, :size] = steps
    before = _cost(steps, places, order)
    reversals, swaps = _reversals(padded, places, order), _swaps(padded, places, order)

    for first in range(size):
        for last in range(first + 1, size):
            turned, swapped = order.copy(), order.copy()
            turned[first : last + 1] = order[first : last + 1][::-1]
            swapped[[first, last]] = order[[last, first]]
            gain = _cost(steps, places, turned) - before
            assert reversals[first, last] == pytest.approx(gain, abs=1e-9)
            if last > first + 1:
                gain = _cost(steps, places, swapped) - before
                assert swaps[first, last] == pytest.approx(gain, abs=1e-9)


def test_a_long_list_comes_close_to_the_best_order() -> None:
    """Tracks made from a perfect order: same key and tempo in a row, energy along the arc."""
    rng = np.random.default_rng(3)
    row = [
        AudioFeatures(key=(7 * (n // 3)) % 12, mode=1, tempo=100 + n, energy=0.02 * n)
        for n in range(3 * EXACT)
    ]
    mixed = [row[place] for place in rng.permutation(len(row))]

    assert order_cost(mixed, dj_order(mixed)) <= order_cost(row, range(len(row))) + 1e-9
