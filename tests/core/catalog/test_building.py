import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.building import append_tracks, build_catalog
from bot.core.catalog.space import AXIS_WEIGHTS, FEATURES, Catalog
from tests.spaces import catalog_of, part, random_tracks, raw_tracks


def column(catalog: Catalog, feature: str) -> list[float]:
    values: list[float] = catalog.gaussian[:, FEATURES.index(feature)].tolist()
    return values


def known(catalog: Catalog, feature: str) -> list[bool]:
    values: list[bool] = catalog.known[:, FEATURES.index(feature)].tolist()
    return values


def test_a_feature_becomes_its_rank_on_the_normal_scale() -> None:
    catalog = catalog_of(raw_tracks(3, measures={"energy": [0.9, 0.1, 0.5]}))

    high, low, middle = column(catalog, "energy")

    assert middle == pytest.approx(0, abs=1e-3)
    assert high == pytest.approx(-low, abs=1e-3)
    assert high > 0.9


def test_unknown_and_impossible_values_are_masked_to_zero() -> None:
    nan = float("nan")
    catalog = catalog_of(
        raw_tracks(
            3,
            measures={"tempo": [0, 120, -3], "key": [-1, 12, 5], "energy": [nan, np.inf, 0.5]},
            years=[0, 1999, 2001],
        )
    )

    assert known(catalog, "tempo") == [False, True, False]
    assert known(catalog, "key_cos") == [False, False, True]
    assert known(catalog, "energy") == [False, False, True]
    assert known(catalog, "year") == [False, True, True]
    assert np.isfinite(catalog.gaussian).all()
    assert (catalog.gaussian[~catalog.known] == 0).all()


def test_keys_a_fifth_apart_are_neighbors_on_the_circle() -> None:
    catalog = catalog_of(raw_tracks(3, measures={"key": [0, 7, 6]}))  # C, G, F sharp
    circle = slice(FEATURES.index("key_cos"), FEATURES.index("key_sin") + 1)

    c, g, f_sharp = catalog.gaussian[:, circle].astype(float)

    assert c @ g == pytest.approx(2 * np.cos(np.pi / 6), abs=1e-5)
    assert c @ f_sharp == pytest.approx(-2, abs=1e-5)


def test_an_artist_with_few_tracks_stands_nearer_to_the_middle() -> None:
    energy = [0.9] * 20 + [0.9] + [0.1] * 21
    artists = [1] * 20 + [2] + [3] * 21
    catalog = catalog_of(raw_tracks(42, measures={"energy": energy}, artists=artists))
    many, single, _ = catalog.artist_contexts[:, FEATURES.index("energy")]

    assert many > single > 0
    assert many < catalog.gaussian[0, FEATURES.index("energy")]


def test_popularity_is_the_median_of_the_percentiles_of_its_sources() -> None:
    nan = float("nan")
    catalog = catalog_of(
        raw_tracks(
            4,
            popularity={"spotify": [10, 20, nan, nan], "lastfm": [900_000, 5, 7, nan]},
        )
    )

    first, second, third, fourth = catalog.popularity.tolist()

    assert first == pytest.approx(((0.5 + 2.5) / 7 + (2.5 + 2.5) / 8) / 2)  # of 2 and 3, and 5 more
    assert second == pytest.approx(((1.5 + 2.5) / 7 + (0.5 + 2.5) / 8) / 2)
    assert third == pytest.approx(0.5)
    assert np.isnan(fourth)


