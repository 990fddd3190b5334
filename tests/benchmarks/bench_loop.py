"""How long the event loop stands still while listeners ask.

`uv run --group bench python -m tests.benchmarks.bench_loop [--database FILE] [--tracks 250000]
[--seconds 20] [--rate 20] [--enrich] [--importing] [--markdown FILE]`: `rate` wishes a second, as
`/discover` asks them, over a copy of a database and its scene (or over generated tracks without
one), at random moments. A task that only sleeps notes by how much it wakes too late. With
`--enrich` it is measured once more while batches of tracks are asked for at services on the
loopback interface, stored, and the catalogue brought up to date: one in ten seconds, where the bot
waits for 20 minutes. With `--importing` it is measured once more while the worst exports are read,
one after the other.

A second table is the processor time, of all threads, that a rating, a thumb, a wish and a profile
take before they are answered, and what the derivation of a taste takes after it.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import argparse
import asyncio
import random
import shutil
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from sqlalchemy import delete, insert, select, update

from bot.clock import SystemClock
from bot.core.catalog.space import MEASURES
from bot.core.models import AUDIO_FEATURES, FeedbackSource, Subject, SubjectKind
from bot.core.ranking.discovery import Discovery
from bot.core.ranking.query import Mood
from bot.core.ranking.wish import Wish
from bot.demo.outside import open_outside
from bot.demo.servers.songs import Song
from bot.errors import UserError
from bot.services import Services, build_services
from bot.services.catalog.importing import CatalogImporter
from bot.services.finding.enrichment import EnrichmentReport
from bot.sources.host import Timing
from bot.store import migrate
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.measures import Gap
from bot.store.scene_files import scene_folder
from tests.benchmarks.catalogs import correlated_tracks, listeners

NAP = 0.005
PAUSE = timedelta(seconds=10)
LISTENERS = 40
DISLIKES = 10
WISHES = (
    Wish(),
    Wish(count=5, obscurity=0),
    Wish(count=5, obscurity=90),
    Wish(mood=Mood.CALM, repeats=True),
    Wish(mood=Mood.DANCEABLE, years=(1990, None), repeats=True),
)


def copy(source: Path, target: Path) -> None:
    """Copy a database, and its scene where there is one."""
    shutil.copy(source, target)
    if scene_folder(source).is_dir():
        shutil.copytree(scene_folder(source), scene_folder(target))


async def fill(database: Database, folder: Path, tracks: int) -> None:
    """Import a generated table, in the units that tables have."""
    raw = correlated_tracks(tracks)
    unit = 1 / (1 + np.exp(-raw.audio[:, :7]))
    popularity = np.full(tracks, np.nan)
    popularity[raw.popularity_rows] = raw.popularity_values
    frame = pl.DataFrame(
        {
            "title": [f"Song {number}" for number in raw.track_ids.tolist()],
            "artist": [f"Artist {number}" for number in raw.artist_ids.tolist()],
            "popularity": popularity,
            "year": raw.years,
            "loudness": np.clip(4 * raw.audio[:, 7] - 10, -60, 0),
            "tempo": raw.audio[:, 8],
            **{name: unit[:, place] for place, name in enumerate(MEASURES[:7])},
        }
    ).with_columns(pl.col("popularity").fill_nan(None), year=pl.col("year").replace(0, None))
    frame.write_csv(folder / "generated.csv")
    await CatalogImporter(database).import_file(folder / "generated.csv")


@dataclass
class Spent:
    """Processor seconds by what they were spent on."""

    on: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.on.setdefault(name, []).append(time.process_time() - start)


async def rate(services: Services, spent: Spent) -> list[int]:
    """Give every listener a few ratings, and then thumbs."""
    catalog = await services.catalog.get()
    people = listeners(catalog, LISTENERS, corners=1, dislikes=DISLIKES)
    button = FeedbackSource.BUTTON
    for user, (taste, rated) in enumerate(people, 1):
        for place, row in enumerate(rated):
            subject = Subject(SubjectKind.TRACK, int(catalog.track_ids[row]))
            with spent.timed("a rating"):
                await services.feedback.rate(user, subject, 5 if row in taste.liked_rows else 1)
            if place % 5 == 0:
                up, message = row in taste.liked_rows, 1000 * user + place
                with spent.timed("a thumb"):
                    await services.feedback.thumb(
                        user, subject, up=up, source=button, message_id=message
                    )
        with spent.timed("a taste, after the answer"):
            await services.tastes.catch_up()
    return list(range(1, LISTENERS + 1))


async def ask_in_turn(services: Services, users: list[int], spent: Spent) -> None:
    """Let everybody ask, one after the other."""
    for user in users:
        with spent.timed("a wish"):
            await services.recommender.discover(user, Wish(), guild_id=None)
        with spent.timed("a profile"):
            await services.profiles.of(user, user)


async def watch(late: list[float], stop: asyncio.Event) -> None:
    while not stop.is_set():
        start = time.perf_counter()
        await asyncio.sleep(NAP)
        late.append(time.perf_counter() - start - NAP)


async def ask(services: Services, user: int, wish: Wish, taken: list[float]) -> None:
    start = time.perf_counter()
    found = await services.recommender.discover(user, wish, guild_id=None)
    taken.append(time.perf_counter() - start)
    assert isinstance(found, Discovery)


async def measure(
    services: Services, users: list[int], *, seconds: float, rate: float
) -> tuple[list[float], list[float]]:
    """Return how late the sleeper was, and how long the wishes took."""
    rng = np.random.default_rng(1)
    late: list[float] = []
    taken: list[float] = []
    stop = asyncio.Event()
    watcher = asyncio.create_task(watch(late, stop))
    async with asyncio.TaskGroup() as group:
        for gap in rng.exponential(1 / rate, int(seconds * rate)).tolist():
            await asyncio.sleep(gap)
            user, wish = int(rng.choice(users)), WISHES[int(rng.integers(len(WISHES)))]
            group.create_task(ask(services, user, wish, taken))
    stop.set()
    await watcher
    return late, taken


async def forget_features(database: Database, tracks: int) -> list[Song]:
    """Forget what is measured of some tracks, and return them as ReccoBeats knows them."""
    async with database.write() as conn:
        blank = dict.fromkeys(AUDIO_FEATURES)
        ids = list(await conn.scalars(select(t.tracks.c.id).limit(tracks)))
        await conn.execute(update(t.tracks).where(t.tracks.c.id.in_(ids)).values(**blank))
        names = [{"namespace": "spotify", "value": f"{n:022}", "track_id": n} for n in ids]
        await conn.execute(delete(t.external_ids).where(t.external_ids.c.track_id.in_(ids)))
        await conn.execute(insert(t.external_ids), names)
    features = dict.fromkeys(MEASURES[:7], 0.5) | {"loudness": -9.0, "tempo": 120.0}
    return [
        Song(f"Song {n}", "A", spotify_id=f"{n:022}", reccobeats_id=f"r{n}", features=features)
        for n in ids
    ]


@asynccontextmanager
async def enriching(
    database: Database, services: Services, songs: list[Song]
) -> AsyncIterator[None]:
    """Fill the gaps meanwhile."""
    timing = Timing(SystemClock(), random.Random(1))
    async with open_outside(database, timing, songs) as world:
        report = EnrichmentReport()
        fill = world.outside.enrichment.fill_gaps(
            [Gap.FEATURES], report, pause=PAUSE, stored=services.catalog.get
        )
        task = asyncio.create_task(fill)
        try:
            yield
        finally:
            print(
                f"enriched meanwhile: {report.learned[Gap.FEATURES]:,} tracks, done: {task.done()}"
            )
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def worst_exports(folder: Path) -> list[Path]:
    """Write exports that cost the most: rows that do not count, songs that nobody else plays."""
    empty, songs = folder / "empty.json", folder / "songs.zip"
    empty.write_text('{"scrobbles": [{"track": [' + ",".join(["{}"] * 900_900) + "]}]}")
    play = '{"ts": "2024-05-%02dT%02d:%02d:%02dZ", "ms_played": 30000, "episode_name": null, '
    play += '"master_metadata_track_name": "Song %d of many", '
    play += '"master_metadata_album_artist_name": "Artist %d", "spotify_track_uri": null}'
    with zipfile.ZipFile(songs, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(20):
            rows = (
                play % (1 + n // 86_400 % 28, n // 3600 % 24, n // 60 % 60, n % 60, n, n // 7)
                for n in range(20_000 * part, 20_000 * (part + 1))
            )
            archive.writestr(f"{part}.json", f"[{','.join(rows)}]")
    return [empty, songs]


@asynccontextmanager
async def importing(services: Services, exports: list[Path]) -> AsyncIterator[None]:
    """Let somebody import them meanwhile, again and again."""
    rows: list[int] = []

    async def note(count: int, _share: float) -> None:
        rows.append(count)

    async def go_on() -> None:
        for turn in range(1_000_000):
            for place, export in enumerate(exports):
                user = 1000 + 2 * turn + place
                with suppress(UserError):
                    await services.listens.import_file(user, export, export.name, note)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        print(f"imported meanwhile: {max(rows, default=0):,} rows of one file; done: {task.done()}")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def row(name: str, seconds: list[float]) -> str:
    middle, most, worst = np.percentile(1000 * np.array(seconds), [50, 99, 100])
    return f"| {name} | {middle:.1f} | {most:.1f} | {worst:.1f} |"


async def main(
    source: Path | None,
    tracks: int,
    *,
    seconds: float,
    rate_: float,
    enrich: bool,
    imports: bool,
) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if source is not None:
            copy(source, folder / "bench.db")
        async with Database(f"sqlite+aiosqlite:///{folder}/bench.db") as database:
            await migrate.upgrade(database, now=datetime.now(UTC))
            if source is None:
                await fill(database, folder, tracks)
            services = build_services(database, SystemClock())
            spent = Spent()
            users = await rate(services, spent)
            await measure(services, users, seconds=2, rate=rate_)  # warms up
            late, taken = await measure(services, users, seconds=seconds, rate=rate_)
            busy = None
            if enrich:
                songs = await forget_features(database, tracks=20_000)
                async with enriching(database, services, songs):
                    busy = await measure(services, users, seconds=seconds, rate=rate_)
            beside = None
            if imports:
                exports = worst_exports(folder)
                async with importing(services, exports):
                    beside = await measure(services, users, seconds=seconds, rate=rate_)
            await ask_in_turn(services, users, spent)
            catalog = await services.catalog.get()
    space = "with a scene" if catalog.scene_version else "without a scene"
    title = f"{rate_:g} wishes a second over {len(catalog):,} tracks {space}, ms"
    table = [f"| {title} | median | 99 % | worst |", "| - | -: | -: | -: |"]
    rows = [row("the event loop is late", late), row("a wish takes", taken)]
    if busy is not None:
        rows += [row("… while tracks are enriched: late", busy[0]), row("a wish takes", busy[1])]
    if beside is not None:
        rows += [row("… beside an import: late", beside[0]), row("a wish takes", beside[1])]
    costs = ["| processor time, ms | median | 99 % | worst |", "| - | -: | -: | -: |"]
    costs += [row(name, seconds) for name, seconds in spent.on.items()]
    return "\n".join([*table, *rows, "", *costs, ""])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--tracks", type=int, default=250_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--enrich", action="store_true")
    parser.add_argument("--importing", action="store_true")
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    text = asyncio.run(
        main(
            options.database,
            options.tracks,
            seconds=options.seconds,
            rate_=options.rate,
            enrich=options.enrich,
            imports=options.importing,
        )
    )
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
