"""A listener's taste, derived from the ledger, from what they play, and the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.catalog import Catalog
from bot.core.models import Feedback, FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste import (
    MOST,
    NO_OPINION,
    ListenerTaste,
    Mutes,
    Played,
    TasteProfile,
    Turn,
    build_taste,
    likes_said,
    listening_opinions,
    opinions,
)
from bot.services.taste.heard import Listening, in_catalog, read_listening, read_part
from bot.services.threads import compute
from bot.store import feedback, subjects


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the database knows that a taste is derived from."""

    entries: tuple[Feedback, ...]
    """Those of the ledger that count and are about music, oldest first; no mutes."""
    mutes: tuple[Feedback, ...]
    albums: Mapping[int, Sequence[int]]
    """The tracks of each album among them."""
    listening: Listening


async def read_grounds(conn: AsyncConnection, user_id: int) -> Grounds:
    """Read what a listener's taste is derived from."""
    entries = await feedback.all_counting(conn, user_id)
    muted = tuple(one for one in entries if one.kind is FeedbackKind.MUTE)
    entries = [
        one
        for one in entries
        if one.subject.kind is not SubjectKind.PROMOTION and one.kind is not FeedbackKind.MUTE
    ]
    albums, listening = await _albums(conn, entries), await read_listening(conn, user_id)
    return Grounds(tuple(entries), muted, albums, listening)


def turned(grounds: Grounds, track_id: int, factor: float) -> Grounds:
    """Return the grounds as they would be if a cluster were turned after all that was said."""
    last = max((one.id for one in grounds.entries), default=0)
    when = max(
        (one.created_at for one in grounds.entries), default=datetime.min.replace(tzinfo=UTC)
    )
    subject = Subject(SubjectKind.CLUSTER, track_id)
    entry = Feedback(
        last + 1, FeedbackKind.TURN, subject, factor, FeedbackSource.BUTTON, None, when
    )
    former = tuple(one for one in grounds.entries if one.subject != subject)
    return replace(grounds, entries=(*former, entry))


def derive(catalog: Catalog, grounds: Grounds) -> ListenerTaste:
    """Derive a taste: the same grounds and catalogue give the same bytes."""
    entries = tuple(one for one in grounds.entries if one.kind not in NO_OPINION)
    rows = _rows(catalog, entries, grounds.albums)
    rated = {
        int(row)
        for entry in entries
        if entry.kind is not FeedbackKind.SEED
        and entry.subject.kind in (SubjectKind.TRACK, SubjectKind.ALBUM)
        for row in rows.get(entry.subject, ())
    }
    played = plays_not_judged(catalog, entries, rows, grounds.listening.counts)
    said, judged = likes_said(entries, rows)
    return ListenerTaste(
        profile=build_taste(
            catalog,
            [*opinions(entries, rows), *listening_opinions(*played)],
            _turns(catalog, grounds.entries),
        ),
        said=said,
        judged=judged,
        rated_rows=np.array(sorted(rated), np.int64),
        heard_rows=catalog.rows_of(grounds.listening.heard),
        mutes=Mutes.of(grounds.mutes),
        entries=len(entries),
    )


def _turns(catalog: Catalog, entries: Sequence[Feedback]) -> list[Turn]:
    """Return how clusters were turned, the oldest first."""
    said = [entry for entry in entries if entry.kind is FeedbackKind.TURN]
    found = [(catalog.row_of(entry.subject.id), entry.value) for entry in said]
    return [Turn(row, factor) for row, factor in found if row is not None]


async def listening_taste(
    conn: AsyncConnection, catalog: Catalog, user_id: int, basis: ListeningBasis
) -> TasteProfile:
    """Derive a taste from one part of the listening alone."""
    played = await read_part(conn, user_id, basis)
    return await compute(_taste_of, catalog, played)


def _taste_of(catalog: Catalog, played: Played) -> TasteProfile:
    rows, plays, last_s = in_catalog(catalog, played)
    alone = listening_opinions(rows, plays, last_s, each=1.0, together=float(MOST))
    return build_taste(catalog, alone)


def plays_not_judged(
    catalog: Catalog,
    entries: Sequence[Feedback],
    rows: Mapping[Subject, NDArray[np.int64]],
    played: Played,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the plays, as `in_catalog` does, of the tracks that no entry judges itself."""
    judged = [
        rows[one.subject]
        for one in entries
        if one.subject.kind is SubjectKind.TRACK and one.subject in rows
    ]
    places, plays, last_s = in_catalog(catalog, played)
    free = ~np.isin(places, np.concatenate([np.empty(0, np.int64), *judged]))
    return places[free], plays[free], last_s[free]


async def rows_of_entries(
    conn: AsyncConnection, catalog: Catalog, entries: Sequence[Feedback]
) -> dict[Subject, NDArray[np.int64]]:
    """Return the catalogue rows of what entries are about; tracks it does not hold are left out."""
    return _rows(catalog, entries, await _albums(conn, entries))


async def subject_rows(
    conn: AsyncConnection, catalog: Catalog, subject: Subject
) -> NDArray[np.int64]:
    """Return the catalogue rows of a subject: one for a track, all of an album, artist or genre."""
    if subject.kind is SubjectKind.ALBUM:
        albums = await subjects.album_tracks(conn, [subject.id])
        return catalog.rows_of(albums.get(subject.id, ()))
    return _rows_in_catalog(catalog, subject)


async def _albums(conn: AsyncConnection, entries: Sequence[Feedback]) -> dict[int, list[int]]:
    ids = {one.subject.id for one in entries if one.subject.kind is SubjectKind.ALBUM}
    return await subjects.album_tracks(conn, ids)


def _rows(
    catalog: Catalog, entries: Sequence[Feedback], albums: Mapping[int, Sequence[int]]
) -> dict[Subject, NDArray[np.int64]]:
    rows = _track_rows(catalog, entries)
    for entry in entries:
        subject = entry.subject
        if subject.kind is SubjectKind.ALBUM:
            rows[subject] = catalog.rows_of(albums.get(subject.id, ()))
        elif subject.kind is not SubjectKind.TRACK:
            rows[subject] = _rows_in_catalog(catalog, subject)
    return rows


def _track_rows(catalog: Catalog, entries: Sequence[Feedback]) -> dict[Subject, NDArray[np.int64]]:
    """Return the row of every track that the catalogue holds, found with one look-up."""
    tracks = [entry.subject for entry in entries if entry.subject.kind is SubjectKind.TRACK]
    found = catalog.rows_of([subject.id for subject in tracks])
    by_id = dict(zip(catalog.track_ids[found].tolist(), found, strict=True))
    return {subject: np.array([by_id[subject.id]]) for subject in tracks if subject.id in by_id}


def _rows_in_catalog(catalog: Catalog, subject: Subject) -> NDArray[np.int64]:
    """Return the rows of anything but an album, of which the catalogue knows nothing."""
    match subject.kind:
        case SubjectKind.TRACK:
            return catalog.rows_of([subject.id])
        case SubjectKind.ARTIST:
            return catalog.rows_of_artists([subject.id])
        case SubjectKind.GENRE:
            return catalog.rows_of_genres([subject.id])
        case _:
            return np.empty(0, np.int64)
