import asyncio
from pathlib import Path

import numpy as np
import pytest

from bot.core.catalog import fame_coverage
from bot.core.catalog.space import FEATURES
from bot.core.scene.scene import train_scene
from bot.services.catalog.live import LiveCatalog
from bot.store import catalog_sources, scene_files, snapshot
from bot.store.engine import Database
from tests.conftest import NOON
from tests.stored import StoredTrack, add_tracks, change_track, remove_track

ENERGY = FEATURES.index("energy")


def some_tracks(count: int, start: int = 0) -> list[StoredTrack]:
    return [
        StoredTrack(
            f"Song {number}",
            f"Artist {number % 7}",
            {"energy": (number * 37 % 101) / 101, "tempo": 80 + number % 60},
            popularity=number % 100,
        )
        for number in range(start, start + count)
    ]


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as conn:
        await add_tracks(conn, some_tracks(40))
    return database


async def test_an_empty_database_has_an_empty_catalog(database: Database) -> None:
    assert len(await LiveCatalog(database).get()) == 0


async def test_the_same_catalog_is_handed_out_until_it_changes(filled: Database) -> None:
    live = LiveCatalog(filled)

    first = await live.get()

    assert len(first) == 40
    assert await live.get() is first


async def test_the_next_start_maps_the_snapshot(filled: Database) -> None:
    built = await LiveCatalog(filled).get()

    again = await LiveCatalog(filled).get()

    assert isinstance(again.gaussian.base, np.memmap)
    assert (again.gaussian == built.gaussian).all()


async def test_a_single_new_track_is_added_to_the_old_arrays(filled: Database) -> None:
    live = LiveCatalog(filled)
    before = await live.get()
    async with filled.write() as conn:
        (new,) = await add_tracks(conn, some_tracks(1, start=40))

    after = await live.get()

    assert after.track_ids[-1] == new
    assert after.built_size == before.built_size == 40
    assert (after.built_version, before.built_version) == (1, 1)
    assert (after.gaussian[:40] == before.gaussian).all()
    assert after.version == 2


async def test_a_remeasured_track_is_seen(filled: Database) -> None:
    live = LiveCatalog(filled)
    before = await live.get()
    track_id = int(before.track_ids[3])
    async with filled.write() as conn:
        await change_track(conn, track_id, energy=None)

    after = await live.get()

    assert not after.known[3, ENERGY]
    assert after.built_size == 40
    assert len(after) == 40


async def test_an_import_builds_the_catalog_anew(filled: Database) -> None:
    live = LiveCatalog(filled)
    await live.get()
    async with filled.write() as conn:
        await add_tracks(conn, some_tracks(200, start=40))

    after = await live.get()

    assert (len(after), after.built_size, after.built_version) == (240, 240, 2)


async def test_a_removed_track_disappears(filled: Database) -> None:
    live = LiveCatalog(filled)
    track_id = int((await live.get()).track_ids[5])
    async with filled.write() as conn:
        await remove_track(conn, track_id)

    assert (await live.get()).row_of(track_id) is None


async def test_a_snapshot_of_another_database_is_not_taken_over(
    filled: Database, tmp_path: Path
) -> None:
    await LiveCatalog(filled).get()
    async with filled.write() as conn:
        await add_tracks(conn, some_tracks(1, start=40))
        await remove_track(conn, 1)
        await remove_track(conn, 2)

    catalog = await LiveCatalog(filled).get()

    assert (len(catalog), catalog.version) == (39, 4)
    assert catalog.row_of(1) is None


async def test_a_damaged_snapshot_is_made_again(filled: Database) -> None:
    await LiveCatalog(filled).get()
    folder = snapshot.snapshot_folder(filled.beside)
    (folder / "CURRENT").write_text("v1-nowhere")

    catalog = await LiveCatalog(filled).get()

    assert len(catalog) == 40
    assert snapshot.load(folder) is not None


async def test_a_folder_that_cannot_be_written_costs_only_the_snapshot(
    filled: Database, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")

    catalog = await LiveCatalog(filled, taken).get()

    assert len(catalog) == 40


async def test_many_questions_at_once_build_once(filled: Database) -> None:
    live = LiveCatalog(filled)

    catalogs = await asyncio.gather(*(live.get() for _ in range(5)))

    assert len({id(catalog) for catalog in catalogs}) == 1


async def test_while_somebody_brings_it_up_to_date_the_former_catalogue_serves(
    filled: Database,
) -> None:
    live = LiveCatalog(filled)
    before = await live.get()
    async with filled.write() as conn:
        await add_tracks(conn, some_tracks(1, start=900))

    async with live._lock:
        meanwhile = await live.at_hand()
    after = await live.at_hand()

    assert meanwhile is before
    assert len(after) == len(before) + 1


async def train(database: Database, live: LiveCatalog, *, dimensions: int = 4) -> str:
    """Learn a scene in which every list holds every fifth track."""
    catalog = await live.get()
    lists = [np.arange(first % 5, 300, 5) for first in range(30)]
    mark = scene_files.save(
        scene_files.scene_folder(database.beside),
        train_scene(catalog, lists, dimensions=dimensions),
        trained_at=NOON,
        files=("lists.csv",),
    )
    return mark.version


async def test_a_running_bot_takes_over_a_new_scene_and_the_lack_of_one(starter: Database) -> None:
    live = LiveCatalog(starter)
    assert (await live.get()).scene.shape[1] == 0

    version = await train(starter, live)
    with_it = await live.get()
    scene_files.remove(scene_files.scene_folder(starter.beside))
    without = await live.get()

    assert (with_it.scene_version, with_it.scene.shape[1]) == (version, 4)
    assert with_it.listed.sum() >= 300
    assert (without.scene_version, without.scene.shape[1]) == ("", 0)


async def test_the_scene_is_kept_in_the_snapshot(starter: Database) -> None:
    live = LiveCatalog(starter)
    version = await train(starter, live)
    first = await live.get()

    again = await LiveCatalog(starter).get()

    assert again.scene_version == version
    assert isinstance(again.scene.base, np.memmap)
    assert (again.scene == first.scene).all()


async def test_a_track_that_is_added_gets_its_place_in_the_scene(starter: Database) -> None:
    live = LiveCatalog(starter)
    version = await train(starter, live)
    before = await live.get()

    async with starter.write() as conn:
        await add_tracks(conn, [StoredTrack("New", "Somebody", {"energy": 0.9, "tempo": 120.0})])
    after = await live.get()

    assert len(after) == len(before) + 1
    assert after.scene_version == version
    assert np.any(after.scene[-1])
    assert not after.listed[-1]


async def test_a_damaged_scene_is_told_once_and_done_without(
    starter: Database, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveCatalog(starter)
    version = await train(starter, live)
    (file,) = scene_files.scene_folder(starter.beside).glob(f"*{version}*.npz")
    file.write_bytes(b"PK no scene")

    for _ in range(3):
        assert (await live.get()).scene_version == ""

    assert len([one for one in caplog.records if "scene" in one.message]) == 1


async def test_what_is_forgotten_is_in_no_array_any_more(filled: Database) -> None:
    live = LiveCatalog(filled)
    assert fame_coverage(await live.get()).counted > 0
    async with filled.read() as conn:
        (source,) = await catalog_sources.sources(conn)

    async with filled.write() as conn:
        await catalog_sources.forget(conn, source.name)

    assert fame_coverage(await live.get()).counted == 0
    assert fame_coverage(await LiveCatalog(filled).get()).counted == 0
