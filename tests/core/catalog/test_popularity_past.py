"""Percentiles are kept by month, and a rise is told among those known at both ends."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.popularity_past import (
    NOTICEABLE,
    STEPS,
    UNKNOWN,
    Kept,
    compared,
    compared_artists,
    differs,
    known_at,
    levels_of_counts,
    month_name,
    month_of,
    past_of,
)

JAN, FEB, MAR, APR = (month_of(date(2026, month, 5)) for month in (1, 2, 3, 4))

levels = st.lists(st.integers(UNKNOWN, STEPS), min_size=1, max_size=40).map(
    lambda values: np.array(values, np.int16)
)


def of(*values: int) -> np.ndarray:
    return np.array(values, np.int16)


def test_months_follow_each_other_over_the_end_of_a_year() -> None:
    assert month_of(date(2027, 1, 31)) == month_of(date(2026, 12, 1)) + 1
    assert month_name(month_of(date(2026, 12, 1))) == "2026-12"
    assert month_name(month_of(date(2027, 1, 31))) == "2027-01"


def test_levels_are_steps_of_the_percentiles() -> None:
    assert levels_of_counts(np.array([1, 1])).tolist() == [429, 571]
    assert levels_of_counts(np.full(1000, 50)).tolist()[::999] == [1, 999]


def test_what_is_new_or_changed_noticeably_differs() -> None:
    kept = of(UNKNOWN, 500, 500, 500)
    now = of(0, 500 + NOTICEABLE - 1, 500 + NOTICEABLE, 500 - NOTICEABLE)

    assert differs(kept, now).tolist() == [True, False, True, True]


def test_what_was_kept_last_counts_until_something_else_is() -> None:
    rows, months = np.array([0, 0, 2]), of(JAN, MAR, FEB)
    kept = of(100, 300, 200)

    by_month = [
        known_at(rows, months, kept, size=3, month=month).tolist()
        for month in (JAN - 1, JAN, FEB, APR)
    ]

    assert by_month == [[-1, -1, -1], [100, -1, -1], [100, -1, 200], [300, -1, 200]]


def test_nobody_rises_because_little_known_music_came_in() -> None:
    before = of(100, 500, 900, UNKNOWN, UNKNOWN, UNKNOWN)
    after = of(400, 800, 980, 50, 100, 150)

    then, now = compared(before, after)

    assert then[:3].tolist() == now[:3].tolist()
    assert np.isnan(then[3:]).all()
    assert np.isnan(now[3:]).all()


@given(levels, st.data())
def test_rises_and_falls_cancel_out(before: np.ndarray, data: st.DataObject) -> None:
    after = data.draw(st.permutations(before.tolist()).map(lambda values: of(*values)))

    then, now = compared(before, after)

    known = (before != UNKNOWN) & (after != UNKNOWN)
    assert (np.isnan(then) == ~known).all()
    assert (np.isnan(now) == ~known).all()
    assert abs((now - then)[known].sum()) < 1e-9


def test_an_artist_counts_by_the_best_known_song_of_those_known_at_both_ends() -> None:
    owners = np.array([0, 0, 1, 2, 3])
    before = of(200, 100, 500, 700, UNKNOWN)
    after = of(200, 900, 500, 700, 800)

    then, now = compared_artists(owners, before, after, size=4)

    assert np.argsort(then[:3]).tolist() == [0, 1, 2]
    assert np.argsort(now[:3]).tolist() == [1, 2, 0]
    assert np.isnan(then[3])
    assert np.isnan(now[3])


def test_the_past_of_a_track_is_the_median_of_what_each_source_said_last() -> None:
    kept = [Kept(7, "a", JAN, 100), Kept(7, "a", MAR, 500), Kept(7, "b", FEB, 300)]
    looked = {"a": [JAN, FEB, MAR, APR], "b": [FEB, APR], "c": [JAN - 5]}

    assert past_of(kept, looked) == [(JAN, 0.1), (FEB, 0.2), (MAR, 0.4), (APR, 0.4)]
    assert past_of([], looked) == []


def test_a_look_before_a_track_was_known_says_nothing_of_it() -> None:
    assert past_of([Kept(7, "a", FEB, 300)], {"a": [JAN, FEB]}) == [(FEB, 0.3)]
