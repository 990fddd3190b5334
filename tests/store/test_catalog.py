from pathlib import Path

import pytest

from bot.core.catalog.identity import recording_key
from bot.core.models import ExternalId
from bot.services.catalog.importing import CatalogImporter
from bot.store import catalog
from bot.store.catalog_stats import catalog_stats
from bot.store.engine import Database
from tests.services.catalog.importing import samples
from tests.services.catalog.importing.samples import ID_A, ID_B, ID_C


@pytest.fixture
async def filled(database: Database, tmp_path: Path) -> Database:
    for name in ("catalog.csv", "dataset.csv"):
        path = samples.write(tmp_path, name, samples.ALL[name])
        await CatalogImporter(database).import_file(path)
    return database


async def test_tracks_come_in_the_order_asked_for_without_those_that_do_not_exist(
    filled: Database,
) -> None:
    async with filled.read() as conn:
        found = await catalog.tracks_by_ids(conn, [3, 99, 1])

    assert [track.id for track in found] == [3, 1]
    assert found[1].artist == "The Killers"
    assert found[1].features.tempo == 120.5


async def test_a_track_is_found_by_each_of_its_ids(filled: Database) -> None:
    async with filled.read() as conn:
        ids = [
            await catalog.track_id_by_external(conn, ExternalId("spotify", value))
            for value in (ID_A, ID_B, ID_C, "nobody")
        ]

    assert ids == [1, 1, 2, None]


async def test_a_recording_is_found_by_title_and_artist(filled: Database) -> None:
    async with filled.read() as conn:
        plain = recording_key("mr brightside", "the killers")
        live = recording_key("Mr. Brightside (Live)", "The Killers")
        found = [await catalog.track_ids_by_recording(conn, key) for key in (plain, live, "x")]

    assert found == [[1], [2], []]


async def test_the_stats_count_what_is_known(filled: Database) -> None:
    async with filled.read() as conn:
        stats = await catalog_stats(conn)

    assert (stats.tracks, stats.artists, stats.albums, stats.genres) == (3, 2, 1, 2)
    assert stats.feature_shares["energy"] == pytest.approx(2 / 3)
    assert stats.popularity_share == pytest.approx(1 / 3)
    assert stats.external_ids == {"spotify": 3}
    assert stats.version == 2


async def test_the_stats_of_an_empty_catalogue_are_zero(database: Database) -> None:
    async with database.read() as conn:
        stats = await catalog_stats(conn)

    assert (stats.tracks, stats.first_year, stats.popularity_share) == (0, None, 0.0)
