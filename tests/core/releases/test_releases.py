"""What is told of new releases: joined, cut to the days asked for, written into a code."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.releases.releases import NewRelease, ReleaseWish, merged, within

TODAY = date(2026, 11, 20)
ALBUM = NewRelease("Hey What", "Low", TODAY, "album", ("slowcore",), "https://a", ("ListenBrainz",))


def test_the_same_release_in_two_services_is_one_with_what_both_know() -> None:
    elsewhere = NewRelease(
        "HEY WHAT (Deluxe Edition)",
        "low",
        TODAY - timedelta(days=1),
        None,
        ("drone", "slowcore"),
        "https://b",
        ("Spotify",),
    )

    (one,) = merged([elsewhere, ALBUM])

    assert (one.title, one.url, one.kind) == ("HEY WHAT (Deluxe Edition)", "https://b", "album")
    assert one.released_on == TODAY - timedelta(days=1)
    assert one.genres == ("drone", "slowcore")
    assert one.services == ("Spotify", "ListenBrainz")


def test_releases_of_one_name_by_two_artists_stay_two() -> None:
    assert len(merged([ALBUM, replace(ALBUM, artist="Slow")])) == 2


@pytest.mark.parametrize(
    ("on", "is_in"),
    [
        (TODAY, True),
        (TODAY - timedelta(days=13), True),
        (TODAY - timedelta(days=14), False),
        (TODAY + timedelta(days=3), True),
        (TODAY + timedelta(days=4), False),
        (None, False),
    ],
)
def test_only_what_has_a_date_in_the_window_is_new(on: date | None, is_in: bool) -> None:
    found = within([replace(ALBUM, released_on=on)], TODAY, days=14, ahead=3)

    assert bool(found) == is_in


@given(st.integers(1, 90), st.integers(0, 100), st.integers(0, 99_999), st.booleans())
def test_a_wish_is_read_back_from_its_code(
    days: int, obscurity: int, page: int, private: bool
) -> None:
    wish = ReleaseWish(days, obscurity, page, private)

    assert ReleaseWish.from_code(wish.to_code()) == wish
    assert len(wish.to_code()) <= 20


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.dates()), max_size=9))
def test_merging_again_changes_nothing(rows: list[tuple[str, str, date]]) -> None:
    once = merged(NewRelease(title, artist, on, "album") for title, artist, on in rows)

    assert merged(once) == once
    assert {one.key for one in once} == {NewRelease(t, a, None, None).key for t, a, _ in rows}


@given(st.integers(0, 60), st.integers(1, 9))
def test_weeks_in_a_row_bring_every_release_once(days_ago: int, weeks: int) -> None:
    release = replace(ALBUM, released_on=TODAY - timedelta(days=days_ago))

    ends = [TODAY - timedelta(weeks=number) for number in range(weeks)]
    found = [one for end in ends for one in within([release], end, days=7)]

    assert len(found) == (days_ago < 7 * weeks)
