"""A catalogue and a scene from the same dumps, read once."""

import gzip
import io
import json
import lzma
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import select

from bot.errors import ImportFileError
from bot.services.archives import zstd
from bot.services.catalog import LiveCatalog
from bot.services.scene import CatalogAndScene, TrainingOptions, build, current, one_pass, train
from bot.store.engine import Database
from bot.store.tables import tracks
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.services.catalog.test_open_data import canonical, tar

SCENES, SONGS, PEOPLE = 4, 12, 12
IDS = [
    str(uuid.UUID(int=(number + 1) << 96 | 4 << 76 | 8 << 60 | number))
    for number in range(SCENES * SONGS)
]
START = 1_700_000_000
Heard = list[tuple[int, int, str]]
LISTENS = "listenbrainz-spark-dump-2000-full.tar"


def listens() -> Heard:
    """Everybody plays songs of their own scene, in two sittings."""
    rng = np.random.default_rng(2)
    return [
        (person + 1, START + sitting * 90_000 + 200 * place, IDS[(person % SCENES) * SONGS + song])
        for person in range(PEOPLE * SCENES)
        for sitting in range(2)
        for place, song in enumerate(rng.permutation(SONGS)[:9].tolist())
    ]


def spark(heard: Heard, *, parts: int = 3) -> bytes:
    files = {"COPYING": b"CC0"}
    for number, some in enumerate(np.array_split(np.arange(len(heard)), parts)):
        rows = [heard[place] for place in some.tolist()]
        content = io.BytesIO()
        pl.DataFrame(
            rows, schema=["user_id", "listened_at", "recording_mbid"], orient="row"
        ).write_parquet(content)
        files[f"listens/{number}.parquet"] = content.getvalue()
    return tar(files)


