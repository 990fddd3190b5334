from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import FEATURES
from bot.core.ranking.obscurity import DeepCuts, ceiling, is_deep_cut
from bot.core.ranking.query import MOODS, Filter, Mood, Query
from bot.core.ranking.ranking import Ranking, rank
from bot.core.taste.taste import Opinion, build_taste
from tests.brute import best_of
from tests.spaces import catalog_of, random_tracks, raw_tracks

SIZE = 300
CATALOG = catalog_of(random_tracks(SIZE, seed=11))
FAME = CATALOG.artist_fame

rows = st.lists(st.integers(0, SIZE - 1), max_size=8)
tastes = st.lists(
    st.builds(Opinion, row=st.integers(0, SIZE - 1), value=st.floats(-1, 1)), max_size=8
).map(lambda opinions: build_taste(CATALOG, opinions))
queries = st.builds(
    Query,
    count=st.integers(0, 12),
    obscurity=st.integers(0, 100),
    genres=st.lists(st.integers(0, 30), max_size=3),
    mood=st.none() | st.sampled_from(Mood),
    years=st.none() | st.tuples(st.none() | st.integers(1950, 2000), st.none() | st.just(2010)),
    rated=rows,
    shown=rows,
    excluded=rows,
    new_artists=st.booleans(),
    artist_fame=st.none() | st.just((0.3, 0.8)),
    deep_cuts=st.none() | st.sampled_from(DeepCuts),
    per_artist=st.sampled_from([None, 1, 2]),
    affinity=st.sampled_from([0.0, 0.05, 0.5]),
)
everything = given(taste=tastes, query=queries)


def ids(ranking: Ranking) -> list[int]:
    return [pick.track_id for pick in ranking.picks]


@everything
@settings(max_examples=200, deadline=None)
def test_parts_add_up_to_the_score_exactly(taste, query) -> None:  # type: ignore[no-untyped-def]
    for pick in rank(CATALOG, taste, query).picks:
        parts = pick.parts
        total = 0.0
        ends = (parts.scene, parts.affinity, parts.penalty)
        for part in (parts.offset, *parts.audio, *parts.context, *ends):
            total += float(part)
        assert pick.score == parts.score == total
        assert parts.penalty <= 0


@everything
@settings(max_examples=200, deadline=None)
def test_the_list_is_that_of_scoring_and_sorting_everything(taste, query) -> None:  # type: ignore[no-untyped-def]
    expected = best_of(CATALOG, taste, query, np.arange(SIZE))

    assert [pick.row for pick in rank(CATALOG, taste, query).picks] == expected


@everything
@settings(max_examples=100, deadline=None)
def test_the_same_question_has_the_same_answer(taste, query) -> None:  # type: ignore[no-untyped-def]
    first, second = rank(CATALOG, taste, query), rank(CATALOG, taste, query)

    assert [(p.row, p.score) for p in first.picks] == [(p.row, p.score) for p in second.picks]
    assert first.removed == second.removed


@everything
@settings(max_examples=100, deadline=None)
def test_removed_and_left_add_up_to_the_catalog(taste, query) -> None:  # type: ignore[no-untyped-def]
    ranking = rank(CATALOG, taste, query)

    if len(ranking.picks) == query.count:
        assert ranking.removed == ()
        assert ranking.candidates is None
    else:
        caps = (Filter.SAME_SONG, Filter.PER_ARTIST)
        filtered = sum(one.removed for one in ranking.removed if one.filter not in caps)
        assert filtered + (ranking.candidates or 0) == SIZE == ranking.catalog_size
        assert sum(one.removed for one in ranking.removed) + len(ranking.picks) == SIZE


