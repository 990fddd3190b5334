import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.ragged import places


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=8))
def test_the_places_of_lists_come_one_list_after_the_other(runs: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in runs], np.int64)
    lengths = np.array([length for _, length in runs], np.int64)

    expected = [place for start, length in runs for place in range(start, start + length)]

    assert places(starts, lengths).tolist() == expected
