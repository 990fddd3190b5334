"""Jobs: done when due, not twice at once, tried again, and never forgotten."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.core.server import Shards
from bot.errors import SourceUnavailableError
from bot.services.upkeep.jobs import TAKEN_FOR, Jobs
from bot.store import jobs as store
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock

HOUR = timedelta(hours=1)


class Diary:
    """Notes which subjects were done; may fail first."""

    def __init__(self, *failures: Exception, again_at: datetime | None = None) -> None:
        self.done: list[int] = []
        self._failures = list(failures)
        self._again_at = again_at

    async def __call__(self, subject_id: int) -> datetime | None:
        self.done.append(subject_id)
        if self._failures:
            raise self._failures.pop(0)
        return self._again_at


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def jobs(database: Database, clock: FakeClock) -> Jobs:
    return Jobs(database, clock)


async def plan(database: Database, kind: str, subject_id: int, due_at: datetime) -> None:
    async with database.write() as conn:
        await store.plan(conn, kind, subject_id, due_at)


async def drop(database: Database, kind: str, subject_id: int) -> None:
    async with database.write() as conn:
        await store.drop(conn, kind, subject_id)


async def due(database: Database, subject_id: int = 1) -> datetime | None:
    async with database.read() as conn:
        return await store.planned_for(conn, "sync", subject_id)


async def test_a_job_is_done_once_it_is_due_and_then_never_again(
    jobs: Jobs, clock: FakeClock, database: Database
) -> None:
    diary = Diary()
    jobs.handle("sync", diary)
    await plan(database, "sync", 7, NOON + HOUR)

    early = await jobs.run_due()
    clock.move(hours=1)
    late = [await jobs.run_due(), await jobs.run_due()]

    assert (early, late, diary.done) == (0, [1, 0], [7])


async def test_a_job_that_names_a_next_time_comes_again_then(
    jobs: Jobs, clock: FakeClock, database: Database
) -> None:
    jobs.handle("sync", Diary(again_at=NOON + HOUR))
    await plan(database, "sync", 1, NOON)

    await jobs.run_due()

    assert await due(database) == NOON + HOUR


async def test_planning_again_replaces_what_was_planned(
    jobs: Jobs, clock: FakeClock, database: Database
) -> None:
    await plan(database, "sync", 1, NOON + HOUR)
    await plan(database, "sync", 1, NOON + 2 * HOUR)

    assert await due(database) == NOON + 2 * HOUR


async def test_what_was_planned_anew_while_it_was_done_is_not_overwritten(
    jobs: Jobs, database: Database
) -> None:
    async def plans_itself(subject_id: int) -> datetime | None:
        await plan(database, "sync", subject_id, NOON + 3 * HOUR)
        return NOON + HOUR

    jobs.handle("sync", plans_itself)
    await plan(database, "sync", 1, NOON)

    await jobs.run_due()

    assert await due(database) == NOON + 3 * HOUR


async def test_what_was_dropped_while_it_was_done_stays_dropped(
    jobs: Jobs, database: Database
) -> None:
    async def drops_itself(subject_id: int) -> datetime | None:
        await drop(database, "sync", subject_id)
        return NOON + HOUR

    jobs.handle("sync", drops_itself)
    await plan(database, "sync", 1, NOON)

    await jobs.run_due()

    assert await due(database) is None


async def test_a_failure_is_tried_again_later_and_later_and_stops_nobody_else(
    jobs: Jobs, clock: FakeClock, database: Database
) -> None:
    jobs.handle("sync", Diary(RuntimeError("first"), RuntimeError("second")))
    jobs.handle("digest", diary := Diary())
    await plan(database, "sync", 1, NOON)
    await plan(database, "digest", 2, NOON)

    await jobs.run_due()
    first = await due(database)
    clock.move(minutes=1)
    await jobs.run_due()
    second = await due(database)

    assert diary.done == [2]
    assert (first, second) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))


async def test_a_service_that_says_when_it_is_back_is_not_asked_before(
    jobs: Jobs, database: Database
) -> None:
    jobs.handle("sync", Diary(SourceUnavailableError("too busy", NOON + 24 * HOUR)))
    await plan(database, "sync", 1, NOON)

    await jobs.run_due()

    assert await due(database) == NOON + 24 * HOUR


async def test_a_job_taken_by_a_process_that_crashed_is_done_by_another(
    database: Database, clock: FakeClock
) -> None:
    other = Jobs(database, clock)
    other.handle("sync", diary := Diary())
    await plan(database, "sync", 1, NOON)
    async with database.write() as conn:
        await store.take_due(conn, now=NOON, until=NOON + TAKEN_FOR, limit=4)

    before = await other.run_due()
    clock.move(minutes=30)
    after = await other.run_due()

    assert (before, after, diary.done) == (0, 1, [1])


async def test_a_job_that_nobody_knows_any_more_is_forgotten(
    jobs: Jobs, database: Database
) -> None:
    await plan(database, "sync", 1, NOON)

    await jobs.run_due()

    assert await due(database) is None


async def test_nothing_is_done_or_forgotten_before_those_who_do_it_are_there(
    database: Database, clock: FakeClock
) -> None:
    ready, looked = asyncio.Event(), asyncio.Event()

    async def rest(_seconds: float) -> None:
        looked.set()
        await asyncio.Event().wait()

    jobs = Jobs(database, clock, rest)
    await plan(database, "sync", 1, NOON)
    async with jobs.running(after=ready.wait):
        await asyncio.sleep(0)
        jobs.handle("sync", diary := Diary())
        ready.set()
        await looked.wait()

    assert diary.done == [1]


async def test_a_job_that_is_cut_short_by_a_shutdown_is_due_at_the_next_start(
    database: Database, clock: FakeClock
) -> None:
    begun = asyncio.Event()

    async def never_ends(_subject_id: int) -> datetime | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    stopped, restarted = Jobs(database, clock), Jobs(database, clock)
    stopped.handle("sync", never_ends)
    restarted.handle("sync", diary := Diary())
    async with database.write() as conn:
        await store.plan(conn, "sync", 1, NOON)

    async with stopped.running():
        await begun.wait()

    assert await restarted.run_due() == 1
    assert diary.done == [1]


async def test_a_long_job_holds_up_no_other(database: Database, clock: FakeClock) -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def never_ends(_subject_id: int) -> datetime | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    async def short(_subject_id: int) -> datetime | None:
        done.set()
        return None

    async def look_again(_seconds: float) -> None:
        await asyncio.sleep(0)

    jobs = Jobs(database, clock, look_again)
    jobs.handle("sync", never_ends)
    jobs.handle("digest", short)
    async with database.write() as conn:
        await store.plan(conn, "sync", 1, NOON)

    async with jobs.running():
        await begun.wait()
        async with database.write() as conn:
            await store.plan(conn, "digest", 2, NOON)
        await done.wait()

    async with database.read() as conn:
        assert await store.planned_for(conn, "sync", 1) == NOON


async def test_of_several_processes_each_does_the_jobs_of_its_servers(
    database: Database, clock: FakeClock
) -> None:
    processes = [Jobs(database, clock) for _ in range(3)]
    diaries = [(Diary(), Diary()) for _ in processes]
    for shard, (process, (digests, others)) in enumerate(zip(processes, diaries, strict=True)):
        process.only_for(Shards(shard, shard, 3))
        process.handle("digest", digests, of_servers=True)
        process.handle("other", others)
    servers = [number << 22 for number in range(9)]
    for number in range(9):
        await plan(database, "digest", servers[number], NOON)
        await plan(database, "other", number, NOON)

    await asyncio.gather(*(process.run_due() for process in processes))

    for shard, (digests, _) in enumerate(diaries):
        assert sorted(digests.done) == servers[shard::3]
    assert sorted(one for _, others in diaries for one in others.done) == list(range(9))