@everything
@settings(max_examples=100, deadline=None)
def test_loosening_a_filter_brings_back_what_was_promised(taste, query) -> None:  # type: ignore[no-untyped-def]
    ranking = rank(CATALOG, taste, replace(query, count=SIZE + 1, per_artist=None))
    assert ranking.candidates is not None
    loose = {
        Filter.GENRE: {"genres": ()},
        Filter.MOOD: {"mood": None},
        Filter.YEARS: {"years": None},
        Filter.NEW_ARTISTS: {"new_artists": False},
        Filter.FAME: {"artist_fame": None},
        Filter.DEEP_CUTS: {"deep_cuts": DeepCuts.ALSO},
        Filter.SHOWN: {"shown": ()},
    }
    for one in ranking.removed:
        if one.filter in loose:
            wider = replace(query, count=SIZE + 1, per_artist=None, **loose[one.filter])  # type: ignore[arg-type]
            assert rank(CATALOG, taste, wider).candidates == ranking.candidates + one.alone


@everything
@settings(max_examples=100, deadline=None)
def test_every_pick_fulfills_the_wish(taste, query) -> None:  # type: ignore[no-untyped-def]
    heard = {int(CATALOG.song_ids[row]) for row in (*query.rated, *query.shown)}
    known_artists = {*taste.artist_ids.tolist(), *CATALOG.artist_ids[list(query.rated)].tolist()}
    for pick in rank(CATALOG, taste, query).picks:
        row = pick.row
        assert int(CATALOG.song_ids[row]) not in heard
        assert row not in query.excluded
        assert not query.genres or set(query.genres) & set(CATALOG.genres_of(row))
        assert not query.new_artists or int(CATALOG.artist_ids[row]) not in known_artists
        if query.artist_fame is not None:
            assert 0.3 < FAME[CATALOG.artist_index[row]] <= 0.8
            assert CATALOG.artist_counted[CATALOG.artist_index[row]]
        assert pick.deep_cut == is_deep_cut(CATALOG, np.array([row]))[0]
        assert pick.deep_cut or query.deep_cuts is not DeepCuts.ONLY
        if query.years is not None:
            assert (query.years[0] or 1) <= CATALOG.years[row] <= (query.years[1] or 3000)
        for feature, direction, threshold in MOODS[query.mood] if query.mood else ():
            column = FEATURES.index(feature)
            assert CATALOG.known[row, column]
            assert direction * CATALOG.gaussian[row, column] >= direction * threshold


def test_the_track_most_like_the_liked_one_comes_first() -> None:
    catalog = catalog_of(raw_tracks(5, measures={"energy": [0.9, 0.8, 0.5, 0.2, 0.1]}))
    taste = build_taste(catalog, [Opinion(0, 1.0)])

    assert ids(rank(catalog, taste, Query(count=2, rated=[0]))) == [2, 3]


def test_equal_scores_go_by_track_id() -> None:
    catalog = catalog_of(raw_tracks(6, measures={"energy": [0.9, 0.5, 0.5, 0.5, 0.5, 0.1]}))
    taste = build_taste(catalog, [])

    assert ids(rank(catalog, taste, Query(count=6))) == [1, 2, 3, 4, 5, 6]


def test_other_versions_of_a_rated_song_are_not_discoveries() -> None:
    catalog = catalog_of(
        raw_tracks(4, measures={"energy": [0.9, 0.9, 0.8, 0.1]}, songs=[5, 5, 6, 7])
    )
    taste = build_taste(catalog, [Opinion(0, 1.0)])

    ranking = rank(catalog, taste, Query(count=4, rated=[0], per_artist=None))

    assert ids(ranking) == [3, 4]
    assert [(one.filter, one.removed) for one in ranking.removed] == [
        (Filter.UNMEASURED, 0),
        (Filter.RATED, 2),
        (Filter.SAME_SONG, 0),
        (Filter.PER_ARTIST, 0),
    ]


