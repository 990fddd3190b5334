import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ranking.blending import GroupList, averaged, best_sum, blend, explained_for, worths
from bot.core.ranking.confidence import Calibration, Evidence
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank
from bot.core.ranking.scoring import Typical, typical_score
from bot.core.taste.mutes import Unwanted
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, random_tracks

SIZE = 300
CATALOG = catalog_of(random_tracks(SIZE, seed=11))


def loving(*rows: int) -> TasteProfile:
    return build_taste(CATALOG, [Opinion(row, 1.0) for row in rows])


rows = st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=6, unique=True)
tastes = st.builds(
    lambda likes, dislikes: build_taste(
        CATALOG, [*(Opinion(row, 1.0) for row in likes), *(Opinion(row, -1.0) for row in dislikes)]
    ),
    rows,
    rows,
)
queries = st.builds(
    Query,
    count=st.integers(1, 6),
    obscurity=st.sampled_from([0, 60, 100]),
    rated=rows,
    unwanted=rows.map(lambda some: Unwanted(tracks=tuple(CATALOG.track_ids[some].tolist()))),
    excluded=rows,
)


@given(taste=tastes, query=queries)
@settings(max_examples=60, deadline=None)
def test_one_listener_alone_gets_their_own_list(taste: TasteProfile, query: Query) -> None:
    own = [pick.row for pick in rank(CATALOG, taste, query).picks]

    assert [pick.row for pick in blend(CATALOG, [taste], query).picks] == own


@given(group=st.lists(tastes, min_size=2, max_size=4), query=queries)
@settings(max_examples=40, deadline=None)
def test_nothing_comes_that_one_of_them_rejected_and_an_artist_comes_once(
    group: list[TasteProfile], query: Query
) -> None:
    found = [pick.row for pick in blend(CATALOG, group, query).picks]

    songs = CATALOG.song_index
    assert not {int(songs[row]) for row in query.rated} & {int(songs[row]) for row in found}
    assert not {*query.unwanted.rows(CATALOG).tolist(), *query.excluded} & set(found)
    assert len(set(CATALOG.artist_ids[found].tolist())) == len(found)


@given(group=st.lists(tastes, min_size=2, max_size=4), query=queries)
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_listeners_changes_nothing(
    group: list[TasteProfile], query: Query
) -> None:
    here, there = blend(CATALOG, group, query), blend(CATALOG, group[::-1], query)

    assert [one.row for one in here.picks] == [one.row for one in there.picks]
    assert [one.fits for one in here.picks] == [one.fits[::-1] for one in there.picks]
    assert here.owed == pytest.approx(there.owed[::-1])


@given(group=st.lists(tastes, min_size=2, max_size=3), owed=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_who_is_owed_gets_no_less(group: list[TasteProfile], owed: float) -> None:
    query = Query(count=5)

    even = blend(CATALOG, group, query)
    leaning = blend(CATALOG, group, query, [owed, *[0.0] * (len(group) - 1)])

    got = [sum(pick.fits[0] for pick in one.picks) for one in (even, leaning)]
    assert got[1] >= got[0] - 1e-9


def test_a_catalogue_without_anything_left_gives_an_empty_list() -> None:
    everything = Query(excluded=tuple(range(SIZE)))

    found = blend(CATALOG, [loving(1, 2), loving(3, 4)], everything)

    assert found.picks == ()
    assert found.owed == (0.0, 0.0)
    assert sum(one.removed for one in found.removed) == SIZE


def test_the_sum_may_leave_somebody_out_and_the_fair_list_does_not() -> None:
    many, one = [loving(1, 2, 3)] * 3, loving(200, 201, 202)
    query = Query(count=5)

    by_sum = best_sum(CATALOG, [*many, one], query)
    fair = blend(CATALOG, [*many, one], query)

    def least(found: GroupList) -> float:
        return min(sum(pick.fits[one] for pick in found.picks) for one in range(4))

    assert least(fair) >= least(by_sum)
    assert by_sum.owed == (0.0,) * 4


def test_the_averaged_taste_gives_each_listener_the_same_weight() -> None:
    few, many = loving(1, 2), loving(*range(100, 140))

    taste = averaged(CATALOG, [few, many])

    mine = np.isin(taste.liked_rows, [1, 2])
    assert taste.liked_weights[mine].sum() == pytest.approx(taste.liked_weights[~mine].sum())


def test_a_fit_is_half_where_three_tracks_in_a_hundred_score_more() -> None:
    typical = Typical(np.arange(1000.0), 500.0, 290.0)

    fits = worths(typical, np.array([970.0, 0.0, 999.0, 2000.0]))

    assert fits[0] == pytest.approx(0.5, abs=0.01)
    assert fits[1] < 0.03
    assert 0.96 < fits[2] < fits[3] < 1


@given(scores=st.lists(st.floats(-5, 5), min_size=2, max_size=20), taste=tastes)
@settings(max_examples=50, deadline=None)
def test_a_higher_score_never_fits_less(scores: list[float], taste: TasteProfile) -> None:
    typical = typical_score(CATALOG, taste, affinity=0.05)

    fits = worths(typical, np.sort(np.array(scores)))

    assert (np.diff(fits) >= 0).all()
    assert ((fits > 0) & (fits <= 1)).all()


def test_picks_are_explained_to_each_for_their_own_taste() -> None:
    taste, history = loving(1, 2, 3), Evidence(0.0, liked=2, disliked=1, ratings=3)

    (found,) = explained_for(CATALOG, taste, [50], Query(obscurity=60), Calibration(), history)

    assert found.evidence is not None
    assert (found.evidence.liked, found.evidence.ratings) == (2, 3)
    assert found.confidence == Calibration().probability(found.evidence)
    assert found.closest is not None
    assert found.obscurity == 60
