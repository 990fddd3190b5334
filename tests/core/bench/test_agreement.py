import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.bench.agreement import adjusted_rand_index

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30)


def index(one: list[int], other: list[int]) -> float:
    return adjusted_rand_index(np.array(one), np.array(other))


def test_the_example_of_the_textbooks() -> None:
    """Of 15 pairs, 2 are together in both, 4 and 5 in one; 1.333 are expected by chance."""
    assert index([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(0.8 / 3.3)


def test_names_of_parts_do_not_count() -> None:
    assert index([0, 0, 1, 1], [7, 7, 2, 2]) == 1.0


def test_all_in_one_part_agrees_with_nothing_but_itself() -> None:
    assert index([0, 0, 0, 0], [0, 0, 1, 1]) == 0.0
    assert index([0, 0, 0], [5, 5, 5]) == 1.0


@given(LABELS)
def test_it_is_the_same_both_ways_and_never_above_one(pairs: list[tuple[int, int]]) -> None:
    one, other = ([pair[place] for pair in pairs] for place in (0, 1))

    assert index(one, other) == pytest.approx(index(other, one))
    assert index(one, other) <= 1 + 1e-9
    assert index(one, one) == pytest.approx(1.0)
