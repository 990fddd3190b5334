"""A catalogue made of dumps: what is kept, what it says, and what an end in the middle costs."""

import asyncio
import bz2
import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import func, select

from bot.core.models import SubjectKind
from bot.errors import ImportFileError
from bot.services.archives import zstd
from bot.services.catalog import Built, OpenData
from bot.services.catalog.open_data import building, plays, sounds
from bot.services.catalog.open_data.plays import ByRecording
from bot.services.catalog.open_data.recordings import Redirects, keys_of
from bot.services.catalog.open_data.shuffling import Shuffle
from bot.store import search, state
from bot.store.engine import Database
from bot.store.tables import albums, artists, external_ids, popularity, tracks

pytestmark = pytest.mark.both

IDS = [str(uuid.UUID(int=(number + 1) << 96 | 4 << 76 | 8 << 60 | number)) for number in range(8)]
CANONICAL = "musicbrainz-canonical-dump-20261115-080003.tar.zst"
LISTENS = "listenbrainz-spark-dump-2000-full.tar"


def table(header: str, *rows: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header.split(","), *rows])
    return text.getvalue().encode()


def tar(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, inside in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(inside)
            archive.addfile(info, io.BytesIO(inside))
    return content.getvalue()


def canonical(*rows: list[Any], header: str = "") -> bytes:
    columns = (
        "id,artist_credit_id,artist_mbids,artist_credit_name,release_mbid,release_name,"
        "recording_mbid,recording_name,combined_lookup,score"
    )
    return table(header or columns, *rows)


def named(number: int, title: str, artist: str, ids: int = 1) -> list[Any]:
    return [number, 1, ",".join(["x"] * ids), artist, "r", "Album", IDS[number], title, "x", 1]


def parquet(*listens: tuple[str | None, int]) -> bytes:
    content = io.BytesIO()
    pl.DataFrame(
        {
            "listened_at": [1] * len(listens),
            "recording_mbid": pl.Series([one[0] for one in listens], dtype=pl.String),
            "user_id": [one[1] for one in listens],
        }
    ).write_parquet(content)
    return content.getvalue()


def listened(number: int, people: int, times: int = 1) -> list[tuple[str | None, int]]:
    return [(IDS[number], user + 1) for user in range(people) for _ in range(times)]


def rhythm(*rows: tuple[int, float, float]) -> bytes:
    header = (
        "mbid,submission_offset,bpm,bpm_histogram_first_peak_bpm_median,danceability,onset_rate"
    )
    return table(header, *([IDS[n], 0, 999, bpm, dance, 3] for n, bpm, dance in rows))


def tonal(*rows: tuple[int, str, str]) -> bytes:
    return table("mbid,submission_offset,key_key,key_scale", *([IDS[n], 0, *k] for n, *k in rows))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Dumps of seven recordings: played, measured, both, neither, and another edition."""
    where = tmp_path / "dumps"
    where.mkdir()
    names = canonical(
        named(0, "Lullaby", "Low"),
        named(1, "Yoo &amp; Doo", "Can feat. Ann", ids=2),
        named(2, "Measured", "Earth, Wind & Fire"),
        named(3, "Unloved", "Nobody"),
        named(4, "Lullaby", "Low"),
        [5, "cut off"],
        ["x", 1, "x", "Nobody", "r", "Album", "no id", "Title", "x", 1],
    )
    redirects = table(
        "recording_mbid,canonical_recording_mbid,canonical_release_mbid", [IDS[4], IDS[0], "r"]
    )
    files = {
        "dump/canonical/canonical_musicbrainz_data.csv": names,
        "dump/canonical/canonical_recording_redirect.csv": redirects,
        "dump/COPYING": b"CC0",
    }
    (where / CANONICAL).write_bytes(zstd.compress(tar(files)))
    listens = {
        "a/0.parquet": parquet(*listened(0, 3), *listened(4, 4, times=2), (None, 1)),
        "a/1.parquet": parquet(*listened(0, 2), *listened(1, 5), *listened(3, 1), ("x", 9)),
        "a/2.parquet": parquet(*listened(1, 1)),
    }
    (where / LISTENS).write_bytes(tar(listens))
    ab = where / "acousticbrainz-lowlevel-features-20220623-rhythm.tar.bz2"
    beats = rhythm((2, 120, 1.0), (2, 121, 1.2), (2, 119, 1.1), (0, 90, 0.5), (0, 180, 0.5))
    ab.write_bytes(bz2.compress(tar({"r.csv": beats})))
    keys = tonal((2, "F#", "minor"), (2, "F#", "minor"), (2, "A", "major"), (0, "?", "minor"))
    (where / "acousticbrainz-tonal.csv").write_bytes(keys)
    return where


async def build(database: Database, folder: Path, tmp_path: Path, least: int = 4) -> Built:
    return await OpenData(database, tmp_path / "work", min_listeners=least).build(
        folder, lambda what, done, size: None
    )


async def rows_of(database: Database) -> dict[str, dict[str, Any]]:
    query = (
        select(tracks, artists.c.name, albums.c.title.label("album"), popularity.c.value)
        .join(artists, artists.c.id == tracks.c.artist_id)
        .outerjoin(albums, albums.c.id == tracks.c.album_id)
        .outerjoin(popularity, popularity.c.track_id == tracks.c.id)
    )
    async with database.read() as conn:
        return {row.title: row._asdict() for row in await conn.execute(query)}


async def test_what_people_play_or_somebody_measured_is_kept(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    built = await build(database, folder, tmp_path)

    found = await rows_of(database)
    assert set(found) == {"Lullaby", "Yoo & Doo", "Measured"}
    assert found["Lullaby"]["value"] == 4  # of both editions, each person once
    assert found["Yoo & Doo"]["name"] == "Can"
    assert found["Yoo & Doo"]["artist_credit"] == "Can, Ann"
    assert found["Measured"]["name"] == "Earth, Wind & Fire"
    assert found["Measured"]["value"] is None
    assert found["Lullaby"]["album"] == "Album"
    assert built.chosen.left == {
        "another edition of a recording": 1,
        "too few listeners, and not measured": 1,
        "no MusicBrainz id": 1,
        "cut off": 1,
    }
    assert (built.counted.listens, built.counted.unmapped) == (22, 2)
    assert built.left_out == ["dump/COPYING"]
    assert not (tmp_path / "work").exists()


async def test_the_middle_of_what_was_measured_counts(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    await build(database, folder, tmp_path)

    found = await rows_of(database)
    measured = found["Measured"]
    assert (measured["tempo"], measured["key"], measured["mode"]) == (120.0, 6, 0)
    assert measured["feature_source"] == "acousticbrainz"
    assert 0.5 < measured["danceability"] < 0.9  # more danceable than the other one
    assert found["Lullaby"]["tempo"] is None  # half say 90, half 180
    assert found["Lullaby"]["key"] is None
    assert found["Lullaby"]["danceability"] < 0.5


async def test_again_or_with_newer_dumps_nothing_is_doubled(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    first = await build(database, folder, tmp_path)
    again = await build(database, folder, tmp_path)
    more = await build(database, folder, tmp_path, least=1)

    assert (first.report.new, again.report.new, more.report.new) == (3, 0, 1)
    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(external_ids)) == 4
        hits = await search.search(conn, "lullaby low", kinds=[SubjectKind.TRACK], limit=5)
    assert [hit.title for hit in hits] == ["Lullaby"]


@pytest.mark.parametrize("step", ["plays", "names"])
async def test_an_end_in_the_middle_costs_and_doubles_nothing(
    database: Database, folder: Path, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(100))

    class EndedError(BaseException):
        pass

    def dies(whole: Callable[..., Any], after: int) -> Callable[..., Any]:
        def instead(*given: Any, **named_: Any) -> Any:
            if next(calls) == after:
                raise EndedError
            return whole(*given, **named_)

        return instead

    with monkeypatch.context() as patch:
        if step == "plays":
            patch.setattr(plays, "take_parquet", dies(plays.take_parquet, 1))
        else:
            patch.setattr(building.OpenData, "_keep", dies(building.OpenData._keep, 0))
        with pytest.raises(EndedError):
            await build(database, folder, tmp_path)

    built = await build(database, folder, tmp_path)

    assert built.is_resumed
    assert built.counted.listens == 22
    found = await rows_of(database)
    assert found["Lullaby"]["value"] == 4
    assert len(found) == 3


async def test_written_names_are_not_written_again(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = await build(database, folder, tmp_path)
    async with database.read() as conn:
        said = json.loads(await state.get(conn, "open_data") or "")

    again = await build(database, folder, tmp_path)

    assert said["rows"] == built.chosen.rows == 7
    assert (again.chosen.rows, again.is_resumed) == (0, True)


async def test_the_end_of_its_process_leaves_what_is_whole(folder: Path, tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from bot.services.catalog.open_data.building import OpenData\n"
        "def tell(what, done, size):\n"
        "    print(what, flush=True)\n"
        "    if 'listenbrainz' in what: sys.stdin.read()\n"
        "asyncio.run(OpenData(None, Path(sys.argv[2]), min_listeners=4)"
        ".build(Path(sys.argv[1]), tell))\n"
    )
    work = tmp_path / "work"
    child = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-c", script, str(folder), str(work)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    lines = iter(child.stdout.readline, b"")
    await asyncio.to_thread(lambda: next(line for line in lines if b"listenbrainz" in line))
    os.kill(child.pid, signal.SIGKILL)
    await asyncio.to_thread(child.communicate)

    _, notes = json.loads((work / "notes.json").read_text())
    read = {one["name"]: one for one in notes}
    assert read[CANONICAL]["is_read"]
    assert all(size == 0 for one in notes for size in one["sizes"]["plays"])


def damaged(folder: Path, name: str, cut: int) -> None:
    file = folder / name
    file.write_bytes(file.read_bytes()[:-cut])


async def test_a_download_that_is_cut_off_is_told_and_what_was_whole_stays(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    whole = (folder / LISTENS).read_bytes()
    damaged(folder, LISTENS, len(whole) // 2)

    with pytest.raises(ImportFileError, match=r"cut off|damaged"):
        await build(database, folder, tmp_path)
    assert await rows_of(database) == {}

    (folder / LISTENS).write_bytes(whole)
    assert (await build(database, folder, tmp_path)).report.new == 3


async def test_a_checksum_that_lies_beside_is_compared(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    beside = folder / f"{CANONICAL}.sha256"
    beside.write_text(f"{'0' * 64}  {CANONICAL}\n")
    with pytest.raises(ImportFileError, match="checksum"):
        await build(database, folder, tmp_path)

    right = hashlib.sha256((folder / CANONICAL).read_bytes()).hexdigest()
    beside.write_text(f"{right}  {CANONICAL}\n")
    assert (await build(database, folder, tmp_path)).report.new == 3


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (CANONICAL, "no canonical dump"),
        ("*brainz-*", "neither listens"),
        ("*", "is empty"),
    ],
)
async def test_a_folder_that_lacks_a_dump_is_told(
    database: Database, folder: Path, tmp_path: Path, missing: str, sentence: str
) -> None:
    for file in list(folder.glob(missing)):  # noqa: ASYNC240
        if missing != "*brainz-*" or "musicbrainz" not in file.name:
            file.unlink()

    with pytest.raises(ImportFileError, match=sentence):
        await build(database, folder, tmp_path)


async def test_a_full_disk_is_told(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "work")

    with monkeypatch.context() as patch:
        patch.setattr(Shuffle, "add", full)
        with pytest.raises(ImportFileError, match="Make room"):
            await build(database, folder, tmp_path)

    assert (await build(database, folder, tmp_path)).report.new == 3


async def test_dumps_of_another_year_may_have_other_columns(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    content = tar(
        {
            "0.parquet": parquet(*listened(0, 9)),
            "1.parquet": _other_columns(),
        }
    )
    (folder / LISTENS).write_bytes(content)

    built = await build(database, folder, tmp_path)

    assert "1.parquet: no columns recording_mbid and user_id" in built.left_out
    assert (await rows_of(database))["Lullaby"]["value"] == 9


def _other_columns() -> bytes:
    content = io.BytesIO()
    pl.DataFrame({"recording": ["x"]}).write_parquet(content)
    return content.getvalue()


async def test_listens_as_json_lines_are_counted_and_strange_lines_too(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    (folder / LISTENS).unlink()
    rows = [
        {
            "user_id": user,
            "listened_at": 1_700_000_000,
            "track_metadata": {
                "artist_name": "Low",
                "track_name": "Lullaby",
                "mbid_mapping": {"recording_mbid": IDS[0]},
            },
        }
        for user in range(6)
    ]
    lines = [json.dumps(row).encode() for row in rows] + [b"{cut", b"[1]", b""]
    member = {"listens/2026/1.listens": b"\n".join(lines)}
    (folder / "listenbrainz-listens-dump-full.tar.zst").write_bytes(zstd.compress(tar(member)))

    built = await build(database, folder, tmp_path)

    assert (await rows_of(database))["Lullaby"]["value"] == 6
    assert (built.counted.listens, built.counted.unreadable) == (6, 2)


# --------------------------------------------------------------------------- the parts


def test_people_are_counted_once_however_the_rows_lie(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    keys, users = rng.integers(0, 2**63, 50).astype(np.uint64), rng.integers(0, 30, 5000)
    which = rng.integers(0, 50, 5000)
    with Shuffle(tmp_path, ByRecording.fields) as shuffle:
        for some in np.array_split(np.arange(5000), 7):
            rows = np.zeros(len(some), shuffle.dtype)
            rows["key"], rows["user"], rows["times"] = keys[which[some]], users[some], 1
            shuffle.add(rows)
        found = plays.count(shuffle.parts(), least=2)

    expected = {
        int(keys[one]): (len(set(users[which == one])), int((which == one).sum()))
        for one in range(50)
        if len(set(users[which == one])) >= 2
    }
    assert found.keys.tolist() == sorted(expected)
    assert {
        key: (people, times)
        for key, people, times in zip(
            found.keys.tolist(), found.listeners.tolist(), found.listens.tolist(), strict=True
        )
    } == expected


def test_what_is_no_id_is_no_recording() -> None:
    found = keys_of(pl.Series([IDS[1], IDS[1].upper(), "x", None, "", f"{IDS[1]} "]))

    assert found[0] == found[1]
    assert found[2:].to_list() == [None] * 4


def test_redirects_are_followed_and_others_stay() -> None:
    some = np.array([1, 2, 3], np.uint64)
    redirects = Redirects(np.array([2, 2], np.uint64), np.array([9, 8], np.uint64))

    assert redirects.followed(some).tolist() == [1, 9, 3]
    assert redirects.moves(some).tolist() == [False, True, False]


def test_a_table_of_measures_without_its_columns_is_none() -> None:
    assert sounds.kind_of(["mbid", "danceability"]) is None
    assert sounds.kind_of(["mbid", "danceability", "bpm"]) is sounds.RHYTHM


def test_times_of_listens_are_read_however_they_are_kept(tmp_path: Path) -> None:
    heard: list[plays.Listens] = []
    second = 1_700_000_000
    for kept in (
        pl.Series([second]),
        pl.Series([second * 1000]).cast(pl.Datetime("ms")),
        pl.Series([second * 10**9]).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        None,
    ):
        frame = pl.DataFrame({"recording_mbid": [IDS[0]], "user_id": [3]})
        frame = frame if kept is None else frame.with_columns(kept.alias("listened_at"))
        frame.write_parquet(tmp_path / "1.parquet")
        plays.take_parquet(
            tmp_path / "1.parquet", Redirects(*[np.empty(0, np.uint64)] * 2), plays.Counted(),
            heard.append,
        )  # fmt: skip

    assert [one.times_s.tolist() for one in heard] == [[second]] * 3 + [[0]]