def lines(heard: Heard) -> bytes:
    return b"".join(
        json.dumps(
            {
                "user_id": who,
                "listened_at": at,
                "track_metadata": {
                    "artist_name": "A",
                    "track_name": "B",
                    "mbid_mapping": {"recording_mbid": mbid},
                },
            }
        ).encode()
        + b"\n"
        for who, at, mbid in heard
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "dumps"
    where.mkdir()
    names = canonical(
        *(
            [n, 1, "x", f"Artist {n // 3}", "r", "Album", mbid, f"Song {n}", "x", 1]
            for n, mbid in enumerate(IDS)
        )
    )
    (where / "musicbrainz-canonical.tar.zst").write_bytes(
        zstd.compress(tar({"canonical_musicbrainz_data.csv": names}))
    )
    (where / LISTENS).write_bytes(spark(listens()))
    return where


async def made(
    database: Database,
    folder: Path,
    tmp_path: Path,
    *,
    progress: Callable[[str, int, int], None] = lambda what, done, size: None,
) -> CatalogAndScene:
    return await build(
        database,
        folder,
        tmp_path / "work",
        TrainingOptions(dimensions=8),
        min_listeners=3,
        clock=FakeClock(NOON),
        timer=lambda: 0.0,
        progress=progress,
    )


async def trained(database: Database, *paths: Path) -> Any:
    return await train(
        database,
        LiveCatalog(database),
        paths,
        TrainingOptions(dimensions=8),
        clock=FakeClock(NOON),
        timer=lambda: 0.0,
    )


async def test_one_pass_makes_the_catalogue_and_its_scene(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    done = await made(database, folder, tmp_path, progress=lambda what, *_: told.append(what))

    assert done.training is not None
    assert (done.built.chosen.kept, done.training.covered) == (len(IDS), len(IDS))
    sampled = done.training.gathered.sampled
    assert sampled is not None
    sittings = 2 * PEOPLE * SCENES
    assert (sampled.listens, sampled.sessions, sampled.taken) == (
        len(listens()),
        sittings,
        sittings,
    )
    assert done.training.mark.files == (LISTENS,)
    assert not (tmp_path / "work").exists()  # nor anybody's number
    state = await current(database, LiveCatalog(database))
    assert state is not None
    assert state.covered == len(IDS)


async def test_songs_of_one_sitting_are_near_each_other(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    await made(database, folder, tmp_path)

    catalog = await LiveCatalog(database).get()
    async with database.read() as conn:
        rows = await conn.execute(select(tracks.c.id, tracks.c.title))
        titles = {row.id: row.title for row in rows}
    scene = np.array([int(titles[one].split()[1]) // SONGS for one in catalog.track_ids.tolist()])
    vectors = catalog.scene.astype(np.float64)
    products = vectors @ vectors.T
    same = scene[:, None] == scene[None, :]
    assert products[same].mean() > products[~same].mean() + 0.1


@pytest.mark.parametrize("step", ["take_sessions", "learn"])
async def test_an_end_before_the_scene_is_there_costs_no_reading(
    database: Database, folder: Path, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class EndedError(BaseException):
        pass

    def ends(*_: Any, **__: Any) -> None:
        raise EndedError

    with monkeypatch.context() as patch:
        patch.setattr(one_pass, step, ends)
        with pytest.raises(EndedError):
            await made(database, folder, tmp_path)
    told: list[str] = []

    done = await made(database, folder, tmp_path, progress=lambda what, *_: told.append(what))

    assert f"Reading {LISTENS}" not in told
    assert done.training is not None
    assert done.training.gathered.sampled is not None
    assert done.training.gathered.sampled.listens == len(listens())
    assert done.training.covered == len(IDS)


async def test_too_few_sessions_leave_the_catalogue_and_nobodys_numbers(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    (folder / LISTENS).write_bytes(spark(listens()[: 18 * 9]))

    done = await made(database, folder, tmp_path)

    assert done.training is None
    assert done.why_none.startswith("No scene can be learned")
    assert done.built.report.new > 0
    assert not (tmp_path / "work").exists()
    assert await current(database, LiveCatalog(database)) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("spark.tar", spark(listens())),
        ("spark.tar.gz", gzip.compress(spark(listens()))),
        ("listens.tar.zst", zstd.compress(tar({"x/COPYING": b"CC0", "1.l": lines(listens())}))),
        ("1.listens.xz", lzma.compress(lines(listens()))),
    ],
)
async def test_the_scene_is_trained_on_a_dump_as_it_was_downloaded(
    database: Database, folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    first = await made(database, folder, tmp_path)
    path = tmp_path / name
    path.write_bytes(content)

    again = await trained(database, path)

    assert first.training is not None
    assert again.weights.tolist() == first.training.weights.tolist()
    assert (again.mark.lists, again.covered) == (first.training.mark.lists, len(IDS))
    assert not database.named("listens").exists()


async def test_a_single_table_of_listens_is_read(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    await made(database, folder, tmp_path)
    pl.DataFrame(
        listens(), schema=["user_id", "listened_at", "recording_mbid"], orient="row"
    ).write_parquet(tmp_path / "one.parquet")

    report = await trained(database, tmp_path / "one.parquet")

    assert report.gathered.sampled.taken == 2 * PEOPLE * SCENES


async def test_a_folder_of_dumps_may_hold_others(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    await made(database, folder, tmp_path)

    report = await trained(database, folder)

    assert report.mark.files == (LISTENS,)


async def test_a_dump_that_is_cut_off_is_a_sentence_and_the_former_scene_stays(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    await made(database, folder, tmp_path)
    path = tmp_path / "listens.tar.zst"
    whole = zstd.compress(tar({str(n): lines(listens()) for n in range(9)}))
    path.write_bytes(whole[:-20])

    with pytest.raises(ImportFileError, match=r"cut off|damaged"):
        await trained(database, path)

    state = await current(database, LiveCatalog(database))
    assert state is not None
    assert state.mark.files == (LISTENS,)
