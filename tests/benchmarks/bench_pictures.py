"""Measure the pictures of a taste: `python -m tests.benchmarks.bench_pictures`.

A listener with 20 ratings, and one with 50,000 plays of two years and 200 ratings, on the starter
catalogue. What is printed is processor time: of reading and computing a story, and of drawing each
picture, the median of several. `--pictures FOLDER` keeps them.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.core.catalog import Catalog, recording_key
from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste import Recording, Span, Story, period_of
from bot.services import build_services
from bot.services.catalog.starter import load_starter
from bot.store import feedback, listeners, listening, migrate
from bot.store import recordings as recordings_store
from bot.store.catalog import tracks_by_ids
from bot.store.engine import Database
from bot.ui import stories
from bot.ui.pictures.fonts import fonts
from tests.fakes import FakeClock

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
NEW, OLD = 1, 2
ROUNDS = 5


def chosen_rows(catalog: Catalog, rng: np.random.Generator, genres: list[str]) -> list[int]:
    """Return rows of some genres in an order by chance."""
    named = dict(zip(catalog.genre_names, catalog.genre_keys.tolist(), strict=True))
    rows = catalog.rows_of_genres([named[one] for one in genres if one in named])
    return [int(row) for row in rng.permutation(rows)]


async def rate(database: Database, user: int, track_ids: list[int], days: int) -> None:
    """Rate some tracks, spread over some days: most are liked."""
    async with database.write() as conn:
        await listeners.ensure(conn, user, now=NOW)
        for number, track_id in enumerate(track_ids):
            score = (5, 4, 5, 4, 2, 3, 5)[number % 7]
            at = NOW - timedelta(days=days * (1 - number / len(track_ids)))
            subject = Subject(SubjectKind.TRACK, track_id)
            await feedback.append(
                conn, user, FeedbackKind.RATING, subject, score,
                source=FeedbackSource.COMMAND, now=at,
            )  # fmt: skip


async def play(database: Database, user: int, track_ids: list[int], plays: int) -> None:
    """Play tracks over two years: the favorites change with time."""
    rng = np.random.default_rng(2)
    async with database.write() as conn:
        named = {one.id: one for one in await tracks_by_ids(conn, track_ids)}
        new, known = {}, {}
        for one in named.values():
            key = recording_key(one.title, one.artist)
            new[key], known[key] = Recording(one.title, one.artist), one.id
        await recordings_store.add_recordings(conn, new, known)
        ids = list((await recordings_store.recording_ids(conn, list(new))).values())
        history = await listening.history_of(conn, user, "spotify")
        ages = np.sort(rng.uniform(0, 730, plays))[::-1]
        center = (1 - ages / 730) * len(ids)
        places = (center + rng.normal(0, len(ids) / 10, plays)).astype(int) % len(ids)
        times = [int((NOW - timedelta(days=float(age))).timestamp()) for age in ages]
        await listening.add_plays(conn, history, [ids[one] for one in places], times)


def seconds(draw: Callable[[], object]) -> float:
    """Return the median processor time of some rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        draw()
        took.append(time.process_time() - began)
    return statistics.median(took)


async def main(plays: int, folder: Path | None) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as place:
        async with Database(f"sqlite+aiosqlite:///{place}/bside.db") as database:
            await migrate.upgrade(database, now=NOW)
            await load_starter(database)
            services = build_services(database, FakeClock(NOW))
            catalog = await services.catalog.get()
            rng = np.random.default_rng(1)
            rows = chosen_rows(catalog, rng, ["folk", "electronic", "punk", "jazz", "ambient"])
            ids = catalog.track_ids[rows].tolist()
            await rate(database, NEW, ids[:20], days=20)
            await rate(database, OLD, ids[:200], days=700)
            await play(database, OLD, ids, plays)
            for user, what in ((NEW, "20 ratings"), (OLD, f"{plays:,} plays, 200 ratings")):
                for span in (Span.YEAR, Span.ALL):
                    began = time.process_time()
                    story = await services.stories.of(user, period_of(span, NOW.date()))
                    took = time.process_time() - began
                    print(f"{what}, {span}: read and computed in {took * 1000:.0f} ms")
                    if span is Span.YEAR:
                        measure(story, folder, str(user))


def measure(story: Story, folder: Path | None, mark: str) -> None:
    """Draw each picture of a story."""
    fonts()
    for page in stories.PAGES:
        picture = stories.draw(page, story, name="Ada")
        took = seconds(lambda page=page: stories.draw(page, story, name="Ada"))  # type: ignore[misc]
        print(f"  {page:10} {took * 1000:4.0f} ms, {len(picture.png) / 1024:4.0f} KiB")
        if folder is not None:
            (folder / f"{mark}-{picture.filename}").write_bytes(picture.png)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=50_000)
    parser.add_argument("--pictures", type=Path)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.plays, arguments.pictures))
