"""Artists and albums by their names: found, made when missing, ranked by their best track."""

import polars as pl
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.bulk import bulk_update
from bot.store.dialect import listed
from bot.store.frames import insert_frame, read_frame
from bot.store.search_updates import SearchUpdates
from bot.store.tables import albums, artists


class NamedThings:
    """The artists and albums of one import."""

    def __init__(
        self,
        conn: AsyncConnection,
        search: SearchUpdates,
        last_ids: dict[str, int],
        *,
        remembers: bool,
    ) -> None:
        """Take the last id of each table, and whether all names may be kept in memory."""
        self._conn = conn
        self._search = search
        self._remembers = remembers
        self._next_ids = {name: last + 1 for name, last in last_ids.items()}
        self._made: dict[str, pl.DataFrame] = {}

    async def with_artist_ids(self, new: pl.DataFrame) -> pl.DataFrame:
        """Add artist_id to rows with artist, artist_key and search_rank."""
        first = new.group_by("artist_key", maintain_order=True).agg(
            pl.col("artist").first(), pl.col("search_rank").min()
        )
        return await self._with_ids(
            new, first, artists, ["artist_key"], {"artist_key": "key", "artist": "name"}
        )

    async def with_album_ids(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add album_id to rows with artist_id, album, album_key and search_rank."""
        first = (
            rows.filter(pl.col("album_key").is_not_null())
            .group_by("artist_id", "album_key", maintain_order=True)
            .agg(pl.col("album").first(), pl.col("search_rank").min())
        )
        columns = {"artist_id": "artist_id", "album_key": "key", "album": "title"}
        return await self._with_ids(rows, first, albums, ["artist_id", "album_key"], columns)

    async def _with_ids(
        self,
        rows: pl.DataFrame,
        first: pl.DataFrame,
        table: Table,
        on: list[str],
        columns: dict[str, str],
    ) -> pl.DataFrame:
        """Add the ids of artists or albums to the rows that name them, making what is missing."""
        name = f"{table.name.removesuffix('s')}_id"
        if first.is_empty():
            return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(name))
        known = await self._known(table, first, on, columns, name)
        ranks = first.join(known, on=on, how="inner").filter(
            pl.col("search_rank") < pl.col("known_rank")
        )
        await self._raise_rank(table, ranks.select(pl.col(name).alias("id"), "search_rank"))
        missing = first.join(known, on=on, how="anti", maintain_order="left")
        start = self._next_ids[table.name]
        made = missing.with_columns((pl.int_range(pl.len()) + start).cast(pl.Int64).alias(name))
        self._next_ids[table.name] += made.height
        values = made.select(pl.col(name).alias("id"), pl.col(*columns, "search_rank"))
        await insert_frame(self._conn, table, values.rename(columns))
        added = made.select(*on, name, pl.col("search_rank").alias("known_rank"))
        if self._remembers:
            self._made[table.name] = pl.concat([self._made[table.name], added])
        everyone = pl.concat([known, added])
        return rows.join(everyone.drop("known_rank"), on=on, how="left", maintain_order="left")

    async def _known(
        self, table: Table, first: pl.DataFrame, on: list[str], columns: dict[str, str], name: str
    ) -> pl.DataFrame:
        """Return the artists or albums that exist already: `on`, their id, known_rank."""
        schema = {**{key: first.schema[key] for key in on}, name: pl.Int64, "known_rank": pl.Int64}
        query = select(*(table.c[columns[key]] for key in on), table.c.id, table.c.search_rank)
        if self._remembers:
            if table.name not in self._made:
                self._made[table.name] = await read_frame(self._conn, query, schema)
            return self._made[table.name].join(first, on=on, how="semi")
        for key in on:
            asked = first[key].unique().to_list()
            query = query.where(table.c[columns[key]].in_(listed(self._conn, asked)))
        return await read_frame(self._conn, query, schema)

    async def _raise_rank(self, table: Table, ranks: pl.DataFrame) -> None:
        """Give artists or albums a better search rank: columns id, search_rank."""
        await self._search.take_out(table, ranks["id"].to_list())
        await bulk_update(
            self._conn, table, ["search_rank"], ranks.select("search_rank", "id").rows()
        )
        if table.name in self._made:
            name = f"{table.name.removesuffix('s')}_id"
            better = ranks.select(
                pl.col("id").alias(name), pl.col("search_rank").alias("known_rank")
            )
            self._made[table.name] = self._made[table.name].update(better, on=name)

    async def raise_ranks(self, table: Table, ranks: pl.DataFrame) -> None:
        """Raise the search rank of artists or albums to that of their best track.

        Ids (columns id, search_rank) may repeat or be null; lower ranks stay as they are.
        """
        best = ranks.drop_nulls("id").group_by("id").agg(pl.col("search_rank").min())
        if best.is_empty():
            return
        asked = listed(self._conn, best["id"].to_list())
        query = select(table.c.id, table.c.search_rank).where(table.c.id.in_(asked))
        stored = await read_frame(self._conn, query, {"id": pl.Int64, "known_rank": pl.Int64})
        better = best.join(stored, on="id").filter(pl.col("search_rank") < pl.col("known_rank"))
        await self._raise_rank(table, better.select("id", "search_rank"))