@given(st.integers(0, 40), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_vectors_have_length_one_or_less_and_everything_is_finite(size: int, seed: int) -> None:
    catalog = catalog_of(random_tracks(size, seed))

    lengths = np.linalg.norm(catalog.vectors(np.arange(size)), axis=1)

    assert (lengths <= 1 + 1e-6).all()
    assert np.isfinite(catalog.gaussian).all()
    assert np.isfinite(catalog.artist_contexts).all()
    assert (catalog.popularity[~np.isnan(catalog.popularity)] > 0).all()
    assert len(AXIS_WEIGHTS) == 2 * len(FEATURES)


def test_all_equal_values_are_the_middle() -> None:
    catalog = catalog_of(raw_tracks(5, measures={"energy": [0.5] * 5, "tempo": [120] * 5}))

    assert np.abs(catalog.gaussian).max() < 1e-3


def test_rows_are_found_by_id_and_unknown_ids_are_left_out() -> None:
    catalog = catalog_of(raw_tracks(3, first_id=10))

    assert catalog.row_of(11) == 1
    assert catalog.row_of(9) is None
    assert catalog.row_of(13) is None
    assert catalog.rows_of([12, 99, 10]).tolist() == [2, 0]


def test_genres_are_known_by_track_and_by_name() -> None:
    catalog = catalog_of(raw_tracks(3, genres=[(4, 7), (), (7,)]))

    assert [catalog.genres_of(row) for row in range(3)] == [(4, 7), (), (7,)]
    assert catalog.genre_name(7) == "genre 7"
    assert catalog.genre_name(5) is None


def test_rows_are_listed_by_artist_and_by_genre() -> None:
    catalog = catalog_of(
        raw_tracks(5, artists=[9, 4, 9, 7, 4], genres=[(4, 7), (), (7,), (4,), (2, 4, 7)])
    )

    assert catalog.rows_of_artists([9]).tolist() == [0, 2]
    assert catalog.rows_of_artists([7, 5, 4]).tolist() == [1, 3, 4]
    assert catalog.rows_of_genres([7]).tolist() == [0, 2, 4]
    assert catalog.rows_of_genres([7, 4, 99]).tolist() == [0, 2, 3, 4]
    assert catalog.rows_of_genres([]).tolist() == []


def test_appended_tracks_stand_where_building_anew_would_put_them() -> None:
    raw = random_tracks(3000, seed=3)
    whole = build_catalog(raw, version=2)
    older = build_catalog(part(raw, np.arange(2950)), version=1)

    grown = append_tracks(older, part(raw, np.arange(2950, 3000)), version=2)

    assert grown.version == 2
    assert grown.built_size == 2950
    for name in ("track_ids", "song_index", "artist_index", "years", "genre_offsets", "genre_ids"):
        assert (getattr(grown, name) == getattr(whole, name)).all(), name
    assert (grown.known == whole.known).all()
    assert np.abs(grown.gaussian - whole.gaussian)[:, :11].max() < 0.5  # the very ends of the scale
    assert np.abs(grown.gaussian - whole.gaussian).mean() < 0.02
    assert np.nanmax(np.abs(grown.popularity - whole.popularity)) < 0.02


def test_a_remeasured_track_is_replaced_and_its_artist_follows() -> None:
    raw = random_tracks(500, seed=5)
    older = build_catalog(raw, version=1)
    changed = part(raw, np.array([17]))
    changed = dataclasses.replace(changed, audio=np.full_like(changed.audio, np.nan))

    newer = append_tracks(older, changed, version=2)

    assert len(newer) == 500
    assert not newer.known[17, :12].any()
    assert not newer.measured[17]
    others = np.arange(500) != 17
    assert (newer.gaussian[others] == older.gaussian[others]).all()
    assert (newer.genre_ids == older.genre_ids).all()
    moved = (newer.artist_contexts != older.artist_contexts).any(1)
    assert moved[older.artist_index[17]]


def test_a_new_track_between_old_ones_is_refused() -> None:
    raw = random_tracks(20, seed=1)
    older = build_catalog(part(raw, np.delete(np.arange(20), 5)), version=1)

    with pytest.raises(ValueError, match="among the old"):
        append_tracks(older, part(raw, np.array([5])), version=2)


def test_a_popularity_source_without_table_is_refused() -> None:
    older = catalog_of(raw_tracks(3, popularity={"spotify": [1, 2, 3]}))

    with pytest.raises(ValueError, match="deezer"):
        append_tracks(older, raw_tracks(1, first_id=9, popularity={"deezer": [4]}), version=2)


def test_versions_of_a_song_are_as_popular_as_the_best_known_one() -> None:
    nan = float("nan")
    raw = raw_tracks(5, songs=[7, 7, 7, 8, 9], popularity={"a": [10, 90, nan, 50, nan]})

    popularity = catalog_of(raw).popularity

    assert popularity[0] == popularity[1] == popularity[2] > popularity[3]
    assert np.isnan(popularity[4])
