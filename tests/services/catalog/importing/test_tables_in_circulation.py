from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from bot.core.models import ExternalId, Track
from bot.services.catalog.importing import CatalogImporter, ImportReport
from bot.services.catalog.importing.layouts import parse_mapping
from bot.store import catalog
from bot.store.columns import catalog_version
from bot.store.engine import Database
from bot.store.tables import popularity, tracks
from tests.services.catalog.importing import samples
from tests.services.catalog.importing.samples import ID_A, ID_B, ID_C


async def imported(
    database: Database, path: Path, mapping: dict[str, str] | None = None
) -> ImportReport:
    return await CatalogImporter(database).import_file(path, mapping=mapping)


async def all_tracks(database: Database) -> list[Track]:
    async with database.read() as conn:
        ids = list(await conn.scalars(select(tracks.c.id).order_by(tracks.c.id)))
        return await catalog.tracks_by_ids(conn, ids)


async def popularities(database: Database) -> list[tuple[int, str, float, date | None]]:
    async with database.read() as conn:
        query = select(popularity).order_by(popularity.c.track_id, popularity.c.source)
        return [(r.track_id, r.source, r.value, r.observed_on) for r in await conn.execute(query)]


async def test_tidytuesday_has_one_row_per_playlist_and_rows_without_names(
    database: Database, tmp_path: Path
) -> None:
    report = await imported(database, samples.write(tmp_path, "s.csv", samples.TIDY))

    (track,) = await all_tracks(database)
    assert (report.rows, report.distinct_ids, report.new, report.known) == (3, 2, 1, 1)
    assert report.reasons == {"no title and no artist": 1}
    assert report.examples[0].row == 4
    assert track.genres == ("album rock", "dance pop", "pop", "rock")
    assert (track.album, track.year, track.duration_ms) == ("Album", 2019, 194754)
    assert track.features.key == 7
    assert await popularities(database) == [(track.id, "spotify", 67.0, None)]


async def test_kaggle_114k_merges_genres_and_takes_the_first_artist(
    database: Database, tmp_path: Path
) -> None:
    report = await imported(database, samples.write(tmp_path, "d.csv.gz", samples.KAGGLE_114K))

    (track,) = await all_tracks(database)
    assert (track.artist, track.artist_credit, track.album) == ("Ann", "Ann, Ben", "Album, One")
    assert track.genres == ("acoustic", "folk")
    assert track.explicit is False
    assert report.skipped == 1


async def test_kaggle_1921_reads_lists_and_distrusts_a_failed_analysis(
    database: Database, tmp_path: Path
) -> None:
    report = await imported(database, samples.write(tmp_path, "d.csv", samples.KAGGLE_1921))

    talk, song = await all_tracks(database)
    assert (talk.artist, talk.artist_credit) == ("Ann", "Ann, Ben O'Hara")
    assert (talk.year, song.year, song.explicit) == (1928, 1928, True)
    assert talk.features.energy is None
    assert talk.features.tempo is None
    assert song.features.speechiness is None
    assert report.dropped_values == {"speechiness": 1}


async def test_the_same_table_in_another_column_order_gives_the_same_tracks(
    database: Database, tmp_path: Path
) -> None:
    table = pl.read_csv(samples.KAGGLE_1921.encode(), infer_schema=False)
    shuffled = table.select(sorted(table.columns, reverse=True)).write_csv()
    await imported(database, samples.write(tmp_path, "d.csv", samples.KAGGLE_1921))
    before = await all_tracks(database)

    report = await imported(database, samples.write(tmp_path, "e.csv", shuffled))

    assert (report.known, report.unchanged_tracks) == (2, 2)
    assert await all_tracks(database) == before


async def test_a_table_without_popularity_leaves_it_unknown(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, samples.write(tmp_path, "t.csv", samples.KAGGLE_12M))

    (track,) = await all_tracks(database)
    assert track.year == 1999
    assert await popularities(database) == []


async def test_music_info_has_two_ids_and_tags_for_genres(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, samples.write(tmp_path, "Music Info.csv", samples.MUSIC_INFO))

    (track,) = await all_tracks(database)
    assert track.genres == ("rock",)
    assert track.external_ids == (
        ExternalId("msd", "TRIOREW128F424EAF0"),
        ExternalId("spotify", ID_A),
    )


async def test_exportify_tells_a_name_with_a_comma_from_two_artists(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, samples.write(tmp_path, "e.csv", samples.EXPORTIFY))

    one, two = await all_tracks(database)
    assert (one.artist, one.artist_credit) == ("Tyler, The Creator", None)
    assert (two.artist, two.artist_credit) == ("Ann", "Ann, Ben")
    assert one.external_ids == (
        ExternalId("isrc", "USRC11700001"),
        ExternalId("spotify", ID_A),
    )
    assert two.external_ids == (ExternalId("spotify", ID_B),)
    assert [value for _, _, value, _ in await popularities(database)] == [80.0, 0.0]


async def test_a_remaster_merges_and_a_live_version_does_not(
    database: Database, tmp_path: Path
) -> None:
    report = await imported(database, samples.write(tmp_path, "c.csv", samples.CANONICAL))

    brightside, live, prelude = await all_tracks(database)
    assert (report.new, report.merged) == (3, 1)
    assert brightside.title == "Mr. Brightside"
    assert {known.value for known in brightside.external_ids} == {ID_A, ID_B}
    assert {known.value for known in live.external_ids} == {ID_C}
    assert await popularities(database) == [(brightside.id, "spotify", 80.0, None)]
    assert (prelude.artist, prelude.features.energy) == ("Frédéric Chopin", None)


