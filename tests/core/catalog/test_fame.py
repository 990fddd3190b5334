import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.building import append_tracks, build_catalog
from bot.core.catalog.fame import artist_fame, best_known_songs
from bot.core.catalog.space import Catalog
from tests.spaces import catalog_of, part, random_tracks, raw_tracks

NAN = float("nan")


def fame_of(catalog: Catalog) -> dict[int, float]:
    return dict(zip(catalog.artist_keys.tolist(), catalog.artist_fame.tolist(), strict=True))


def test_artists_are_compared_by_their_best_known_song() -> None:
    catalog = catalog_of(
        raw_tracks(6, artists=[1, 1, 2, 3, 3, 4], popularity={"table": [90, 5, 60, 50, 40, 1]})
    )

    fame = fame_of(catalog)

    assert fame[4] < fame[3] < fame[2] < fame[1]
    assert catalog.artist_counted.all()


def test_without_any_evidence_nobody_is_counted_and_fame_is_unknown() -> None:
    catalog = catalog_of(raw_tracks(3))

    assert np.isnan(catalog.artist_fame).all()
    assert np.isnan(catalog.fame).all()
    assert not catalog.knows_fame
    assert not len(catalog_of(raw_tracks(0)).artist_fame)


def test_one_credible_source_is_enough() -> None:
    many = list(range(1, 81))
    catalog = catalog_of(
        raw_tracks(
            80,
            artists=many,
            popularity={"large": [1.0, *range(2, 81)], "other": [100.0, *range(1, 80)]},
        )
    )

    assert fame_of(catalog)[1] > 0.9, "the other source knows better"


def test_a_zero_in_a_snapshot_says_nothing_of_an_artist_who_is_known_otherwise() -> None:
    some = list(range(1, 41))
    catalog = catalog_of(
        raw_tracks(
            41,
            artists=[*some, 7],
            popularity={"table": [float(n) for n in some] + [0.0], "new": [0.0] * 40 + [NAN]},
        )
    )
    without = catalog_of(
        raw_tracks(41, artists=[*some, 7], popularity={"table": [float(n) for n in some] + [NAN]})
    )

    assert np.argsort(catalog.artist_fame).tolist() == np.argsort(without.artist_fame).tolist()


def test_the_best_of_a_small_archive_are_not_the_best_of_the_world() -> None:
    world, archive = 400, 40
    values = [float(n) for n in range(world)] + [NAN] * archive
    listens = [NAN] * world + [float(n) for n in range(archive)]
    catalog = catalog_of(
        raw_tracks(world + archive, popularity={"world": values, "archive": listens})
    )

    fame = catalog.artist_fame
    assert fame[world + archive - 1] < 0.8 < fame[world - 1]


def test_many_lists_prove_fame_that_no_source_knows() -> None:
    size = 200
    best = np.arange(size, dtype=np.float32)[None] / size
    best[0, :5] = NAN
    songs = np.ones(size, np.int64)
    lists = np.where(np.arange(size) > 100, 40, 1)
    lists[0] = 40

    fame, counted = artist_fame(best, np.ones((1, size), np.int32), lists, songs)

    assert counted[0]
    assert fame[0] > 0.5 > fame[1]


def test_lists_alone_order_artists_where_no_source_says_anything() -> None:
    lists = np.array([0, 3, 50, 1])

    fame, counted = artist_fame(
        np.empty((0, 4), np.float32), np.empty((0, 4), np.int32), lists, np.ones(4, np.int64)
    )

    assert counted.tolist() == [False, True, True, True]
    assert fame.argsort().tolist() == [0, 3, 1, 2]


@pytest.mark.parametrize(("covered", "most"), [(0.9, 0.15), (0.1, 0.62)])
def test_being_missing_says_the_more_the_more_artists_are_covered(
    covered: float, most: float
) -> None:
    size = 1000
    best = np.full((1, size), NAN, np.float32)
    known = int(size * covered)
    best[0, :known] = np.linspace(0.01, 1, known)
    ones = np.ones(size, np.int64)

    fame, counted = artist_fame(best, ones[None].astype(np.int32), 0 * ones, ones)

    assert not counted[known:].any()
    assert fame[-1] < most
    assert covered > 0.5 or fame[-1] > 0.3


