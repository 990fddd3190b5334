"""Finds tracks, albums and artists by what somebody typed.

Every word must occur in the title, the artist or the version, the last one as the beginning of a
word; case, accents and punctuation do not matter. First come matches whose title or artist is
exactly what was typed, then those that begin with it, then the rest, each by popularity.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import (
    CANDIDATES,
    NEIGHBORS,
    SCANNED,
    SEPARATOR,
    Keys,
    artist_key,
    is_meant,
    text_key,
    tier,
    title_keys,
)
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.store import subjects
from bot.store.dialect import listed
from bot.store.tables import albums, artists, tracks
from bot.store.words import matching_ids

MAX_WORDS: Final = 12
MAX_LETTERS: Final = 200
_TABLES: Final = {SubjectKind.TRACK: tracks, SubjectKind.ALBUM: albums, SubjectKind.ARTIST: artists}
_LAST_CHARACTER: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True, order=True)
class _Found:
    """A match; the smaller, the better."""

    tier: int
    search_rank: int
    kind_place: int
    id: int
    kind: SubjectKind
    is_meant: bool
    """Just this is written."""


async def search(
    conn: AsyncConnection, text: str, *, kinds: Collection[SubjectKind], limit: int
) -> list[SearchHit]:
    """Return what the text may mean, best first.

    Args:
        text: anything a user may type, however long.
        kinds: which of tracks, albums and artists to look for; other kinds cannot be searched.
    """
    return [hit for hit, _ in await matches(conn, text, kinds=kinds, limit=limit)]


async def matches(
    conn: AsyncConnection, text: str, *, kinds: Collection[SubjectKind], limit: int
) -> list[tuple[SearchHit, bool]]:
    """Return what `search` does, each with whether it is just what is written.

    A track or an album is that by its title, with or without its artist; not by its artist alone.
    """
    found: list[_Found] = []
    for key in typed_keys(text):
        found = await _find(conn, key, kinds)
        if found:
            break
    best = {Subject(one.kind, one.id): one.is_meant for one in sorted(found)[:limit]}
    names = await subjects.names(conn, list(best))
    return [(names[subject], meant) for subject, meant in best.items() if subject in names]


def typed_keys(text: str) -> Iterator[str]:
    """Yield what is looked for: the text, folded, and when that finds nothing other readings.

    "J. J. C" has the first letter of a name as its last, "Song (feat. Guest) - Remastered" words
    that no key holds, and "Simón y Garfunkel" is an artist.
    """
    key = text_key(text[: 4 * MAX_LETTERS])[:MAX_LETTERS].strip()
    yield key
    head, _, last = text.strip().casefold().rpartition(" ")
    begun = text_key(head) + f" {last}" if (head and len(last) == 1) else ""
    song = title_keys(text[: 4 * MAX_LETTERS])[0]
    artist = artist_key(text[: 4 * MAX_LETTERS])
    others = [other[:MAX_LETTERS].strip() for other in (begun, song, artist)]
    yield from dict.fromkeys(other for other in others if other and other != key)


async def _find(conn: AsyncConnection, key: str, kinds: Collection[SubjectKind]) -> list[_Found]:
    words = key.split()[:MAX_WORDS]
    if not words:
        return []
    found = []
    for place, kind in enumerate(kinds):
        if kind in _TABLES:
            ids = set(await matching_ids(conn, _TABLES[kind], words, limit=CANDIDATES))
            ids.update(await _neighbors(conn, key, kind))
            for number, rank, fields in await _ranked(conn, kind, ids):
                keys = Keys(*fields)
                meant = is_meant(key, keys)
                found.append(_Found(tier(key, keys), rank, place, number, kind, meant))
    return found


async def _neighbors(conn: AsyncConnection, key: str, kind: SubjectKind) -> Iterable[int]:
    """Return the best of those that begin with the key, wherever their popularity puts them."""
    if kind is SubjectKind.TRACK:
        column, ends_with = tracks.c.recording_key, SEPARATOR
    elif kind is SubjectKind.ARTIST:
        column, ends_with = artists.c.key, ""
    else:
        return []
    table = column.table
    scan = (
        select(table.c.id, table.c.search_rank, column.label("key"))
        .where(column >= key, column < key + _LAST_CHARACTER)
        .order_by(column)
        .limit(SCANNED)
        .subquery()
    )
    is_other = scan.c.key >= key + (ends_with and " ") if ends_with else scan.c.key != key
    best = select(scan.c.id).order_by(is_other, scan.c.search_rank, scan.c.id).limit(NEIGHBORS)
    ids = list(await conn.scalars(best))
    if kind is SubjectKind.TRACK:
        by_artist = (
            select(tracks.c.id, tracks.c.search_rank)
            .join(artists)
            .where(artists.c.key == key)
            .limit(SCANNED)
            .subquery()
        )
        of_artist = select(by_artist.c.id).order_by(by_artist.c.search_rank, by_artist.c.id)
        ids += await conn.scalars(of_artist.limit(NEIGHBORS))
    return ids


async def _ranked(
    conn: AsyncConnection, kind: SubjectKind, ids: Collection[int]
) -> list[tuple[int, int, tuple[str, str, str]]]:
    """Return id, search rank and the keys of title, artist and version."""
    queries: dict[SubjectKind, Select[Any]] = {
        SubjectKind.TRACK: select(
            tracks.c.id, tracks.c.search_rank, tracks.c.recording_key, literal("")
        ),
        SubjectKind.ALBUM: select(
            albums.c.id, albums.c.search_rank, albums.c.key, artists.c.key
        ).join(artists),
        SubjectKind.ARTIST: select(
            artists.c.id, artists.c.search_rank, literal(""), artists.c.key
        ),
    }  # fmt: skip
    query = queries[kind].where(_TABLES[kind].c.id.in_(listed(conn, sorted(ids))))
    rows = []
    for row in await conn.execute(query):
        number, rank, first, second = row
        if kind is SubjectKind.TRACK:
            title, artist, version = first.split(SEPARATOR)
        else:
            title, artist, version = first, second, ""
        rows.append((number, rank, (title, artist, version)))
    return rows
