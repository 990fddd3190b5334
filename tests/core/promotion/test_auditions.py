from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.promotion.auditions import (
    GUARANTEED,
    NEAREST,
    OPEN_AFTER,
    PENDING_FOR,
    Standing,
    quota_left,
    threshold,
    turns,
)
from bot.core.ranking.hearing import Fit, Hearing, Turn, choose_hearing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST = Turn(earned=False, hearings=0)

ages = st.timedeltas(timedelta(days=-1), timedelta(days=60))
standings = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 12)), max_size=12).map(
    lambda rows: [
        Standing(number, artist, NOON, hearings) for number, (artist, hearings) in enumerate(rows)
    ]
)
earned = st.dictionaries(st.integers(1, 5), st.integers(0, 20))


@given(ages, ages)
def test_the_threshold_only_falls_and_stays_a_share(one: timedelta, other: timedelta) -> None:
    younger, older = sorted((one, other))

    assert 0 <= threshold(older) <= threshold(younger) <= NEAREST


def test_the_threshold_starts_high_and_lets_everybody_in_after_a_week() -> None:
    found = [threshold(timedelta(days=days)) for days in (0, 3.5, 7, 30)]

    assert found == [NEAREST, pytest.approx(NEAREST / 2), 0, 0]
    assert timedelta(days=7) == OPEN_AFTER


@given(standings, earned, st.integers(0, 8))
def test_a_quota_is_never_negative_nor_more_than_was_earned(
    all_of_them: list[Standing], counts: dict[int, int], guaranteed: int
) -> None:
    left = quota_left(all_of_them, counts, guaranteed=guaranteed)

    assert set(left) == {one.artist_id for one in all_of_them}
    assert all(0 <= number <= counts.get(artist, 0) for artist, number in left.items())


@given(standings, earned, st.integers(0, 8))
def test_everything_below_the_guarantee_has_a_turn_before_anything_earned(
    all_of_them: list[Standing], counts: dict[int, int], guaranteed: int
) -> None:
    found = turns(all_of_them, counts, guaranteed=guaranteed)

    hearings = {one.promotion_id: one.hearings for one in all_of_them}
    below = {number for number, had in hearings.items() if had < guaranteed}
    assert below <= set(found)
    order = sorted(found, key=lambda number: found[number])
    assert set(order[: len(below)]) == below
    assert [hearings[number] for number in order[: len(below)]] == sorted(
        hearings[number] for number in below
    )


def test_hearings_beyond_the_guarantee_are_paid_from_what_was_earned() -> None:
    ann, ben = 1, 2
    rows = [Standing(1, ann, NOON, 5), Standing(2, ann, NOON, 7), Standing(3, ben, NOON, 5)]

    assert quota_left(rows, {ann: 3}) == {ann: 1, ben: 0}
    assert turns(rows, {ann: 3}) == {1: Turn(True, 5), 2: Turn(True, 7)}
    assert turns(rows, {ann: 2}) == {}


def test_a_judgement_taken_back_leaves_a_debt_and_no_negative_quota() -> None:
    spent_two = [Standing(1, 1, NOON, 7)]

    assert [quota_left(spent_two, {1: number})[1] for number in (1, 2, 3)] == [0, 0, 1]


def hearing(number: int, *rows: int, turn: Turn = FIRST, least: float = 0.0) -> Hearing:
    return Hearing(number, turn, least, rows)


FITS = {10: Fit(0.9, 0.95), 20: Fit(0.5, 0.8), 30: Fit(0.1, 0.2), 40: Fit(0.9, 0.95)}


