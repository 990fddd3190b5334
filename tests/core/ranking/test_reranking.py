import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ranking.reranking import PROMISED, mmr_order

BELOW = np.zeros(4, np.bool_)
EAST, NORTH = (1.0, 0.0), (0.0, 1.0)


def test_a_near_copy_of_a_pick_gives_way_to_something_else() -> None:
    scores = np.array([1.0, 0.9, 0.8, 0.0])
    vectors = np.array([EAST, EAST, NORTH, NORTH])

    assert mmr_order(scores, vectors, BELOW, relevance_weight=0.5, count=2) == [0, 2]
    assert mmr_order(scores, vectors, BELOW, relevance_weight=1.0, count=2) == [0, 1]


def test_what_stands_above_the_ceiling_comes_once_in_five_at_most() -> None:
    scores = np.linspace(1, 0, 12)
    above = np.array([True] * 6 + [False] * 6)

    order = mmr_order(scores, np.eye(12), above, relevance_weight=1.0, count=6)

    assert order == [6, 7, 8, 9, 0, 10]


def test_the_list_is_filled_from_above_when_nothing_else_is_left() -> None:
    above = np.array([True, True, True, False])

    order = mmr_order(np.linspace(1, 0, 4), np.eye(4), above, relevance_weight=1.0, count=3)

    assert order == [3, 0, 1]


def test_without_candidates_the_list_is_empty() -> None:
    nothing = np.empty(0)

    assert (
        mmr_order(nothing, np.empty((0, 2)), nothing.astype(bool), relevance_weight=1, count=3)
        == []
    )


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.booleans()), max_size=20),
    st.floats(0, 1),
    st.integers(0, 12),
)
def test_each_candidate_is_taken_once_and_the_promise_holds_while_it_can(
    candidates: list[tuple[float, bool]], weight: float, count: int
) -> None:
    candidates.sort(key=lambda one: -one[0])
    scores = np.array([score for score, _ in candidates], np.float64)
    above = np.array([high for _, high in candidates], np.bool_)
    size = len(candidates)

    order = mmr_order(scores, np.eye(size), above, relevance_weight=weight, count=count)

    assert len(order) == len(set(order)) == min(count, size)
    for end in range(1, len(order) + 1):
        over = int(above[order[:end]].sum())
        assert over * PROMISED <= end or above[~np.isin(np.arange(size), order[: end - 1])].all()
