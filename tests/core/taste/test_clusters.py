import numpy as np
import pytest

from bot.core.taste.clusters import MOST, clusters, means


def blobs(number: int, each: int = 12) -> np.ndarray:
    rng = np.random.default_rng(number)
    centers = 8 * rng.permutation(np.eye(6))[:number]
    return np.repeat(centers, each, axis=0) + rng.normal(0, 0.3, (number * each, 6))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_as_many_clusters_are_found_as_there_are(number: int) -> None:
    labels = clusters(blobs(number), np.ones(6))

    assert len(np.unique(labels)) == number
    for one in range(number):
        assert len(np.unique(labels[one * 12 : (one + 1) * 12])) == 1


def test_there_are_never_more_than_the_most() -> None:
    assert len(np.unique(clusters(blobs(6), np.ones(6)))) <= MOST


def test_few_points_are_one_cluster() -> None:
    assert clusters(blobs(2, each=3), np.ones(6)).tolist() == [0] * 6


def test_equal_points_are_one_cluster() -> None:
    assert not clusters(np.ones((30, 6)), np.ones(6)).any()


def test_axes_without_weight_do_not_part_points() -> None:
    points = blobs(1)
    points[:6, 0] += 50

    assert not clusters(points, np.array([0.0, 1, 1, 1, 1, 1])).any()


def test_means_are_weighted_per_cluster_and_axis() -> None:
    points = np.array([[0.0, 1.0], [4.0, 5.0], [9.0, 9.0]])
    weights = np.array([[1.0, 0.0], [3.0, 0.0], [2.0, 1.0]])

    assert means(points, weights, np.array([0, 0, 1])).tolist() == [[3.0, 0.0], [9.0, 9.0]]
