"""Finds the tracks that an artist names, in the catalogue; never a track that only looks alike."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import (
    Asked,
    Link,
    Names,
    Pair,
    artist_key,
    recording_key,
    text_key,
    title_keys,
)
from bot.core.models import SearchHit, SubjectKind
from bot.store import catalog, search

_LOOKED_AT: Final = 5
"""Answers of the search that are compared with what was written."""


async def find_mentions(conn: AsyncConnection, mentions: Sequence[Asked]) -> list[int | None]:
    """Return the track id of each mention; None for those the catalogue does not hold."""
    return [await _find(conn, mention) for mention in mentions]


async def _find(conn: AsyncConnection, mention: Asked) -> int | None:
    """Look for the link, or for the recording by name, then among what a search finds."""
    if isinstance(mention, Link) and mention.track is not None:
        return await catalog.track_id_by_external(conn, mention.track)
    pairs = mention.pairs if isinstance(mention, Names) else ()
    for title, artist in pairs:
        found = await catalog.track_ids_by_recording(conn, recording_key(title, artist))
        if found:
            return min(found)
    hits = await search.search(conn, mention.text, kinds=(SubjectKind.TRACK,), limit=_LOOKED_AT)
    return next((hit.subject.id for hit in hits if _same(mention.text, pairs, hit)), None)


def _same(text: str, pairs: Sequence[Pair], hit: SearchHit) -> bool:
    """Return whether a hit is the song that was written: all its words, of title and artist."""
    artist = hit.artist or ""
    song = title_keys(hit.title)[0]
    if any(
        (title_keys(title)[0], artist_key(name)) == (song, artist_key(artist))
        for title, name in pairs
    ):
        return True
    written = text_key(text)
    either_way = (f"{hit.title} {artist}", f"{artist} {hit.title}")
    return written in {text_key(words) for words in either_way}
