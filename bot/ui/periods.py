"""Periods in words, the same for everybody: no language of the machine stands in a picture."""

from datetime import date, timedelta
from typing import Final

from bot.core.taste import Period, calendar_year

_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def words(period: Period) -> str:
    """Return "2026", "all time", or the first and the last day."""
    if period.since is None:
        return "all time"
    if period == calendar_year(period.since.year):
        return str(period.since.year)
    last = period.until - timedelta(days=1)
    first = day(period.since) if period.since.year != last.year else _short_day(period.since)
    return f"{first} – {day(last)}"


def day(one: date) -> str:
    """Return "3 Mar 2026"."""
    return f"{_short_day(one)} {one.year}"


def month(one: date) -> str:
    """Return "Mar 2026"."""
    return f"{_MONTHS[one.month - 1]} {one.year}"


def short_month(one: date) -> str:
    """Return "Mar", in January with the year: "Jan 26"."""
    name = _MONTHS[one.month - 1]
    return f"{name} {one.year % 100:02}" if one.month == 1 else name


def _short_day(one: date) -> str:
    return f"{one.day} {_MONTHS[one.month - 1]}"
