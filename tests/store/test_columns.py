import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog.space import MEASURES
from bot.store.columns import CatalogMark, catalog_mark, changed_count, read_raw
from tests.stored import StoredTrack, add_tracks, change_track


async def test_columns_hold_what_is_stored_and_nan_for_unknown(conn: AsyncConnection) -> None:
    ids = await add_tracks(
        conn,
        [
            StoredTrack(
                "Bells", "Low", {"energy": 0.25, "key": 7, "year": 1999}, ("slowcore", "rock")
            ),
            StoredTrack("Vitamin C", "Can", {"tempo": 120.5}, ("rock",), popularity=40),
            StoredTrack("Bells (Live)", "Low"),
        ],
    )

    raw = await read_raw(conn)

    assert raw.track_ids.tolist() == ids
    assert raw.years.tolist() == [1999, 0, 0]
    assert raw.audio[0, MEASURES.index("energy")] == 0.25
    assert raw.audio[1, MEASURES.index("tempo")] == 120.5
    assert np.isnan(raw.audio[2]).all()
    assert raw.artist_ids[0] == raw.artist_ids[2] != raw.artist_ids[1]
    assert raw.song_ids[0] == raw.song_ids[2] != raw.song_ids[1]
    names = dict(zip(raw.genre_keys.tolist(), raw.genre_names, strict=True))
    assert [names[one] for one in raw.genre_ids[:2].tolist()] == ["slowcore", "rock"]
    assert raw.genre_offsets.tolist() == [0, 2, 3, 3]
    assert raw.source_names == ("spotify",)
    assert raw.popularity_rows.tolist() == [1]
    assert raw.popularity_values.tolist() == [40]


async def test_only_what_changed_after_a_version_is_read(conn: AsyncConnection) -> None:
    first, second = await add_tracks(conn, [StoredTrack("A", "X"), StoredTrack("B", "X")])
    (third,) = await add_tracks(conn, [StoredTrack("C", "Y", {}, ("rock",), popularity=5)])
    await change_track(conn, first, energy=0.5)

    raw = await read_raw(conn, since=1)

    assert raw.track_ids.tolist() == [first, third]
    assert raw.genre_offsets.tolist() == [0, 0, 1]
    assert raw.popularity_rows.tolist() == [1]
    assert await changed_count(conn, since=1) == 2
    assert await catalog_mark(conn) == CatalogMark(version=3, tracks=3, last_id=third)
    assert second < third


async def test_an_empty_catalog_is_version_0_and_has_empty_columns(conn: AsyncConnection) -> None:
    raw = await read_raw(conn)

    assert await catalog_mark(conn) == CatalogMark(version=0, tracks=0, last_id=0)
    assert raw.audio.shape == (0, len(MEASURES))
    assert raw.genre_offsets.tolist() == [0]
