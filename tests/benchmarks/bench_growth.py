"""How well picks fit in a catalogue that grew by itself, beside the one that it grew from.

`uv run python -m tests.benchmarks.bench_growth FOLDER [--hours 1] [--listeners 10]`: services on
the loopback interface know the artists of the real tables, and which of them stand in the same
public playlists. From an empty catalogue, each listener names the three artists who stand most
often in one playlist; then the job runs for some hours of simulated time. It writes `grown.db` and
`full.db` (all that the services know) to FOLDER, and says how many tracks came, how many are
measured, and how long the pace of each service makes them take. `bside lab simulate --catalog`
judges both.
"""

import argparse
import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import polars as pl
from sqlalchemy import func, select

from bot.core.models import AUDIO_FEATURES
from bot.demo.servers.songs import Song
from bot.services import build_services
from bot.services.growth import GrowthPlan
from bot.services.growth.growing import PAUSE
from bot.sources import audius, deezer, musicbrainz, reccobeats
from bot.sources.listenbrainz import labs
from bot.store import measures, migrate
from bot.store.engine import Database
from bot.store.measures import Gap
from bot.store.tables import artists, tracks
from tests.fakes import FakeClock
from tests.outside import open_outside
from tests.real_data import DATA
from tests.stored import StoredTrack, add_tracks

SONGS = 20
"""So many of an artist are known to the services at most."""
LISTS = 3
"""In so many playlists an artist stands, to be known to them."""
RELATED = 20
MEASURED = 0.85
"""The share of songs that ReccoBeats knows."""


def the_songs() -> list[Song]:
    listed = playlists().group_by("artist").agg(pl.col("list").n_unique().alias("lists"))
    table = (
        pl.read_csv(DATA / "catalog.csv.gz", infer_schema_length=100_000)
        .unique("song", keep="first", maintain_order=True)
        .join(listed.filter(pl.col("lists") >= LISTS), on="artist")
        .filter(pl.col("tempo") > 0, pl.col("duration_ms") > 0)
        .sort("artist", pl.col("popularity").fill_null(0), descending=[False, True])
        .group_by("artist", maintain_order=True)
        .head(SONGS)
    )
    rng = np.random.default_rng(1)
    return [_song(number, row, rng) for number, row in enumerate(table.iter_rows(named=True))]


def _song(number: int, row: dict[str, object], rng: np.random.Generator) -> Song:
    known = {name: row[name] for name in AUDIO_FEATURES if row.get(name) is not None}
    popularity = row["popularity"]
    rank = 100_000 if popularity is None else int(10_000 * float(str(popularity)))
    return Song(
        str(row["title"]), str(row["artist"]), duration_ms=int(str(row["duration_ms"])),
        isrc=f"QZDEM{number:07d}", mbid=str(uuid5(NAMESPACE_URL, f"song {number}")),
        artist_mbid=str(uuid5(NAMESPACE_URL, f"artist {row['artist']}")),
        reccobeats_id=str(uuid5(NAMESPACE_URL, f"measured {number}")),
        deezer_id=number + 1, deezer_rank=rank, genres=(),
        features=known if rng.random() < MEASURED else {},
    )  # fmt: skip


def playlists() -> pl.DataFrame:
    table = pl.read_csv(DATA / "playlists_dev.csv.gz", columns=["list", "artist"])
    return table.drop_nulls()


def related(names: set[str]) -> dict[str, list[str]]:
    """Return by artist who stands in the same playlists more often than their fame explains."""
    lists = playlists().filter(pl.col("artist").is_in(list(names))).unique()
    size = Counter(lists["artist"].to_list())
    together: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in lists.group_by("list").agg("artist").iter_rows(named=True):
        for one in row["artist"]:
            together[one].update(row["artist"])
    found = {}
    for one, counts in together.items():
        share = {other: n / size[other] ** 0.5 for other, n in counts.items() if other != one}
        found[one] = sorted(share, key=lambda other: (-share[other], other))[:RELATED]
    return found


def loves(names: set[str], count: int) -> list[list[str]]:
    """Return the three artists who stand most often in each of some playlists."""
    told = []
    for row in (
        playlists().group_by("list", maintain_order=True).agg("artist").iter_rows(named=True)
    ):
        best = [name for name, n in Counter(row["artist"]).most_common() if name in names][:3]
        if len(best) == 3:
            told.append(best)
    return [told[place] for place in np.random.default_rng(3).permutation(len(told))[:count]]


async def fill(database: Database, songs: list[Song]) -> None:
    async with database.write() as conn:
        rows = [
            StoredTrack(
                song.title, song.artist, popularity=float(song.deezer_rank or 0),
                facts={"duration_ms": song.duration_ms, **song.features},
            )
            for song in songs
        ]  # fmt: skip
        await add_tracks(conn, rows)


async def grow(folder: Path, hours: float, listeners: int) -> None:
    songs = the_songs()
    names = {song.artist for song in songs}
    print(f"{len(songs):,} songs by {len(names):,} artists are known to the services")
    clock = FakeClock()
    async with Database(f"sqlite+aiosqlite:///{folder / 'full.db'}") as full:
        await migrate.upgrade(full, now=clock.now())
        await fill(full, songs)
    async with (
        Database(f"sqlite+aiosqlite:///{folder / 'grown.db'}") as database,
        open_outside(database, clock, songs) as world,
    ):
        await migrate.upgrade(database, now=clock.now())
        near = related(names)
        world.deezer.related |= near
        world.labs.related |= near
        services = build_services(database, clock, world.outside, growth_plan=GrowthPlan())
        assert services.growth is not None
        began = time.process_time()
        for listener, loved in enumerate(loves(names, listeners), 1):
            for name in loved:
                wish = await services.wishes.wish(listener, name, 5)
                await services.wishes.fulfil(wish.id)
        await services.growth.begin()
        until = clock.now() + timedelta(hours=hours)
        while clock.now() < until:
            await services.jobs.run_due()
            clock.move(seconds=PAUSE.total_seconds())
        async with database.read() as conn:
            count = int(await conn.scalar(select(func.count()).select_from(tracks)) or 0)
            known = int(await conn.scalar(select(func.count()).select_from(artists)) or 0)
            lacking = await measures.count_lacking(conn, Gap.FEATURES)
        print(f"after {hours:g} h: {count:,} tracks by {known:,} artists, ", end="")
        print(
            f"{1 - lacking / count:.0%} measured; {time.process_time() - began:.0f} s of processor"
        )
        for server, pace in (
            (world.deezer, deezer.PACE), (world.musicbrainz, musicbrainz.PACE),
            (world.reccobeats, reccobeats.PACE), (world.labs, labs.PACE),
            (world.audius, audius.PACE),
        ):  # fmt: skip
            at_least = len(server.calls) * pace.interval / 60
            print(f"  {type(server).__name__}: {len(server.calls):,} calls, {at_least:.0f} minutes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("--listeners", type=int, default=10)
    asked = parser.parse_args()
    asyncio.run(grow(asked.folder, asked.hours, asked.listeners))


if __name__ == "__main__":
    main()
