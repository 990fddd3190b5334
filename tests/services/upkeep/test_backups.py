"""The running bot backs the database up as often as the operator wants."""

import logging
from datetime import timedelta

import pytest

from bot.services.upkeep import BACKUP, BackupPlan, Backups, Jobs, Watch
from bot.services.upkeep.doctor import State, judge_backups
from bot.store import backups, jobs
from bot.store.engine import Database
from tests.conftest import NOON
from tests.fakes import FakeClock

DAILY = BackupPlan(timedelta(hours=24))


def running(database: Database, clock: FakeClock, plan: BackupPlan | None) -> tuple[Backups, Jobs]:
    made, due = Backups(database, clock, plan), Jobs(database, clock)
    due.handle(BACKUP, made.make)
    return made, due


def count(database: Database) -> int:
    return len(backups.copies(database.beside))


async def test_the_first_start_makes_one_and_then_one_a_day(database: Database) -> None:
    clock = FakeClock(NOON)
    made, due = running(database, clock, DAILY)

    await made.begin()
    await due.run_due()
    at_once = count(database)
    clock.move(minutes=10)
    counts = []
    for _ in range(4):
        await due.run_due()
        counts.append(count(database))
        clock.move(hours=12)

    assert at_once == 0
    assert counts == [1, 1, 2, 2]


async def test_a_restart_makes_no_other_and_a_late_one_is_made_soon(database: Database) -> None:
    clock = FakeClock(NOON)
    made, due = running(database, clock, DAILY)
    await made.begin()
    clock.move(minutes=10)
    await due.run_due()

    clock.move(hours=1)
    await running(database, clock, DAILY)[0].begin()
    await due.run_due()
    soon = count(database)
    clock.move(days=3)
    await running(database, clock, DAILY)[0].begin()
    clock.move(minutes=10)
    await due.run_due()

    assert (soon, count(database)) == (1, 2)


async def test_without_a_plan_none_is_made_and_an_earlier_plan_is_dropped(
    database: Database,
) -> None:
    clock = FakeClock(NOON)
    await running(database, clock, DAILY)[0].begin()

    made, due = running(database, clock, None)
    await made.begin()
    await due.run_due()

    assert count(database) == 0
    async with database.read() as conn:
        assert await jobs.planned_for(conn, BACKUP, 0) is None


async def test_one_that_fails_is_logged_and_tried_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock(NOON)
    made, due = running(database, clock, DAILY)
    in_the_way = backups.folder_of(database.beside)
    in_the_way.write_text("")
    await made.begin()
    clock.move(minutes=10)
    with caplog.at_level(logging.ERROR):
        await due.run_due()
    in_the_way.unlink()
    clock.move(minutes=5)

    await due.run_due()

    assert "cannot be written" in caplog.text
    assert count(database) == 1


@pytest.mark.parametrize(("hours", "state"), [(1, State.FINE), (71, State.FINE), (73, State.LOOK)])
def test_the_doctor_tells_the_age(hours: int, state: State) -> None:
    found = judge_backups([NOON - timedelta(hours=hours)], now=NOON)

    assert found.state is state
    assert bool(found.advice) == (state is State.LOOK)


async def test_an_owner_is_told_of_backups_that_never_succeed(database: Database) -> None:
    clock = FakeClock(NOON)
    made, due = running(database, clock, DAILY)
    backups.folder_of(database.beside).write_text("")
    await made.begin()
    watch = Watch(database, clock, DAILY)
    before = await watch.trouble(channels_gone=0)
    clock.move(minutes=10)
    await due.run_due()

    found = await watch.trouble(channels_gone=0)

    assert [one.what for one in before if one.what == "backups"] == []
    assert [one.found for one in found if one.what == "backups"] == ["none: the attempt failed"]


def test_a_young_database_has_none_and_that_is_fine() -> None:
    assert judge_backups([], now=NOON).state is State.FINE
