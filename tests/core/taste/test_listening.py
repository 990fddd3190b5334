from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.listening import (
    EACH,
    LONGEST_WAIT,
    MOST,
    SHORTEST_WAIT,
    SYNC_PLAYS,
    TOGETHER,
    UNKNOWN_WAIT,
    Played,
    listening_opinions,
    next_cursor,
    wait_until_sync,
)
from tests.conftest import NOON

counts = st.lists(st.integers(1, 10_000), min_size=1, max_size=300)


def weights_of(plays: list[int]) -> dict[int, float]:
    rows, last = np.arange(len(plays)), np.zeros(len(plays), np.int64)
    found = listening_opinions(rows, np.array(plays, np.float64), last)
    return {one.row: one.weight for one in found}


def test_no_plays_say_nothing() -> None:
    assert weights_of([]) == {}


@given(counts)
def test_plays_stay_weak_each_and_together(plays: list[int]) -> None:
    weights = weights_of(plays)

    assert len(weights) == min(len(plays), MOST)
    assert all(0 < one <= EACH for one in weights.values())
    assert sum(weights.values()) <= TOGETHER + 1e-9


@given(counts, st.data())
def test_more_plays_never_weigh_less(plays: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(plays) - 1))
    more = list(plays)
    more[place] += data.draw(st.integers(1, 10_000))

    assert weights_of(more).get(place, 0) >= weights_of(plays).get(place, 0) - 1e-12


def test_plays_count_against_the_listeners_own_median() -> None:
    few, many = weights_of([1, 2, 4]), weights_of([100, 200, 400])

    assert few == many


def test_ages_count_from_the_newest_play() -> None:
    found = listening_opinions(np.arange(2), np.ones(2), np.array([0, 86_400]))

    assert [one.age_days for one in sorted(found)] == [1, 0]


def test_the_same_play_in_two_histories_counts_once_and_versions_of_a_track_together() -> None:
    export = Played.of([(1, 10, 5), (1, 2, 9), (2, 1, 1)])
    account = Played.of([(1, 11, 7), (3, 4, 4)])

    both = export.joined(account)

    assert both.track_ids.tolist() == [1, 2, 3]
    assert both.plays.tolist() == [12, 1, 4]
    assert both.last_s.tolist() == [9, 1, 4]


@pytest.mark.parametrize("plays", [SYNC_PLAYS - 1, SYNC_PLAYS, SYNC_PLAYS + 1, 500])
def test_a_sync_comes_twice_in_the_time_of_fifty_plays(plays: int) -> None:
    times = [n * 200 for n in range(plays)]

    assert wait_until_sync(times) == timedelta(seconds=200 * SYNC_PLAYS / 2)


def test_an_evening_of_music_counts_not_the_quiet_days_around_it() -> None:
    evening = [40_000 + n * 180 for n in range(SYNC_PLAYS + 1)]
    quiet = [n * 20_000 for n in range(1, 100)]

    assert wait_until_sync([*quiet, *evening]) < timedelta(seconds=180 * SYNC_PLAYS / 2 + 1)


@given(st.lists(st.integers(0, 2**32), max_size=100))
def test_a_sync_never_comes_too_often_or_too_seldom(times: list[int]) -> None:
    assert SHORTEST_WAIT <= wait_until_sync(times) <= LONGEST_WAIT


def test_while_nothing_is_known_a_sync_comes_in_two_hours() -> None:
    assert wait_until_sync([]) == wait_until_sync([5]) == UNKNOWN_WAIT


def test_the_cursor_never_runs_ahead_of_the_clock_nor_back_with_it() -> None:
    hour = timedelta(hours=1)

    assert next_cursor(None, None, NOON) is None
    assert next_cursor(NOON - 2 * hour, NOON - hour, NOON) == NOON - hour
    assert next_cursor(NOON - hour, NOON + 99 * hour, NOON) == NOON
    assert next_cursor(NOON - hour, None, NOON) == NOON - hour
