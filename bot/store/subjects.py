"""The names of the things that were rated."""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SORT_NAMES
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.store.dialect import listed
from bot.store.tables import albums, artists, genres, promotions, tracks

_QUERIES: Mapping[SubjectKind, Select[int, str, str | None]] = {
    SubjectKind.TRACK: select(tracks.c.id, tracks.c.title, artists.c.name).join(artists),
    SubjectKind.ALBUM: select(albums.c.id, albums.c.title, artists.c.name).join(artists),
    SubjectKind.ARTIST: select(artists.c.id, artists.c.name, literal(None)),
    SubjectKind.GENRE: select(genres.c.id, genres.c.name, literal(None)),
    SubjectKind.CLUSTER: select(tracks.c.id, tracks.c.title, artists.c.name).join(artists),
    SubjectKind.PROMOTION: select(promotions.c.id, promotions.c.url, literal(None)),
}


async def names(conn: AsyncConnection, subjects: Collection[Subject]) -> dict[Subject, SearchHit]:
    """Return what each subject is called; those that no longer exist are left out."""
    found = {one: SearchHit(one, called, None) for one in subjects if (called := _sort(one))}
    for kind, query in _QUERIES.items():
        ids = [subject.id for subject in subjects if subject.kind is kind]
        if not ids:
            continue
        chosen = query.where(query.selected_columns[0].in_(listed(conn, ids)))
        for number, title, artist in await conn.execute(chosen):
            subject = Subject(kind, number)
            found[subject] = SearchHit(subject, title, artist)
    return found


def _sort(subject: Subject) -> str | None:
    """Return what a sort of recordings is called; None for other things."""
    return SORT_NAMES.get(subject.id) if subject.kind is SubjectKind.SORT else None


async def name(conn: AsyncConnection, subject: Subject) -> SearchHit | None:
    """Return what one subject is called; None when it does not exist."""
    return (await names(conn, [subject])).get(subject)


async def album_tracks(conn: AsyncConnection, album_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the tracks of some albums, ascending; albums without any are left out."""
    query = select(tracks.c.album_id, tracks.c.id).order_by(tracks.c.id)
    found: dict[int, list[int]] = {}
    if album_ids:
        chosen = query.where(tracks.c.album_id.in_(listed(conn, sorted(album_ids))))
        for album_id, track_id in await conn.execute(chosen):
            found.setdefault(album_id, []).append(track_id)
    return found
