"""What a listener muted is in no list, and what would have been there is counted."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.sorts import Sort, bit
from bot.core.models import Subject, SubjectKind
from bot.core.ranking.choosing import Listener, left_out, loosenings, query_of
from bot.core.ranking.leaving_out import NOTHING_LEFT_OUT
from bot.core.ranking.query import Filter, Query
from bot.core.ranking.ranking import rank
from bot.core.ranking.wish import Wish
from bot.core.taste import NOTHING_UNWANTED, Opinion, Unwanted, build_taste
from tests.spaces import catalog_of, random_tracks

RAW = random_tracks(800, seed=9)
CATALOG = catalog_of(
    replace(RAW, sorts=(np.random.default_rng(2).integers(0, 16, 800) & 14).astype(np.uint8))
)
TASTE = build_taste(CATALOG, [Opinion(row, 1.0) for row in (10, 20, 30, 40)])
ARTISTS = sorted(set(CATALOG.artist_ids.tolist()))


def picked(unwanted: Unwanted, count: int = 5) -> list[int]:
    return [one.row for one in rank(CATALOG, TASTE, Query(count, unwanted=unwanted)).picks]


def some(of: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, unique=True, max_size=most).map(lambda one: tuple(sorted(one)))


UNWANTED = st.builds(
    Unwanted,
    some(st.sampled_from(ARTISTS), 40),
    some(st.integers(1, 800), 40),
    some(st.sampled_from(Sort), 3),
)


@settings(deadline=None, max_examples=40)
@given(UNWANTED)
def test_nothing_muted_is_picked_and_what_is_counted_makes_the_difference(
    unwanted: Unwanted,
) -> None:
    query = Query(5, unwanted=unwanted)

    found = left_out(CATALOG, TASTE, query)

    muted = set(unwanted.rows(CATALOG).tolist())
    assert not muted & set(picked(unwanted))
    assert found.tracks == len(muted & set(picked(NOTHING_UNWANTED)))
    assert set(found.artist_ids) <= set(unwanted.artists)


def test_a_track_counts_for_its_first_reason_only() -> None:
    row = picked(NOTHING_UNWANTED)[0]
    artist, track = int(CATALOG.artist_ids[row]), int(CATALOG.track_ids[row])

    both = left_out(CATALOG, TASTE, Query(5, unwanted=Unwanted((artist,), (track,))))
    version = left_out(CATALOG, TASTE, Query(5, unwanted=Unwanted(tracks=(track,))))

    assert (both.by_artists, both.versions, both.artist_ids) == (1, 0, (artist,))
    assert (version.by_artists, version.versions, version.tracks) == (0, 1, 1)


def test_who_mutes_nothing_is_told_nothing() -> None:
    assert left_out(CATALOG, TASTE, Query(5)) is NOTHING_LEFT_OUT


def test_a_short_list_counts_each_sort_by_itself() -> None:
    live = [row for row in range(800) if CATALOG.sorts[row] & bit(Sort.LIVE)]

    unwanted = Unwanted(sorts=(Sort.LIVE,))
    ranking = rank(CATALOG, TASTE, Query(800, per_artist=None, unwanted=unwanted))

    assert {one.filter: one.removed for one in ranking.removed}[Filter.LIVE] == len(live)


def listener(**known: Any) -> Listener:
    return replace(Listener(TASTE, (), (), {}, 0), **known)


def test_who_was_just_rated_rests_unless_asked_for() -> None:
    artist = int(CATALOG.artist_ids[picked(NOTHING_UNWANTED)[0]])
    own = CATALOG.rows_of_artists([artist]).tolist()
    track = int(CATALOG.track_ids[own[0]])
    rated = listener(just_rated=(artist,))

    rests = query_of(CATALOG, Wish(), rated)
    asked = query_of(CATALOG, Wish(like=Subject(SubjectKind.ARTIST, artist)), rated)
    alike = query_of(CATALOG, Wish(like=Subject(SubjectKind.TRACK, track)), rated)

    assert list(rests.just_rated) == own
    assert not set(own) & {one.row for one in rank(CATALOG, TASTE, rests).picks}
    assert (asked.just_rated, alike.just_rated) == ((), ())
    assert query_of(CATALOG, Wish(repeats=True), rated).just_rated == ()


def test_another_version_may_come_in_place_of_one_that_was_shown_and_muted() -> None:
    shown = (3, 4)
    unwanted = Unwanted(tracks=(int(CATALOG.track_ids[3]),))

    query = query_of(CATALOG, Wish(), listener(shown_rows=shown, unwanted=unwanted))

    assert query.shown == (4,)
    assert query.unwanted == unwanted


def test_two_filters_that_one_wish_drops_are_one_way_on() -> None:
    everybody = tuple(ARTISTS)
    query = query_of(
        CATALOG, Wish(count=5), listener(just_rated=everybody[:-1], shown_rows=tuple(range(400)))
    )
    ranking = rank(CATALOG, TASTE, replace(query, count=5))

    found = loosenings(ranking, Wish(count=5))

    assert len({one.wish for one in found}) == len(found)
