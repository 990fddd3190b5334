"""When a digest is due, and how far it looks back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.server.digest import A_WEEK, LONGEST_LOOK_BACK, look_back, next_due

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekday", "hour", "due"),
    [
        (4, 17, datetime(2026, 11, 20, 17, tzinfo=UTC)),
        (4, 12, datetime(2026, 11, 27, 12, tzinfo=UTC)),
        (4, 0, datetime(2026, 11, 27, 0, tzinfo=UTC)),
        (5, 0, datetime(2026, 11, 21, 0, tzinfo=UTC)),
        (3, 23, datetime(2026, 11, 26, 23, tzinfo=UTC)),
    ],
    ids=["today", "this very hour", "this morning", "tomorrow", "yesterday"],
)
def test_a_digest_is_due_at_the_next_such_hour(weekday: int, hour: int, due: datetime) -> None:
    assert next_due(weekday, hour, FRIDAY_NOON) == due


@given(
    st.integers(0, 6),
    st.integers(0, 23),
    st.datetimes(max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_is_due_once_in_the_week_to_come(weekday: int, hour: int, after: datetime) -> None:
    due = next_due(weekday, hour, after)

    assert after < due <= after + A_WEEK
    assert (due.weekday(), due.hour, due.minute) == (weekday, hour, 0)


@pytest.mark.parametrize(
    ("ago", "days"),
    [
        (None, 7),
        (timedelta(hours=1), 7),
        (timedelta(days=7), 7),
        (timedelta(days=7, minutes=5), 7),
        (timedelta(days=7, hours=13), 8),
        (timedelta(days=21), 21),
        (timedelta(days=300), LONGEST_LOOK_BACK),
    ],
)
def test_what_was_missed_is_made_up_for(ago: timedelta | None, days: int) -> None:
    assert look_back(None if ago is None else FRIDAY_NOON - ago, FRIDAY_NOON) == days
