import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.cluster_names import ARTISTS, cluster_artists, name_clusters
from bot.core.taste.turning import LikedClusters
from tests.spaces import catalog_of, random_tracks, raw_tracks

ENERGY = [0.1] * 10 + [0.95] * 10 + [0.5 + row / 200 for row in range(40)]
CATALOG = catalog_of(
    raw_tracks(
        60,
        measures={"energy": ENERGY, "tempo": [70.0] * 10 + [170.0] * 10 + [110.0] * 40},
        genres=[(1,)] * 10 + [(2,)] * 10 + [(3,)] * 40,
        artists=[1] * 6 + [2] * 4 + [3] * 50,
    )
)
RANDOM = catalog_of(random_tracks(200, seed=4))


def clusters(labels: list[int], rows: list[int] | None = None) -> LikedClusters:
    names = np.unique(labels, return_inverse=True)[1]
    placed = np.array(rows if rows is not None else range(len(labels)), np.int64)
    return LikedClusters(placed, np.ones(len(labels)), names, np.ones(names.max(initial=-1) + 1))


def test_a_cluster_is_named_by_its_genre_and_the_sound_that_stands_out_most() -> None:
    both = clusters([0] * 10 + [1] * 10)

    calm, loud = name_clusters(CATALOG, both, [["Low"], ["Can"]])

    assert (calm.genre, loud.genre) == ("genre 1", "genre 2")
    assert [(one.feature, one.percentile < 0.5) for one in calm.sound] == [("energy", True)]
    assert [(one.feature, one.percentile > 0.5) for one in loud.sound] == [("energy", True)]


def test_a_word_that_only_compares_is_not_used() -> None:
    """The calmest of a catalogue of metal are not calm."""
    metal = catalog_of(
        raw_tracks(60, measures={"energy": [0.8] * 10 + [0.97] * 50}, genres=[(1,)] * 60)
    )

    (name,) = name_clusters(metal, clusters([0] * 10), [["Sleep"]])

    assert name.sound == ()


def test_without_genres_and_sound_the_artist_is_the_name() -> None:
    bare = catalog_of(raw_tracks(30, measures={"energy": [0.5] * 30}))

    (name,) = name_clusters(bare, clusters([0] * 10), [["Low", "Can"]])

    assert (name.sound, name.genre, name.artist) == ((), None, "Low")


def test_clusters_that_are_all_alike_are_still_told_apart() -> None:
    rows = list(range(12))
    alike = clusters([0, 1, 2, 3] * 3, rows)

    names = name_clusters(CATALOG, alike, [["Low"]] * 4)

    assert len({name.key for name in names}) == 4


def test_the_artists_of_a_cluster_are_those_liked_most() -> None:
    assert cluster_artists(CATALOG, clusters([0] * 10 + [1] * 2)) == [[1, 2], [3]]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(0, 100))
def test_no_two_clusters_ever_share_a_name(labels: list[int], first: int) -> None:
    some = clusters(labels, list(range(first, first + len(labels))))
    artists = [["same"] * min(len(one), ARTISTS) for one in cluster_artists(RANDOM, some)]

    names = name_clusters(RANDOM, some, artists)

    assert len({name.key for name in names}) == len(names) == len(some.factors)
