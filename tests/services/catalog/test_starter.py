import shutil
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

import bot.starter
from bot.core.catalog import fame_coverage
from bot.core.models import Subject, SubjectKind, Track
from bot.services import build_services
from bot.services.catalog.importing import CatalogImporter
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.starter import keep_starter, load_starter
from bot.store import catalog, catalog_sources, state
from bot.store.catalog_stats import catalog_stats
from bot.store.columns import catalog_version
from bot.store.engine import Database
from bot.store.tables import external_ids, popularity, tracks
from tests.fakes import FakeClock
from tests.services.catalog.importing import samples

TRACKS = 1428
"""Of 321 and 1,109 rows; two of them are a recording that stands there twice."""
GENRES = {
    "blues", "classical", "electronic", "folk", "funk", "game", "hip-hop", "indie", "jazz",
    "metal", "pop", "post-punk", "post-rock", "psychedelic", "punk", "rock", "soundtrack", "world",
}  # fmt: skip
ANN = 1


async def all_tracks(database: Database) -> list[Track]:
    async with database.read() as conn:
        ids = list(await conn.scalars(select(tracks.c.id).order_by(tracks.c.id)))
        return await catalog.tracks_by_ids(conn, ids)


async def ids_of(database: Database) -> dict[tuple[str, str], int]:
    async with database.read() as conn:
        rows = await conn.execute(select(external_ids))
        return {(row.namespace, row.value): row.track_id for row in rows}


async def size_of(database: Database) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(tracks)) or 0)


async def popularity_of(database: Database, track_id: int) -> dict[str, float]:
    async with database.read() as conn:
        rows = await conn.execute(select(popularity).where(popularity.c.track_id == track_id))
        return {row.source: row.value for row in rows}


async def test_every_track_is_measured_credited_and_has_a_genre(shipped: Database) -> None:
    known = await all_tracks(shipped)

    assert len(known) == TRACKS
    assert {name for track in known for name in track.genres} == GENRES
    for track in known:
        assert track.features.energy is not None
        assert track.genres
        assert track.credit is not None
        assert track.credit.license
        assert track.credit.source_package
        assert (track.credit.homepage or "").startswith(("http://", "https://"))


async def test_the_archive_counts_every_artist_of_its_own_and_no_other(shipped: Database) -> None:
    coverage = fame_coverage(await LiveCatalog(shipped).get())
    async with shipped.read() as conn:
        stats = await catalog_stats(conn)
        told = {one.name: one.popularity for one in await catalog_sources.sources(conn)}

    assert coverage.by_source == {"fma": 159}
    assert (coverage.artists, coverage.counted) == (231, 159)
    assert stats.external_ids == {"fma": 1109, "starter": 321}
    assert told["fma"] == TRACKS - 321


async def test_fame_tells_the_best_known_of_the_archive_from_the_least(shipped: Database) -> None:
    held = await LiveCatalog(shipped).get()
    by_name = {track.artist: track.artist_id for track in await all_tracks(shipped)}

    place, here = held.places_of_artists(
        np.array([by_name["Kurt Vile"], by_name["Mount Eerie"], by_name["Vulcanus 68"]])
    )
    famous, known, obscure = held.artist_fame[place].tolist()

    assert here.all()
    assert famous > 0.8
    assert 0.6 < known < 0.95
    assert obscure < 0.2


async def test_to_load_it_again_changes_nothing(shipped: Database) -> None:
    async with shipped.read() as conn:
        before = await catalog_version(conn)

    assert not await load_starter(shipped)
    assert not await keep_starter(shipped)
    async with shipped.write() as conn:
        await state.put(conn, "starter", "as if it were of another version")
    assert await keep_starter(shipped)

    async with shipped.read() as conn:
        assert await catalog_version(conn) == before
    assert await size_of(shipped) == TRACKS


async def test_a_database_of_an_earlier_version_learns_the_rest_and_loses_nothing(
    starter: Database,
) -> None:
    feedback = build_services(starter, FakeClock()).feedback
    await feedback.rate(ANN, Subject(SubjectKind.TRACK, 7), 5)
    before = await ids_of(starter)

    assert await keep_starter(starter)

    after = await ids_of(starter)
    assert await size_of(starter) == TRACKS
    assert {name: after[name] for name in before} == before
    assert len(before) == 321
    assert [one.subject.id for one, _ in (await feedback.history(ANN, 0)).lines] == [7]
    assert not await keep_starter(starter)


async def test_a_running_bot_knows_the_new_tracks_after_the_next_question(
    starter: Database,
) -> None:
    live = LiveCatalog(starter)
    assert not (await live.get()).knows_fame

    await keep_starter(starter)

    assert (len(await live.get()), (await live.get()).knows_fame) == (TRACKS, True)


async def test_a_catalogue_that_an_operator_filled_is_left_alone(
    database: Database, tmp_path: Path
) -> None:
    await CatalogImporter(database).import_file(
        samples.write(tmp_path, "t.csv", "title,artist\nWaterloo Sunset,The Kinks\n")
    )

    assert not await keep_starter(database)
    assert await size_of(database) == 1


async def test_what_an_import_brought_before_is_not_doubled(
    database: Database, tmp_path: Path
) -> None:
    importer = CatalogImporter(database)
    table = (
        "track_id,track_name,artists,track_genre,duration_ms,popularity\n"
        f"{samples.ID_A},Freeway,Kurt Vile,indie,160500,61\n"
    )
    await importer.import_file(samples.write(tmp_path, "tracks.csv", samples.FMA_TRACKS))
    await importer.import_file(samples.write(tmp_path, "spotify.csv", table))
    food, _, freeway = await all_tracks(database)

    await load_starter(database)

    ids = await ids_of(database)
    assert await size_of(database) == TRACKS
    assert (ids["fma", "2"], ids["fma", "10"]) == (food.id, freeway.id)
    assert await popularity_of(database, food.id) == {"fma": 1293}
    assert await popularity_of(database, freeway.id) == {"fma": 50135, "spotify": 61}
    learned = (await all_tracks(database))[0]
    assert learned.credit is not None
    assert learned.credit.homepage == (
        "https://freemusicarchive.org/music/AWOL/AWOL_-_A_Way_Of_Life/Food"
    )


async def test_the_archive_tells_where_covers_are(shipped: Database) -> None:
    covers = bot.starter.covers()
    ids = {
        one.value: track
        for track in await all_tracks(shipped)
        for one in track.external_ids
        if one.namespace == "fma"
    }

    assert 900 < len(covers) < TRACKS - 321
    assert all(address.startswith("https://") for address in covers.values())
    (freeway,) = (address for one, address in covers.items() if ids[one].artist == "Kurt Vile")
    assert "Kurt_Vile_-_Constant_Hitmaker" in freeway


def test_the_digest_tells_one_starter_catalogue_from_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [Path(shutil.copy(file, tmp_path)) for file in bot.starter.FILES]
    shipped = bot.starter.digest()
    monkeypatch.setattr(bot.starter, "FILES", copies)
    assert bot.starter.digest() == shipped

    copies[1].write_text(copies[1].read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert bot.starter.digest() != shipped
