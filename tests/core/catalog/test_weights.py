"""The weights of the parts go over from few likes to many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import OPEN, PLAIN, UPPER, shipped_weights, weights_at
from bot.core.catalog.weights import FEW, MANY


def learned() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    weights = shipped_weights()
    weights[0, OPEN], weights[1, OPEN] = (2, 1, 0, 0), (4, 3, -1, 1)
    weights[0, UPPER], weights[1, UPPER] = (1, 1, 0, 0), (2, 0.5, -0.5, 0)
    return weights


@given(st.integers(0, 10_000), st.booleans())
def test_where_nothing_was_learned_only_a_liked_artist_counts_more_with_an_open_dial(
    liked: int, upper: bool
) -> None:
    weights = weights_at(shipped_weights(), liked, upper=upper)

    assert weights._replace(artist=PLAIN.artist) == PLAIN
    assert weights.artist == PLAIN.artist if upper else weights.artist > PLAIN.artist


@pytest.mark.parametrize(
    ("liked", "upper", "expected"),
    [
        (0, False, (2, 1, 0, 0)),
        (FEW, False, (2, 1, 0, 0)),
        (MANY, False, (4, 3, -1, 1)),
        (900, False, (4, 3, -1, 1)),
        (1, True, (1, 1, 0, 0)),
        (MANY, True, (2, 0.5, -0.5, 0)),
    ],
)
def test_each_half_of_the_dial_has_its_own_for_few_and_for_many(
    liked: int, upper: bool, expected: tuple[float, ...]
) -> None:
    assert tuple(weights_at(learned(), liked, upper=upper)) == pytest.approx(expected)


@given(st.integers(0, 60))
def test_one_more_like_never_turns_them_back(liked: int) -> None:
    now, then = (weights_at(learned(), count, upper=False) for count in (liked, liked + 1))

    assert now.company <= then.company
    assert now.listing >= then.listing
