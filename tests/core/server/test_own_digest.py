from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.server.own_digest import Every, OwnDigest, next_own, own_days

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""
TIMES = st.timedeltas(timedelta(0), timedelta(days=1500)).map(lambda gap: NOON + gap)
GAPS = st.none() | st.timedeltas(timedelta(0), timedelta(days=90))


@pytest.mark.parametrize(
    ("every", "weekday", "hour", "last", "due"),
    [
        pytest.param(Every.WEEK, 4, 17, None, (11, 20, 17), id="today, when the hour is to come"),
        pytest.param(Every.WEEK, 4, 12, None, (11, 27, 12), id="in a week, when it has begun"),
        pytest.param(Every.WEEK, 0, 7, None, (11, 23, 7), id="on the next such day"),
        pytest.param(Every.WEEK, 5, 12, NOON, (11, 28, 12), id="not on the day after the last"),
        pytest.param(Every.MONTH, 4, 12, None, (12, 4, 12), id="on the first Friday of a month"),
        pytest.param(Every.MONTH, 1, 12, None, (12, 1, 12), id="on the first day of a month"),
    ],
)
def test_a_digest_is_due(
    every: Every, weekday: int, hour: int, last: datetime | None, due: tuple[int, int, int]
) -> None:
    month, day, at = due

    found = next_own(every, weekday, hour, now=NOON, last_sent_at=last)

    assert found == datetime(2026, month, day, at, tzinfo=UTC)


@given(st.sampled_from(Every), st.integers(0, 6), st.integers(0, 23), TIMES, GAPS)
def test_the_next_one_is_on_its_day_soon_and_never_close_to_the_last(
    every: Every, weekday: int, hour: int, now: datetime, gap: timedelta | None
) -> None:
    last = None if gap is None else now - gap

    due = next_own(every, weekday, hour, now=now, last_sent_at=last)

    assert due > now
    assert (due.weekday(), due.hour, due.minute) == (weekday, hour, 0)
    assert last is None or due - last >= every.apart
    longest = timedelta(days=7) if every is Every.WEEK else timedelta(days=35)
    assert due - max(now, now if last is None else last + every.apart) <= longest
    if every is Every.MONTH:
        assert due.day <= 7


@given(st.sampled_from(Every), st.integers(0, 6), st.integers(0, 23), TIMES)
def test_sent_in_time_there_is_one_in_each_week_or_month(
    every: Every, weekday: int, hour: int, now: datetime
) -> None:
    first = next_own(every, weekday, hour, now=now, last_sent_at=None)
    sent = first + timedelta(minutes=3)

    second = next_own(every, weekday, hour, now=sent, last_sent_at=sent)

    if every is Every.WEEK:
        assert second - first == timedelta(days=7)
    else:
        assert (second.month - first.month) % 12 == 1


def test_a_digest_covers_the_days_since_the_last_one() -> None:
    first = OwnDigest(1, Every.MONTH, 4, 12, None, NOON)

    def days(ago: int) -> int:
        return own_days(replace(first, last_sent_at=NOON - timedelta(days=ago)), NOON)

    assert own_days(first, NOON) == 30
    assert own_days(replace(first, every=Every.WEEK), NOON) == 7
    assert [days(7), days(31), days(400), days(0)] == [7, 31, 90, 1]
