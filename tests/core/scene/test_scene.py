from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.catalog.building import append_tracks
from bot.core.catalog.space import Catalog
from bot.core.scene.scene import FEWEST_LISTS, Scene, coverage, scene_matrix, train_scene
from tests.spaces import catalog_of, raw_tracks

LOUD, QUIET = range(20), range(20, 40)
"""Two worlds of 20 tracks, two a artist, that no list ever mixes; a list never holds the last
artist of either (rows 18, 19, 38, 39)."""


def two_worlds(**changes: object) -> Catalog:
    rng = np.random.default_rng(0)
    loudness = np.where(np.arange(40) < 20, -5.0, -25.0) + rng.normal(0, 1, 40)
    fields: dict[str, object] = {
        "measures": {"loudness": loudness.tolist(), "energy": rng.random(40).tolist()},
        "artists": [1 + row // 2 for row in range(40)],
        **changes,
    }
    return catalog_of(raw_tracks(40, **fields))  # type: ignore[arg-type]


def lists_of_two_worlds() -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(1)
    return [rng.choice(18, 6, replace=False) + world for world in (0, 20) for _ in range(30)]


def towards(matrix: NDArray[np.float16], rows: range, other: int) -> float:
    exact = matrix.astype(np.float64)
    return float((exact[list(rows)[:18]] @ exact[other]).mean())


def test_tracks_of_one_world_stand_together() -> None:
    catalog = two_worlds()

    matrix = scene_matrix(catalog, train_scene(catalog, lists_of_two_worlds(), dimensions=8))

    assert towards(matrix, LOUD, 3) > 5 * abs(towards(matrix, QUIET, 3))


def test_an_artist_in_no_list_enters_where_the_sound_belongs_with_less_confidence() -> None:
    catalog = two_worlds()

    matrix = scene_matrix(catalog, train_scene(catalog, lists_of_two_worlds(), dimensions=8))

    assert towards(matrix, LOUD, 18) > towards(matrix, QUIET, 18)
    assert towards(matrix, QUIET, 38) > towards(matrix, LOUD, 38)
    lengths = np.linalg.norm(matrix, axis=1)
    assert lengths[[18, 19, 38, 39]].max() < lengths[[*range(18), *range(20, 38)]].min()


def test_an_unlisted_track_of_a_listed_artist_stands_with_its_artist() -> None:
    catalog = two_worlds(artists=[1 + row // 2 if row != 39 else 1 for row in range(40)])

    matrix = scene_matrix(catalog, train_scene(catalog, lists_of_two_worlds(), dimensions=8))

    assert towards(matrix, LOUD, 39) > towards(matrix, QUIET, 39)


def test_a_genre_places_a_track_that_nothing_was_measured_of() -> None:
    catalog = catalog_of(
        raw_tracks(82, genres=[(1,) if row < 40 or row == 80 else (2,) for row in range(82)])
    )
    rng = np.random.default_rng(2)
    lists = [rng.choice(40, 8, replace=False) + world for world in (0, 40) for _ in range(60)]

    scene = train_scene(catalog, lists, dimensions=8)
    matrix = scene_matrix(catalog, scene)

    assert scene.genre_names == ("genre 1", "genre 2")
    assert (matrix[:40] @ matrix[80]).mean() > (matrix[40:80] @ matrix[80]).mean()
    assert (matrix[40:80] @ matrix[81]).mean() > (matrix[:40] @ matrix[81]).mean()


def test_the_same_lists_and_seed_give_the_same_scene() -> None:
    catalog = two_worlds()

    first, second = (train_scene(catalog, lists_of_two_worlds(), seed=3) for _ in range(2))

    assert first.vectors.tobytes() == second.vectors.tobytes()
    assert first.weights.tobytes() == second.weights.tobytes()


def test_versions_of_a_song_count_once_and_share_a_place() -> None:
    catalog = two_worlds(songs=[max(row, 1) for row in range(40)])
    lists = [np.append(one, [0, 1]) for one in lists_of_two_worlds()]

    scene = train_scene(catalog, lists, dimensions=4)

    assert len(scene.song_ids) == 35  # 36 listed rows, two of them one song
    assert coverage(catalog, scene) == 36


def test_too_few_lists_are_refused_with_their_number() -> None:
    lists = [np.array([0, 1])] * (FEWEST_LISTS - 1) + [np.array([5]), np.array([], np.int64)]

    with pytest.raises(ValueError, match=f"{FEWEST_LISTS - 1} lists hold two songs"):
        train_scene(two_worlds(), lists)


def test_more_dimensions_than_lists_or_songs_are_not_learned() -> None:
    assert train_scene(two_worlds(), lists_of_two_worlds()).dimensions == 36


def test_a_scene_of_another_catalogue_only_predicts() -> None:
    catalog = two_worlds()
    scene = train_scene(catalog, lists_of_two_worlds(), dimensions=4)
    stranger = replace(catalog, song_ids=catalog.song_ids + 7)

    matrix = scene_matrix(stranger, scene)

    assert coverage(stranger, scene) == 0
    assert np.isfinite(matrix).all()
    assert np.linalg.norm(matrix, axis=1).max() < 1


def test_a_track_that_is_added_later_gets_its_place() -> None:
    catalog = two_worlds()
    scene = train_scene(catalog, lists_of_two_worlds(), dimensions=8)
    added = raw_tracks(1, first_id=41, measures={"loudness": [-5.0], "energy": [0.5]}, artists=[1])

    matrix = scene_matrix(append_tracks(catalog, added, version=2), scene)

    assert towards(matrix, LOUD, 40) > towards(matrix, QUIET, 40)


def test_an_empty_catalogue_has_an_empty_matrix() -> None:
    catalog = two_worlds()
    scene = train_scene(catalog, lists_of_two_worlds(), dimensions=4)

    assert scene_matrix(catalog_of(raw_tracks(0)), scene).shape == (0, 4)


def test_the_fit_is_a_share_and_the_vectors_have_unit_mean_square() -> None:
    scene: Scene = train_scene(two_worlds(), lists_of_two_worlds(), dimensions=4)

    assert 0 <= scene.fit <= 1
    assert (scene.vectors.astype(np.float64) ** 2).sum(axis=1).mean() == pytest.approx(1, abs=1e-5)
