from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank
from bot.core.ranking.why import Basis, Explanation, explain, parts_of
from bot.core.taste.taste import Opinion, build_taste
from tests.spaces import catalog_of, random_tracks

CATALOG = catalog_of(random_tracks(200))


def explained(rows: list[int], obscurity: int) -> list[Explanation]:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in rows])
    query = Query(count=5, obscurity=obscurity, rated=tuple(rows))
    return [
        explain(CATALOG, taste, pick.row, pick.parts, obscurity=obscurity)
        for pick in rank(CATALOG, taste, query).picks
    ]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 199), min_size=1, max_size=6, unique=True), st.integers(0, 100))
def test_an_explanation_adds_up_to_the_score_and_survives_being_stored(
    rows: list[int], obscurity: int
) -> None:
    for one in explained(rows, obscurity):
        parts = [reason.total for reason in one.reasons]
        rest = (one.offset, one.scene, one.affinity, one.penalty)
        assert fsum([*parts, *rest]) == pytest.approx(one.score, abs=1e-12)
        assert Explanation.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"basis": "taste", "reasons": []}',
        '{"basis": "x"}',
    ],
)
def test_an_explanation_of_another_version_is_none(written: str) -> None:
    assert Explanation.from_json(written) is None


def test_the_closest_track_is_one_that_is_liked() -> None:
    liked = [3, 50, 120]

    for one in explained(liked, 0):
        assert one.closest is not None
        assert CATALOG.row_of(one.closest.track_id) in liked


def test_a_track_scored_alone_has_the_score_it_has_in_a_list() -> None:
    taste = build_taste(CATALOG, [Opinion(3, 1.0), Opinion(60, -1.0)])
    query = Query(count=10, obscurity=70)

    for pick in rank(CATALOG, taste, query).picks:
        alone = parts_of(CATALOG, taste, pick.row, obscurity=70, affinity=query.affinity)
        assert alone.score == pick.score


def test_levels_are_percentiles_of_the_catalogue() -> None:
    (one, *_) = explained([3], 0)

    levels = [reason.track_level for reason in one.reasons if reason.track_level is not None]
    assert levels
    assert all(0 <= level <= 1 for level in levels)
    assert one.basis is Basis.TASTE
    assert not np.isnan(levels).any()
