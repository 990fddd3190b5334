import csv
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from bot.core.scene.scene import FEWEST_LISTS, Scene
from bot.errors import SeedsError, SetupError
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.seeds import Seed
from bot.services.scene import training as scenes
from bot.services.scene.training import TrainingOptions, TrainingReport
from bot.store import scene_files
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.listed import SIZE, TRACKS, entries, store, world
from tests.services.scene.samples import (
    HALF_HOUR,
    as_lines,
    as_slice,
    listen,
    track,
    written,
)

WORLD = world(lists=60)


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as conn:
        await store(conn, WORLD)
    return database


async def trained(database: Database, *paths: Path, dimensions: int = 8) -> TrainingReport:
    return await scenes.train(
        database,
        LiveCatalog(database),
        paths,
        TrainingOptions(dimensions=dimensions),
        clock=FakeClock(NOON),
        timer=iter(range(100)).__next__,
    )


def as_table(path: Path, seeds: Iterable[Seed]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("list", "track_id"))
        writer.writerows((seed.list, seed.track_id) for seed in seeds)
    return path


def names(row: int) -> dict[str, str]:
    return {"title": f"Song {row}", "artist": f"Artist {row // TRACKS}"}


def kept(database: Database) -> Scene:
    stored = scene_files.load(scene_files.scene_folder(database.beside))
    assert stored is not None
    return stored.scene


async def test_a_scene_is_learned_from_a_table_and_kept_beside_the_database(
    filled: Database, tmp_path: Path
) -> None:
    unknown = [Seed("odd", "nobody", None, None), Seed("odd", "id1", None, None)]
    path = as_table(tmp_path / "lists.csv", [*entries(WORLD), *unknown])

    report = await trained(filled, path)

    listed = np.unique(np.concatenate(WORLD.lists))
    assert (report.mark.lists, report.gathered.playlists) == (60, 61)
    assert report.mark.songs == report.covered == len(listed)
    assert (report.mark.dimensions, report.mark.files) == (8, ("lists.csv",))
    assert (report.mark.trained_at, report.tracks) == (NOON, SIZE)
    assert report.gathered.examples == ("nobody",)
    assert (report.reading_s, report.training_s) == (1, 1)
    assert len(kept(filled).song_ids) == len(listed)


async def test_tables_slices_and_listens_teach_the_same(filled: Database, tmp_path: Path) -> None:
    table = as_table(tmp_path / "lists.csv", entries(WORLD))
    playlists = [[track(**names(row)) for row in rows.tolist()] for rows in WORLD.lists]
    listens = [
        listen(at=100 * HALF_HOUR * number + place, user="ann", **names(row))
        for number, rows in enumerate(WORLD.lists)
        for place, row in enumerate(rows.tolist())
    ]
    shuffled = [listens[place] for place in np.random.default_rng(1).permutation(len(listens))]
    learned = []

    for path in (
        table,
        written(tmp_path / "mpd.slice.0-999.json", as_slice(playlists)),
        written(tmp_path / "1.listens.gz", as_lines(shuffled)),
    ):
        await trained(filled, path)
        learned.append(kept(filled))

    for other in learned[1:]:
        assert np.array_equal(other.song_ids, learned[0].song_ids)
        assert np.array_equal(other.vectors, learned[0].vectors)


async def test_several_paths_are_learned_from_together(filled: Database, tmp_path: Path) -> None:
    half = len(entries(WORLD)) // 2
    (tmp_path / "more").mkdir()
    first = as_table(tmp_path / "first.csv", entries(WORLD)[:half])
    as_table(tmp_path / "more" / "second.csv", entries(WORLD)[half:])

    report = await trained(filled, first, tmp_path / "more")

    assert report.mark.lists == 60
    assert report.mark.files == ("first.csv", "second.csv")


async def test_progress_is_told_for_reading_training_and_prices(
    filled: Database, tmp_path: Path
) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    await scenes.train(
        filled,
        LiveCatalog(filled),
        [as_table(tmp_path / "lists.csv", entries(WORLD))],
        TrainingOptions(dimensions=4),
        clock=FakeClock(),
        timer=lambda: 0.0,
        progress=lambda step, done, whole: told.setdefault(step, []).append((done, whole)),
    )

    assert list(told) == [
        "Reading",
        "Training",
        "Looking for what comes up for many",
    ]
    assert all(steps[-1][0] == steps[-1][1] for steps in told.values())


async def test_the_current_scene_is_told_beside_the_catalogue(
    filled: Database, tmp_path: Path
) -> None:
    live = LiveCatalog(filled)
    assert await scenes.current(filled, live) is None
    report = await trained(filled, as_table(tmp_path / "lists.csv", entries(WORLD)))

    state = await scenes.current(filled, live)

    assert state is not None
    assert (state.mark, state.covered, state.tracks) == (report.mark, report.covered, SIZE)
    assert scenes.remove(filled)
    assert await scenes.current(filled, live) is None
    assert not scenes.remove(filled)


async def test_too_few_lists_are_a_sentence_and_the_former_scene_stays(
    filled: Database, tmp_path: Path
) -> None:
    before = await trained(filled, as_table(tmp_path / "lists.csv", entries(WORLD)))
    few = [seed for seed in entries(WORLD) if seed.list in ("list 1", "list 2")]
    path = as_table(tmp_path / "few.csv", [*few, Seed("list 3", "nobody", None, None)])

    with pytest.raises(SeedsError, match=rf"2 lists .* {FEWEST_LISTS}\. .* not hold: nobody"):
        await trained(filled, path)

    state = await scenes.current(filled, LiveCatalog(filled))
    assert state is not None
    assert state.mark == before.mark


async def test_lists_of_other_music_are_a_sentence(filled: Database, tmp_path: Path) -> None:
    other = [Seed(f"list {n // 9}", f"other{n}", None, None) for n in range(900)]

    with pytest.raises(SeedsError, match="holds 0 of their 900 different tracks") as caught:
        await trained(filled, as_table(tmp_path / "lists.csv", other))

    assert "other0; other1" in str(caught.value)


async def test_an_empty_catalogue_is_a_sentence(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="bside catalog import"):
        await trained(database, as_table(tmp_path / "lists.csv", entries(WORLD)))


async def test_a_scene_that_cannot_be_written_is_a_sentence(
    filled: Database, tmp_path: Path
) -> None:
    folder = scene_files.scene_folder(filled.beside)
    folder.write_text("not a folder")

    with pytest.raises(SetupError, match=f"cannot be written to {re.escape(str(folder))}"):
        await trained(filled, as_table(tmp_path / "lists.csv", entries(WORLD)))
