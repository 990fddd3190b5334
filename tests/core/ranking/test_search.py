"""The search against scoring and sorting everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.blocks import block_size
from bot.core.catalog.building import append_tracks, build_catalog
from bot.core.catalog.space import CROWDING_DIALS, FEATURES, Catalog, RawTracks
from bot.core.ranking.filters import blocked
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.query import Bound, Mood, Query
from bot.core.ranking.ranking import rank, rank_all
from bot.core.ranking.scorer import Scorer
from bot.core.ranking.search import SLACK, Search, scan
from bot.core.scene.scene import Crowding, Scene, with_scene
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.brute import best_of, exact_scores
from tests.spaces import catalog_of, part, random_tracks

LARGE = 150_000
"""More than two steps of the scan."""


def alike(raw: RawTracks, levels: int) -> RawTracks:
    """Round the features, so that many tracks sound exactly alike."""
    return replace(raw, audio=np.round(raw.audio * levels) / levels)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Catalogues with and without ties, unknown popularity, and tracks added later."""
    size = draw(st.integers(1, 250))
    raw = random_tracks(size, draw(st.integers(0, 50)))
    if draw(st.booleans()):
        raw = alike(raw, draw(st.integers(1, 3)))
    first = draw(st.integers(max(1, size - 40), size))
    catalog = build_catalog(part(raw, np.arange(first)), version=1)
    tail = part(raw, np.arange(first, size))
    if draw(st.booleans()):
        catalog = append_tracks(catalog, tail, version=2)
    return with_scene(catalog, any_scene(catalog), version="x") if draw(st.booleans()) else catalog


def scorer_of(catalog: Catalog, taste: TasteProfile, query: Query) -> Scorer:
    return Scorer.of(
        catalog,
        taste,
        obscurity=query.obscurity,
        affinity=query.affinity,
        cuts=query.admitted_cuts,
        lift=query.lift,
    )


def any_scene(catalog: Catalog) -> Scene:
    """Half of the songs stand somewhere, and sound predicts something."""
    rng = np.random.default_rng(len(catalog))
    songs = np.unique(catalog.song_ids)[::2]
    size = len(FEATURES)
    return Scene(
        song_ids=songs,
        vectors=rng.normal(size=(len(songs), 12)).astype(np.float32),
        weights=(0.1 * rng.normal(size=(1 + 2 * size + size * (size + 1), 12))).astype(np.float32),
        genre_names=("genre 1",),
        genre_weights=rng.normal(size=(1, 12)).astype(np.float32),
        song_lists=np.ones(len(songs), np.int32),
        artist_lists=rng.integers(1, 40, len(songs)).astype(np.int32),
        lists=9,
        fit=0.5,
        crowding=Crowding(
            songs[::2],
            rng.random((len(songs[::2]), len(CROWDING_DIALS))).astype(np.float16),
        ),
        part_weights=(rng.normal(size=(2, 2, 4)) + np.array([2, 1, 0, 0])).astype(np.float32),
    )


