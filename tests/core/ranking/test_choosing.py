"""What becomes of a wish: lists that keep the promise, differ, and can be explained."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.bench.evaluation import intra_list_diversity
from bot.core.catalog.space import Catalog
from bot.core.ranking.choosing import (
    ChosenTrack,
    Listener,
    choose,
    counterfactual,
    explained,
    query_of,
)
from bot.core.ranking.confidence import Calibration
from bot.core.ranking.hearing import Hearing, Turn
from bot.core.ranking.obscurity import DeepCuts, ceiling, is_deep_cut
from bot.core.ranking.query import Filter, Query
from bot.core.ranking.ranking import Ranking, rank
from bot.core.ranking.reranking import PROMISED
from bot.core.ranking.why import FARTHEST, Basis, Counterfactual
from bot.core.ranking.wish import DEFAULT_OBSCURITY, Wish
from bot.core.taste.taste import Opinion, build_taste
from tests.spaces import catalog_of, random_tracks

CATALOG = catalog_of(random_tracks(3000, seed=5))
LIKED = (10, 20, 30, 40)


def listener(catalog: Catalog = CATALOG, **known: Any) -> Listener:
    taste = build_taste(catalog, [Opinion(row, 1.0) for row in LIKED])
    base = Listener(taste, LIKED, (), {}, 0)
    return replace(base, **known)


def chosen(wish: Wish, **known: Any) -> tuple[Ranking, list[ChosenTrack]]:
    one = listener(**known)
    query = query_of(CATALOG, wish, one)
    return choose(CATALOG, one.taste, query, one, Basis.TASTE, Calibration())


@pytest.mark.parametrize("obscurity", [30, 60, 70, 95])
@pytest.mark.parametrize("count", [1, 3, 5, 10])
def test_at_most_one_pick_in_five_stands_above_the_ceiling(obscurity: int, count: int) -> None:
    ranking, picks = chosen(Wish(count=count, obscurity=obscurity))

    rows = np.array([one.row for one in picks])
    above = CATALOG.fame[rows] > ceiling(obscurity)
    paying = above if obscurity > 50 else above & ~is_deep_cut(CATALOG, rows)
    assert len(picks) == count
    for end in range(1, count + 1):
        assert paying[:end].sum() <= end // PROMISED
    assert ranking.kept_promise == count - above.sum()
    assert ranking.uncounted == count - CATALOG.counted[rows].sum()


def test_where_little_known_artists_run_out_others_fill_the_list() -> None:
    famous = np.flatnonzero(CATALOG.fame > 0.9)
    famous = famous[np.unique(CATALOG.artist_index[famous], return_index=True)[1]].tolist()[:12]
    stars = Query(count=5, obscurity=70, only=famous)

    ranking = rank(CATALOG, listener().taste, stars)

    assert len(ranking.picks) == 5
    assert ranking.kept_promise == 0


@pytest.mark.parametrize("obscurity", [0, 40, 70])
def test_deep_cuts_come_alone_when_they_alone_are_wanted(obscurity: int) -> None:
    ranking, picks = chosen(Wish(count=5, obscurity=obscurity, deep_cuts=DeepCuts.ONLY))

    assert [one.deep_cut for one in ranking.picks] == [True] * 5
    assert all(one.explanation.deep_cut and one.explanation.counted for one in picks)
    assert all(one.explanation.fame > 0.7 for one in picks)  # type: ignore[operator]


def test_the_upper_half_of_the_dial_admits_deep_cuts_only_when_asked() -> None:
    """Where all are by stars, only the wish for deep cuts tells their songs apart."""
    stars = np.flatnonzero(CATALOG.fame > 0.8)
    taste = listener().taste

    def cuts(obscurity: int, wish: DeepCuts | None) -> int:
        query = Query(10, obscurity, deep_cuts=wish, only=stars.tolist())
        return sum(one.deep_cut for one in rank(CATALOG, taste, query).picks)

    assert cuts(70, DeepCuts.ALSO) > cuts(70, None) == cuts(70, DeepCuts.NO)
    assert cuts(50, None) == cuts(50, DeepCuts.ALSO) > cuts(50, DeepCuts.NO)


def test_a_filter_that_empties_a_list_of_deep_cuts_is_named() -> None:
    little = np.flatnonzero(CATALOG.fame < 0.5)[:9].tolist()
    query = Query(count=5, only=little, deep_cuts=DeepCuts.ONLY)

    ranking = rank(CATALOG, listener().taste, query)

    counts = {one.filter: one.alone for one in ranking.removed}
    assert (ranking.picks, counts[Filter.DEEP_CUTS]) == ((), CATALOG.measured[little].sum())


def test_a_catalogue_without_popularity_still_recommends_the_best() -> None:
    catalog = catalog_of(
        replace(
            random_tracks(500),
            popularity_rows=np.empty(0, np.int64),
            popularity_sources=np.empty(0, np.int64),
            popularity_values=np.empty(0),
            source_names=(),
        )
    )
    taste = listener(catalog).taste

    picks = [rank(catalog, taste, Query(count=5, obscurity=dial)).picks for dial in (0, 70)]

    assert [one.row for one in picks[0]] == [one.row for one in picks[1]]


def test_picks_differ_more_than_the_best_scores_do() -> None:
    taste = listener().taste
    plain = Query(count=5, rated=LIKED, per_artist=None)

    best, mixed = (
        [pick.row for pick in rank(CATALOG, taste, query).picks]
        for query in (plain, replace(plain, relevance_weight=0.5))
    )

    assert best[0] == mixed[0]
    assert intra_list_diversity(CATALOG.vectors(mixed)) > intra_list_diversity(
        CATALOG.vectors(best)
    )


@pytest.mark.parametrize("obscurity", [0, 70])
def test_turning_the_dial_gives_the_place_that_was_told(obscurity: int) -> None:
    wish = Wish(count=5, obscurity=obscurity)
    one = listener()

    _, picks = chosen(wish)
    query = query_of(CATALOG, wish, one)
    told = [counterfactual(CATALOG, one.taste, query, pick.row) for pick in picks]

    other = 0 if obscurity else DEFAULT_OBSCURITY
    there = query_of(CATALOG, replace(wish, count=FARTHEST, obscurity=other), one)
    rows = [pick.row for pick in rank(CATALOG, one.taste, replace(there, relevance_weight=1)).picks]
    assert len(rows) == FARTHEST
    assert told == [
        Counterfactual(other, rows.index(pick.row) + 1 if pick.row in rows else None)
        for pick in picks
    ]


def test_the_place_elsewhere_stays_when_the_pick_was_rated_or_shown_meanwhile() -> None:
    wish = Wish(count=5, obscurity=0)
    one = listener()
    row = chosen(wish)[1][0].row
    later = listener(rated_rows=(*LIKED, row), shown_rows=(row,), resting_rows=(row,))

    told, told_later = (
        counterfactual(CATALOG, who.taste, query_of(CATALOG, wish, who), row)
        for who in (one, later)
    )

    assert told == told_later
    assert told is not None


def test_confidence_grows_with_what_came_of_earlier_picks() -> None:
    wish = Wish(count=3, obscurity=0)

    (low, *_), (high, *_) = (
        chosen(wish, liked=liked, disliked=20 - liked, ratings=24)[1] for liked in (2, 18)
    )

    assert low.row == high.row
    assert 0 < (low.explanation.confidence or 0) < (high.explanation.confidence or 0) < 1


def test_what_is_asked_for_by_likeness_has_no_confidence() -> None:
    one = listener()
    query = query_of(CATALOG, Wish(count=2), one)

    _, picks = choose(CATALOG, one.taste, query, one, Basis.LIKE, Calibration())

    assert [pick.explanation.confidence for pick in picks] == [None, None]


def test_a_resting_track_is_left_out_and_counted() -> None:
    first = chosen(Wish(count=1, obscurity=0))[1][0].row

    again = chosen(Wish(count=1, obscurity=0), resting_rows=(first,))[1][0].row
    short = rank(CATALOG, listener().taste, Query(count=3, only=(first,), resting=(first,)))

    assert again != first
    counts = {one.filter: one.removed for one in short.removed}
    assert counts[Filter.RESTING] == 1


def hearing(number: int, *rows: int, least: float = 0.0) -> Hearing:
    return Hearing(number, Turn(earned=False, hearings=0), least, rows)


def fit(row: int, one: Listener) -> float:
    return explained(CATALOG, one.taste, row, Basis.TASTE).score


def test_an_audition_takes_the_last_place_and_is_blind_for_a_known_chance() -> None:
    _, picks = chosen(Wish(count=5), hearings=(hearing(7, 100),), withheld_rows=(100,))

    assert [one.blind for one in picks] == [False] * 4 + [True]
    assert (picks[-1].row, picks[-1].promotion_id) == (100, 7)
    assert picks[-1].explanation.confidence is not None


def test_an_audition_is_of_the_nearest_and_asks_for_nearness() -> None:
    one = listener()
    far, near = sorted((100, 200), key=lambda row: fit(row, one))
    offers = (hearing(1, far), hearing(2, near))
    strict = tuple(replace(each, threshold=1.0) for each in offers)

    _, picks = chosen(Wish(count=5), hearings=offers)
    _, without = chosen(Wish(count=5), hearings=strict)

    assert picks[-1].row == near
    assert not any(each.blind for each in without)


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"rated_rows": (*LIKED, 100)}, id="rated"),
        pytest.param({"shown_rows": (100,)}, id="shown lately"),
    ],
)
def test_nobody_hears_blind_what_they_know(known: dict[str, Any]) -> None:
    wish = Wish(count=5, repeats=True)

    _, picks = chosen(wish, hearings=(hearing(7, 100),), withheld_rows=(100,), **known)

    assert not any(one.blind for one in picks)


def test_what_comes_blind_only_is_no_ordinary_pick() -> None:
    first = chosen(Wish(count=1))[1][0].row

    again = chosen(Wish(count=1), withheld_rows=(first,))[1][0].row

    assert again != first


def test_an_audition_goes_before_other_picks_of_its_artist() -> None:
    best = chosen(Wish(count=5))[1][0].row
    same = CATALOG.rows_of_artists([int(CATALOG.artist_ids[best])]).tolist()
    track = next(row for row in same if CATALOG.song_ids[row] != CATALOG.song_ids[best])

    _, picks = chosen(Wish(count=5), hearings=(hearing(7, track),), withheld_rows=(track,))

    assert picks[-1].row == track
    assert len({int(CATALOG.artist_ids[one.row]) for one in picks}) == len(picks) == 5


def test_a_wish_for_something_else_brings_no_audition() -> None:
    one = listener(hearings=(hearing(7, 100),), withheld_rows=(100,))
    query = query_of(CATALOG, Wish(count=5), one)

    _, picks = choose(CATALOG, one.taste, query, one, Basis.LIKE, Calibration())

    assert not any(each.blind for each in picks)


@pytest.mark.parametrize(
    ("run", "count", "blind"), [(0, 4, 0), (0, 5, 1), (2, 3, 1), (3, 2, 0), (9, 1, 0)]
)
def test_an_audition_waits_for_its_place(run: int, count: int, blind: int) -> None:
    _, picks = chosen(Wish(count=count), hearings=(hearing(7, 100),), unpromoted_run=run)

    assert sum(one.blind for one in picks) == blind


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(5, 9), st.booleans())
def test_of_any_answers_one_pick_in_five_is_promoted_at_most_and_none_of_short_ones(
    counts: list[int], every: int, blind: bool
) -> None:
    run, shown = 0, list[bool]()
    offers: dict[str, Any] = {"promoted": {row: row for row in range(90, 130)}}
    if blind:
        offers = {"hearings": (hearing(7, *range(90, 130)),)}
    for count in counts:
        query = {"unpromoted_run": run, "promoted_every": every, **offers}
        _, picks = chosen(Wish(count=count, repeats=True), **query)

        promoted = [one.promotion_id is not None for one in picks]
        assert sum(promoted) <= (1 if len(picks) >= 3 else 0)
        shown += promoted
        run = next((n for n, one in enumerate(reversed(shown)) if one), len(shown))
    for start in range(len(shown)):
        assert sum(shown[start : start + every]) <= 1


def test_a_track_of_which_nothing_is_measured_is_heard_when_anybody_may() -> None:
    raw = random_tracks(500)
    raw.audio[100] = np.nan
    catalog = catalog_of(raw)
    one = listener(catalog, hearings=(hearing(7, 100),))
    query = query_of(catalog, Wish(count=5), one)

    _, picks = choose(catalog, one.taste, query, one, Basis.TASTE, Calibration())

    assert picks[-1].row == 100


def test_what_if_goes_on_for_a_pick_whose_artist_was_just_rated() -> None:
    _, (first, *_) = chosen(Wish(count=3, obscurity=60))
    artist = int(CATALOG.artist_ids[first.row])
    plain, rated = listener(), listener(just_rated=(artist,))

    found = [
        counterfactual(CATALOG, one.taste, query_of(CATALOG, Wish(count=3), one), first.row)
        for one in (plain, rated)
    ]

    assert found[0] == found[1]
    assert found[0] is not None
