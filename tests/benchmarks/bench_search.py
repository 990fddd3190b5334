"""Measure the search on a million generated tracks: `python -m tests.benchmarks.bench_search`."""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.core.models import SubjectKind
from bot.services.catalog.importing import CatalogImporter
from bot.store import migrate
from bot.store.engine import Database
from bot.store.search import search

COMMON = [
    "the",
    "of",
    "you",
    "me",
    "my",
    "love",
    "in",
    "a",
    "i",
    "to",
    "it",
    "on",
    "night",
    "time",
    "heart",
    "baby",
    "day",
    "one",
    "dance",
    "life",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "ya",
    "zu",
    "el",
    "or",
    "an",
    "is",
    "un",
]


def words(rng: random.Random) -> list[str]:
    """Return a vocabulary: common words first, then 60,000 made-up ones."""
    made = {"".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(90_000)}
    rare = sorted(made - set(COMMON))
    rng.shuffle(rare)
    return COMMON + rare[:60_000]


def write_table(path: Path, size: int, rng: random.Random) -> list[tuple[str, str]]:
    """Write a track table whose words are spread as in a language (Zipf); return some rows."""
    vocabulary = words(rng)
    weights = 1 / np.arange(2, len(vocabulary) + 2)
    draw = np.random.default_rng(1)
    drawn = draw.choice(len(vocabulary), size=size * 6, p=weights / weights.sum())
    artists = [
        " ".join(rng.choices(vocabulary[20:], k=rng.randint(1, 2))) for _ in range(size // 8)
    ]
    sample = []
    with path.open("w", encoding="utf-8") as file:
        file.write("title,artist,popularity,duration_ms\n")
        for number in range(size):
            count = rng.randint(1, 5)
            title = " ".join(vocabulary[place] for place in drawn[number * 6 : number * 6 + count])
            artist = artists[int(len(artists) * rng.random() ** 2)]
            popularity = int(100 * rng.random() ** 2)
            file.write(f"{title},{artist},{popularity},{rng.randint(60_000, 400_000)}\n")
            if number % (size // 400) == 0:
                sample.append((title, artist))
    return sample


def queries(sample: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what people type: every beginning of a few names, common words, whole titles."""
    for letter in "abcdefghijklmnopqrstuvwxyz":
        yield letter
        for second in "aeioult":
            yield letter + second
    for word in COMMON:
        yield word
        yield f"the {word}"
        yield f"love {word[:1]}"
        yield f"you {word} me"
    for title, artist in sample:
        text = f"{title} {artist}"
        for end in range(3, len(text), 4):
            yield text[:end]


async def main(size: int) -> None:
    """Fill a database, search, print the percentiles."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "generated.csv"
        sample = write_table(table, size, rng)
        async with Database(f"sqlite+aiosqlite:///{folder}/bench.db") as database:
            await migrate.upgrade(database, now=datetime.now(UTC))
            start = time.perf_counter()
            report = await CatalogImporter(database).import_file(table)
            print(f"{report.new:,} tracks imported in {time.perf_counter() - start:.1f} s")
            for kind in (SubjectKind.TRACK, SubjectKind.ARTIST):
                timings = await timed(database, kind, list(queries(sample)))
                times = np.array([seconds * 1000 for seconds, _ in timings])
                p50, p99 = np.percentile(times, [50, 99])
                slowest = ", ".join(
                    f"{text!r} {s * 1000:.1f}" for s, text in sorted(timings)[:-4:-1]
                )
                print(f"{kind}: {len(times):,} searches, p50 {p50:.1f} ms, p99 {p99:.1f} ms")
                print(f"  slowest: {slowest}")


async def timed(database: Database, kind: SubjectKind, texts: list[str]) -> list[tuple[float, str]]:
    """Return the seconds of every search."""
    timings = []
    for text in texts:
        async with database.read() as conn:
            start = time.perf_counter()
            await search(conn, text, kinds=(kind,), limit=25)
            timings.append((time.perf_counter() - start, text))
    return timings


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=1_000_000)
    asyncio.run(main(parser.parse_args().tracks))
