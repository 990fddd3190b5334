"""Spans that were somebody else's: days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.taste.away import SERVICES, Away, away_of, read_days, service_of
from bot.core.taste.listening import HistoryKind

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-07-03", date(2026, 7, 3), date(2026, 7, 3)),
        ("2026.7.3", date(2026, 7, 3), date(2026, 7, 3)),
        ("3 July 2026", date(2026, 7, 3), date(2026, 7, 3)),
        ("3. jul 2026", date(2026, 7, 3), date(2026, 7, 3)),
        (" July  2026 ", date(2026, 7, 1), date(2026, 7, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("July", date(2026, 7, 1), date(2026, 7, 31)),
        ("December", date(2025, 12, 1), date(2025, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_days_months_and_years_are_read(text: str, first: date, last: date) -> None:
    assert read_days(text, TODAY) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "ju", "ma", "2026-13", "2026-02-30", "yesterday", "31 June 2026", "0000", "x" * 40]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_days(text, TODAY)


@given(st.dates(date(1971, 1, 1), date(9000, 1, 1)), st.integers(0, 400))
def test_the_first_and_the_last_day_come_back(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)

    away = away_of("spotify", first, last)

    assert (away.first, away.last) == (first, last)
    assert not away.is_whole


def test_the_exports_of_a_service_and_its_linked_account_are_one() -> None:
    of_spotify = Away("spotify")

    for kind in ("spotify", "spotify_year", "exportify", "linked_spotify"):
        assert of_spotify.is_about(kind)
    assert not of_spotify.is_about("linked_lastfm")
    assert Away().is_about("linked_lastfm")
    assert {service_of(one) for one in HistoryKind} == set(SERVICES)
