"""Which artists a newcomer is offered."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog import Catalog
from bot.core.ranking import contrasting_rows, favorite_artists
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(400, seed=4))


def two_kinds(*, genres: bool = True, collective: tuple[int, ...] = ()) -> Catalog:
    """Return four loud artists and, less well known, two quiet ones: one track each."""
    loud, quiet = 0.9, 0.1
    return catalog_of(
        raw_tracks(
            6,
            measures={
                "energy": [loud] * 4 + [quiet] * 2,
                "acousticness": [quiet] * 4 + [loud] * 2,
            },
            artists=[1, 2, 3, 4, 5, 6],
            genres=[(1,)] * 4 + [(2,)] * 2 if genres else None,
            popularity={"spotify": [90, 80, 70, 60, 50, 40]},
            collective=collective,
        )
    )


def test_the_most_famous_come_first_but_of_each_kind_one() -> None:
    assert favorite_artists(two_kinds(), 2) == [1, 5]


def test_a_catalogue_without_genres_is_told_apart_by_its_sound() -> None:
    assert favorite_artists(two_kinds(genres=False), 2) == [1, 5]


def test_who_stands_for_many_is_no_favorite() -> None:
    assert favorite_artists(two_kinds(collective=(1,)), 2) == [2, 5]


def test_a_catalogue_without_popularity_offers_artists_too() -> None:
    catalog = catalog_of(raw_tracks(3, measures={"energy": [0.1, 0.5, 0.9]}))

    assert len(favorite_artists(catalog, 5)) == 3


def test_who_is_known_by_name_only_is_not_offered() -> None:
    assert favorite_artists(catalog_of(raw_tracks(3)), 5) == []
    assert favorite_artists(catalog_of(raw_tracks(0)), 5) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 12))
def test_as_many_different_artists_as_wanted_and_always_the_same(count: int) -> None:
    found = favorite_artists(CATALOG, count)

    assert len(found) == len(set(found)) == count
    assert found == favorite_artists(CATALOG, count)


def test_a_card_is_unlike_those_before_it() -> None:
    shown = contrasting_rows(CATALOG, 1, seed=1)
    for _ in range(4):
        shown += contrasting_rows(CATALOG, 1, seed=1, known=shown, besides=shown)

    vectors = CATALOG.vectors(shown)
    among = (vectors @ vectors.T)[~np.eye(5, dtype=np.bool_)]
    assert len(set(shown)) == 5
    assert among.max() < 0.5
