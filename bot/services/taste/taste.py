"""A listener's taste: always derived from the ledger, kept beside it for others to compare with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.catalog import Catalog
from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.taste import (
    MOST,
    Opinion,
    Played,
    TasteProfile,
    build_taste,
    listening_opinions,
    opinions,
)
from bot.services.taste.heard import Listening, in_catalog, read_listening, read_part
from bot.services.threads import compute
from bot.store import feedback, listeners, subjects
from bot.store.engine import Database


@dataclass(frozen=True, slots=True, eq=False)
class ListenerTaste:
    """What one listener said, and the taste that follows from it."""

    entries: tuple[Feedback, ...]
    """Those that count, oldest first."""
    profile: TasteProfile
    rated_rows: tuple[int, ...]
    """Tracks that are no discovery any more: judged themselves or with their album."""
    heard_rows: tuple[int, ...] = ()
    """Nor are these: played, or in a list of theirs."""


async def read_taste(conn: AsyncConnection, catalog: Catalog, user_id: int) -> ListenerTaste:
    """Derive a listener's taste from the ledger and what they play."""
    entries = await feedback.counting(conn, user_id)
    albums = {
        entry.subject: await subjects.album_track_ids(conn, entry.subject.id)
        for entry in entries
        if entry.subject.kind is SubjectKind.ALBUM
    }
    listening = await read_listening(conn, user_id)
    return await compute(_derived, catalog, entries, albums, listening)


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


def _derived(
    catalog: Catalog,
    entries: Sequence[Feedback],
    albums: Mapping[Subject, Sequence[int]],
    listening: Listening,
) -> ListenerTaste:
    rows = _track_rows(catalog, entries)
    for entry in entries:
        subject = entry.subject
        if subject.kind is SubjectKind.ALBUM:
            rows[subject] = catalog.rows_of(albums[subject])
        elif subject.kind is not SubjectKind.TRACK:
            rows[subject] = _rows_in_catalog(catalog, subject)
    rated = {
        int(row)
        for entry in entries
        if entry.kind is not FeedbackKind.SEED
        and entry.subject.kind in (SubjectKind.TRACK, SubjectKind.ALBUM)
        for row in rows.get(entry.subject, ())
    }
    said = opinions(entries, rows)
    return ListenerTaste(
        entries=tuple(entries),
        profile=build_taste(catalog, [*said, *_weak_opinions(catalog, entries, rows, listening)]),
        rated_rows=tuple(sorted(rated)),
        heard_rows=tuple(catalog.rows_of(listening.heard).tolist()),
    )


def _weak_opinions(
    catalog: Catalog,
    entries: Sequence[Feedback],
    rows: Mapping[Subject, NDArray[np.int64]],
    listening: Listening,
) -> list[Opinion]:
    """Return what plays say about the tracks that were not judged themselves."""
    judged = [
        rows[one.subject]
        for one in entries
        if one.subject.kind is SubjectKind.TRACK and one.subject in rows
    ]
    played, plays, last_s = in_catalog(catalog, listening.counts)
    open_to = ~np.isin(played, np.concatenate([np.empty(0, np.int64), *judged]))
    return listening_opinions(played[open_to], plays[open_to], last_s[open_to])


def _track_rows(catalog: Catalog, entries: Sequence[Feedback]) -> dict[Subject, NDArray[np.int64]]:
    """Return the row of every track that the catalogue holds, found with one look-up."""
    tracks = [entry.subject for entry in entries if entry.subject.kind is SubjectKind.TRACK]
    found = catalog.rows_of([subject.id for subject in tracks])
    by_id = dict(zip(catalog.track_ids[found].tolist(), found, strict=True))
    return {subject: np.array([by_id[subject.id]]) for subject in tracks if subject.id in by_id}


async def store_taste(database: Database, catalog: Catalog, user_id: int) -> ListenerTaste:
    """Derive the taste anew and keep its vector beside the ledger.

    Called when the ledger has changed and that is written: no writer waits for arithmetic. What is
    kept can always be derived again; when more was said meanwhile, whoever wrote that keeps it.
    """
    async with database.read() as conn:
        position = await feedback.last_position(conn, user_id)
        taste = await read_taste(conn, catalog, user_id)
    async with database.write() as conn:
        if await feedback.last_position(conn, user_id) != position:
            return taste
        if taste.profile.has_taste:
            await listeners.store_taste(
                conn,
                user_id,
                taste.profile.to_blob(),
                feedback_id=position,
                catalog_version=catalog.version,
            )
        else:
            await listeners.drop_taste(conn, user_id)
    return taste


async def subject_rows(
    conn: AsyncConnection, catalog: Catalog, subject: Subject
) -> NDArray[np.int64]:
    """Return the catalogue rows of a subject: one for a track, all of an album, artist or genre."""
    if subject.kind is SubjectKind.ALBUM:
        return catalog.rows_of(await subjects.album_track_ids(conn, subject.id))
    return _rows_in_catalog(catalog, subject)


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
