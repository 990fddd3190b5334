"""Copies of a database on a PostgreSQL server, made and put back by the server's own programs.

`pg_dump`, `pg_restore` and `psql` come with every PostgreSQL, and in packages of their own
(postgresql-client). The password goes to them through the environment, where no list of processes
shows it.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import URL

from bot.errors import DatabaseError

_VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "ssl": "PGSSLMODE",
}
MISSING: Final = (
    "To copy a database of PostgreSQL takes pg_dump, pg_restore and psql, which are not all on "
    "this machine. Install their package (postgresql-client), or copy the database on its server."
)
_BEGINNING: Final = re.compile(r"^(?:\w+: )?(?:error|detail|hint|psql:\S+): ", re.IGNORECASE)
_LONGEST: Final = 300
_REVISION: Final = re.compile(r"^COPY \S*alembic_version .*\n([0-9a-z]+)\n", re.MULTILINE)


def is_possible() -> bool:
    """Tell whether this machine has the programs."""
    return all(map(shutil.which, ("pg_dump", "pg_restore", "psql")))


async def dump(url: URL, target: Path) -> None:
    """Write a consistent copy of a database to a new file; others can read and write meanwhile.

    Raises:
        DatabaseError: this machine lacks `pg_dump`, or it failed.
    """
    await _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


async def examine(file: Path) -> tuple[list[str], str | None]:
    """Read a copy from beginning to end.

    Returns:
        What is wrong with it, and the revision of its schema; None: it has none of ours.

    Raises:
        DatabaseError: this machine lacks `pg_restore`.
    """
    try:
        await _run(None, "pg_restore", f"--file={os.devnull}", str(file))
        only = ("--data-only", "--table=alembic_version", "--file=-")
        told = await _run(None, "pg_restore", *only, str(file))
    except _FailedError as error:
        return [str(error)], None
    found = _REVISION.search(told)
    return [], found and found[1]


async def restore(url: URL, file: Path, tables: Iterable[str]) -> None:
    """Put a copy in the place of a database that nobody uses: all of it or nothing.

    Args:
        file: as `dump` made it. Beside it must be room for what it holds, unpacked.
        tables: what is there now and is no more afterwards.

    Raises:
        DatabaseError: this machine lacks a program, or one failed.
    """
    names = ", ".join(f'"{name}"' for name in tables)
    with TemporaryDirectory(dir=file.parent, prefix=".bside-") as folder:
        script = Path(folder) / "copy.sql"
        await _run(None, "pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(file))
        await _run(
            url,
            "psql",
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            f"--command=DROP TABLE IF EXISTS {names} CASCADE",
            f"--file={script}",
        )


class _FailedError(DatabaseError):
    """A program said no."""


async def _run(url: URL | None, name: str, *options: str) -> str:
    """Return what a program says."""
    program = shutil.which(name)
    if program is None:
        raise DatabaseError(MISSING)
    process = await asyncio.create_subprocess_exec(
        program,
        *options,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(url),
    )
    try:
        told, errors = await process.communicate()
    finally:
        if process.returncode is None:  # we were told to stop
            process.kill()
            await process.wait()
    if process.returncode:
        raise _FailedError(f"{name} failed: {_told(errors)}")
    return told.decode(errors="replace")


def _environment(url: URL | None) -> Mapping[str, str]:
    """Return the environment of a program that finds its way to a database by itself."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if url is None:
        return own
    given = {**url.translate_connect_args(username="user"), **url.query}
    found = {_VARIABLES[name]: str(given[name]) for name in _VARIABLES if given.get(name)}
    return {**own, **found, "PGDATABASE": str(url.database)}


def _told(errors: bytes) -> str:
    """Return what a program said was wrong, in one line."""
    lines = errors.decode(errors="replace").splitlines()
    told = "; ".join(_BEGINNING.sub("", line).strip().rstrip(".") for line in lines if line.strip())
    return f"{told[:_LONGEST]}." if told else "it did not say why."
