"""What only PostgreSQL needs: who is alone, who waits, what its failures mean, its copies."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from asyncpg.exceptions import InternalClientError  # type: ignore[import-untyped]
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import DatabaseError
from bot.store import backups, dialect, dumps, migrate, postgresql, restoring, state
from bot.store.backups import Keep
from bot.store.engine import Database
from tests import servers
from tests.conftest import NOON


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    made = servers.fresh_database("empty", tmp_path)
    yield made
    servers.drop_database(made)


@pytest.fixture
async def other(address: str, tmp_path: Path) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    async with Database(address, folder=tmp_path, busy_timeout_ms=50) as database:
        yield database


async def put(database: Database, name: str, value: str = "1") -> None:
    async with database.write() as conn:
        await state.put(conn, name, value)


async def get(database: Database, name: str) -> str | None:
    async with database.read() as conn:
        return await state.get(conn, name)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_an_address_is_taken_as_other_programs_write_it(scheme: str) -> None:
    url = dialect.address(f"{scheme}://ann:p%40ss@db.example:5433/bside?sslmode=require")

    assert (url.drivername, url.host, url.port) == ("postgresql+asyncpg", "db.example", 5433)
    assert (url.username, url.password, url.database) == ("ann", "p@ss", "bside")
    assert dict(url.query) == {"ssl": "require"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://host",
        "postgresql://host/",
        "mysql://host/db",
        "postgresql+psycopg2://host/db",
        "sqlite:///bside.db",
        "sqlite+aiosqlite://",
        "bside.db",
    ],
)
def test_what_is_no_address_of_ours_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError):
        Database(url, folder=tmp_path)


def _elsewhere(address: str, **changes: object) -> str:
    url = make_url(address).set(**changes)  # type: ignore[arg-type]
    return url.render_as_string(hide_password=False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"database": "nowhere"}, "no database of that name"),
        ({"host": "127.0.0.1", "port": 9, "query": {}}, "cannot be reached"),
        ({"host": "no-such-host.invalid", "query": {}}, "cannot be reached"),
        ({"query": {"host": "/no/such/folder"}}, "cannot be reached"),
        ({"username": "nobody"}, "does not let this user in"),
    ],
)
async def test_each_wrong_part_of_an_address_is_told(
    address: str, changes: dict[str, object], words: str
) -> None:
    async with Database(_elsewhere(address, **changes)) as database:
        with pytest.raises(DatabaseError, match=words):
            await get(database, "a")


async def test_a_user_without_rights_is_told(address: str, other: Database, tmp_path: Path) -> None:
    name = make_url(address).database
    async with other.write() as conn:
        await conn.execute(text(f'CREATE ROLE "guest_{name}" LOGIN'))
    guest = _elsewhere(address, username=f"guest_{name}")
    try:
        async with Database(guest, folder=tmp_path) as database:
            with pytest.raises(DatabaseError, match="may not do this"):
                await put(database, "a")
    finally:
        async with other.write() as conn:
            await conn.execute(text(f'DROP ROLE "guest_{name}"'))


@pytest.mark.parametrize(
    ("version", "encoding", "words"),
    [
        ((13, 9), "UTF8", "PostgreSQL 13.9, and B-Side needs 14"),
        ((18, 4), "SQL_ASCII", "keeps text as SQL_ASCII"),
        ((14, 0), "UTF8", None),
    ],
)
def test_a_server_that_is_none_for_us_is_told(
    version: tuple[int, int], encoding: str, words: str | None
) -> None:
    found = postgresql.problem(version, encoding)

    assert found is None if words is None else words in str(found)


async def test_one_writes_at_a_time_whatever_the_process(
    database: Database, other: Database
) -> None:
    async with database.write() as conn:
        await state.put(conn, "a", "1")
        with pytest.raises(DatabaseError, match="locked"):
            await put(other, "a", "2")

    await put(other, "b")
    assert (await get(database, "a"), await get(database, "b")) == ("1", "1")


async def test_no_two_processes_count_to_the_same_number(
    database: Database, address: str, tmp_path: Path
) -> None:
    async with Database(address, folder=tmp_path) as patient:

        async def count(one: Database) -> int:
            async with one.write() as conn:
                return await state.count_up(conn, "number")

        numbers = await asyncio.gather(*(count(one) for one in [database, patient] * 20))

    assert sorted(numbers) == list(range(1, 41))


async def test_text_is_compared_as_sqlite_does_it_whatever_language_the_server_speaks(
    database: Database,
) -> None:
    columns = (
        "select table_name || '.' || column_name from information_schema.columns "
        "where table_schema = 'public' and data_type in ('text', 'character varying') "
        "and table_name <> 'alembic_version' and collation_name is distinct from 'C'"
    )
    async with database.read() as conn:
        assert list(await conn.scalars(text(columns))) == []


async def test_a_reader_sees_one_state_and_writes_nothing(
    database: Database, other: Database
) -> None:
    async with database.read() as conn:
        assert await state.get(conn, "a") is None
        await put(other, "a")
        assert await state.get(conn, "a") is None

    async def write_as_reader() -> None:
        async with database.read() as conn:
            await state.put(conn, "b", "1")

    with pytest.raises(DatabaseError, match="only reads"):
        await write_as_reader()


async def test_the_schema_is_not_changed_while_somebody_uses_the_database(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as conn:
        await conn.execute(text("update alembic_version set version_num = '0017'"))
    monkeypatch.setattr(migrate, "upgrade", None)  # it must not come to that

    with pytest.raises(DatabaseError, match="in use"):
        async with restoring.upgraded(other, now=NOON):
            pass


async def test_nobody_comes_in_while_somebody_is_alone(
    database: Database, other: Database, address: str, tmp_path: Path
) -> None:
    await database.engine.dispose()
    async with other.alone():
        await put(other, "a")
        with pytest.raises(DatabaseError, match="at this moment"):
            await get(database, "a")

    assert await get(database, "a") == "1"


async def test_a_connection_that_was_lost_is_made_again(
    database: Database, other: Database
) -> None:
    await get(database, "a")  # a connection waits in the pool now
    await _end_connections(other)

    await put(database, "a")

    assert await get(database, "a") == "1"


async def test_what_is_lost_half_way_is_told_and_leaves_nothing(
    database: Database, other: Database
) -> None:
    async def write() -> None:
        async with database.write() as conn:
            await state.put(conn, "a", "1")
            await _end_connections(other)
            await state.put(conn, "b", "1")

    with pytest.raises(DatabaseError, match="nothing was changed"):
        await write()

    assert await get(database, "a") is None
    await put(database, "a", "2")
    assert await get(database, "a") == "2"


async def _end_connections(by: Database) -> None:
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    async with by.write() as conn:
        await conn.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
        )


async def test_a_copy_is_checked_private_and_can_be_put_back(database: Database) -> None:
    await put(database, "a", "before")
    copy = await backups.make(database, Keep(), now=NOON)
    await put(database, "a", "after")
    async with database.write() as conn:
        await conn.execute(text("create table of_somebody_else (id int)"))

    former = await restoring.restore(copy, database, now=NOON + timedelta(days=1))

    assert copy.stat().st_mode & 0o077 == 0
    assert (copy.suffix, copy.parent) == (".dump", backups.folder_of(database.beside))
    assert await get(database, "a") == "before"
    assert former is not None
    assert await backups.examined(former) == ([], migrate.head_revision())
    async with database.read() as conn:
        assert await conn.scalar(text("select count(*) from of_somebody_else")) == 0


async def test_a_copy_of_an_older_schema_is_put_back_and_brought_up_to_date(
    database: Database,
) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0017"))
    copy = await migrate.backup(database, now=NOON)
    await migrate.upgrade(database, now=NOON)

    await restoring.restore(copy, database, now=NOON)

    assert await migrate.current_revision(database) == "0017"
    await migrate.upgrade(database, now=NOON + timedelta(seconds=5))
    assert await migrate.current_revision(database) == migrate.head_revision()


async def test_what_cannot_be_put_back_changes_nothing(
    database: Database, other: Database, tmp_path: Path
) -> None:
    await put(database, "a", "kept")
    whole = await migrate.backup(database, now=NOON)
    half, letter = tmp_path / "half.dump", tmp_path / "letter"
    half.write_bytes(whole.read_bytes()[:-2000])
    letter.write_text("Dear database")

    for copy, words in ((half, "damaged"), (letter, "no copy of"), (tmp_path / "x", "no file")):
        with pytest.raises(DatabaseError, match=words):
            await restoring.restore(copy, database, now=NOON)
    await get(other, "a")
    with pytest.raises(DatabaseError, match="in use"):
        await restoring.restore(whole, database, now=NOON)

    assert await get(database, "a") == "kept"


def test_a_connection_at_its_end_is_told_also_while_the_driver_still_reads_of_it() -> None:
    ending = InternalClientError("cannot switch to state 11; another operation (2) is in progress")
    mistake = InternalClientError(
        "cannot switch to state 11; another operation (12) is in progress"
    )

    assert "cannot be reached" in (postgresql.sentence(ending) or "")
    assert postgresql.sentence(mistake) is None


async def test_without_its_programs_no_copy_is_made_and_that_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    assert not database.can_be_copied
    with pytest.raises(DatabaseError, match="postgresql-client"):
        await migrate.backup(database, now=NOON)
    assert not dumps.is_possible()
