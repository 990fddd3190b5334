"""What every test may ask for: a real, migrated database and a fixed noon."""

import asyncio
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncConnection

import bot.starter
from bot.services.catalog.importing.importer import CatalogImporter
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.starter import load_starter
from bot.store import dialect
from bot.store.engine import Database
from tests import servers
from tests.templates import put_database

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

# A property holds or not; how fast the machine is says nothing of it.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# Each bot of a test loads its cogs anew. Compiled each time, that is a third of such a test.
sys.dont_write_bytecode = False


# No test cuts the power; to wait for the disk at each commit would take most of their time.
dialect.synchronous = "OFF"


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command sets up logging for its process; the next test must not write where it did."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("bot", "cogs", "migrations", "aiosqlite", "discord.http"):
        logging.getLogger(name).setLevel(logging.NOTSET)


BOTH_KINDS = ("store", "services")
"""The folders whose tests run on every kind of database; elsewhere the mark `both` says so."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on every kind of database, unless it is about one of them."""
    room = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    names = metafunc.fixturenames
    is_one = "sqlite" in marks or "database_file" in names
    if "database_kind" in names and not is_one and ("both" in marks or room in BOTH_KINDS):
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Of which kind the database is."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """The file of an empty database of the newest schema."""
    file = tmp_path / "bside.db"
    if not file.exists():
        put_database(file)
    return file


@pytest.fixture
def address(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the newest schema."""
    if database_kind == "sqlite":
        put_database(tmp_path / "bside.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'bside.db'}"
    else:
        yield from _served("empty", tmp_path)


def _served(
    filling: str, folder: Path, fill: Callable[[Database], Awaitable[object]] | None = None
) -> Iterator[str]:
    """Make a database on a server, with all that belongs to it; remove it afterwards."""
    made = servers.fresh_database(filling, folder, fill)
    yield made
    servers.drop_database(made)


@pytest.fixture
async def database(address: str, tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(address, folder=tmp_path) as database:
        yield database


async def _games(database: Database) -> None:
    await CatalogImporter(database).import_file(bot.starter.GAMES)


async def _with_snapshot(database: Database, fill: Callable[[Database], Awaitable[object]]) -> None:
    await fill(database)
    await LiveCatalog(database).get()


@pytest.fixture(scope="session")
def starter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the games of the starter catalogue, to be copied, not changed."""
    return _filled(tmp_path_factory.mktemp("starter"), _games)


@pytest.fixture(scope="session")
def shipped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the whole starter catalogue, to be copied, not changed."""
    return _filled(tmp_path_factory.mktemp("shipped"), load_starter)


def _filled(folder: Path, fill: Callable[[Database], Awaitable[object]]) -> Path:
    """Make a database and its snapshot."""
    put_database(folder / "bside.db")

    async def go() -> None:
        async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
            await _with_snapshot(database, fill)

    asyncio.run(go())
    return folder


def _filled_address(
    request: pytest.FixtureRequest,
    filling: str,
    fill: Callable[[Database], Awaitable[object]],
) -> Iterator[str]:
    """The address of a database of the kind that is asked for, with a filling and its snapshot."""
    folder: Path = request.getfixturevalue("tmp_path")
    if request.getfixturevalue("database_kind") == "sqlite":
        template: Path = request.getfixturevalue(f"{filling}_folder")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        yield f"sqlite+aiosqlite:///{folder / 'bside.db'}"
    else:
        yield from _served(filling, folder, partial(_with_snapshot, fill=fill))


@pytest.fixture
def starter_address(request: pytest.FixtureRequest, database_kind: str) -> Iterator[str]:
    """The address of a database that holds the games of the starter catalogue."""
    yield from _filled_address(request, "starter", _games)


@pytest.fixture
async def starter(starter_address: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database that holds the games of the starter catalogue: few, and no popularity known."""
    async with Database(starter_address, folder=tmp_path) as database:
        yield database


@pytest.fixture
def shipped_address(request: pytest.FixtureRequest, database_kind: str) -> Iterator[str]:
    """The address of a database that holds the whole starter catalogue."""
    yield from _filled_address(request, "shipped", load_starter)


@pytest.fixture
async def shipped(shipped_address: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as it is after the first start: it holds the whole starter catalogue."""
    async with Database(shipped_address, folder=tmp_path) as database:
        yield database


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[AsyncConnection]:
    async with database.write() as conn:
        yield conn
