"""Periods of days and months that a taste is looked at over."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

MOST_MONTHS: Final = 24
"""A picture shows so many months at most, the last ones."""

_NOTHING: Final = "-"


class Span(StrEnum):
    """How long a period is, counted back from today."""

    WEEK = "week"
    MONTH = "month"
    HALF_YEAR = "half-year"
    YEAR = "year"
    ALL = "all"


_DAYS: Final = {Span.WEEK: 7, Span.MONTH: 30, Span.HALF_YEAR: 182, Span.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, by UTC."""

    since: date | None
    """The first day; None: from the beginning."""
    until: date
    """The day after the last one."""

    def holds(self, day: date) -> bool:
        """Return whether a day is one of it."""
        return (self.since is None or self.since <= day) and day < self.until

    def to_code(self) -> str:
        """Return a short text that says the same."""
        since = _NOTHING if self.since is None else f"{self.since:%Y%m%d}"
        return f"{since}.{self.until:%Y%m%d}"

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read what `to_code` wrote.

        Raises:
            ValueError: it is no such text.
        """
        since, _, until = code.partition(".")
        first = None if since == _NOTHING else _day(since)
        last = _day(until)
        if first is not None and first >= last:
            raise ValueError(f"{code} has no day")
        return cls(first, last)


def period_of(span: Span, today: date) -> Period:
    """Return the days of a span that ends with today."""
    until = today + timedelta(days=1)
    days = _DAYS.get(span)
    return Period(None if days is None else until - timedelta(days=days), until)


def calendar_year(year: int) -> Period:
    """Return the days of a year 1 … 9998."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def month_starts(first: date, until: date, *, most: int = MOST_MONTHS) -> list[date]:
    """Return the first day of each month from that of `first` on, and the end.

    The last entry is `until`, so that two neighbors bound a month; the last `most` months only.
    Nothing when `until` is not after `first`.
    """
    if first >= until:
        return []
    number, last = _number(first), _number(until - timedelta(days=1))
    number = max(number, last - most + 1)
    return [*(_first_day(one) for one in range(number, last + 1)), until]


def _number(day: date) -> int:
    return 12 * day.year + day.month - 1


def _first_day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _day(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text[:20]} is no day")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
