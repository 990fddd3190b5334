"""The migrated database, made once for all tests: a test begins with a copy."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store import migrate
from bot.store.engine import Database
from tests.fakes import FakeClock


def put_database(file: Path) -> None:
    """Make an empty database of the newest schema. Call it where no event loop runs."""
    file.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bside.db"
        asyncio.run(_migrate(file))
        return file.read_bytes()


async def _migrate(file: Path) -> None:
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        await migrate.upgrade(database, now=FakeClock().now())
