from datetime import timedelta

import numpy as np

from bot.core.models import Feedback, FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste.opinion import SAMPLE, opinion_value, opinions
from tests.conftest import NOON

TRACK, ALBUM, ARTIST = SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST


def said(
    kind: SubjectKind, subject_id: int, value: float, *, days_ago: float = 0, thumb: bool = False
) -> Feedback:
    how = FeedbackKind.THUMB if thumb else FeedbackKind.RATING
    when = NOON - timedelta(days=days_ago)
    return Feedback(1, how, Subject(kind, subject_id), value, FeedbackSource.COMMAND, None, when)


def test_a_five_loves_a_three_says_nothing_and_a_one_hates() -> None:
    assert [opinion_value(said(TRACK, 1, score)) for score in (5, 3, 1)] == [1, 0, -1]


def test_a_thumb_says_a_little_less_than_a_five() -> None:
    assert 0 < opinion_value(said(TRACK, 1, 1, thumb=True)) < opinion_value(said(TRACK, 1, 5))


def test_an_album_counts_for_each_track_less_than_the_track_itself() -> None:
    entries = [said(ALBUM, 7, 5), said(TRACK, 1, 1)]
    rows = {Subject(ALBUM, 7): np.arange(3), Subject(TRACK, 1): np.array([9])}

    found = {one.row: one for one in opinions(entries, rows)}

    assert set(found) == {0, 1, 2, 9}
    assert found[0].weight < found[9].weight


def test_a_track_that_was_judged_itself_keeps_its_judgement() -> None:
    entries = [said(ARTIST, 7, 5), said(TRACK, 1, 1)]
    rows = {Subject(ARTIST, 7): np.arange(3), Subject(TRACK, 1): np.array([1])}

    assert [(one.row, one.value) for one in opinions(entries, rows)] == [(0, 1), (2, 1), (1, -1)]


def test_a_long_discography_does_not_drown_the_rest() -> None:
    few = opinions([said(ARTIST, 7, 5)], {Subject(ARTIST, 7): np.arange(3)})
    many = opinions([said(ARTIST, 7, 5)], {Subject(ARTIST, 7): np.arange(5000)})

    assert len(many) == SAMPLE
    assert sum(one.weight for one in many) < 3 * sum(one.weight for one in few)


def test_ages_count_from_the_newest_entry_so_that_time_alone_changes_nothing() -> None:
    entries = [said(TRACK, 1, 5, days_ago=40), said(TRACK, 2, 5, days_ago=30)]
    rows = {Subject(TRACK, 1): np.array([1]), Subject(TRACK, 2): np.array([2])}

    assert [one.age_days for one in opinions(entries, rows)] == [10, 0]


def test_what_the_catalogue_does_not_hold_counts_for_nothing() -> None:
    assert opinions([said(TRACK, 1, 5)], {}) == []
