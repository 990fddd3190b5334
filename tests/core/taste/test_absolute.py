"""What may be said of a sound: only what its own values bear out."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.taste import BOUNDS, describe, is_high, is_low, levels_of, steps_apart
from tests.spaces import catalog_of, raw_tracks

LINES = tuple(name for name in BOUNDS if name not in ("year", "mode", "loudness", "tempo"))
shares = st.floats(0, 1, width=32)
catalogs = st.integers(1, 60).flatmap(
    lambda size: st.fixed_dictionaries(
        {name: st.lists(shares, min_size=size, max_size=size) for name in LINES}
        | {"tempo": st.lists(st.floats(20, 300), min_size=size, max_size=size)}
    )
)


def folded(tempo: float) -> float:
    return tempo * 2 if tempo < 60 else tempo / 2 if tempo > 180 else tempo


@settings(deadline=None)
@given(catalogs)
def test_a_word_that_holds_for_the_told_value_holds_for_the_track(
    measures: dict[str, list[float]],
) -> None:
    size = len(measures["tempo"])
    catalog = catalog_of(raw_tracks(size, measures=measures))

    for row in range(size):
        for level in describe(catalog, levels_of(catalog, np.array([row]))):
            assert level.value is not None
            own = measures[level.feature][row]
            if is_high(level.feature, level.value):
                assert is_high(level.feature, own + 1e-4)
            if is_low(level.feature, level.value):
                assert is_low(level.feature, own - 1e-4)
            if level.feature == "tempo" and is_low("tempo", level.value):
                assert own <= 90.001


@settings(deadline=None)
@given(catalogs, st.data())
def test_a_word_said_of_several_tracks_holds_for_one_of_them_at_least(
    measures: dict[str, list[float]], data: st.DataObject
) -> None:
    size = len(measures["tempo"])
    catalog = catalog_of(raw_tracks(size, measures=measures))
    rows = data.draw(st.lists(st.integers(0, size - 1), min_size=1, unique=True))

    for level in describe(catalog, levels_of(catalog, np.array(sorted(rows)))):
        assert level.value is not None
        own = [measures[level.feature][row] for row in rows]
        if level.feature == "tempo":
            own = [folded(one) for one in own]
        if is_high(level.feature, level.value):
            assert is_high(level.feature, max(own) + 1e-3)
        if is_low(level.feature, level.value):
            assert is_low(level.feature, min(own) - 1e-3)


def test_the_bounds_hold_in_a_catalogue_of_ten_thousand() -> None:
    rng = np.random.default_rng(7)
    speech = rng.beta(1, 12, 10_000)
    catalog = catalog_of(raw_tracks(10_000, measures={"speechiness": speech.tolist()}))

    for row in np.flatnonzero(np.abs(speech - 0.1) < 0.002):
        (level,) = describe(catalog, levels_of(catalog, np.array([row])))
        assert level.value is not None
        assert speech[row] >= 0.1 or not is_high("speechiness", level.value)


@given(st.sampled_from(sorted(BOUNDS)), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_goes_one_way(feature: str, one: float, other: float) -> None:
    assert steps_apart(feature, one, other) == -steps_apart(feature, other, one)


def test_where_hardly_anybody_speaks_nothing_is_wordier() -> None:
    assert steps_apart("speechiness", 0.09, 0.03) == 0
    assert steps_apart("speechiness", 0.2, 0.03) > 0
    assert steps_apart("instrumentalness", 0.4, 0.1) == 0
    assert steps_apart("tempo", 100, 95) == 0
    assert steps_apart("tempo", 130, 95) > 0
