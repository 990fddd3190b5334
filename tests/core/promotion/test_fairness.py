import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.promotion.fairness import BROAD, NARROW, RING, Vote, breadth, reception, vote_weight

likes = st.lists(st.integers(1, 50), max_size=12)


@pytest.mark.parametrize(
    ("given_likes", "weight"),
    [
        ((), 1 / 3),
        ((1,), 1 / 3),
        ((40,), 1 / 3),
        ((1, 1), 2 / 3),
        ((1, 1, 1), 1.0),
        ((100, 1, 1), 0.3466),
        ((10, 2, 2, 2, 2, 2), 1.0),
    ],
    ids=[
        "says nothing else",
        "one like",
        "forty likes for one artist",
        "two artists",
        "a newcomer with three likes for three artists",
        "nearly all for one artist",
        "a fan who likes others, too",
    ],
)
def test_a_vote_weighs_by_how_many_artists_its_account_likes(
    given_likes: tuple[int, ...], weight: float
) -> None:
    assert vote_weight(given_likes) == pytest.approx(weight, abs=1e-3)


@given(likes)
def test_a_weight_is_above_0_and_at_most_1(given_likes: list[int]) -> None:
    assert 0 < vote_weight(given_likes) <= 1


@given(likes)
def test_a_like_for_another_artist_never_makes_a_vote_weigh_less(given_likes: list[int]) -> None:
    assert vote_weight([*given_likes, 1]) >= vote_weight(given_likes)
    assert breadth([*given_likes, 1]) > breadth(given_likes)


@given(likes, st.permutations(range(12)))
def test_the_order_of_artists_does_not_matter(given_likes: list[int], order: list[int]) -> None:
    mixed = [given_likes[place] for place in order if place < len(given_likes)]

    assert breadth(mixed) == breadth(given_likes)


@given(st.integers(1, 50), st.integers(1, 12))
def test_artists_liked_equally_often_count_as_many(number: int, artists: int) -> None:
    assert breadth([number] * artists) == pytest.approx(artists)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=12), st.data())
def test_a_like_that_moves_to_a_less_liked_artist_makes_it_broader(
    given_likes: list[int], data: st.DataObject
) -> None:
    most = max(range(len(given_likes)), key=given_likes.__getitem__)
    other = data.draw(st.sampled_from([n for n in range(len(given_likes)) if n != most]))
    moved = list(given_likes)
    if moved[most] - moved[other] < 2:
        return
    moved[most] -= 1
    moved[other] += 1

    assert breadth(moved) > breadth(given_likes)


@given(st.lists(st.builds(Vote, st.booleans(), likes.map(tuple)), max_size=30))
def test_totals_count_everybody_and_weigh_less(votes: list[Vote]) -> None:
    total = reception(votes, listeners=len(votes))

    assert total.up + total.down == len(votes)
    assert total.up / BROAD - 1e-9 <= total.up_weight <= total.up + 1e-9
    assert total.narrow_up <= total.up
    assert (total.share is None) == (not votes)
    assert total.share is None or 0 <= total.share <= 1


def test_a_ring_is_seen_and_outweighed() -> None:
    ring = [Vote(True, (3,))] * 9
    others = [Vote(False, (1, 1, 1))] * 3

    total = reception(ring + others, listeners=12)

    assert (total.up, total.down, total.narrow_up) == (9, 3, 9)
    assert total.share == pytest.approx(0.5)
    assert total.suspicious
    assert vote_weight((3,)) < NARROW


@pytest.mark.parametrize(
    ("narrow", "broad", "suspicious"),
    [(RING, RING, True), (RING, RING + 1, False), (RING - 1, 0, False), (0, 0, False)],
)
def test_a_ring_is_four_and_half_of_the_thumbs(narrow: int, broad: int, suspicious: bool) -> None:
    votes = [Vote(True, (1,))] * narrow + [Vote(True, (1, 1, 1))] * broad

    assert reception(votes, listeners=len(votes)).suspicious == suspicious
