from bot.store.catalog import track_ids_by_recording
from bot.store.census import CatalogCounts, catalog_counts
from bot.store.engine import Database
from tests.stored import StoredTrack, add_tracks


async def test_catalog_counts_of_an_empty_catalogue_are_zero(database: Database) -> None:
    async with database.read() as conn:
        assert await catalog_counts(conn) == CatalogCounts(0, 0, 0, 0)


async def test_catalog_counts_tell_measured_popular_and_starter_tracks_apart(
    starter: Database,
) -> None:
    async with starter.write() as conn:
        before = await catalog_counts(conn)
        await add_tracks(
            conn,
            [
                StoredTrack("A", "X", {"tempo": 120.0}),
                StoredTrack("B", "X", popularity=0.0),
                StoredTrack("C", "X", {"time_signature": 4}),
            ],
        )
        after = await catalog_counts(conn)

    assert before.tracks == before.measured == before.starter > 300
    assert before.with_popularity == 0
    assert after == CatalogCounts(before.tracks + 3, before.measured + 1, 1, before.starter)


async def test_track_ids_by_recording_finds_copies_by_their_key(database: Database) -> None:
    async with database.write() as conn:
        first, second, _ = await add_tracks(
            conn, [StoredTrack("A", "X"), StoredTrack("A", "X"), StoredTrack("A (Live)", "X")]
        )

        assert await track_ids_by_recording(conn, "a\x1fx\x1f") == [first, second]
        assert await track_ids_by_recording(conn, "b\x1fx\x1f") == []
