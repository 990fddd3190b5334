"""What every test may ask for: a real, migrated database and a fixed noon."""

import asyncio
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
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


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """The file of an empty database of the newest schema."""
    file = tmp_path / "bside.db"
    put_database(file)
    return file


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{database_file}") as database:
        yield database


async def _games(database: Database) -> None:
    await CatalogImporter(database).import_file(bot.starter.GAMES)


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
            await fill(database)
            await LiveCatalog(database).get()

    asyncio.run(go())
    return folder


@pytest.fixture
async def starter(starter_folder: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database that holds the games of the starter catalogue: few, and no popularity known."""
    shutil.copytree(starter_folder, tmp_path, dirs_exist_ok=True)
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'bside.db'}") as database:
        yield database


@pytest.fixture
async def shipped(shipped_folder: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as it is after the first start: it holds the whole starter catalogue."""
    shutil.copytree(shipped_folder, tmp_path, dirs_exist_ok=True)
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'bside.db'}") as database:
        yield database


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[AsyncConnection]:
    async with database.write() as conn:
        yield conn
