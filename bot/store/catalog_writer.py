"""Writes many tracks in one transaction: new ones, and new facts about known ones."""

from collections.abc import Sequence
from typing import Any, Final, Self

import polars as pl
from sqlalchemy import Index, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES
from bot.store import state, track_labels
from bot.store.bulk import bulk_insert, bulk_update, prepare_bulk
from bot.store.catalog_learned import More, keep_origins, keep_popularity, origins_of_filled
from bot.store.catalog_memory import FillingMemory, Found, look_up
from bot.store.catalog_names import NamedThings
from bot.store.columns import VERSION, catalog_version
from bot.store.dialect import listed
from bot.store.frames import insert_frame, read_frame
from bot.store.search_updates import SearchUpdates
from bot.store.tables import albums, artists, external_ids, genres, track_genres, tracks

FILLED: Final = (
    "artist_credit", "album_id", "year", "duration_ms", "explicit", *AUDIO_FEATURES,
    "feature_source", "license", "source_package", "homepage",
)  # fmt: skip
"""The columns that a known track takes from a later row when its own are empty."""
SMALL_CATALOG: Final = 100_000
"""Up to this many tracks, an import builds the indexes anew at its end."""


class CatalogWriter:
    """Adds tracks to the catalogue; see `bot.services.importing` for what comes before."""

    def __init__(
        self,
        conn: AsyncConnection,
        version: int,
        last_ids: dict[str, int],
        memory: FillingMemory | None,
    ) -> None:
        self._conn = conn
        self._version = version
        self._last_before = last_ids["tracks"]
        self._memory = memory
        self._search = SearchUpdates(conn, last_ids)
        self._names = NamedThings(conn, self._search, last_ids, remembers=memory is not None)
        self._genres: dict[str, int] = {}
        self._schema = {name: _polars_type(tracks.c[name].type) for name in FILLED}
        self.next_id = last_ids["tracks"] + 1
        self.touched: set[int] = set()
        """Tracks that the catalogue had before and that the import names."""
        self.updated: set[int] = set()
        """Tracks that the catalogue had before and that got something new."""

    @classmethod
    async def open(cls, conn: AsyncConnection, *, few: bool = False) -> Self:
        """Begin, in a transaction that writes.

        Args:
            few: only some tracks come, so that nothing is prepared for many.
        """
        if not few:
            await prepare_bulk(conn)
        last_ids = {
            table.name: int(await conn.scalar(select(func.max(table.c.id))) or 0)
            for table in (tracks, albums, artists)
        }
        memory = None
        if not few:
            size = int(await conn.scalar(select(func.count()).select_from(tracks)) or 0)
            memory = await FillingMemory.load(conn) if size <= SMALL_CATALOG else None
        writer = cls(conn, await catalog_version(conn) + 1, last_ids, memory)
        rows = await conn.execute(select(genres.c.name, genres.c.id))
        writer._genres = {str(name): int(key) for name, key in rows}
        if writer._memory is not None:
            for index in _indexes():
                await conn.run_sync(index.drop)
        return writer

    async def look_up(self, ids: dict[str, Sequence[str]], recording_keys: Sequence[str]) -> Found:
        """Return what the catalogue knows of these ids (by namespace) and recording keys."""
        if self._memory is not None:
            return self._memory.look_up(ids, recording_keys)
        return await look_up(self._conn, ids, recording_keys)

    async def write(
        self,
        per_track: pl.DataFrame,
        ids: pl.DataFrame,
        genre_rows: pl.DataFrame,
        source: str,
        more: More | None = None,
        labels: pl.DataFrame | None = None,
    ) -> None:
        """Store one piece.

        Args:
            per_track: one row per track, ascending `track_id`; from `next_id` on they are new.
                Columns: title, artist, artist_key, recording_key, album, album_key, search_rank,
                popularity, observed_on and FILLED without album_id.
            ids: namespace, value, track_id: not in the catalogue yet, each once.
            genre_rows: track_id, genre.
            source: whose popularity it is.
            more: what an export tells besides.
            labels: who released them, as `track_labels.LABELS` has it.
        """
        new = per_track.filter(pl.col("track_id") >= self.next_id)
        old = per_track.filter(pl.col("track_id") < self.next_id)
        changed = await self._update_tracks(old, None if more is None else more.origins)
        await self._insert_tracks(new)
        await insert_frame(
            self._conn, external_ids, ids.sort("namespace", "value"), skip_existing=True
        )
        changed |= set(ids["track_id"].to_list())
        changed |= await self._write_popularity(new, old, source)
        if more is not None:
            changed |= await self._write_more(more)
        changed |= await self._write_genres(genre_rows)
        if labels is not None:
            changed |= await track_labels.keep(self._conn, labels, first_new=self.next_id)
        known = {track for track in changed if track < self.next_id}
        if known:
            stamp = update(tracks).where(tracks.c.id.in_(listed(self._conn, sorted(known))))
            await self._conn.execute(stamp.values(version=self._version))
        before = self._last_before
        self.touched.update(track for track in old["track_id"].to_list() if track <= before)
        self.updated.update(track for track in known if track <= before)
        if self._memory is not None:
            self._memory.add(ids, new)
        self.next_id += new.height

    async def finish(self) -> bool:
        """Bring the search index and the version up to date; say whether anything changed."""
        if self._memory is not None:
            for index in _indexes():
                await self._conn.run_sync(index.create)
        if self.next_id == self._last_before + 1 and not self.updated:
            return False
        await self._search.finish()
        await state.put(self._conn, VERSION, str(self._version))
        return True

    # ------------------------------------------------------------------------- tracks

    async def _insert_tracks(self, new: pl.DataFrame) -> None:
        if new.is_empty():
            return
        new = await self._names.with_artist_ids(new)
        new = await self._names.with_album_ids(new)
        names = ["title", "artist_id", *FILLED, "recording_key", "search_rank"]
        names = [name for name in names if new[name].null_count() < new.height]
        rows = new.select(
            pl.col("track_id").alias("id"), *names, pl.lit(self._version).alias("version")
        )
        await insert_frame(self._conn, tracks, rows)

    async def _update_tracks(self, old: pl.DataFrame, origins: pl.DataFrame | None) -> set[int]:
        """Fill empty fields of known tracks, and note who measured them; return what changed."""
        if old.is_empty():
            return set()
        wanted = old["track_id"].to_list()
        query = (
            select(
                tracks.c.id,
                tracks.c.artist_id,
                tracks.c.search_rank,
                *(tracks.c[n] for n in FILLED),
            )
            .where(tracks.c.id.in_(listed(self._conn, wanted)))
            .order_by(tracks.c.id)
        )
        schema = {"track_id": pl.Int64, "artist_id": pl.Int64, "old_rank": pl.Int64}
        stored = await read_frame(self._conn, query, {**schema, **self._schema})
        old = old.with_columns(stored["artist_id"], stored["old_rank"])  # both by ascending id
        await keep_origins(self._conn, origins_of_filled(old, stored, origins))
        homeless = old.filter(stored["album_id"].is_null() & old["album_key"].is_not_null())
        with_album = (await self._names.with_album_ids(homeless)).select("track_id", "album_id")
        old = old.join(with_album, on="track_id", how="left", maintain_order="left")
        filled = old.select(
            "track_id",
            pl.min_horizontal("old_rank", "search_rank").alias("search_rank"),
            *(
                pl.coalesce(stored[name], pl.col(name).cast(self._schema[name])).alias(name)
                for name in FILLED
            ),
        )
        differs = pl.any_horizontal(
            filled["search_rank"] != old["old_rank"],
            *(stored[name].is_null() & filled[name].is_not_null() for name in FILLED),
        )
        reranked = filled.filter(filled["search_rank"] != old["old_rank"])["track_id"].to_list()
        await self._search.take_out(tracks, reranked)
        changed = filled.filter(differs)
        rank = pl.col("search_rank")
        moved = filled.with_columns(old["artist_id"]).filter(
            filled["search_rank"] != old["old_rank"]
        )
        await self._names.raise_ranks(artists, moved.select(pl.col("artist_id").alias("id"), rank))
        await self._names.raise_ranks(albums, filled.select(pl.col("album_id").alias("id"), rank))
        await bulk_update(
            self._conn, tracks, ["search_rank", *FILLED],
            changed.select("search_rank", *FILLED, "track_id").rows(),
        )  # fmt: skip
        if self._memory is not None:
            learned = changed.filter(pl.col("duration_ms").is_not_null()).select(
                "track_id", "duration_ms"
            )
            self._memory.learn_durations(dict(learned.iter_rows()))
        return set(changed["track_id"].to_list())

    # ------------------------------------------------------------------------- what hangs on tracks

    async def _write_popularity(
        self, new: pl.DataFrame, old: pl.DataFrame, source: str
    ) -> set[int]:
        """Keep the highest value of the source; return the known tracks where it rose."""
        wanted = pl.col("popularity").is_not_null()
        value = pl.col("popularity").alias("value")
        shape = ["track_id", pl.lit(source).alias("source"), value, "observed_on"]
        fresh, offered = new.filter(wanted).select(shape), old.filter(wanted).select(shape)
        return await keep_popularity(self._conn, source, fresh, offered)

    async def _write_more(self, more: More) -> set[int]:
        """Store what an export tells besides; return the known tracks that learned something."""
        is_new = pl.col("track_id") >= self.next_id
        changed: set[int] = set()
        for (source,), rows in more.popularity.group_by("source", maintain_order=True):
            fresh, offered = rows.filter(is_new), rows.filter(~is_new)
            changed |= await keep_popularity(self._conn, str(source), fresh, offered, newest=True)
        await keep_origins(self._conn, more.origins.filter(is_new))
        return changed

    async def _write_genres(self, rows: pl.DataFrame) -> set[int]:
        """Add the genres the tracks do not have yet; return the known tracks that got one."""
        if rows.is_empty():
            return set()
        rows = rows.unique(maintain_order=True)
        unseen = [
            name for name in rows["genre"].unique(maintain_order=True) if name not in self._genres
        ]
        last = max(self._genres.values(), default=0)
        keys = list(range(last + 1, last + 1 + len(unseen)))
        await bulk_insert(self._conn, genres, {"id": keys, "name": unseen})
        self._genres.update(zip(unseen, keys, strict=True))
        numbered = rows.select(
            "track_id",
            pl.col("genre").replace_strict(
                list(self._genres), list(self._genres.values()), return_dtype=pl.Int64
            ).alias("genre_id"),
        ).sort("track_id", "genre_id")  # fmt: skip
        old = numbered.filter(pl.col("track_id") < self.next_id)["track_id"].unique().to_list()
        columns = ["track_id", "genre_id"]
        if old:
            query = select(*(track_genres.c[name] for name in columns)).where(
                track_genres.c.track_id.in_(listed(self._conn, old))
            )
            stored = await read_frame(self._conn, query, dict.fromkeys(columns, pl.Int64))
            numbered = numbered.join(stored, on=columns, how="anti", maintain_order="left")
        await insert_frame(self._conn, track_genres, numbered)
        return set(numbered["track_id"].to_list())


def _indexes() -> list[Index]:
    """Return the indexes that are built last when an empty catalogue is filled."""
    found = [index for table in (tracks, external_ids, track_genres) for index in table.indexes]
    return sorted(found, key=lambda index: str(index.name))


def _polars_type(kind: Any) -> Any:
    return {int: pl.Int64, float: pl.Float64, bool: pl.Boolean}.get(kind.python_type, pl.String)
