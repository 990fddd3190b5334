"""A value that serves for a while."""

import asyncio
from datetime import datetime, timedelta

from bot.services.discover.fresh import Fresh
from tests.fakes import FakeClock

HOUR = timedelta(hours=1)


async def test_a_value_is_worked_out_again_when_it_is_too_old_or_of_a_time_to_come() -> None:
    clock = FakeClock()
    asked: list[datetime] = []

    async def work_out(now: datetime) -> int:
        asked.append(now)
        return len(asked)

    fresh = Fresh(clock, work_out, first=0, lasts=HOUR)

    found = []
    for minutes in (0, 30, 30, -30):
        clock.move(minutes=minutes)
        found.append(await fresh.get())

    assert found == [1, 1, 2, 3]
    assert [at - asked[0] for at in asked] == [timedelta(0), HOUR, HOUR / 2]


async def test_the_former_value_serves_while_a_new_one_is_worked_out() -> None:
    done = asyncio.Event()

    async def work_out(_now: datetime) -> str:
        await done.wait()
        return "new"

    fresh = Fresh(FakeClock(), work_out, first="former", lasts=HOUR)
    first = asyncio.create_task(fresh.get())
    await asyncio.sleep(0)

    assert await fresh.get() == "former"
    done.set()
    assert await first == "new"
    assert await fresh.get() == "new"
