import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core.ranking.reranking import PROMISED
from bot.core.ranking.sharing import MOST_OWED, Ballot, fair_list, owed_after, people_key

SIXTEENTHS = st.integers(0, 16).map(lambda one: one / 16)


@st.composite
def ballots(draw: st.DrawFn, least: int = 1, most: int = 4) -> Ballot:
    """Draw a ballot of some listeners; worths are exact in floating point."""
    listeners, candidates = draw(st.integers(least, most)), draw(st.integers(1, 12))
    worth = [
        draw(st.lists(SIXTEENTHS, min_size=candidates, max_size=candidates))
        for _ in range(listeners)
    ]

    def column(most: int) -> NDArray[np.int64]:
        numbers = st.lists(st.integers(0, most), min_size=candidates, max_size=candidates)
        return np.array(draw(numbers), np.int64)

    return Ballot(np.array(worth), column(3) == 0, column(30), column(12))


def plain(worth: list[list[float]]) -> Ballot:
    """Return a ballot of tracks that are all by others, and little known."""
    number = np.arange(len(worth[0]))
    return Ballot(np.array(worth), np.zeros(len(number), np.bool_), number, number)


def nobody(ballot: Ballot) -> NDArray[np.float64]:
    return np.zeros(len(ballot.worth))


def test_what_suits_both_is_taken_before_what_delights_one() -> None:
    ballot = plain([[1.0, 0.0, 0.7, 0.1], [0.0, 1.0, 0.7, 0.1]])

    assert fair_list(ballot, nobody(ballot), 1) == [2]


def test_who_shares_nothing_takes_turns_instead_of_what_nobody_minds() -> None:
    mine, theirs, meh = [1.0, 0.0], [0.0, 1.0], [0.1, 0.1]
    ballot = plain(np.array([mine, mine, theirs, theirs, meh, meh, meh, meh]).T.tolist())

    assert sorted(fair_list(ballot, nobody(ballot), 4)) == [0, 1, 2, 3]


def test_a_majority_does_not_take_it_all() -> None:
    many, one = [1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.9]
    ballot = plain(np.array([many, many, many, many, one, one]).T.tolist())

    taken = fair_list(ballot, nobody(ballot), 4)

    assert {4, 5} & set(taken)
    assert {0, 1, 2, 3} & set(taken)


def test_who_is_owed_gets_more() -> None:
    mine, theirs = [1.0, 0.0], [0.0, 1.0]
    ballot = plain(np.array([mine, mine, mine, theirs, theirs, theirs]).T.tolist())

    even = fair_list(ballot, np.zeros(2), 2)
    leaning = fair_list(ballot, np.array([1.0, -1.0]), 2)

    assert sorted(even) == [0, 3]
    assert sorted(leaning) == [0, 1]


@given(ballots(), st.integers(1, 6))
def test_a_song_and_an_artist_come_once_and_as_many_as_can(ballot: Ballot, count: int) -> None:
    taken = fair_list(ballot, nobody(ballot), count)

    assert len(set(ballot.songs[taken].tolist())) == len(taken) <= count
    assert len(set(ballot.artists[taken].tolist())) == len(taken)
    if len(taken) < count:
        left = np.isin(ballot.songs, ballot.songs[taken])
        left |= np.isin(ballot.artists, ballot.artists[taken])
        assert left.all()


@given(ballots(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_order_of_the_listeners_does_not_matter(ballot: Ballot, count: int, random) -> None:  # type: ignore[no-untyped-def]
    order = list(range(len(ballot.worth)))
    random.shuffle(order)
    owed = np.array([random.choice((-0.5, 0.0, 0.25)) for _ in order])
    shuffled = Ballot(ballot.worth[order], ballot.above, ballot.songs, ballot.artists)

    assert fair_list(shuffled, owed[order], count) == fair_list(ballot, owed, count)


@given(ballots(least=2), st.integers(1, 6), st.integers(1, 16), st.data())
def test_who_is_owed_more_never_gets_less(
    ballot: Ballot, count: int, more: int, data: st.DataObject
) -> None:
    one = data.draw(st.integers(0, len(ballot.worth) - 1))
    owed = nobody(ballot)
    before = fair_list(ballot, owed, count)
    owed[one] = more / 16

    after = fair_list(ballot, owed, count)

    gained = ballot.worth[one, after].sum() - ballot.worth[one, before].sum()
    assert gained >= -1e-9


@given(ballots(most=1), st.integers(1, 6))
def test_one_alone_gets_the_best_first_within_the_promise(ballot: Ballot, count: int) -> None:
    taken = fair_list(ballot, nobody(ballot), count)

    low = [one for one in taken if not ballot.above[one]]
    assert ballot.worth[0, low].tolist() == sorted(ballot.worth[0, low].tolist(), reverse=True)


@given(ballots(), st.integers(1, 6))
def test_the_promise_of_the_dial_is_kept_as_long_as_anything_else_is_left(
    ballot: Ballot, count: int
) -> None:
    taken = fair_list(ballot, nobody(ballot), count)

    early = [place for place, one in enumerate(taken) if ballot.above[one]]
    if early and (early[0] + 1) < PROMISED:
        rest = np.isin(ballot.artists, ballot.artists[taken[: early[0]]])
        rest |= np.isin(ballot.songs, ballot.songs[taken[: early[0]]])
        assert all(ballot.above[one] for one in taken[early[0] :])


def test_ten_listeners_get_a_list() -> None:
    rng = np.random.default_rng(1)
    ballot = plain(rng.random((10, 400)).tolist())

    taken = fair_list(ballot, nobody(ballot), 5)

    totals = ballot.worth[:, taken].sum(axis=1)
    by_sum = np.argsort(-ballot.worth.sum(axis=0))[:5]
    assert totals.min() > ballot.worth[:, by_sum].sum(axis=1).min()


def test_what_is_owed_is_what_was_missed_and_is_bounded() -> None:
    after = owed_after(np.array([0.0, 0.1]), np.array([2.0, 1.0]))
    assert after.tolist() == pytest.approx([-0.5, 0.6])
    for _ in range(20):
        after = owed_after(after, np.array([5.0, 0.0]))
    assert after.tolist() == [-MOST_OWED, MOST_OWED]


def test_a_set_of_people_has_one_key_in_any_order() -> None:
    assert people_key([3, 1, 2]) == people_key([1, 2, 3, 3])
    assert people_key([1, 23]) != people_key([12, 3])
    assert len(people_key([1])) == 32
