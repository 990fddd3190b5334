"""Finds tracks, albums and artists by what somebody typed.

Every word must occur in the title, the artist or the version, the last one as the beginning of a
word; case, accents and punctuation do not matter. First come matches whose title or artist is
exactly what was typed, then those that begin with it, then the rest, each by popularity.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SEPARATOR, text_key, title_keys
from bot.core.models import SearchHit, Subject, SubjectKind
from bot.store import subjects
from bot.store.dialect import listed, matching_ids
from bot.store.tables import albums, artists, tracks

MAX_WORDS: Final = 12
MAX_LETTERS: Final = 200
_TABLES: Final = {SubjectKind.TRACK: tracks, SubjectKind.ALBUM: albums, SubjectKind.ARTIST: artists}
_CANDIDATES: Final = 200
"""How many of the most popular matches are looked at for a better fit."""
_SCANNED: Final = 2000
"""How many neighbours in the alphabet are looked at; exact titles come first there."""
_LAST_CHARACTER: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True, order=True)
class _Found:
    """A match; the smaller, the better."""

    tier: int
    search_rank: int
    kind_place: int
    id: int
    kind: SubjectKind


async def search(
    conn: AsyncConnection, text: str, *, kinds: Collection[SubjectKind], limit: int
) -> list[SearchHit]:
    """Return what the text may mean, best first.

    Args:
        text: anything a user may type, however long.
        kinds: which of tracks, albums and artists to look for; other kinds cannot be searched.
    """
    key = text_key(text[: 4 * MAX_LETTERS])[:MAX_LETTERS].strip()
    found = await _find(conn, key, kinds)
    if not found:
        # "Song (feat. Guest) - Remastered": words that no key holds.
        song = title_keys(text[: 4 * MAX_LETTERS])[0][:MAX_LETTERS].strip()
        found = await _find(conn, song, kinds) if song != key else found
    wanted = [Subject(one.kind, one.id) for one in sorted(found)[:limit]]
    names = await subjects.names(conn, wanted)
    return [names[subject] for subject in wanted if subject in names]


async def _find(conn: AsyncConnection, key: str, kinds: Collection[SubjectKind]) -> list[_Found]:
    words = key.split()[:MAX_WORDS]
    if not words:
        return []
    found = []
    for place, kind in enumerate(kinds):
        if kind in _TABLES:
            ids = set(await matching_ids(conn, _TABLES[kind], words, limit=_CANDIDATES))
            ids.update(await _neighbors(conn, key, kind))
            for number, rank, fields in await _ranked(conn, kind, ids):
                found.append(_Found(_tier(key, *fields), rank, place, number, kind))
    return found


def _tier(key: str, title: str, artist: str, version: str) -> int:
    """Return 0 when the key is the title or the artist, 1 when one begins with it, else 2."""
    full = f"{title} {version}".strip()
    if key in (full, artist, f"{full} {artist}", f"{artist} {full}"):
        return 0
    starts = (title, artist, artist.removeprefix("the "))
    return 1 if any(start.startswith(key) for start in starts) else 2


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
        .limit(_SCANNED)
        .subquery()
    )
    is_other = scan.c.key >= key + (ends_with and " ") if ends_with else scan.c.key != key
    best = (
        select(scan.c.id).order_by(is_other, scan.c.search_rank, scan.c.id).limit(_CANDIDATES // 4)
    )
    ids = list(await conn.scalars(best))
    if kind is SubjectKind.TRACK:
        by_artist = (
            select(tracks.c.id, tracks.c.search_rank)
            .join(artists)
            .where(artists.c.key == key)
            .limit(_SCANNED)
            .subquery()
        )
        of_artist = select(by_artist.c.id).order_by(by_artist.c.search_rank, by_artist.c.id)
        ids += await conn.scalars(of_artist.limit(_CANDIDATES // 4))
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
