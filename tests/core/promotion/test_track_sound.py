import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.building import levels_in
from bot.core.catalog.space import FEATURE_WEIGHTS, FEATURES, MEASURES, Catalog
from bot.core.models import AudioFeatures
from bot.core.promotion.track_sound import SHARED, levels_of_sound, sounds_close
from tests.spaces import catalog_of, random_tracks, raw_tracks

RAW = random_tracks(300)
CATALOG = catalog_of(RAW)


def features_of(row: int) -> AudioFeatures:
    values = {
        name: float(value)
        for name, value in zip(MEASURES, RAW.audio[row], strict=True)
        if not np.isnan(value)
    }
    whole = {name: int(values.pop(name)) for name in ("key", "mode") if name in values}
    return AudioFeatures(**values, **whole)  # type: ignore[arg-type]


def gap(catalog: Catalog, features: AudioFeatures, row: int, trust: dict[str, float]) -> float:
    """Return what `sounds_close` orders by, feature by feature."""
    levels = levels_in(catalog, features)
    total = shared = asked = 0.0
    for place, name in enumerate(FEATURES):
        trusted = trust.get("key" if name in ("key_cos", "key_sin") else name, 1.0)
        weight = FEATURE_WEIGHTS[name] * trusted
        if np.isnan(levels[place]) or not weight:
            continue
        asked += weight
        if catalog.known[row, place]:
            shared += weight
            total += weight * (float(catalog.gaussian[row, place]) - levels[place]) ** 2
    return np.inf if shared < SHARED * asked else total / shared


def test_what_sounds_the_same_is_the_closest() -> None:
    even = np.linspace(0, 1, 101).tolist()
    catalog = catalog_of(raw_tracks(101, measures={"energy": even, "valence": even}))
    like_the_50th = AudioFeatures(energy=0.5, valence=0.5)

    found = sounds_close(catalog, like_the_50th, {}, count=3)

    assert found[0] == 50
    assert set(found) == {49, 50, 51}


def test_what_is_not_trusted_decides_nothing() -> None:
    catalog = catalog_of(
        raw_tracks(3, measures={"energy": [0.1, 0.5, 0.9], "valence": [0.9, 0.5, 0.1]})
    )
    torn = AudioFeatures(energy=0.1, valence=0.1)

    assert sounds_close(catalog, torn, {"valence": 0.0}, count=1) == [0]
    assert sounds_close(catalog, torn, {"energy": 0.0}, count=1) == [2]
    assert sounds_close(catalog, torn, {"energy": 0.0, "valence": 0.0}, count=1) == []


def test_each_is_of_another_artist_and_song_and_none_of_those_left_out() -> None:
    catalog = catalog_of(
        raw_tracks(
            5,
            measures={"energy": [0.1, 0.2, 0.3, 0.4, 0.5]},
            artists=[1, 1, 2, 3, 4],
            songs=[1, 2, 3, 3, 4],
        )
    )
    quiet = AudioFeatures(energy=0.1)

    assert sounds_close(catalog, quiet, {}, count=5) == [0, 2, 4]
    assert sounds_close(catalog, quiet, {}, count=5, without_artists=[1]) == [2, 4]


def test_of_a_catalogue_without_tracks_nothing_sounds_close() -> None:
    empty = catalog_of(raw_tracks(0))

    assert sounds_close(empty, AudioFeatures(energy=0.5), {}, count=3) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 299), st.integers(1, 10), st.floats(0, 1), st.floats(0, 1))
def test_nothing_that_is_left_out_would_have_been_closer(
    row: int, count: int, energy: float, tempo: float
) -> None:
    features, trust = features_of(row), {"energy": energy, "tempo": tempo}

    found = sounds_close(CATALOG, features, trust, count=count)

    gaps = [gap(CATALOG, features, one, trust) for one in range(len(CATALOG))]
    shown = [gaps[one] for one in found]
    assert shown == sorted(shown)
    assert len({int(CATALOG.artist_ids[one]) for one in found}) == len(found) <= count
    artists = {int(CATALOG.artist_ids[one]) for one in found}
    songs = {int(CATALOG.song_ids[one]) for one in found}
    left = [
        closer
        for one, closer in enumerate(gaps)
        if int(CATALOG.artist_ids[one]) not in artists and int(CATALOG.song_ids[one]) not in songs
    ]
    if shown and left and len(found) == count:
        assert shown[-1] <= min(left) + 1e-6


@given(st.integers(0, 299))
def test_the_levels_of_a_track_are_those_that_the_catalogue_has_of_it(row: int) -> None:
    levels = levels_in(CATALOG, features_of(row))

    year = FEATURES.index("year")
    known = CATALOG.known[row].copy()
    known[year] = False
    assert (~np.isnan(levels) == known).all()
    assert levels[known] == pytest.approx(CATALOG.gaussian[row][known], abs=0.25)


def test_levels_say_how_far_they_are_trusted_and_leave_out_what_stands_for_itself() -> None:
    features = AudioFeatures(energy=0.9, tempo=120.0, loudness=-9.0, key=3, mode=1, valence=0.5)

    found = levels_of_sound(CATALOG, features, {"energy": 0.8})

    assert [(one.feature, one.trust) for one in found] == [("energy", 0.8), ("valence", None)]
    assert found[0].percentile > 0.8
