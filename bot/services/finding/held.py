"""What the catalogue holds of what somebody asks for."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Asked, Chosen, Link, Names, recording_key
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.services.finding.unknown import leads_to_track
from bot.store import catalog, search, subjects


async def in_catalog(
    conn: AsyncConnection, asked: Asked, kinds: Collection[SubjectKind]
) -> SearchHit | None:
    """Return the one thing of the catalogue that fits best; None: nothing does."""
    if isinstance(asked, Chosen) and asked.subject.kind in kinds:
        chosen = await subjects.name(conn, asked.subject)
        if chosen is not None:
            return chosen
    if SubjectKind.TRACK in kinds and leads_to_track(asked):
        return await linked(conn, asked)
    if SubjectKind.TRACK in kinds and isinstance(asked, Names):
        # Which a search might not rank first.
        named = await named_track(conn, asked, kinds)
        if named is not None:
            return named
    found = await search.search(conn, asked.text, kinds=kinds, limit=1)
    return found[0] if found else None


async def named_track(
    conn: AsyncConnection, asked: Names, kinds: Collection[SubjectKind]
) -> SearchHit | None:
    """Return the very recording that `artist – title` names."""
    if SubjectKind.TRACK in kinds:
        for pair in asked.pairs:
            for track_id in await catalog.track_ids_by_recording(conn, recording_key(*pair)):
                return await track_hit(conn, track_id)
    return None


async def linked(conn: AsyncConnection, asked: Asked) -> SearchHit | None:
    """Return the track that a link leads to, if the catalogue holds it."""
    if not isinstance(asked, Link) or asked.track is None:
        return None
    track_id = await catalog.track_id_by_external(conn, asked.track)
    return None if track_id is None else await track_hit(conn, track_id)


async def track_hit(conn: AsyncConnection, track_id: int) -> SearchHit | None:
    """Return a track by its id."""
    return await subjects.name(conn, Subject(SubjectKind.TRACK, track_id))
