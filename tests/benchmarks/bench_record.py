"""Measure the record: how long leaves take to be added and proved, in a log of a million.

`python -m tests.benchmarks.bench_record`

Times are of the processor, for a database in a file. Sealing is what an answer of five picks pays
on the way to its listener; taking in is done later, by a job.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.core.record import Growing
from bot.services.record import RecordLog, check
from bot.store import bulk, listeners, migrate, picks, record_tree
from bot.store.engine import Database
from bot.store.picks import NewPick
from bot.store.record import Fact, add
from bot.store.tables import record_nodes
from tests.stored import StoredTrack, add_tracks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Return how many milliseconds of the processor it takes."""
    start = time.process_time()
    await work()
    return 1000 * (time.process_time() - start)


async def fill(database: Database, leaves: int) -> None:
    """Put so many leaves into the log, of which nothing can be opened."""
    tree, at_once = Growing(), 50_000
    for start in range(0, leaves, at_once):
        new = range(start, min(start + at_once, leaves))
        made = [node for number in new for node in tree.add(number.to_bytes(32, "big"))]
        numbers, hashes = zip(*made, strict=True)
        async with database.write() as conn:
            await bulk.bulk_insert(conn, record_nodes, {"number": numbers, "hash": hashes})


def fact(number: int) -> Fact:
    private = {"recommendation": number, "track": number, "explanation": "0" * 64}
    return Fact("pick", 1, private, {"answer": f"{number:016x}"}, fact_id=number)


async def measure(database: Database, leaves: int) -> None:
    log = RecordLog(database, SystemClock())
    start = time.process_time()
    await fill(database, leaves)
    print(f"{leaves:,} leaves were put in, in {time.process_time() - start:.0f} s")

    for count in (1, 5, 1000, 5000):

        async def seal(count: int = count) -> None:
            async with database.write() as conn:
                await add(conn, [fact(number) for number in range(count)], now=NOW)

        async def take_in() -> None:
            async with database.write() as conn:
                await record_tree.take_in(conn)

        rounds = 20 if count < 1000 else 3
        sealed, taken = [], []
        for _ in range(rounds):
            sealed.append(await timed(seal) / count)
            taken.append(await timed(take_in) / count)
        print(
            f"append, {count} at once: sealed {statistics.median(sealed):.3f} ms, "
            f"taken in {statistics.median(taken):.3f} ms a leaf"
        )

    async with database.read() as conn:
        size = await record_tree.size(conn)
    rng = random.Random(1)
    proofs = [await timed(lambda: log.prove(rng.randrange(leaves, size))) for _ in range(200)]
    proofs.sort()
    print(f"proof: median {proofs[100]:.2f} ms, p99 {proofs[197]:.2f} ms")
    print(f"head: {await timed(log.head):.2f} ms")
    print(f"check of all {size:,} leaves: {await timed(lambda: check(database)) / 1000:.1f} s")


async def measure_answers(database: Database) -> None:
    """Compare keeping an answer of five picks with and without sealing it."""
    async with database.write() as conn:
        await listeners.ensure(conn, 1, now=NOW)
        await add_tracks(conn, [StoredTrack(f"Song {number}", "Low") for number in range(5)])
    new = [NewPick(track_id, "{}" * 400, None) for track_id in range(1, 6)]

    async def keep() -> None:
        async with database.write() as conn:
            await picks.add_all(conn, 1, new, now=NOW)

    async def seal() -> None:
        async with database.write() as conn:
            await add(conn, [fact(number) for number in range(5)], now=NOW)

    async def nothing() -> None:
        async with database.write():
            pass

    whole, sealing, empty = [], [], []
    for _ in range(200):
        whole.append(await timed(keep))
        sealing.append(await timed(seal))
        empty.append(await timed(nothing))
    cost = statistics.median(sealing) - statistics.median(empty)
    after = statistics.median(whole)
    print(f"five picks kept: {after - cost:.2f} ms before, {after:.2f} ms with the record")


async def main(leaves: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite+aiosqlite:///{Path(folder) / 'bside.db'}") as database:
            await migrate.upgrade(database, now=NOW)
            await measure_answers(database)
            await measure(database, leaves)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    asyncio.run(main(parser.parse_args().leaves))
