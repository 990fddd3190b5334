from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.periods import Period
from bot.core.taste.preference import Judged
from bot.core.taste.story import Month, NewName
from bot.core.taste.storytelling import (
    WARM_UP,
    clusters_of,
    level_in,
    month_of_taste,
    new_names,
    quiet_favorites,
    since_began,
    telling,
)
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(200, seed=3))
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
ROWS = st.lists(st.integers(0, 199), max_size=40, unique=True)


def liked(rows: list[int]) -> Judged:
    return Judged(np.array(sorted(rows), np.int64), np.ones(len(rows)))


def test_a_new_name_was_first_met_in_the_period_and_is_liked() -> None:
    met = {"Low": JUNE, "Can": JULY, "Zu": date(2026, 5, 31), "Nobody": JUNE}

    found = new_names(met, {"Low": 0.2, "Can": 0.9, "Zu": 1.0}, JUNE, JULY)

    assert found == [NewName("Low", JUNE, 0.2)]
    assert [one.name for one in new_names(met, {"Low": 0.2, "Zu": 1.0}, None, JULY)] == [
        "Zu",
        "Low",
    ]


def test_whoever_is_met_in_the_first_days_of_a_record_was_known_before() -> None:
    early, late = NewName("Low", JUNE, 1.0), NewName("Can", JUNE + WARM_UP, 0.5)
    period = Period(JUNE, date(2027, 1, 1))

    assert since_began([early, late], JUNE, period) == ([late], False)
    assert since_began([early], JUNE, period) == ([early], True)
    assert since_began([early], JUNE - WARM_UP, period) == ([early], False)
    assert since_began([], None, period) == ([], False)


@given(ROWS)
def test_the_sides_of_a_taste_are_all_of_it(rows: list[int]) -> None:
    found = clusters_of(CATALOG, liked(rows))

    if len(rows) < 4:
        assert found == []
        return
    assert abs(sum(one.share for one in found) - 1) < 1e-9
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    for one in found:
        assert set(one.rows) <= set(rows)
        assert len({int(CATALOG.artist_ids[row]) for row in one.rows}) == len(one.rows)


@given(ROWS)
def test_the_quietest_come_first_and_each_artist_once(rows: list[int]) -> None:
    found = quiet_favorites(CATALOG, liked(rows), limit=5)

    fames = [float(CATALOG.fame[row]) for row in found]
    assert fames == sorted(fames)
    assert len({int(CATALOG.artist_ids[row]) for row in found}) == len(found) <= 5
    assert all(CATALOG.counted[row] for row in found)


@given(ROWS)
def test_a_month_of_anything_has_a_sum(rows: list[int]) -> None:
    month = month_of_taste(CATALOG, liked(rows), start=JUNE, plays=3, said=1)

    assert (month.plays, month.said, month.start) == (3, 1, JUNE)
    assert (month.artist_id is None) == (not rows)
    assert all(0 <= one.percentile <= 1 for one in month.levels)
    assert level_in(month.levels, "no such") is None


def test_a_month_without_genre_or_popularity_is_told_all_the_same() -> None:
    bare = catalog_of(raw_tracks(4, artists=[5, 5, 6, 7]))

    month = month_of_taste(bare, liked([0, 1, 2]), start=JUNE, plays=3, said=0)

    assert (month.genre, month.obscurity, month.artist_id) == (None, None, 5)


def test_silent_months_at_the_ends_are_left_out() -> None:
    starts = [JUNE + timedelta(days=31 * number) for number in range(5)]
    months = [Month(day, plays) for day, plays in zip(starts, (0, 2, 0, 1, 0), strict=True)]

    assert telling(months) == months[1:4]
    assert telling(months[:1]) == []