def test_the_artist_cap_looks_further_down_until_the_list_is_full() -> None:
    catalog = catalog_of(
        raw_tracks(
            400,
            measures={"energy": np.linspace(0.99, 0.01, 400).tolist()},
            artists=[1] * 397 + [2, 3, 4],
        )
    )
    taste = build_taste(catalog, [Opinion(0, 1.0)])

    ranking = rank(catalog, taste, Query(count=3, rated=[0]))

    artists = [int(catalog.artist_ids[pick.row]) for pick in ranking.picks]
    assert artists[0] == 1
    assert len(set(artists)) == 3


def test_unknown_facts_fail_their_filter_and_are_counted() -> None:
    nan = float("nan")
    catalog = catalog_of(
        raw_tracks(4, measures={"energy": [0.9, nan, 0.1, 0.5], "tempo": [100, 110, 120, 130]})
    )

    ranking = rank(catalog, build_taste(catalog, []), Query(count=4, mood=Mood.ENERGETIC))

    assert ids(ranking) == [1]
    mood = next(one for one in ranking.removed if one.filter is Filter.MOOD)
    assert (mood.removed, mood.unknown, mood.alone) == (3, 1, 3)


def test_an_empty_list_says_which_filter_to_loosen() -> None:
    catalog = catalog_of(
        raw_tracks(
            4,
            measures={"energy": [0.1, 0.2, 0.3, 0.4]},
            years=[1990, 1991, 1992, 0],
            genres=[(1,), (1,), (2,), (1,)],
        )
    )

    ranking = rank(catalog, build_taste(catalog, []), Query(genres=[1], years=(2000, None)))

    assert ranking.picks == ()
    alone = {one.filter: one.alone for one in ranking.removed if one.alone}
    assert alone == {Filter.YEARS: 3}


def test_obscurity_brings_the_lesser_known_and_counts_its_promise() -> None:
    nan = float("nan")
    catalog = catalog_of(
        raw_tracks(
            8,
            measures={"energy": [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1]},
            popularity={"spotify": [50, 90, 80, 5, 70, nan, 60, nan]},
        )
    )
    taste = build_taste(catalog, [Opinion(6, 1.0)])

    ranking = rank(catalog, taste, Query(count=4, obscurity=100, rated=[6]))

    assert ids(ranking) == [4, 6, 8, 1]  # 8 sounds unlike it, but only 1 is known to too many
    assert ranking.ceiling == ceiling(100) == pytest.approx(0.35)
    assert (ranking.kept_promise, ranking.uncounted) == (3, 2)
    assert [one.counted for one in ranking.picks] == [True, False, False, True]
    assert all(one.fame is not None for one in ranking.picks)


def test_a_loved_artist_breaks_the_tie_and_a_hated_one_loses_it() -> None:
    catalog = catalog_of(
        raw_tracks(
            5,
            measures={"energy": [0.9, 0.5, 0.5, 0.5, 0.1]},
            artists=[1, 1, 2, 3, 3],
        )
    )
    taste = build_taste(catalog, [Opinion(0, 1.0), Opinion(4, -1.0)])

    ranking = rank(catalog, taste, Query(count=3, obscurity=60, rated=[0, 4], affinity=0.2))

    loved, hated = (float(one) for one in taste.artist_strengths)
    assert loved > 0 > hated
    assert [pick.parts.affinity for pick in ranking.picks] == [
        pytest.approx(0.2 * loved),
        0.0,
        pytest.approx(0.2 * hated),
    ]


def test_an_empty_catalog_gives_an_empty_list() -> None:
    catalog = catalog_of(raw_tracks(0))

    ranking = rank(catalog, build_taste(catalog, []), Query(genres=[1], mood=Mood.CALM))

    assert ranking.picks == ()
    assert not any(one.alone for one in ranking.removed)


@pytest.mark.parametrize("wrong", [{"obscurity": 101}, {"obscurity": -1}, {"count": -1}], ids=str)
def test_an_impossible_query_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not a query"):
        rank(CATALOG, build_taste(CATALOG, []), Query(**wrong))  # type: ignore[arg-type]
