"""The real tables, where they are at hand; none of them is part of the project."""

from pathlib import Path

import pytest

from bot.services.catalog.importing import CatalogImporter
from bot.store.catalog_stats import catalog_stats
from bot.store.engine import Database

DATA = Path(__file__).parents[3] / ".." / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real tables are not here")


async def test_spotify_songs_is_imported_whole_and_a_second_time_changes_nothing(
    database: Database,
) -> None:
    importer = CatalogImporter(database)

    first = await importer.import_file(DATA / "spotify_songs.csv.gz")
    again = await importer.import_file(DATA / "spotify_songs.csv.gz")

    assert (first.rows, first.distinct_ids, first.skipped) == (32_833, 28_356, 5)
    assert first.rows == first.new + first.merged + first.known + first.skipped
    assert (again.new, again.merged, again.updated_tracks) == (0, 0, 0)
    assert again.unchanged_tracks == first.new


async def test_the_catalog_is_imported_whole(database: Database) -> None:
    report = await CatalogImporter(database).import_file(DATA / "catalog.csv.gz")

    async with database.read() as conn:
        stats = await catalog_stats(conn)
    assert (report.rows, report.skipped) == (296_007, 1)
    assert stats.tracks == report.new
    assert 249_000 < stats.tracks < 270_000
    assert stats.external_ids["spotify"] == report.distinct_ids - 1  # of the row without an artist
    assert 0.5 < stats.popularity_share < 0.65
