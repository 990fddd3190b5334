import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from bot.errors import DatabaseError
from bot.store import migrate
from bot.store.engine import Database
from bot.store.tables import app_state
from tests.conftest import NOON


async def values(database: Database) -> list[str]:
    async with database.read() as conn:
        own = text("select value from app_state where name <> 'keys' order by value")
        return list(await conn.scalars(own))


async def put(database: Database, *names: str) -> None:
    async with database.write() as conn:
        for name in names:
            await conn.execute(insert(app_state).values(name=name, value=name))


async def test_what_fails_half_way_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as conn:
            await conn.execute(text("insert into app_state values ('a', 'b')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await values(database) == []


async def test_writers_wait_for_each_other(database: Database) -> None:
    await asyncio.gather(*(put(database, str(number)) for number in range(20)))

    assert len(await values(database)) == 20


async def test_readers_do_not_wait_for_a_writer_and_see_one_state(database: Database) -> None:
    async with database.write() as conn:
        await conn.execute(text("insert into app_state values ('a', 'b')"))
        assert await values(database) == []

    assert await values(database) == ["b"]


@pytest.mark.sqlite
async def test_a_database_locked_by_another_program_is_told(database: Database) -> None:
    url = f"sqlite+aiosqlite:///{database.file}"
    async with Database(url, busy_timeout_ms=1) as other, database.write():
        with pytest.raises(DatabaseError, match="locked by another program"):
            await put(other, "a")

    assert await values(database) == []


@pytest.mark.sqlite
async def test_all_who_wait_for_a_locked_database_are_told_at_once(database: Database) -> None:
    url = f"sqlite+aiosqlite:///{database.file}"
    async with Database(url, busy_timeout_ms=2000) as other, database.write():
        async with asyncio.timeout(150):  # one after the other would take 200 seconds
            told = await asyncio.gather(
                *(put(other, str(number)) for number in range(100)), return_exceptions=True
            )

    assert {str(error)[:22] for error in told if isinstance(error, DatabaseError)} == {
        "The database is locked"
    }
    assert not [error for error in told if not isinstance(error, DatabaseError)]


@pytest.mark.sqlite
async def test_after_a_lock_writers_go_on_with_their_whole_patience(database: Database) -> None:
    url = f"sqlite+aiosqlite:///{database.file}"
    async with Database(url, busy_timeout_ms=50) as other:
        async with database.write():
            with pytest.raises(DatabaseError):
                await put(other, "a")
        await put(other, "b")
        async with other.read() as conn:
            patience_ms = await conn.scalar(text("pragma busy_timeout"))

    assert patience_ms == 50
    assert await values(database) == ["b"]


@pytest.mark.sqlite
async def test_who_gives_up_in_the_queue_holds_nobody_up(database: Database) -> None:
    async with database.write():
        waiting = asyncio.create_task(put(database, "a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    await put(database, "b")
    assert await values(database) == ["b"]


def test_a_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    program = (
        "import asyncio\nfrom bot.store.engine import Database\nasync def main():\n"
        f"    async with Database('sqlite+aiosqlite:///{tmp_path}/bside.db') as database:\n"
        "        async with database.read() as conn:\n"
        "            print((await conn.exec_driver_sql('PRAGMA synchronous')).scalar())\n"
        "asyncio.run(main())"
    )

    done = subprocess.run(  # noqa: S603 – a program of ours
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == "2"


async def test_references_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        async with database.write() as conn:
            await conn.execute(text("insert into track_genres values (1, 1)"))


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear database, " * 1000)

    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        with pytest.raises(DatabaseError, match="damaged or is not a B-Side database"):
            await migrate.upgrade(database, now=NOON)

    assert file.read_text().startswith("Dear database")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, where this user may make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(  # noqa: S603
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


async def test_a_full_disk_is_told_and_nothing_is_half_done(small_disk: Path) -> None:
    async with Database(f"sqlite+aiosqlite:///{small_disk / 'bside.db'}") as database:
        await migrate.upgrade(database, now=NOON)
        await put(database, "before")

        with pytest.raises(DatabaseError, match="no room left on the disk"):
            await put(database, *(str(number) * 50_000 for number in range(100)))

        assert await values(database) == ["before"]