async def test_fma_has_headers_of_several_rows_and_features_in_a_second_table(
    database: Database, tmp_path: Path
) -> None:
    members = {
        "fma_metadata/echonest.csv": samples.FMA_ECHONEST,
        "fma_metadata/tracks.csv": samples.FMA_TRACKS,
        "fma_metadata/genres.csv": "genre_id,#tracks,parent,title\n1,8693,38,Avant-Garde\n",
    }

    report = await imported(database, samples.write_zip(tmp_path, "fma.zip", members))

    food, electric = await all_tracks(database)
    assert (food.title, food.artist, food.album, food.year) == ("Food", "AWOL", "AWOL", 2009)
    assert (food.duration_ms, food.genres) == (168_000, ("hip-hop",))
    assert (food.features.energy, food.features.tempo, food.features.key) == (0.63, 165.9, None)
    assert electric.genres == ()
    assert await popularities(database) == [
        (food.id, "fma", 1293.0, None),
        (electric.id, "fma", 0.0, None),
    ]
    assert report.ignored == ["fma_metadata/genres.csv"]
    assert report.reasons == {"its id is not in the catalogue": 1}


async def test_a_parquet_file_is_read_like_a_csv(database: Database, tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "id": [ID_A],
            "name": ["Song A"],
            "artists": [["Ann", "Ben"]],
            "energy": [0.5],
            "explicit": [True],
            "popularity": [12],
            "observed_on": [date(2024, 5, 1)],
        }
    )
    table.write_parquet(tmp_path / "t.parquet")

    await imported(database, tmp_path / "t.parquet")

    (track,) = await all_tracks(database)
    assert (track.artist, track.artist_credit, track.explicit) == ("Ann", "Ann, Ben", True)
    assert await popularities(database) == [(track.id, "spotify", 12.0, date(2024, 5, 1))]


async def test_other_tables_are_read_with_a_map(database: Database, tmp_path: Path) -> None:
    path = samples.write(
        tmp_path, "x.csv", "Lied;Sänger;Tempo;bpm\nEins;Änne;x;99\n".encode("cp1252")
    )

    await imported(database, path, parse_mapping(["Lied=title", "sänger=artist", "bpm=tempo"]))

    (track,) = await all_tracks(database)
    assert (track.title, track.artist, track.features.tempo) == ("Eins", "Änne", 99.0)


async def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(
    database: Database, tmp_path: Path
) -> None:
    await imported(
        database, samples.write(tmp_path, "x.csv", b"\xef\xbb\xbftitle,artist\r\nA,B\r\n\r\n")
    )

    (track,) = await all_tracks(database)
    assert (track.title, track.artist) == ("A", "B")


async def test_what_a_second_table_knows_fills_the_gaps_of_the_first(
    database: Database, tmp_path: Path
) -> None:
    first = f"track_id,title,artist,energy,popularity\n{ID_A},A,Ann,,10\n"
    second = f"track_id,title,artist,album,energy,tempo,popularity\n{ID_A},Z,Zed,Album,0.5,90,30\n"
    await imported(database, samples.write(tmp_path, "1.csv", first))

    report = await imported(database, samples.write(tmp_path, "2.csv", second))

    (track,) = await all_tracks(database)
    assert (track.title, track.artist, track.album) == ("A", "Ann", "Album")
    assert (track.features.energy, track.features.tempo) == (0.5, 90.0)
    assert (report.new, report.known, report.updated_tracks) == (0, 1, 1)
    assert [value for _, _, value, _ in await popularities(database)] == [30.0]


async def test_rows_with_too_many_or_too_few_fields_are_rejected_by_number(
    database: Database, tmp_path: Path
) -> None:
    path = samples.write(tmp_path, "x.csv", 'title,artist\nA,B\n"C\nC",D,E\nF\nG,\n')
    rejects = tmp_path / "rejects.csv"

    report = await CatalogImporter(database).import_file(path, rejects=rejects)

    assert (report.rows, report.new, report.skipped) == (4, 1, 3)
    assert rejects.read_text().splitlines() == [
        "table,row,reason",
        "x.csv,3,3 fields where the header has 2",
        "x.csv,4,1 fields where the header has 2",
        "x.csv,5,no artist",
    ]


async def test_the_version_of_the_catalogue_counts_changes_only(
    database: Database, tmp_path: Path
) -> None:
    path = samples.write(tmp_path, "c.csv", samples.CANONICAL)
    versions = []
    for _ in range(2):
        await imported(database, path)
        async with database.read() as conn:
            versions.append(await catalog_version(conn))

    assert versions == [1, 1]


async def test_listens_count_at_the_free_music_archive_only(
    database: Database, tmp_path: Path
) -> None:
    header = "track_id,title,artist,source_package,listens"
    own = samples.write(tmp_path, "own.csv", "title,artist,listens\nSong,Somebody,12\n")
    archive = samples.write(tmp_path, "fma.csv", f"{header}\nfma:7,Tune,Band,Archive,345\n")

    report = await imported(database, own)
    await imported(database, archive)

    _, tune = await all_tracks(database)
    assert report.unused == ["listens"]
    assert tune.external_ids == (ExternalId("fma", "7"),)
    assert await popularities(database) == [(tune.id, "fma", 345.0, None)]


@pytest.mark.parametrize("name", list(samples.ALL))
async def test_every_sample_is_recognised(database: Database, tmp_path: Path, name: str) -> None:
    report = await imported(database, samples.write(tmp_path, name, samples.ALL[name]))

    assert report.tables
    assert report.rows == report.new + report.merged + report.known + report.skipped
