import asyncio
import gzip
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import DatabaseError, ImportFileError
from bot.services.catalog.importing import CatalogImporter
from bot.services.catalog.importing.layouts import parse_mapping
from bot.store.columns import catalog_version
from bot.store.engine import Database
from bot.store.tables import artists, tracks
from tests.services.catalog.importing import samples

GOOD_ROWS = "".join(f"Song {number},Ann\n" for number in range(50))


async def refused(database: Database, path: Path, chunk_bytes: int = 1 << 20) -> str:
    """Import a bad file; make sure that nothing of it is there; return the sentence."""
    with pytest.raises(ImportFileError) as caught:
        await CatalogImporter(database, chunk_bytes=chunk_bytes).import_file(path)
    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(tracks)) == 0
        assert await conn.scalar(select(func.count()).select_from(artists)) == 0
        assert await catalog_version(conn) == 0
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "is empty"),
        (b"\x00\x01\x02\xff" * 100, "binary data"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
        (b"x" * (2 << 20), "no line break"),
        (b'"title,artist\nA,B\n', "needs at least a title and an artist"),
        (f'title,artist\n{GOOD_ROWS}"A,B\nC,D\n'.encode(), "never closed"),
        (f'title,artist\n{GOOD_ROWS}5" nails,B\n6" nails,D\n'.encode(), "not quoted"),
        (b"PK\x03\x04 no zip at all", "is damaged"),
        (b"PAR1 no parquet at all", "not a readable parquet file"),
        (b"\x1f\x8b\x08\x00 no gzip at all", "is damaged"),
    ],
    ids=[
        "nothing", "blank lines", "binary junk", "a picture", "one endless line",
        "an unclosed quote in the header", "an unclosed quote", "stray quotes", "no zip",
        "no parquet", "no gzip",
    ],
)  # fmt: skip
async def test_a_bad_file_is_refused_with_a_clear_sentence(
    database: Database, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    assert says in await refused(database, path)


async def test_a_wrong_header_names_the_columns_found_and_the_way_out(
    database: Database, tmp_path: Path
) -> None:
    path = samples.write(tmp_path, "x.csv", "song,singer,bpm\nA,B,99\n")

    sentence = await refused(database, path)

    assert "Columns found: song, singer, bpm." in sentence
    assert "title and an artist" in sentence
    assert "--map singer=artist" in sentence


async def test_a_missing_file_and_a_folder_are_named(database: Database, tmp_path: Path) -> None:
    assert "does not exist" in await refused(database, tmp_path / "none.csv")
    assert "is not a file" in await refused(database, tmp_path)


async def test_a_cut_off_gz_stores_nothing_of_what_came_before_the_cut(
    database: Database, tmp_path: Path
) -> None:
    rows = "".join(f"Song {number * 7919},Artist {number}\n" for number in range(20_000))
    whole = gzip.compress(f"title,artist\n{rows}".encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) * 3 // 4])

    assert "cut off" in await refused(database, path, chunk_bytes=50_000)


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        (b"x" * (1 << 20), "a record of more than 16 MB"),
        ((b" " * 1023 + b"\n") * 1024, "100 times its size"),
    ],
    ids=["without a line break", "of short lines"],
)
async def test_a_gz_that_swells_to_a_gigabyte_is_refused_early(
    database: Database, tmp_path: Path, piece: bytes, says: str
) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"title,artist\n") + gzip.compress(piece) * 1024)

    assert says in await refused(database, path)


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/x.csv", "..\\x.csv", "C:\\x.csv"])
async def test_a_zip_with_a_name_that_leads_outside_is_refused(
    database: Database, tmp_path: Path, name: str
) -> None:
    path = samples.write_zip(tmp_path, "x.zip", {name: "title,artist\nA,B\n"})

    assert "leads outside" in await refused(database, path)


async def test_a_zip_without_a_table_is_refused(database: Database, tmp_path: Path) -> None:
    path = samples.write_zip(tmp_path, "x.zip", {"readme.md": "hello"})

    assert "holds no csv file" in await refused(database, path)


async def test_a_rejects_file_that_cannot_be_written_is_named(
    database: Database, tmp_path: Path
) -> None:
    path = samples.write(tmp_path, "x.csv", samples.CANONICAL)

    with pytest.raises(ImportFileError, match="cannot be written"):
        await CatalogImporter(database).import_file(path, rejects=tmp_path / "no" / "r.csv")


@pytest.mark.parametrize("pair", ["x", "x=y", "=title", "x="])
def test_a_map_that_cannot_be_read_names_the_fields(pair: str) -> None:
    with pytest.raises(ImportFileError, match="one of these fields: title, artist"):
        parse_mapping([pair])


async def test_a_map_of_a_column_that_is_not_there_is_refused(
    database: Database, tmp_path: Path
) -> None:
    path = samples.write(tmp_path, "x.csv", "a,b\nA,B\n")

    with pytest.raises(ImportFileError, match=r"column c, which is not in the table.*found: a, b"):
        await CatalogImporter(database).import_file(path, mapping=parse_mapping(["c=title"]))


@pytest.mark.sqlite
async def test_a_locked_database_is_one_sentence(database: Database, tmp_path: Path) -> None:
    assert database.file is not None
    path = samples.write(tmp_path, "x.csv", samples.CANONICAL)
    other = await asyncio.to_thread(sqlite3.connect, database.file, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    url = f"sqlite+aiosqlite:///{database.file}"
    try:
        async with Database(url, busy_timeout_ms=20) as impatient:
            with pytest.raises(DatabaseError, match="locked by another program"):
                await CatalogImporter(impatient).import_file(path)
    finally:
        other.close()


@pytest.mark.sqlite
async def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    rows = "".join(f"Song {number * 7919},Artist {number}\n" for number in range(20_000))
    path = samples.write(tmp_path, "x.csv", f"title,artist\n{rows}")
    async with database.write() as conn:
        pages = int((await conn.exec_driver_sql("PRAGMA page_count")).scalar_one())
        await conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 50}")

    with pytest.raises(DatabaseError, match="no room left"):
        await CatalogImporter(database).import_file(path)

    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(tracks)) == 0


async def test_after_a_refusal_the_next_file_imports(database: Database, tmp_path: Path) -> None:
    await refused(database, samples.write(tmp_path, "bad.csv", 'title,artist\nA,B\n"C,D\n'))

    report = await CatalogImporter(database).import_file(
        samples.write(tmp_path, "good.csv", samples.CANONICAL)
    )

    assert report.new == 3
