"""The catalogue comes back whole, without what may not be passed on."""

import asyncio
import csv
import gzip
import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import insert, select, update

from bot.core.models import ExternalId
from bot.errors import OperatorError
from bot.services.catalog import CatalogExporter, CatalogImporter, admit
from bot.services.catalog.exporting.writing import ENDINGS
from bot.sources.values import Popularity, SourceTrack
from bot.store import listeners, promotions
from bot.store.engine import Database
from bot.store.tables import (
    external_ids,
    feature_provenance,
    popularity,
    promotion_audio,
    track_labels,
    tracks,
)
from bot.store.uploads import removed_key
from tests.stored import StoredTrack, add_tracks

SPOTIFY = "A" * 22
MBID = "11111111-2222-4333-8444-555555555555"
SONGS = [
    StoredTrack(
        "=SUM(A1)", "NA",
        {
            "artist_credit": "NA & +Ben", "year": 1999, "duration_ms": 200_001, "explicit": True,
            "tempo": 120.1, "key": 0, "loudness": -7.25, "feature_source": "acousticbrainz",
            "energy": 0.9, "search_rank": 61,
        },
        ids={"mbid": MBID, "isrc": "USAAA1100001", "deezer": "7", "bandcamp": "ann/a b%20"},
        genres=("pop",),
    ),
    StoredTrack(
        "'=None", "Ann;Ben",
        {
            "energy": 0.25, "valence": 0.5, "feature_source": "spotify", "duration_ms": 1000,
            "search_rank": 50,
        },
        popularity=50, spotify=SPOTIFY, genres=("rock", "pop"),
    ),
    StoredTrack(
        "Line\nbreak &amp; “quote\"", "Free",
        {
            "tempo": 99.0, "valence": 0.3333333333333333, "feature_source": "echonest",
            "license": "CC BY 4.0", "source_package": "Free Music Archive",
            "homepage": "https://x.org/?a=1,2", "search_rank": 76,
        },
        ids={"fma": "12"}, genres=("folk", "hip-hop"),
    ),
    StoredTrack("Mine", "Me", {"energy": 0.4, "tempo": 90.0}, ids={"sha256": "ab" * 32}),
    StoredTrack("Bare", "Nobody"),
]  # fmt: skip


async def fill(database: Database) -> list[int]:
    async with database.write() as conn:
        ids = await add_tracks(conn, SONGS)
        first, table, free, mine, _ = ids
        await conn.execute(
            insert(external_ids),
            [{"namespace": "isrc", "value": "USAAA1100002", "track_id": first}],
        )
        told: list[tuple[int, str, float, date | None]] = [
            (first, "listenbrainz", 1234.0, date(2026, 11, 1)),
            (first, "deezer", 500_000.0, date(2026, 10, 2)),
            (table, "lastfm", 12.0, date(2026, 9, 3)),
            (free, "fma", 77.0, None),
        ]
        await conn.execute(
            insert(popularity),
            [
                {"track_id": one, "source": source, "value": value, "observed_on": on}
                for one, source, value, on in told
            ],
        )
        labels = [
            (first, "musicbrainz", False, "50% Sub Pop = x:y"), (first, "audius", True, None),
            (table, "discogs", True, None), (free, "discogs", False, None),
        ]  # fmt: skip
        await conn.execute(
            insert(track_labels),
            [
                {"track_id": one, "source": source, "independent": own, "label": label}
                for one, source, own, label in labels
            ],
        )
        measured = [
            (first, "energy", "reccobeats", 0.9), (mine, "energy", "analysis", 0.61),
            (mine, "tempo", "analysis", 0.85),
        ]  # fmt: skip
        await conn.execute(
            insert(feature_provenance),
            [
                {"track_id": one, "feature": feature, "source": source, "confidence": trust}
                for one, feature, source, trust in measured
            ],
        )
    return ids


async def known(database: Database) -> dict[str, Any]:
    """Return what the catalogue holds, by names in the place of our own ids."""
    names = [c for c in tracks.c if c.name not in ("id", "artist_id", "album_id", "version")]
    held: dict[str, Any] = {}
    async with database.read() as conn:
        titles = {
            row.id: row.title for row in await conn.execute(select(tracks.c.id, tracks.c.title))
        }
        rows = await conn.execute(select(*names))
        held["tracks"] = sorted(tuple(map(str, row)) for row in rows)
        for table in (external_ids, popularity, feature_provenance, track_labels):
            own = [c for c in table.c if c.name != "track_id"]
            rows = await conn.execute(select(table.c.track_id, *own))
            held[table.name] = sorted((titles[row[0]], *map(str, row[1:])) for row in rows)
    return held


