import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.taste.map import LIKELY, ground_of, middle_of, representatives, stand
from bot.core.taste.taste import Opinion, build_taste
from bot.core.taste.turning import OFF, Turn
from tests.spaces import CALM, LOUD, catalog_of, random_tracks, raw_tracks, two_sounds

CATALOG = catalog_of(random_tracks(300, seed=2))
GROUND = ground_of(CATALOG)
assert GROUND is not None


def test_a_catalogue_without_a_measure_has_no_map() -> None:
    assert ground_of(catalog_of(raw_tracks(5))) is None


def test_energy_grows_to_the_right() -> None:
    assert GROUND is not None
    (left, right), *_ = GROUND.ends

    energy = CATALOG.gaussian[GROUND.rows, 1]
    assert np.corrcoef(GROUND.places[:, 0], energy)[0, 1] > 0
    assert (left.feature, left.high) == (right.feature, not right.high)


def test_the_map_is_the_same_each_time_and_its_places_are_those_of_the_tracks() -> None:
    again = ground_of(CATALOG)

    assert GROUND is not None
    assert again is not None
    assert again.places.tobytes() == GROUND.places.tobytes()
    assert (GROUND.places_of(CATALOG, GROUND.rows) == GROUND.places).all()


def test_what_sounds_the_same_stands_on_the_same_spot() -> None:
    twins = catalog_of(raw_tracks(40, measures={"energy": [row // 2 / 20 for row in range(40)]}))
    ground = ground_of(twins)

    assert ground is not None
    places = ground.places_of(twins, np.arange(40))
    assert np.allclose(places[::2], places[1::2])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(Opinion, st.integers(0, 299), st.sampled_from([-1.0, 0.5, 1.0])), max_size=30
    ),
    st.sampled_from([None, OFF, 2.0]),
)
def test_everything_of_any_taste_stands_on_the_map(
    opinions: list[Opinion], factor: float | None
) -> None:
    turns = [Turn(opinions[0].row, factor)] if opinions and factor is not None else []
    taste = build_taste(CATALOG, opinions, turns)

    assert GROUND is not None
    found = stand(CATALOG, GROUND, taste)

    for places in (found.likely, found.likes, found.dislikes, found.centers):
        assert places.shape[1:] == (2,)
        assert (np.abs(places) <= 1).all()
    count = len(found.centers)
    assert count == len(set(found.labels.tolist())) == len(found.representatives)
    assert set(found.likely_clusters.tolist()) <= set(range(count))
    assert len(found.likely) == (int(LIKELY * len(GROUND.rows)) if count else 0)
    assert (middle_of(CATALOG, GROUND, taste) is None) == (count == 0)


def test_a_representative_is_a_like_of_its_own_cluster() -> None:
    taste = build_taste(CATALOG, [Opinion(row, 1.0) for row in range(0, 300, 9)])

    found = representatives(CATALOG, taste.clusters)

    for cluster, row in enumerate(found.tolist()):
        assert taste.clusters.labels[taste.clusters.rows == row].tolist() == [cluster]


def test_nothing_near_a_cluster_that_is_off_shines_in_its_name() -> None:
    catalog = two_sounds()
    ground = ground_of(catalog)
    off = build_taste(catalog, [Opinion(row, 1.0) for row in (*CALM, *LOUD)], [Turn(0, OFF)])

    assert ground is not None
    found = stand(catalog, ground, off)

    assert len(off.clusters.factors) == 2
    assert len(found.likely)
    assert off.clusters.labels[0] not in found.likely_clusters
