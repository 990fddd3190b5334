from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import Catalog
from bot.core.lists.companions import Company, Ground, find_companions
from bot.core.ranking.query import Filter
from bot.core.scene.scene import train_scene, with_scene
from tests.listed import ARTISTS, SCENE, world
from tests.spaces import catalog_of, random_tracks, raw_tracks

SIZE = 600
CATALOG = catalog_of(random_tracks(SIZE, seed=8))
MEASURED = np.flatnonzero(CATALOG.measured)
OTHER = 7
"""Plays nothing that ROCK plays."""
ROCK = 3


def found(catalog: Catalog, rows: list[int], count: int = 5, **wish: Any) -> Company:
    company = find_companions(catalog, rows, count, **wish)
    assert company is not None
    return company


def small(**columns: Any) -> Catalog:
    """Eight tracks by eight artists, ever more energetic and ever better known, all rock."""
    usual: dict[str, Any] = {
        "measures": {"energy": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]},
        "genres": [(ROCK,)] * 8,
        "popularity": {"table": [10, 20, 30, 40, 50, 60, 70, 80]},
    }
    return catalog_of(raw_tracks(8, **(usual | columns)))


def rows(company: Company) -> list[int]:
    return [one.row for one in company.companions]


@given(
    st.lists(st.sampled_from(MEASURED.tolist()), min_size=1, max_size=4),
    st.integers(0, 12),
    st.none() | st.lists(st.integers(1, 29), max_size=2),
)
@settings(max_examples=80, deadline=None)
def test_every_companion_keeps_every_bound(
    own: list[int], count: int, genres: list[int] | None
) -> None:
    company = found(CATALOG, own, count, genres=genres)

    artists = [int(CATALOG.artist_index[row]) for row in rows(company)]
    songs = [int(CATALOG.song_index[row]) for row in (*rows(company), *set(own))]
    own_songs = len({int(CATALOG.song_index[row]) for row in own})
    assert len(artists) == len(set(artists)) <= count
    assert not set(artists) & set(CATALOG.artist_index[own].tolist())
    assert len(set(songs)) == len(artists) + own_songs
    assert company.bounds.fame is not None
    low, high = company.bounds.fame
    fame = CATALOG.artist_fame
    for one, artist in zip(company.companions, artists, strict=True):
        assert low < fame[artist] <= high
        assert CATALOG.artist_counted[artist]
        assert one.artist_fame == fame[artist]
        if company.bounds.genres:
            assert one.genres
            assert set(one.genres) <= set(CATALOG.genres_of(one.row)) & set(company.bounds.genres)


def test_the_nearest_sound_within_reach_comes_first() -> None:
    """The artist stands at the 19th percentile: up to the 59th others are within reach."""
    company = found(small(), [1])

    assert company.bounds.fame == pytest.approx((0.1875, 0.59375))
    assert rows(company) == [2, 3, 4]
    assert all(one.explanation.penalty == 0 for one in company.companions)
    assert company.ground is Ground.SOUND


def test_the_bounds_can_be_moved() -> None:
    assert rows(found(small(), [1], lowest=0.7, highest=1.0)) == [6, 7]
    assert rows(found(small(), [1], lowest=0.0, highest=0.1)) == [0]


def test_the_filter_that_empties_a_list_is_named() -> None:
    nobody_above = found(small(), [7])
    other_genre = found(small(genres=[(OTHER,), *[(ROCK,)] * 7]), [0])

    assert nobody_above.companions == other_genre.companions == ()
    alone = {one.filter: one.alone for one in nobody_above.removed}
    assert alone[Filter.FAME] == 7
    alone = {one.filter: one.alone for one in other_genre.removed}
    assert alone[Filter.GENRE] == 3


def test_a_track_without_a_genre_has_that_of_its_artist_and_else_any() -> None:
    artists = [1, 1, 2, 3, 4, 5, 6, 7]
    of_artist = small(artists=artists, genres=[(), (ROCK,), *[(OTHER,), (ROCK,)] * 3])
    unknown = small(artists=artists, genres=[(), (), *[(OTHER,), (ROCK,)] * 3])

    assert found(of_artist, [0]).bounds.genres == (ROCK,)
    assert set(rows(found(of_artist, [0]))) <= {3, 5, 7}
    assert found(unknown, [0]).bounds.genres == ()
    assert found(of_artist, [0], genres=[OTHER]).bounds.genres == (OTHER,)


def test_where_nobody_is_counted_everybody_may_be_a_companion() -> None:
    company = found(small(popularity={}), [1], count=7)

    assert company.bounds.fame is None
    assert len(company.companions) == 7
    assert company.companions[0].artist_fame is None


def test_an_unmeasured_track_goes_by_its_artist_or_else_by_its_genre() -> None:
    energy = [float("nan"), 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    by_artist = small(measures={"energy": energy}, artists=[1, 1, 2, 3, 4, 5, 6, 7])
    by_genre = small(measures={"energy": energy})
    by_nothing = small(measures={"energy": energy}, genres=[(), *[(ROCK,)] * 7])

    assert found(by_artist, [0]).ground is Ground.COMPANY
    assert found(by_artist, [0, 1]).ground is Ground.SOME_SOUND
    assert found(by_genre, [0]).ground is Ground.GENRE
    assert rows(found(by_artist, [0]))
    assert rows(found(by_genre, [0]))
    assert find_companions(by_nothing, [0], 5) is None


def test_a_scene_finds_companions_that_are_listed_with_the_artist() -> None:
    """In this world only lists tell who belongs together."""
    one = world()
    scene = train_scene(one.catalog, one.lists, dimensions=64)
    there = with_scene(one.catalog, scene, version="test")
    bounds = {"lowest": 0.0, "highest": 1.0}

    def share(catalog: Catalog) -> float:
        own = [place * SCENE for place in range(6)]
        picked = [(row, rows(found(catalog, [row], ARTISTS - 1, **bounds))) for row in own]
        return float(
            np.mean([np.equal(np.array(theirs) // SCENE, row // SCENE) for row, theirs in picked])
        )

    assert share(there) > 0.8
    assert share(there) > share(one.catalog)


def test_the_same_question_has_the_same_answer() -> None:
    own = MEASURED[:2].tolist()

    assert rows(found(CATALOG, own)) == rows(found(CATALOG, own[::-1]))
