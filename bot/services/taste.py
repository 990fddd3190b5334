"""A listener's taste: always derived from the ledger, kept beside it for others to compare with."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Feedback, FeedbackKind, Subject, SubjectKind
from bot.core.opinions import opinions
from bot.core.space import Catalog
from bot.core.taste import TasteProfile, build_taste
from bot.services.threads import compute
from bot.store import feedback, listeners, subjects


@dataclass(frozen=True, slots=True, eq=False)
class ListenerTaste:
    """What one listener said, and the taste that follows from it."""

    entries: tuple[Feedback, ...]
    """Those that count, oldest first."""
    profile: TasteProfile
    rated_rows: tuple[int, ...]
    """Tracks that are no discovery any more: judged themselves or with their album."""


async def read_taste(conn: AsyncConnection, catalog: Catalog, user_id: int) -> ListenerTaste:
    """Derive a listener's taste from the ledger."""
    entries = await feedback.counting(conn, user_id)
    rows = {entry.subject: await subject_rows(conn, catalog, entry.subject) for entry in entries}
    rated = {
        int(row)
        for entry in entries
        if entry.kind is not FeedbackKind.SEED
        and entry.subject.kind in (SubjectKind.TRACK, SubjectKind.ALBUM)
        for row in rows[entry.subject]
    }
    return ListenerTaste(
        entries=tuple(entries),
        profile=await compute(build_taste, catalog, opinions(entries, rows)),
        rated_rows=tuple(sorted(rated)),
    )


async def store_taste(
    conn: AsyncConnection, catalog: Catalog, user_id: int, *, now: datetime
) -> ListenerTaste:
    """Derive the taste anew and keep its vector, in the transaction that changed the ledger."""
    await listeners.ensure(conn, user_id, now=now)
    taste = await read_taste(conn, catalog, user_id)
    if taste.profile.has_taste:
        await listeners.store_taste(
            conn,
            user_id,
            taste.profile.to_blob(),
            feedback_id=await feedback.last_position(conn, user_id),
            catalog_version=catalog.version,
        )
    else:
        await listeners.drop_taste(conn, user_id)
    return taste


async def subject_rows(
    conn: AsyncConnection, catalog: Catalog, subject: Subject
) -> NDArray[np.int64]:
    """Return the catalogue rows of a subject: one for a track, all of an album, artist or genre."""
    match subject.kind:
        case SubjectKind.TRACK:
            return catalog.rows_of([subject.id])
        case SubjectKind.ALBUM:
            return catalog.rows_of(await subjects.album_track_ids(conn, subject.id))
        case SubjectKind.ARTIST:
            return catalog.rows_of_artists([subject.id])
        case SubjectKind.GENRE:
            return catalog.rows_of_genres([subject.id])
        case SubjectKind.PROMOTION:
            return np.empty(0, np.int64)
