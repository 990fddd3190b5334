import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.scene import factorization
from bot.core.scene.factorization import RIDGE, Incidence, song_vectors


def incidence(*lists: list[int]) -> Incidence:
    owners = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    members = np.concatenate([np.array(one, np.int64) for one in lists])
    return Incidence.of(owners, members, (len(lists), int(members.max()) + 1))


def test_songs_of_the_same_lists_belong_together_and_others_do_not() -> None:
    vectors = song_vectors(incidence(*[[0, 1, 2]] * 10, *[[3, 4, 5]] * 10), dimensions=2, seed=0)

    products = vectors @ vectors.T

    assert products[0, 1] > 10 * abs(products[0, 3])
    assert products[3, 5] > 10 * abs(products[2, 5])


def test_a_song_in_one_list_has_a_shorter_vector_than_one_in_many() -> None:
    lists = [
        [*range(world, world + 3), 6 + 2 * n + world // 3] for n in range(20) for world in (0, 3)
    ]

    lengths = np.linalg.norm(song_vectors(incidence(*lists), dimensions=2, seed=0), axis=1)

    assert lengths[:6].min() > lengths[6:].max()


def test_the_same_lists_and_seed_give_the_same_vectors() -> None:
    lists = incidence([0, 1], [1, 2], [0, 2, 3])

    assert (
        song_vectors(lists, dimensions=2, seed=4) == song_vectors(lists, dimensions=2, seed=4)
    ).all()


def test_progress_ends_with_all_steps_done() -> None:
    said: list[tuple[int, int]] = []

    song_vectors(
        incidence([0, 1], [0, 1]), dimensions=1, seed=0, progress=lambda *step: said.append(step)
    )

    assert said[-1][0] == said[-1][1] == len(said)


@pytest.mark.parametrize("dimensions", [2, 4, 7], ids=["by dimensions", "equal", "by entries"])
def test_a_step_solves_the_weighted_least_squares_of_every_row(dimensions: int) -> None:
    rng = np.random.default_rng(0)
    side = incidence([0, 1, 2, 5], [3, 4, 1, 0])
    others = rng.standard_normal((6, dimensions))
    weights = rng.uniform(1, 30, len(side.members))

    solved = factorization._solved(side, others, weights)

    for row in range(2):
        here = slice(side.starts[row], side.starts[row + 1])
        own, extra = others[side.members[here]], weights[here]
        gram = others.T @ others + RIDGE * np.eye(dimensions) + (own.T * extra) @ own
        expected = np.linalg.solve(gram, own.T @ (1 + extra))
        np.testing.assert_allclose(solved[row], expected, rtol=1e-9)


@given(
    st.lists(st.sets(st.integers(0, 8), min_size=1, max_size=6), min_size=1, max_size=8),
    st.integers(0, 3),
)
def test_vectors_are_finite_whatever_the_lists(lists: list[set[int]], seed: int) -> None:
    names = sorted(set().union(*lists))
    plain = incidence(*[[names.index(song) for song in sorted(one)] for one in lists])

    vectors = song_vectors(plain, dimensions=1, seed=seed)

    assert vectors.shape == (len(names), 1)
    assert np.isfinite(vectors).all()


def test_turning_twice_gives_the_same_entries() -> None:
    lists = incidence([2, 0], [1], [0, 1, 2])

    again = lists.turned().turned()

    assert (again.starts == lists.starts).all()
    assert (again.members == lists.members).all()
