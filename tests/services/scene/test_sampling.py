"""Sessions of dumps: how they are cut, and whose are taken."""

from pathlib import Path

import numpy as np
import pytest

from bot.services.catalog import Listens, Shuffle
from bot.services.scene import sampling
from bot.services.scene.sampling import LONGEST, ByListener, KnownRows, Sampled, sampled

MINUTE, HOUR = 60, 3600
START = 1_700_000_000
Heard = tuple[int, int, int]
"""Listener, seconds after the start, recording."""


def known(count: int = 1000) -> KnownRows:
    """Recording n is row n + 7."""
    return KnownRows(np.arange(count, dtype=np.uint64), np.arange(7, count + 7))


def taken(
    tmp_path: Path, listens: list[Heard], *, most: int = 100, halved: int = 0, pieces: int = 3
) -> tuple[list[list[int]], Sampled]:
    rows = np.array(listens, np.int64).reshape(-1, 3)
    with Shuffle(tmp_path / "aside", ByListener.fields, bits=ByListener.bits) as shuffle:
        shuffle.cut_back([0] * len(shuffle.sizes()))
        for some in np.array_split(rows, pieces):
            who, at, what = some.T
            heard = Listens(what.astype(np.uint64), who.astype(np.uint32), at + START)
            ByListener().put(heard, shuffle)
        lists, found = sampled(shuffle.parts(), known(), most=most, halved=halved)
    return sorted(one.tolist() for one in lists), found


def test_listens_of_one_person_without_a_break_are_a_session(tmp_path: Path) -> None:
    listens = [
        (1, 0, 5), (1, 10 * MINUTE, 3), (1, 39 * MINUTE, 5),  # without a break
        (1, 2 * HOUR, 1), (1, 2 * HOUR + 60, 2),
        (2, 5 * MINUTE, 8), (2, 6 * MINUTE, 9), (2, 7 * MINUTE, 5000),  # unknown to the catalogue
        (3, 0, 1),  # alone
        (3, 9 * HOUR, 4), (3, 9 * HOUR + 1, 4),  # the same one
    ]  # fmt: skip

    lists, found = taken(tmp_path, [listens[n] for n in (3, 9, 0, 5, 2, 7, 1, 10, 4, 8, 6)])

    assert lists == [[8, 9], [10, 12], [15, 16]]
    assert (found.listens, found.known, found.sessions, found.taken) == (11, 10, 3, 3)


def test_everybodys_first_session_comes_before_anybodys_second(tmp_path: Path) -> None:
    many = [(1, day * 24 * HOUR + n, n) for day in range(50) for n in range(2)]
    few = [(who, n, 100 * who + n) for who in range(2, 6) for n in range(2)]

    lists, found = taken(tmp_path, many + few, most=6)

    firsts = [row for row, _ in lists]
    assert firsts.count(7) == 2
    assert set(firsts) == {7, 207, 307, 407, 507}
    assert (found.sessions, found.taken) == (54, 6)


def test_the_same_listens_give_the_same_sessions_in_any_order(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    listens = [
        (who, session * 9 * HOUR + n, int(rng.integers(900)))
        for who in range(20) for session in range(9) for n in range(4)
    ]  # fmt: skip
    mixed = [listens[place] for place in rng.permutation(len(listens))]

    assert taken(tmp_path, listens, most=40) == taken(tmp_path, mixed, most=40, pieces=7)


def test_of_radio_that_plays_for_days_the_first_songs_count(tmp_path: Path) -> None:
    lists, _ = taken(tmp_path, [(1, 3 * MINUTE * n, 999 - n) for n in range(900)])

    assert lists == [[1006 - n for n in reversed(range(LONGEST))]]


def test_listens_without_a_time_are_in_no_session(tmp_path: Path) -> None:
    lists, found = taken(tmp_path, [(1, -START, 1), (1, -START, 2), (1, 2**33, 3)])

    assert (lists, found.listens) == ([], 0)


def test_nothing_at_all_gives_nothing(tmp_path: Path) -> None:
    assert taken(tmp_path, []) == ([], Sampled())


def test_of_too_many_listens_every_second_week_of_a_listener_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = 7 * 24 * HOUR
    listens = [(who, n * week + m, m) for who in range(40) for n in range(50) for m in range(2)]

    _, half = taken(tmp_path, listens, most=10_000, halved=1)
    _, quarter = taken(tmp_path, listens, most=10_000, halved=2)
    monkeypatch.setattr(sampling, "ASIDE", len(listens) // 10)
    with Shuffle(tmp_path / "many", ByListener.fields, bits=ByListener.bits) as shuffle:
        for some in np.array_split(np.array(listens, np.int64), 200):
            who, at, what = some.T
            heard = Listens(what.astype(np.uint64), who.astype(np.uint32), at + START)
            ByListener().put(heard, shuffle)
        aside = shuffle.rows

    assert 0.4 < half.listens / len(listens) < 0.6
    assert 0.2 < quarter.listens / len(listens) < 0.3
    assert half.sessions == half.listens / 2  # whole sessions
    assert aside < len(listens) // 2
