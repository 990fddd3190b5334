import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.blocks import block_size, boxes, peaks, search_order


@given(seed=st.integers(0, 1000), clusters=st.integers(1, 4), flat=st.booleans())
@settings(max_examples=100, deadline=None)
def test_nothing_in_a_box_is_above_its_peak(seed: int, clusters: int, flat: bool) -> None:
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.normal(size=(2, 5, 7)), axis=0)
    linear = rng.normal(size=(clusters, 5))
    square = np.zeros(5) if flat else rng.normal(size=5)
    points = ends[0] + rng.random((200, 5, 7)) * (ends[1] - ends[0])

    most = peaks(linear, square, ends[0], ends[1])

    own = (
        np.einsum("kf,pfb->pkb", linear, points)
        + np.einsum("f,pfb->pb", square, points**2)[:, None]
    )
    assert most.shape == (clusters, 7)
    assert (most >= own - 1e-9).all()


def test_a_peak_is_reached_at_the_vertex_or_at_an_end() -> None:
    low, high = np.array([[-1.0, 1.0, -3.0]]), np.array([[2.0, 2.0, -1.0]])

    down = peaks(np.array([[1.0]]), np.array([-1.0]), low, high)
    up = peaks(np.array([[1.0]]), np.array([1.0]), low, high)

    assert down.tolist() == [[0.25, 0.0, -2.0]]
    assert up.tolist() == [[6.0, 6.0, 6.0]]


def test_long_vectors_come_first_and_among_those_alike_the_least_popular() -> None:
    lengths = np.array([0.01, 1.05, 0.1, 3.0, 1.0])
    popularity = np.array([0.9, 0.7, 0.2, 0.8, 0.1])

    assert search_order(lengths, popularity, np.zeros(5, np.int32)).tolist() == [3, 4, 1, 2, 0]


def test_tracks_of_an_artist_stand_together_where_they_are_as_popular() -> None:
    popularity = np.array([0.5, 0.1, 0.5, 0.1, 0.5])

    order = search_order(np.ones(5), popularity, np.array([7, 9, 3, 9, 7]))

    assert order.tolist() == [1, 3, 2, 0, 4]


@given(size=st.integers(0, 3000))
@settings(max_examples=30, deadline=None)
def test_every_value_is_in_the_box_of_its_block(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size).astype(np.float32)

    low, high = boxes(values)

    blocks = np.arange(size) // block_size(size)
    assert len(low) == len(high) == len(np.unique(blocks))
    assert (low[blocks] <= values).all()
    assert (values <= high[blocks]).all()
