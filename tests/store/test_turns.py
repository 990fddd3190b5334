"""What only one task does at a time, in whatever process."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.engine import Database


async def test_one_has_the_turn_and_the_next_one_comes_in_after(
    database: Database, address: str, tmp_path: Path
) -> None:
    inside: list[str] = []
    is_file = database.file is not None
    async with Database(address, folder=tmp_path) as elsewhere:

        async def enter(one: Database, name: str) -> None:
            async with one.turn("a"):
                inside.append(f"{name} in")
                await asyncio.sleep(0.05)
                inside.append(f"{name} out")

        # A file has no second process that takes turns.
        others = [database, database if is_file else elsewhere]
        await asyncio.gather(*(enter(one, str(place)) for place, one in enumerate(others * 3)))

    ins, outs = inside[::2], inside[1::2]
    assert [one.split()[0] for one in ins] == [one.split()[0] for one in outs]
    assert len(inside) == 12


async def test_other_turns_do_not_wait(database: Database) -> None:
    async with database.turn("a"), asyncio.timeout(30):
        await _have(database, "b")


async def test_a_turn_ends_with_its_process_and_can_be_had_again(
    database: Database, address: str, tmp_path: Path
) -> None:
    if database.file is not None:
        return
    gone = Database(address, folder=tmp_path)
    async with gone.turn("a"):
        async with database.write() as conn:
            others = "pid <> pg_backend_pid() and datname = current_database()"
            query = f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"  # noqa: S608
            await conn.execute(text(query))
        async with asyncio.timeout(30):
            await _have(database)
    async with asyncio.timeout(30):
        await _have(gone)
    await gone.close()


async def test_who_gives_up_waiting_holds_nobody_up(database: Database) -> None:
    async with database.turn("a"):
        waiting = asyncio.create_task(_have(database))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    async with asyncio.timeout(30):
        await _have(database)


async def test_who_gives_up_waiting_ends_no_other_turn(
    database: Database, address: str, tmp_path: Path
) -> None:
    if database.file is not None:
        return
    async with Database(address, folder=tmp_path) as elsewhere, database.turn("a"):
        for steps in range(12):  # wherever in the question it is cut short
            waiting = asyncio.create_task(_have(database, "b"))
            for _ in range(steps):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await _have(elsewhere, "a")
        async with asyncio.timeout(30):
            await _have(elsewhere, "b")


async def _have(database: Database, name: str = "a") -> None:
    async with database.turn(name):
        pass