def table_of(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".parquet":
        rows = pl.read_parquet(file).with_columns(pl.all().cast(pl.String).fill_null(""))
        return rows.to_dicts()
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


async def emptied(database: Database) -> None:
    async with database.write() as conn:
        for table in reversed(tracks.metadata.sorted_tables):
            if table.name not in ("alembic_version", "app_state"):
                await conn.execute(table.delete())


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_copy_for_oneself_brings_everything_back_and_doubles_nothing(
    database: Database, tmp_path: Path, ending: str
) -> None:
    await fill(database)
    before = await known(database)
    file = tmp_path / f"own{ending}"

    exported = await CatalogExporter(database, page=2).export(file, own_use=True)
    await emptied(database)
    first = await CatalogImporter(database).import_file(file)
    after = await known(database)
    second = await CatalogImporter(database).import_file(file)

    assert exported.tracks == first.new == 5
    assert after == before
    assert (second.new, second.updated_tracks, second.unchanged_tracks) == (0, 0, 5)
    assert await known(database) == before


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
async def test_what_may_not_be_passed_on_stays_out_and_is_told(
    database: Database, tmp_path: Path, ending: str
) -> None:
    await fill(database)
    file = tmp_path / f"open{ending}"

    left = (await CatalogExporter(database).export(file)).left_out

    first, table, free, mine, bare = table_of(file)
    assert (float(first["tempo"]), first["energy"]) == (120.1, "")
    assert float(first["popularity_listenbrainz"]) == 1234
    assert first["popularity_listenbrainz_on"] == "2026-11-01"
    assert (first["id_isrc"], first["id_mbid"]) == ("USAAA1100001 USAAA1100002", MBID)
    assert (first["genres"], first["data_terms"]) == ("", "CC0")
    assert (table["energy"], table["genres"], table["feature_source"]) == ("", "", "")
    assert (table["duration_ms"], table["id_spotify"]) == ("1000", SPOTIFY)
    assert (free["genres"], free["feature_source"]) == ("folk;hip-hop", "echonest")
    assert free["license"] == "CC BY 4.0"
    assert "CC BY 4.0, FMA" in free["data_terms"]
    assert mine["feature_origins"] == "energy=analysis:0.61 tempo=analysis:0.85"
    assert first["released_by"] == "musicbrainz=label:50%25%20Sub%20Pop%20=%20x:y"
    assert (table["released_by"], table["data_terms"]) == ("discogs=self-released", "CC0")
    assert (free["released_by"], mine["released_by"]) == ("discogs=label", "")
    assert left.labels == {"audius": 1}
    assert bare["title"] == "Bare"
    assert not {"popularity_deezer", "popularity_spotify", "id_sha256"} & first.keys()
    assert left.popularity == {"deezer": 1, "spotify": 1, "lastfm": 1}
    assert left.features == {"reccobeats": 1, "spotify": 2}
    assert left.genres == 2


async def test_no_cell_is_a_formula_to_a_spreadsheet(database: Database, tmp_path: Path) -> None:
    await fill(database)

    await CatalogExporter(database).export(tmp_path / "x.csv")

    rows = table_of(tmp_path / "x.csv")
    texts = [row[name] for row in rows for name in ("title", "artist", "artist_credit", "genres")]
    assert rows[0]["title"] == "'=SUM(A1)"
    assert not [text for text in texts if text[:1] in tuple("=+-@\t\r")]


async def test_what_an_artist_uploaded_and_what_was_removed_never_leaves(
    database: Database, tmp_path: Path, noon: datetime
) -> None:
    ids = await fill(database)
    async with database.write() as conn:
        await listeners.ensure(conn, 1, now=noon)
        promotion = await promotions.add(
            conn, 1, guild_id=1, url="https://x.org", text="hi", track_ids=(ids[3],),
            claim_id=None, now=noon,
        )  # fmt: skip
        audio = {"promotion_id": promotion.id, "sha256": "ab" * 32, "fingerprint": b"x"}
        await conn.execute(insert(promotion_audio).values(audio))
        gone = {"title": f"Removed track {ids[4]}", "recording_key": removed_key(ids[4])}
        await conn.execute(update(tracks).where(tracks.c.id == ids[4]).values(gone))

    exported = await CatalogExporter(database).export(tmp_path / "x.csv", own_use=True)

    text = (tmp_path / "x.csv").read_text()
    assert "Mine" not in text
    assert "ab" * 32 not in text
    assert "Removed" not in text
    assert (exported.tracks, exported.left_out.tracks) == (3, 2)


async def test_a_newer_count_replaces_an_older_one_and_an_older_one_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    await CatalogExporter(database).export(tmp_path / "old.csv", own_use=True)
    newer = update(popularity).where(popularity.c.source == "listenbrainz")
    async with database.write() as conn:
        await conn.execute(newer.values(value=9.0, observed_on=date(2027, 1, 1)))
    await CatalogExporter(database).export(tmp_path / "new.csv", own_use=True)

    await CatalogImporter(database).import_file(tmp_path / "old.csv")
    counts = select(popularity.c.value).where(popularity.c.source == "listenbrainz")
    async with database.read() as conn:
        kept = await conn.scalar(counts)
    async with database.write() as conn:
        await conn.execute(newer.values(value=1234.0, observed_on=date(2026, 11, 1)))
    await CatalogImporter(database).import_file(tmp_path / "new.csv")

    async with database.read() as conn:
        assert (kept, await conn.scalar(counts)) == (9.0, 9.0)


async def test_a_track_that_only_an_id_of_a_service_names_is_found_by_it(
    database: Database, tmp_path: Path, noon: datetime
) -> None:
    song = SourceTrack(
        "Song", "Ann", ids=(ExternalId("audius_id", "xY1"),), popularity=(Popularity("audius", 3),)
    )
    async with database.write() as conn:
        await admit(conn, [song], on=noon.date())
    await CatalogExporter(database).export(tmp_path / "x.csv", own_use=True)
    renamed = {"title": "Renamed", "recording_key": "renamed"}
    async with database.write() as conn:
        await conn.execute(update(tracks).values(renamed))

    report = await CatalogImporter(database).import_file(tmp_path / "x.csv")

    assert (report.new, report.known, report.updated_tracks) == (0, 1, 0)


async def test_what_a_person_changed_in_a_table_is_read_with_care(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    await CatalogExporter(database).export(tmp_path / "x.csv", own_use=True)
    text = (tmp_path / "x.csv").read_text()
    text = text.replace("energy=reccobeats:0.9", "energy=reccobeats:9 what").replace(MBID, "mbid?")
    text = text.replace("discogs=label", "discogs=somebody what").replace("audius=", "=")
    text = text.replace("1234.0", "lots").replace("Bare,Nobody", ",Nobody")
    (tmp_path / "x.csv").write_text(text)
    await emptied(database)

    report = await CatalogImporter(database).import_file(tmp_path / "x.csv")

    assert (report.new, report.reasons) == (4, {"no title": 1})
    assert report.dropped_values == {
        "id_mbid": 1, "popularity_listenbrainz": 1, "feature_origins": 2,
        "released_by": 3,
    }  # fmt: skip


def parts_in(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.suffix == ".part"]


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_full_disk_gives_a_sentence_and_leaves_the_old_file(
    database: Database, tmp_path: Path, ending: str
) -> None:
    await fill(database)
    file = tmp_path / f"x{ending}"
    file.write_bytes(b"old")

    with small_files(100), pytest.raises(OperatorError, match="no room"):
        await CatalogExporter(database, page=2).export(file)

    assert file.read_bytes() == b"old"
    assert not parts_in(tmp_path)


async def test_an_empty_catalogue_and_a_strange_ending_give_a_sentence(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(OperatorError, match="nothing to export"):
        await CatalogExporter(database).export(tmp_path / "x.csv")
    with pytest.raises(OperatorError, match=r"\.csv, \.csv\.gz or \.parquet"):
        await CatalogExporter(database).export(tmp_path / "x.xlsx")

    assert not parts_in(tmp_path)
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_export_that_is_stopped_leaves_nothing(
    database: Database, tmp_path: Path, ending: str
) -> None:
    await fill(database)
    file, seen = tmp_path / f"x{ending}", []

    def stop(done: int, size: int) -> None:
        seen.extend(parts_in(tmp_path))
        work.cancel()

    work = asyncio.create_task(CatalogExporter(database, page=1).export(file, progress=stop))
    with pytest.raises(asyncio.CancelledError):
        await work

    assert seen
    assert not parts_in(tmp_path)
    assert not file.exists()


async def test_what_another_table_fills_in_keeps_its_own_source(
    database: Database, tmp_path: Path
) -> None:
    free = StoredTrack("Song", "Ann", {"tempo": 100.0, "feature_source": "acousticbrainz"})
    async with database.write() as conn:
        await add_tracks(conn, [free])
    table = tmp_path / "table.csv"
    table.write_text("title,artist,tempo,danceability\nSong,Ann,101,0.7\n")
    await CatalogImporter(database).import_file(table)

    left = (await CatalogExporter(database).export(tmp_path / "x.csv")).left_out

    row = table_of(tmp_path / "x.csv")[0]
    assert (row["tempo"], row["danceability"]) == ("100.0", "")
    assert left.features == {"spotify": 1}
