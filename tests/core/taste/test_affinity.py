import numpy as np
import pytest

from bot.core.taste.affinity import artist_strengths
from bot.core.taste.preference import Judged
from tests.spaces import catalog_of, raw_tracks

CATALOG = catalog_of(raw_tracks(8, artists=[1, 1, 1, 1, 2, 2, 2, 2]))


def judged(*rows: int) -> Judged:
    return Judged(np.array(rows, np.int64), np.ones(len(rows)))


def test_likes_alone_make_an_artist_half_as_strong_as_possible_after_two() -> None:
    artists, strengths = artist_strengths(CATALOG, judged(0, 1, 4), judged(), np.full(3, 0.9))

    assert artists.tolist() == [1, 2]
    assert strengths == pytest.approx([1 / 2, 1 / 3])


def test_a_disliked_artist_is_below_zero() -> None:
    _, strengths = artist_strengths(CATALOG, judged(0, 1), judged(4, 5), np.full(4, 0.5))

    assert strengths[0] > 0 > strengths[1]


def test_what_the_sound_tells_already_makes_an_artist_no_stronger() -> None:
    expected = np.array([0.9, 0.9, 0.1, 0.1])
    surprising = np.array([0.4, 0.4, 0.1, 0.1])

    _, told = artist_strengths(CATALOG, judged(0, 1), judged(4, 5), expected)
    _, new = artist_strengths(CATALOG, judged(0, 1), judged(4, 5), surprising)

    assert told[0] < new[0]


def test_artists_count_for_nothing_when_they_are_judged_now_so_now_so() -> None:
    chances = np.full(8, 0.5)

    _, mixed = artist_strengths(CATALOG, judged(0, 1, 4), judged(2, 3, 5, 6, 7), chances)

    assert np.abs(mixed).max() < 0.05


def test_nothing_judged_is_no_artist() -> None:
    artists, strengths = artist_strengths(CATALOG, judged(), judged(), np.empty(0))

    assert not len(artists)
    assert not len(strengths)
