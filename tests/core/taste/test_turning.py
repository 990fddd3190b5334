import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.preference import Judged
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from bot.core.taste.turning import DOWN, OFF, UP, LikedClusters, Turn
from tests.spaces import CALM, LOUD, two_sounds

CATALOG = two_sounds()
LIKES = [Opinion(row, 1.0) for row in (*CALM, *LOUD)]


def taste(*turns: Turn) -> TasteProfile:
    return build_taste(CATALOG, LIKES, turns)


def bytes_of(profile: TasteProfile) -> tuple[bytes, ...]:
    curves = profile.preference
    return (
        *(profile.to_blob(), profile.levels.tobytes(), profile.liked_weights.tobytes()),
        *(curves.offsets.tobytes(), curves.linear.tobytes(), curves.square.tobytes()),
        profile.artist_strengths.tobytes(),
    )


def test_two_ways_of_sounding_are_two_clusters() -> None:
    labels = taste().clusters.labels

    assert len(set(labels[:12].tolist())) == len(set(labels[12:].tolist())) == 1
    assert labels[0] != labels[12]


def test_a_cluster_turned_off_counts_for_nothing_but_is_still_known() -> None:
    off = taste(Turn(3, OFF))

    assert off.liked_rows.tolist() == list(LOUD)
    assert off.clusters.rows.tolist() == [*CALM, *LOUD]
    assert off.clusters.factors[off.clusters.labels[3]] == OFF


def test_a_cluster_turned_up_weighs_double_against_the_others_and_all_weigh_as_before() -> None:
    up = taste(Turn(20, UP))

    weights = dict(zip(up.liked_rows.tolist(), up.liked_weights.tolist(), strict=True))
    assert weights[20] == 2 * weights[0]
    assert np.isclose(sum(weights.values()), taste().liked_weights.sum())


def test_a_track_near_a_cluster_gains_when_it_is_turned_up_and_loses_when_down() -> None:
    def lead(profile: TasteProfile) -> float:
        levels = np.hstack([CATALOG.gaussian, CATALOG.artist_contexts[CATALOG.artist_index]])
        curves = profile.preference
        scores = (curves.offsets + levels @ curves.linear.T).max(axis=1)
        scores += levels**2 @ curves.square
        return float(scores[14] - scores[2])

    assert lead(taste(Turn(12, DOWN))) < lead(taste()) < lead(taste(Turn(12, UP)))


def test_turning_back_gives_the_same_bytes_as_never_having_turned() -> None:
    assert bytes_of(taste(Turn(3, OFF), Turn(5, 1.0))) == bytes_of(taste())


def test_the_last_turn_within_a_cluster_holds() -> None:
    assert bytes_of(taste(Turn(3, OFF), Turn(7, UP))) == bytes_of(taste(Turn(3, UP)))


def test_when_all_clusters_are_off_none_is() -> None:
    assert bytes_of(taste(Turn(3, OFF), Turn(14, OFF))) == bytes_of(taste())


def test_a_turn_by_a_track_that_is_not_liked_changes_nothing() -> None:
    assert bytes_of(taste(Turn(50, OFF))) == bytes_of(taste())


def test_a_single_cluster_cannot_be_turned() -> None:
    likes = [Opinion(0, 1.0), Opinion(1, 1.0)]

    assert bytes_of(build_taste(CATALOG, likes, [Turn(0, UP)])) == bytes_of(
        build_taste(CATALOG, likes)
    )


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 25), st.sampled_from([OFF, DOWN, 1.0, UP]))),
)
def test_turns_keep_the_weight_and_leave_only_positive_ones(
    labels: list[int], turns: list[tuple[int, float]]
) -> None:
    names = np.unique(labels, return_inverse=True)[1]
    likes = Judged(np.arange(len(labels)), 1.0 + np.arange(len(labels)) / 7)

    judged, turned = LikedClusters.of(likes, names, [Turn(*one) for one in turns]).counting()

    assert (judged.weights > 0).all()
    assert np.isclose(judged.weights.sum(), likes.weights.sum())
    if turned is not None:
        assert len(turned.labels) == len(judged.rows)
        assert set(turned.labels.tolist()) == set(range(len(turned.factors)))
