import numpy as np
import pytest

from bot.core.ranking.newcomers import contrasting_rows
from bot.core.taste.explanation import describe, nearest_liked
from bot.core.taste.taste import Opinion, build_taste, levels_of
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(400, seed=4))


def test_levels_are_percentiles_of_the_catalog_and_the_key_has_none() -> None:
    catalog = catalog_of(
        raw_tracks(4, measures={"energy": [0.1, 0.2, 0.3, 0.9], "key": [0, 1, 2, 3]})
    )

    levels = describe(CATALOG, levels_of(catalog, [3]))

    assert [level.feature for level in levels] == ["energy"]
    assert levels[0].percentile == pytest.approx(0.875, abs=0.001)


def test_a_taste_without_likes_has_no_levels() -> None:
    assert describe(CATALOG, build_taste(CATALOG, [Opinion(1, -1.0)]).levels) == []


def test_the_nearest_liked_track_is_the_most_similar_one() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in range(20)])
    vectors = CATALOG.vectors(np.arange(20))

    neighbor = nearest_liked(CATALOG, taste, 300)

    assert neighbor is not None
    cosines = vectors @ CATALOG.vectors([300])[0]
    assert neighbor.row == int(np.argmax(cosines))
    assert neighbor.cosine == pytest.approx(cosines.max())


def test_a_track_is_not_its_own_neighbor() -> None:
    assert nearest_liked(CATALOG, build_taste(CATALOG, [Opinion(5, 1.0)]), 5) is None


def test_contrasting_tracks_are_by_different_artists_and_the_same_for_a_seed() -> None:
    chosen = contrasting_rows(CATALOG, 5, seed=1)

    assert chosen == contrasting_rows(CATALOG, 5, seed=1)
    assert len({int(CATALOG.artist_ids[row]) for row in chosen}) == 5


def test_contrasting_tracks_differ_more_than_random_ones() -> None:
    def closest(rows: list[int]) -> float:
        vectors = CATALOG.vectors(rows)
        return float((vectors @ vectors.T)[np.triu_indices(len(rows), 1)].max())

    rng = np.random.default_rng(0)
    random = [closest(rng.choice(400, 5, replace=False).tolist()) for _ in range(50)]

    assert closest(contrasting_rows(CATALOG, 5, seed=1)) < np.median(random)


def test_fewer_artists_give_fewer_contrasting_tracks() -> None:
    catalog = catalog_of(
        raw_tracks(3, measures={name: [0.1, 0.5, 0.9] for name in MEASURED}, artists=[1, 1, 2])
    )

    assert len(contrasting_rows(catalog, 5, seed=0)) == 2
    assert contrasting_rows(catalog_of(raw_tracks(0)), 5, seed=0) == []


MEASURED = (
    "danceability",
    "energy",
    "valence",
    "acousticness",
    "instrumentalness",
    "speechiness",
    "loudness",
    "tempo",
)