def test_a_star_that_the_table_lacks_gets_no_free_pass() -> None:
    size = 1000
    songs = np.where(np.arange(size) % 10 == 0, 40, 1)
    best = np.where(songs == 40, 0.95, np.linspace(0, 0.6, size))[None].astype(np.float32)
    best[0, [500, 501]] = NAN  # one of many songs, one of a single one

    fame, _ = artist_fame(best, songs[None].astype(np.int32), 0 * songs, songs)

    assert fame[501] < 0.5 < fame[500]


def test_a_collaboration_is_as_famous_as_its_most_famous_artist() -> None:
    catalog = catalog_of(
        raw_tracks(3, artists=[1, 2, 1], popularity={"table": [5, 90, 4]}, guests=[(2, 2), (0, 99)])
    )

    fame = fame_of(catalog)
    assert catalog.fame.tolist() == pytest.approx([fame[1], fame[2], fame[2]])


def test_a_track_is_counted_when_the_artist_that_its_fame_comes_from_is() -> None:
    catalog = catalog_of(
        raw_tracks(
            102,
            artists=[1, 1, *range(2, 102)],
            popularity={"table": [NAN, NAN, 90, 1, *range(2, 40), *[NAN] * 60]},
            guests=[(1, 2), (3, 1)],
        )
    )

    fame = fame_of(catalog)
    assert fame[3] < fame[1] < fame[2]
    assert catalog.counted.tolist() == [False, True, True, False, *[True] * 38, *[False] * 60]


def test_a_song_by_various_artists_is_as_known_as_itself() -> None:
    catalog = catalog_of(
        raw_tracks(4, artists=[1, 1, 2, 3], popularity={"table": [90, 1, 50, 60]}, collective=[1])
    )

    assert catalog.fame[:2].tolist() == catalog.popularity[:2].tolist()
    assert not catalog.artist_counted[0]
    assert catalog.counted.all()


@given(st.integers(2, 60), st.integers(0, 50))
def test_fame_is_a_share_of_artists_and_appending_keeps_the_order_of_sources(
    size: int, seed: int
) -> None:
    raw = random_tracks(size, seed)
    whole = catalog_of(raw)
    first = size - size // 3

    grown = append_tracks(
        build_catalog(part(raw, np.arange(first)), version=1),
        part(raw, np.arange(first, size)),
        version=2,
    )

    for catalog in (whole, grown):
        known = catalog.artist_fame[~np.isnan(catalog.artist_fame)]
        assert ((known > 0) & (known < 1)).all()
        assert (catalog.fame == catalog.artist_fame[catalog.artist_index])[
            ~np.isnan(catalog.fame)
        ].all()
    assert grown.artist_known_songs.sum() <= whole.artist_known_songs.sum() + size


def test_a_source_of_ten_values_orders_ten_artists_and_makes_no_five_stars() -> None:
    best = np.full((1, 2000), NAN, np.float32)
    best[0, :10] = np.linspace(0.05, 0.95, 10)
    ones = np.ones(2000, np.int64)

    fame, counted = artist_fame(best, ones[None].astype(np.int32), 0 * ones, ones)

    assert np.count_nonzero(counted) == 10
    assert fame[:10].tolist() == sorted(fame[:10].tolist())
    assert np.count_nonzero(fame > 0.7) == 3
    assert fame[0] < 0.1
    assert fame[9] > 0.9
    assert np.all((fame[10:] > 0.4) & (fame[10:] < 0.6)), "of the others nobody knows anything"


def test_best_known_songs_are_found_per_source_and_artist() -> None:
    best, count = best_known_songs(
        np.array([0, 0, 2]), np.array([1, 1, 0]), np.array([0.2, 0.7, 0.5]), (2, 3)
    )

    np.testing.assert_allclose(best, [[NAN, NAN, 0.5], [0.7, NAN, NAN]], atol=1e-6)
    assert count.tolist() == [[0, 0, 1], [2, 0, 0]]
