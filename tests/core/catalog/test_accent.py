"""A colour that stands for a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bot.core.catalog import accent_of


def pixels(*colors: tuple[tuple[int, int, int], int]) -> NDArray[np.uint8]:
    """Return so many pixels of each colour."""
    return np.array([color for color, count in colors for _ in range(count)], np.uint8)


@pytest.mark.parametrize(
    ("given_pixels", "accent"),
    [
        (pixels(((255, 0, 0), 10)), 0xFF0000),
        (pixels(((250, 250, 250), 90), ((0, 40, 200), 10)), 0x0028C8),
        (pixels(((200, 30, 30), 60), ((30, 200, 30), 40)), 0xC81E1E),
        (pixels(((128, 128, 128), 10)), None),
        (pixels(((0, 0, 0), 10)), None),
        (pixels(((255, 255, 255), 99), ((255, 0, 0), 1)), None),
        (np.empty((0, 3), np.uint8), None),
    ],
    ids=["one", "on white", "the larger", "grey", "black", "a speck", "nothing"],
)
def test_the_strongest_colour_stands_for_a_picture(
    given_pixels: NDArray[np.uint8], accent: int | None
) -> None:
    assert accent_of(given_pixels) == accent


@given(arrays(np.uint8, st.tuples(st.integers(0, 40), st.just(3))))
def test_an_accent_is_a_colour_between_those_of_the_picture(found: NDArray[np.uint8]) -> None:
    accent = accent_of(found)

    if accent is not None:
        parts = np.array([accent >> 16, accent >> 8 & 255, accent & 255])
        assert (found.min(axis=0) <= parts).all()
        assert (parts <= found.max(axis=0)).all()
        assert parts.max() > parts.min(), "it is no grey"
