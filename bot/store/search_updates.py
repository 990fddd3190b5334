"""Updates the search index for the tracks, albums and artists that a transaction changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SEPARATOR
from bot.store.dialect import listed
from bot.store.tables import albums, artists, tracks
from bot.store.words import index_words


class SearchUpdates:
    """Collects the changes to the index, and writes them at the end."""

    def __init__(self, conn: AsyncConnection, last_ids: dict[str, int]) -> None:
        """Take the last id of each table that is in the index already."""
        self._conn = conn
        self._indexed = last_ids
        self._moved: dict[str, set[int]] = {name: set() for name in last_ids}

    async def take_out(self, table: Table, ids: Sequence[int]) -> None:
        """Take entries out before their search rank changes; they come back at the end."""
        before, moved = self._indexed[table.name], self._moved[table.name]
        indexed = [key for key in ids if key <= before and key not in moved]
        if indexed:
            await index_words(self._conn, table, self._words_of(table, indexed), remove=True)
            moved.update(indexed)

    async def finish(self) -> None:
        """Add new entries, and add again those that were taken out."""
        for table in (tracks, artists, albums):
            new = self._words_of(table).where(table.c.id > self._indexed[table.name])
            await index_words(self._conn, table, new)
            if self._moved[table.name]:
                moved = self._words_of(table, sorted(self._moved[table.name]))
                await index_words(self._conn, table, moved)

    def _words_of(self, table: Table, ids: Sequence[int] | None = None) -> Select[Any]:
        if table is tracks:
            query = select(tracks.c.id, tracks.c.search_rank, tracks.c.recording_key.label("words"))
        elif table is artists:
            query = select(artists.c.id, artists.c.search_rank, artists.c.key.label("words"))
        else:
            words = (albums.c.key + SEPARATOR + artists.c.key).label("words")
            query = select(albums.c.id, albums.c.search_rank, words).join(artists)
        return query if ids is None else query.where(table.c.id.in_(listed(self._conn, ids)))