def lifts(size: int) -> st.SearchStrategy[Lift]:
    """Return lifts of some rows, some of them large."""
    if not size:
        return st.just(NO_LIFT)
    values = st.dictionaries(st.integers(0, size - 1), st.floats(0, 9), max_size=8)
    return values.map(
        lambda one: Lift(
            np.array(sorted(one), np.int64), np.array([one[row] for row in sorted(one)])
        )
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[Catalog, TasteProfile, Query]:
    catalog = draw(catalogs())
    rows = st.integers(0, max(0, len(catalog) - 1))
    some = st.lists(rows, max_size=6 if len(catalog) else 0)
    opinions = st.lists(
        st.builds(Opinion, row=rows, value=st.floats(-1, 1)), max_size=8 if len(catalog) else 0
    )
    query = Query(
        count=draw(st.sampled_from([0, 1, 3, 12, 500])),
        obscurity=draw(st.sampled_from([0, 30, 70, 100])),
        genres=draw(st.lists(st.integers(0, 30), max_size=3)),
        mood=draw(st.none() | st.sampled_from(Mood)),
        years=draw(st.none() | st.tuples(st.none() | st.just(1980), st.none() | st.just(2010))),
        rated=draw(some),
        shown=draw(some),
        excluded=draw(some),
        only=draw(st.just(()) | st.lists(rows, max_size=20 if len(catalog) else 0)),
        new_artists=draw(st.booleans()),
        per_artist=draw(st.sampled_from([None, 1, 2])),
        affinity=draw(st.sampled_from([0.0, 0.05, 0.5])),
        not_genres=draw(st.lists(st.integers(0, 30), max_size=2)),
        not_moods=draw(st.lists(st.sampled_from(Mood), max_size=1)),
        without=draw(st.lists(st.integers(0, 9), max_size=2)),
        bounds=draw(
            st.just(())
            | st.just((Bound("tempo", 90.0, 140.0),))
            | st.just((Bound("energy", None, 0.7), Bound("loudness", -30.0, None)))
        ),
        lift=draw(st.just(NO_LIFT) | lifts(len(catalog))),
    )
    return catalog, build_taste(catalog, draw(opinions)), query


@given(questions())
@settings(max_examples=150, deadline=None)
def test_the_list_is_that_of_scoring_everything(
    question: tuple[Catalog, TasteProfile, Query],
) -> None:
    catalog, taste, query = question

    picks = rank(catalog, taste, query).picks

    assert [pick.row for pick in picks] == best_of(catalog, taste, query, np.arange(len(catalog)))


@given(questions(), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_steps_of_any_size_leave_all_that_matters(
    question: tuple[Catalog, TasteProfile, Query], step: int
) -> None:
    catalog, taste, query = question
    scorer = scorer_of(catalog, taste, query)
    filters = blocked(catalog, taste, query)
    search = Search(catalog, scorer, filters, count=query.count, per_artist=query.per_artist)

    scan(catalog, [search], step=step)

    left = np.sort(search.candidates())
    assert len(np.unique(left)) == len(left)
    everything = best_of(catalog, taste, query, np.arange(len(catalog)))
    assert best_of(catalog, taste, query, left) == everything


@given(questions())
@settings(max_examples=50, deadline=None)
def test_no_track_scores_more_than_its_bound_or_the_limit_of_its_block(
    question: tuple[Catalog, TasteProfile, Query],
) -> None:
    catalog, taste, query = question
    rows = np.arange(len(catalog))
    scorer = scorer_of(catalog, taste, query)
    scores = exact_scores(catalog, taste, replace(query, lift=NO_LIFT))

    bounds = scorer.bounds(scorer.directions @ catalog.sketch, slice(0, len(catalog)))
    in_order = scores[catalog.sketch_rows]
    assert (bounds >= in_order - SLACK / 2).all()
    limits = scorer.limits().repeat(block_size(len(catalog)))[: len(catalog)]
    assert (limits >= in_order - SLACK / 2).all()
    lifted = exact_scores(catalog, taste, query)
    assert np.abs(scorer.scores(rows) - lifted).max(initial=0) < SLACK / 2


@pytest.fixture(scope="module")
def large() -> Catalog:
    return catalog_of(random_tracks(LARGE, seed=3))


WISHES = {
    "anything": Query(count=20),
    "little known": Query(count=20, obscurity=70, affinity=0.5),
    "least known, new artists": Query(count=20, obscurity=100, new_artists=True),
    "sad and of three years": Query(count=5, mood=Mood.SAD, years=(1990, 1993), obscurity=40),
    "one genre": Query(count=20, genres=(3,), new_artists=True),
    "half of the genres": Query(count=20, genres=tuple(range(1, 15))),
    "300, however many by an artist": Query(count=300, per_artist=None),
    "lifted by words": Query(
        count=20,
        obscurity=70,
        lift=Lift(np.arange(7, LARGE, 311), np.linspace(0, 2, len(range(7, LARGE, 311)))),
    ),
    "slow, without two genres": Query(
        count=20, not_genres=(3, 4), bounds=(Bound("tempo", None, 90.0),)
    ),
    "nothing there": Query(count=20, years=(2500, None)),
}


@pytest.mark.parametrize("wish", list(WISHES))
def test_a_large_catalog_is_searched_exactly(large: Catalog, wish: str) -> None:
    liked = np.arange(100, 200, 7).tolist()
    taste = build_taste(large, [Opinion(row, 1.0 - row % 2 / 4) for row in liked])
    query = replace(WISHES[wish], rated=liked)

    picks = rank(large, taste, query).picks

    assert [pick.row for pick in picks] == best_of(large, taste, query, np.arange(LARGE))


def test_many_tastes_at_once_get_the_lists_they_get_alone(large: Catalog) -> None:
    wanted = [
        (
            build_taste(large, [Opinion(row, 1.0), Opinion(row + 5, 0.5)]),
            Query(
                count=1 + row % 30,
                obscurity=row % 100,
                genres=(row % 9,) if row % 3 else (),
                per_artist=None if row % 2 else 1,
            ),
        )
        for row in range(0, LARGE - 5, 9001)
    ]

    together = rank_all(large, wanted)

    alone = [rank(large, taste, query) for taste, query in wanted]
    assert [[(pick.row, pick.score) for pick in one.picks] for one in together] == [
        [(pick.row, pick.score) for pick in one.picks] for one in alone
    ]
    assert [one.removed for one in together] == [one.removed for one in alone]


def test_nothing_wanted_is_nothing_found() -> None:
    assert rank_all(catalog_of(random_tracks(5)), []) == ()
