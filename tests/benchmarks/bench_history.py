"""Measure the import of a long history, and what `/privacy export` then takes.

`python -m tests.benchmarks.bench_history`

A generated extended streaming history of Spotify (zip, some 600 bytes a play unpacked) goes into a
database with the starter catalogue, or with the tracks of a table (`--table`), in a process of its
own, so that its peak memory is its own.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl

from bot.clock import SystemClock
from bot.services import build_services
from bot.services.catalog.importing import CatalogImporter
from bot.services.catalog.starter import load_starter
from bot.store import migrate
from bot.store.engine import Database

IN_A_FILE = 16_000


def written(folder: Path, plays: int, recordings: int, names: list[tuple[str, str, str]]) -> Path:
    """Write an export: some recordings are played far more often than others."""
    rng = random.Random(1)
    path = folder / "my_spotify_data.zip"
    at = datetime(2012, 1, 1, tzinfo=UTC)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(0, plays, IN_A_FILE):
            rows = []
            for _ in range(min(IN_A_FILE, plays - number)):
                at += timedelta(seconds=rng.randrange(60, 1500))
                chosen = names[int(recordings * rng.random() ** 3) % len(names)]
                rows.append(_row(rng, at, *chosen))
            name = f"Spotify Extended Streaming History/Streaming_History_Audio_{number}.json"
            archive.writestr(name, json.dumps(rows))
    return path


def _row(
    rng: random.Random, at: datetime, track: str, artist: str, title: str
) -> dict[str, object]:
    return {
        "ts": at.isoformat().replace("+00:00", "Z"),
        "platform": "Android OS 12 API 31 (samsung, SM-G991B)",
        "ms_played": rng.randrange(1_000, 300_000),
        "conn_country": "DE",
        "ip_addr": "203.0.113.7",
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": f"Album of {artist}",
        "spotify_track_uri": f"spotify:track:{track}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": None,
        "incognito_mode": False,
    }


def names_of(table: Path | None, recordings: int) -> list[tuple[str, str, str]]:
    """Return Spotify id, artist and title: half of them in the table."""
    made = [(f"made{n:018d}", f"Artist {n // 9}", f"Song {n}") for n in range(recordings)]
    if table is None:
        return made
    frame = pl.read_csv(table, infer_schema_length=100_000)
    rows = frame.select("track_id", "artist", "title").drop_nulls().rows()
    mixed = [*rows[: recordings // 2], *made[: recordings // 2]]
    random.Random(2).shuffle(mixed)
    return mixed


async def _measured(export: Path, folder: Path) -> tuple[float, float]:
    async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
        services = build_services(database, SystemClock())
        await services.catalog.get()

        async def quiet(_rows: int, _share: float) -> None:
            return

        print(f"  {_peak_mb():.0f} MB before")
        start, cpu = time.perf_counter(), time.process_time()
        report = await services.listens.import_file(1, export, export.name, quiet)
        seconds = time.perf_counter() - start
        cpu = time.process_time() - cpu
        print(f"  {report}\n  {cpu:.1f} s of computing, peak {_peak_mb():.0f} MB")
        start = time.perf_counter()
        await services.recommender.why(1, 0, 1)
        taste = time.perf_counter() - start
        start, cpu = time.perf_counter(), time.process_time()
        async with services.personal_exports.of(1, limit=10 << 20) as paths:
            size = sum(path.stat().st_size for path in paths) >> 10
            print(f"  export: {len(paths)} zips of {size:,} KB, ", end="")
        print(
            f"{time.perf_counter() - start:.1f} s, {time.process_time() - cpu:.1f} s of computing"
        )
        return seconds, taste


def _work(export: Path, folder: Path, sender: Connection) -> None:
    seconds, taste = asyncio.run(_measured(export, folder))
    sender.send((seconds, taste, _peak_mb()))


def _peak_mb() -> float:
    """Return the peak of this process alone: what `getrusage` tells begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


async def _prepared(folder: Path, *, table: Path | None) -> None:
    async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
        await migrate.upgrade(database, now=datetime.now(UTC))
        if table is not None:
            await CatalogImporter(database).import_file(table)
        else:
            await load_starter(database)
        await build_services(database, SystemClock()).catalog.get()


def main(plays: int, recordings: int, *, table: Path | None) -> None:
    """Generate, import in a process of its own, and print seconds and peak memory."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = written(folder, plays, recordings, names_of(table, recordings))
        print(f"{plays:,} plays of {recordings:,} recordings, {export.stat().st_size >> 20} MB")
        setup = context.Process(target=_set_up, args=(folder, table))
        setup.start()
        setup.join()
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(export, folder, sender))
        process.start()
        sender.close()
        seconds, taste, megabytes = receiver.recv()
        process.join()
    print(
        f"import: {seconds:.1f} s, peak {megabytes:.0f} MB; an explanation after it: {taste:.2f} s"
    )


def _set_up(folder: Path, table: Path | None) -> None:
    asyncio.run(_prepared(folder, table=table))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=500_000)
    parser.add_argument("--recordings", type=int, default=60_000)
    parser.add_argument("--table", type=Path, help="with track_id, artist and title")
    arguments = parser.parse_args()
    main(arguments.plays, arguments.recordings, table=arguments.table)
