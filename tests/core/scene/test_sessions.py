from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.core.scene.sessions import SESSION_GAP_S, session_numbers

LISTENS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20_000)), max_size=40)


def numbers(listens: list[tuple[int, int]]) -> list[int]:
    who, when = np.array(listens, np.int64).reshape(-1, 2).T
    return [int(number) for number in session_numbers(who, when)]


def test_a_session_ends_where_half_an_hour_lies_between_two_listens() -> None:
    gap = SESSION_GAP_S

    assert numbers([(0, 0), (0, gap - 1), (0, 2 * gap - 1), (0, 2 * gap)]) == [0, 0, 1, 1]


def test_listeners_have_sessions_of_their_own_however_the_listens_are_mixed() -> None:
    assert numbers([(7, 300), (5, 100), (7, 0), (5, 90_000), (7, 100)]) == [2, 0, 2, 1, 2]


def test_no_listens_make_no_session() -> None:
    assert numbers([]) == []


@given(LISTENS)
def test_two_listens_are_together_when_no_break_lies_between(
    listens: list[tuple[int, int]],
) -> None:
    found = numbers(listens)

    for (who, when), number in zip(listens, found, strict=True):
        for (other, then), its in zip(listens, found, strict=True):
            between = sorted(t for w, t in listens if w == who and when <= t <= then)
            whole = all(b - a < SESSION_GAP_S for a, b in pairwise(between))
            if when <= then:
                assert (number == its) == (who == other and whole)


@given(LISTENS)
def test_sessions_are_numbered_without_holes_in_the_order_of_time(
    listens: list[tuple[int, int]],
) -> None:
    found = numbers(listens)

    assert set(found) == set(range(max(found, default=-1) + 1))
    in_order = [number for _, number in sorted(zip(listens, found, strict=True))]
    assert in_order == sorted(in_order)
