"""Measure the import beside pandas, in one run: `python -m tests.benchmarks.bench_import TABLE`.

pandas comes from the dependency group "bench": `uv run --group bench python -m …`.
"""

import argparse
import asyncio
import multiprocessing
import resource
import sqlite3
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import sqlalchemy

from bot.services.catalog.importing import CatalogImporter
from bot.store import migrate
from bot.store.engine import Database


def ours(table: Path, folder: Path) -> float:
    """Import into a fresh database: tracks, ids, popularity, indexes and search."""

    async def run() -> float:
        async with Database(f"sqlite+aiosqlite:///{folder / 'ours.db'}") as database:
            await migrate.upgrade(database, now=datetime.now(UTC))
            start = time.perf_counter()
            await CatalogImporter(database).import_file(table)
            return time.perf_counter() - start

    return asyncio.run(run())


def pandas_engine(table: Path, folder: Path) -> float:
    """`read_csv` and `to_sql` through an SQLAlchemy engine: one table, no index."""
    import pandas as pd  # noqa: PLC0415

    start = time.perf_counter()
    frame = pd.read_csv(table)
    engine = sqlalchemy.create_engine(f"sqlite:///{folder / 'engine.db'}")
    frame.to_sql("tracks", engine, index=False)
    engine.dispose()
    return time.perf_counter() - start


def pandas_bare(table: Path, folder: Path) -> float:
    """`read_csv` and `to_sql` through a bare sqlite3 connection: one table, no index."""
    import pandas as pd  # noqa: PLC0415

    start = time.perf_counter()
    connection = sqlite3.connect(folder / "bare.db")
    pd.read_csv(table).to_sql("tracks", connection, index=False)
    connection.commit()
    connection.close()
    return time.perf_counter() - start


def measured(work: Callable[[Path, Path], float], table: Path) -> tuple[float, float]:
    """Return seconds and peak megabytes, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, table, sender))
    process.start()
    seconds, megabytes = receiver.recv()
    process.join()
    return seconds, megabytes


def _work(work: Callable[[Path, Path], float], table: Path, sender: Connection) -> None:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        seconds = work(table, Path(folder))
    sender.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000))


def main(table: Path, rounds: int) -> None:
    """Run all of them in turn; print the best of each, and the ratios."""
    works = (ours, pandas_engine, pandas_bare)
    best = {work: (float("inf"), 0.0) for work in works}
    for _ in range(rounds):
        for work in works:
            seconds, megabytes = measured(work, table)
            print(f"  {work.__name__}: {seconds:.2f} s, {megabytes:.0f} MB")
            best[work] = (min(best[work][0], seconds), max(best[work][1], megabytes))
    for work in works[1:]:
        print(f"ours / {work.__name__}: {best[ours][0] / best[work][0]:.2f}")
    print(f"peak memory: {best[ours][1]:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.table, arguments.rounds)
