"""From entries of the ledger to opinions about tracks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.taste.taste import Opinion

THUMB: Final = 0.8
"""A thumb says a little less than a 5 or a 1."""
SEED: Final = 0.5
"""A genre chosen at the start."""

NO_OPINION: Final = frozenset({FeedbackKind.MUTE, FeedbackKind.TURN})
"""Kinds of entries that say nothing of music: they say what to do with what is known."""

_EACH: Final = {
    SubjectKind.TRACK: 1.0,
    SubjectKind.ALBUM: 0.5,
    SubjectKind.ARTIST: 0.3,
    SubjectKind.GENRE: 0.2,
}
"""How much each track of what was rated counts."""
_TOGETHER: Final = {
    SubjectKind.TRACK: 1.0,
    SubjectKind.ALBUM: 2.0,
    SubjectKind.ARTIST: 2.0,
    SubjectKind.GENRE: 2.0,
}
"""How much they count together at most: a long discography must not drown the rest."""

SAMPLE: Final = 200
"""Of a genre or artist with more tracks, this many stand for it, evenly spread."""


def opinion_value(entry: Feedback) -> float:
    """Return what an entry says: -1 hates it … 1 loves it; a rating of 3 is 0."""
    return entry_value(entry.kind, entry.value)


def entry_value(kind: FeedbackKind, value: float) -> float:
    """Return what an entry of a kind says, as `opinion_value` does; a mute says nothing."""
    if kind is FeedbackKind.MUTE:
        return 0.0
    if kind is FeedbackKind.RATING:
        return (value - 3) / 2
    return value * (THUMB if kind is FeedbackKind.THUMB else SEED)


def opinions(
    entries: Sequence[Feedback], rows: Mapping[Subject, NDArray[np.int64]]
) -> list[Opinion]:
    """Spread each entry over the tracks of what it is about.

    A track that was judged itself keeps that judgement: what is said of its album, artist or genre
    does not count for it. Ages are counted from the newest entry: time alone changes nothing.

    Args:
        entries: those that count, each about another subject.
        rows: the catalogue rows of each subject; subjects that are not here count for nothing.
    """
    if not entries:
        return []
    newest = max(entry.created_at for entry in entries)
    judged = {
        int(row)
        for entry in entries
        if entry.subject.kind is SubjectKind.TRACK
        for row in rows.get(entry.subject, ())
    }
    return [
        opinion
        for entry in entries
        if entry.subject.kind in _EACH
        for opinion in _spread(entry, rows.get(entry.subject), judged, newest)
    ]


def _spread(
    entry: Feedback, rows: NDArray[np.int64] | None, judged: set[int], newest: datetime
) -> list[Opinion]:
    kind = entry.subject.kind
    chosen = [] if rows is None else sample(rows).tolist()
    if kind is not SubjectKind.TRACK:
        chosen = [row for row in chosen if row not in judged]
    if not chosen:
        return []
    weight = min(_EACH[kind], _TOGETHER[kind] / len(chosen))
    age = (newest - entry.created_at).total_seconds() / 86_400
    return [Opinion(row, opinion_value(entry), weight, age) for row in chosen]


def sample(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most `SAMPLE` of the rows, evenly spread, always the same ones."""
    if len(rows) <= SAMPLE:
        return rows
    return rows[np.linspace(0, len(rows) - 1, SAMPLE).astype(np.int64)]
