from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.periods import Period, Span, calendar_year, month_starts, period_of

TODAY = date(2026, 11, 29)
DAYS = st.dates(date(1970, 1, 1), date(9000, 1, 1))


@pytest.mark.parametrize(
    ("span", "since"),
    [
        (Span.WEEK, date(2026, 11, 23)),
        (Span.MONTH, date(2026, 10, 31)),
        (Span.HALF_YEAR, date(2026, 6, 1)),
        (Span.YEAR, date(2025, 11, 30)),
        (Span.ALL, None),
    ],
)
def test_a_span_ends_with_today(span: Span, since: date | None) -> None:
    assert period_of(span, TODAY) == Period(since, date(2026, 11, 30))
    assert period_of(span, TODAY).holds(TODAY)
    assert not period_of(span, TODAY).holds(TODAY + timedelta(days=1))


@given(DAYS | st.none(), DAYS)
def test_a_period_is_read_as_it_was_written(since: date | None, until: date) -> None:
    if since is not None and since >= until:
        with pytest.raises(ValueError, match="has no day"):
            Period.from_code(Period(since, until).to_code())
    else:
        assert Period.from_code(Period(since, until).to_code()) == Period(since, until)


@pytest.mark.parametrize("code", ["", "-", ".", "-.2026", "-.20261301", "-.2026113٠", "x.20261129"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is for nobody
        Period.from_code(code)


@given(DAYS, DAYS, st.integers(1, 30))
def test_months_follow_each_other_up_to_the_end(first: date, until: date, most: int) -> None:
    starts = month_starts(first, until, most=most)

    if first >= until:
        assert starts == []
        return
    assert starts[-1] == until
    assert all(one.day == 1 for one in starts[:-1])
    assert starts == sorted(set(starts))
    assert 1 <= len(starts) - 1 <= most
    assert starts[-2] <= until - timedelta(days=1)


def test_a_calendar_year_has_its_twelve_months() -> None:
    year = calendar_year(2026)

    assert year == Period(date(2026, 1, 1), date(2027, 1, 1))
    assert len(month_starts(date(2026, 1, 1), year.until)) == 13