@pytest.mark.parametrize(
    ("hearings", "expected"),
    [
        pytest.param([], None, id="nothing is due"),
        pytest.param([hearing(1, 99)], None, id="its track may not be shown"),
        pytest.param([hearing(1, 20), hearing(2, 10)], (2, 10), id="the best fit"),
        pytest.param([hearing(1, 20, 10, 30)], (1, 10), id="its best track"),
        pytest.param(
            [hearing(1, 10, turn=Turn(False, 1)), hearing(2, 30)], (2, 30), id="the fewest hearings"
        ),
        pytest.param(
            [hearing(1, 10, turn=Turn(True, 5)), hearing(2, 30, turn=Turn(False, 4))],
            (2, 30),
            id="the guaranteed before the earned",
        ),
        pytest.param(
            [hearing(1, 30, least=0.5), hearing(2, 20, least=0.5)], (2, 20), id="near enough"
        ),
        pytest.param([hearing(1, 20, least=0.8)], (1, 20), id="just near enough"),
        pytest.param([hearing(1, 20, least=0.81)], None, id="too far away"),
        pytest.param([hearing(2, 40), hearing(1, 10)], (1, 10), id="a tie goes to the older one"),
    ],
)
def test_choose_hearing_takes(hearings: list[Hearing], expected: tuple[int, int] | None) -> None:
    found = choose_hearing(hearings, FITS)

    assert (None if found is None else (found[0].promotion_id, found[1])) == expected


@dataclass
class Server:
    """A server as the ledger sees it: promotion i is track i by artist i; listeners come after."""

    promoted_at: list[datetime]
    shown: dict[tuple[int, int], datetime] = field(default_factory=dict)
    """(promotion, listener) → when."""
    judged: set[tuple[int, int]] = field(default_factory=set)

    def hearings(self, promotion: int, now: datetime) -> int:
        return sum(
            pair in self.judged or now - at <= PENDING_FOR
            for pair, at in self.shown.items()
            if pair[0] == promotion
        )

    def standings(self, now: datetime) -> list[Standing]:
        return [
            Standing(number, number, at, self.hearings(number, now))
            for number, at in enumerate(self.promoted_at)
            if at <= now
        ]

    def earned(self) -> Counter[int]:
        return Counter(listener for _, listener in self.judged)

    def offers(self, listener: int, now: datetime) -> list[Hearing]:
        rows = self.standings(now)
        due = turns(rows, self.earned())
        return [
            Hearing(
                one.promotion_id,
                due[one.promotion_id],
                threshold(now - one.created_at),
                (one.promotion_id,),
            )
            for one in rows
            if one.promotion_id in due
            and one.artist_id != listener
            and (one.promotion_id, listener) not in self.shown
        ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 25), st.floats(0.2, 1))
def test_nothing_gets_more_than_guaranteed_while_another_that_fits_waits(
    seed: int, promotions: int, listeners: int, diligence: float
) -> None:
    rng = np.random.default_rng(seed)
    server = Server([NOON + timedelta(hours=int(h)) for h in rng.integers(0, 72, promotions)])
    percentiles = rng.random((promotions + listeners, promotions))
    for hour in range(0, 24 * 12, 3):
        now = NOON + timedelta(hours=hour)
        listener = int(rng.integers(0, promotions + listeners))  # artists listen, too
        fits = {row: Fit(float(p), float(p)) for row, p in enumerate(percentiles[listener])}
        offers = server.offers(listener, now)
        found = choose_hearing(offers, fits)
        if found is None:
            assert not any(fits[one.promotion_id].percentile >= one.threshold for one in offers)
            continue
        taken = found[0]
        had = server.hearings(taken.promotion_id, now)
        waiting = [
            one.promotion_id
            for one in offers
            if fits[one.promotion_id].percentile >= one.threshold
            and server.hearings(one.promotion_id, now) < min(had, GUARANTEED)
        ]
        assert waiting == []
        paid_before = had - GUARANTEED
        assert paid_before < server.earned()[taken.promotion_id]
        server.shown[taken.promotion_id, listener] = now
        if rng.random() < diligence:
            server.judged.add((taken.promotion_id, listener))


def test_every_promotion_is_heard_as_often_as_guaranteed_when_enough_listen() -> None:
    rng = np.random.default_rng(7)
    server = Server([NOON] * 6)
    for day in range(14):
        now = NOON + timedelta(days=day)
        for listener in range(6, 30):
            fits = {row: Fit(float(p), float(p)) for row, p in enumerate(rng.random(6) ** 2)}
            found = choose_hearing(server.offers(listener, now), fits)
            if found is not None:
                server.shown[found[0].promotion_id, listener] = now
                server.judged.add((found[0].promotion_id, listener))

    assert [server.hearings(number, NOON + timedelta(days=99)) for number in range(6)] == [5] * 6
