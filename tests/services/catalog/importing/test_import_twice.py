"""Importing is idempotent, and does not depend on where the file is cut into pieces."""

import asyncio
import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.services.catalog.importing import CatalogImporter
from bot.store import catalog_writer
from bot.store.engine import Database
from bot.store.tables import (
    albums,
    artists,
    external_ids,
    genres,
    metadata,
    popularity,
    track_genres,
    tracks,
)
from bot.store.words import SEARCH_RANK_FACTOR as FACTOR
from tests.templates import put_database

HEADER = (
    "title", "artist", "spotify_id", "isrc", "album", "duration_ms", "energy", "tempo", "genre",
    "popularity",
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Song", "Song - Live", "Song – Remastered", "Other", "Otro Día", ""]),
        st.sampled_from(["Ann", "ann", "Ben", "Ann;Ben"]),
        st.sampled_from(["", "", "A" * 22, "B" * 22, "C" * 22]),
        st.sampled_from(["", "", "USAAA1100001", "USAAA1100002"]),
        st.sampled_from(["", "One", "Two"]),
        st.sampled_from(["", "1000", "3500", "6000", "9000", "60000"]),
        st.sampled_from(["", "0.1", "0.9", "7"]),
        st.sampled_from(["", "0", "120"]),
        st.sampled_from(["", "pop", "rock;pop", "jazz"]),
        st.sampled_from(["", "0", "40", "90"]),
    ),
    max_size=14,
)
TABLES = (artists, albums, tracks, external_ids, genres, track_genres, popularity)


def as_csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue()


async def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table of the catalogue, and what the search index holds.

    Albums go by artist and title: their numbers follow the order in which tracks learn of them.
    """
    found = {}
    async with database.read() as conn:
        album_names = {
            row.id: (row.artist_id, row.key)
            for row in await conn.execute(select(albums.c.id, albums.c.artist_id, albums.c.key))
        }
        for table in TABLES:
            columns = [column for column in table.c if column.name != "version"]
            query = select(*columns).order_by(*table.primary_key.columns)
            rows = [row._asdict() for row in await conn.execute(query)]
            for row in rows:
                if table is albums:
                    del row["id"]
                if table is tracks:
                    row["album_id"] = album_names.get(row["album_id"])
            found[table.name] = [tuple(row.values()) for row in rows]
        found["albums"].sort()
        for name in ("tracks", "albums", "artists"):
            asked = f"SELECT rowid FROM search_{name} WHERE search_{name} MATCH ?"  # noqa: S608
            words = await conn.exec_driver_sql(asked, ("a* OR s* OR o* OR b* OR t*",))
            numbers = [row[0] for row in words]
            if name == "albums":
                named = [(n // FACTOR, *album_names[n % FACTOR]) for n in numbers]
                found["search_albums"] = sorted(named)
            else:
                found[f"search_{name}"] = sorted((n,) for n in numbers)
    return found


async def imported(
    parts: list[list[tuple[str, ...]]], *, chunk_bytes: int, times: int = 1
) -> dict[str, list[tuple[Any, ...]]]:
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(put_database, Path(folder) / "b.db")
        async with Database(f"sqlite+aiosqlite:///{folder}/b.db") as database:
            importer = CatalogImporter(database, chunk_bytes=chunk_bytes)
            for _ in range(times):
                for part in parts:
                    path = Path(folder) / "t.csv"
                    await asyncio.to_thread(path.write_text, as_csv(part), encoding="utf-8")
                    await importer.import_file(path)
            return await content(database)


@pytest.fixture(params=["filling a small catalogue", "adding to a large one"])
def _catalog_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "adding to a large one":
        monkeypatch.setattr(catalog_writer, "SMALL_CATALOG", -1)


@pytest.mark.usefixtures("_catalog_size")
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS, st.integers(0, 14), st.integers(20, 400))
def test_twice_in_halves_or_in_small_pieces_is_the_same_as_once(
    rows: list[tuple[str, ...]], cut: int, chunk_bytes: int
) -> None:
    once = asyncio.run(imported([rows], chunk_bytes=1 << 20))

    assert asyncio.run(imported([rows], chunk_bytes=1 << 20, times=2)) == once
    assert asyncio.run(imported([rows], chunk_bytes=chunk_bytes)) == once
    assert asyncio.run(imported([rows[:cut], rows[cut:]], chunk_bytes=1 << 20)) == once


def test_every_table_of_the_catalogue_is_compared() -> None:
    assert {table.name for table in TABLES} <= metadata.tables.keys()
