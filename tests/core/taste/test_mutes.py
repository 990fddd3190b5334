"""Mutes: what holds when, a function of the ledger and of the time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.sorts import Sort, bit
from bot.core.models import Feedback, FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste.mutes import FOR_EVER, MONTH, NO_MUTES, Mutes, Unwanted, holds
from tests.spaces import catalog_of, raw_tracks

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def mute(kind: SubjectKind, number: int, days: int = FOR_EVER, *, ago: float = 0) -> Feedback:
    when = NOON - timedelta(days=ago)
    subject = Subject(kind, number)
    return Feedback(1, FeedbackKind.MUTE, subject, float(days), FeedbackSource.BUTTON, None, when)


def test_a_mute_for_30_days_ends_and_one_for_ever_does_not() -> None:
    mutes = Mutes.of(
        [mute(SubjectKind.ARTIST, 7, MONTH, ago=29), mute(SubjectKind.ARTIST, 8, ago=900)]
    )

    assert mutes.at(NOON).artists == (7, 8)
    assert mutes.at(NOON + timedelta(days=1)).artists == (8,)


def test_artists_versions_and_sorts_are_told_apart() -> None:
    mutes = Mutes.of(
        [
            mute(SubjectKind.SORT, Sort.LIVE),
            mute(SubjectKind.TRACK, 7),
            mute(SubjectKind.ARTIST, 7),
            mute(SubjectKind.SORT, 99),
        ]
    )

    assert mutes.at(NOON) == Unwanted((7,), (7,), (Sort.LIVE,)), "a sort of the future is none"


@given(st.floats(0, 100), st.sampled_from([FOR_EVER, MONTH]))
def test_what_holds_of_an_entry_is_what_is_unwanted(ago: float, days: int) -> None:
    entry = mute(SubjectKind.ARTIST, 3, days, ago=round(ago))

    assert bool(Mutes.of([entry]).at(NOON)) is holds(entry, NOON)


def test_nothing_muted_is_nothing_unwanted() -> None:
    assert not NO_MUTES.at(NOON)


def test_the_rows_of_an_artist_are_also_those_where_they_are_a_guest() -> None:
    sorts = [0, 0, bit(Sort.LIVE), 0, 0]
    catalog = catalog_of(
        raw_tracks(
            5, artists=[1, 1, 2, 3, 4], measures={"energy": [0.5] * 5}, guests=[(3, 1)], sorts=sorts
        )
    )

    assert Unwanted(artists=(1,)).rows_by_artists(catalog).tolist() == [0, 1, 3]
    unwanted = Unwanted(artists=(1,), tracks=(5,), sorts=(Sort.LIVE,))
    assert unwanted.rows(catalog).tolist() == [0, 1, 2, 3, 4]
    assert Unwanted().rows(catalog).tolist() == []
