"""Puts a copy of the database back in its place; and who uses a database holds its lock.

A file is never just copied over a database: the log beside it would be written into the new one and
damage it.
"""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import inspect

from bot.errors import DatabaseError
from bot.store import backups, dumps, migrate, snapshot, sqlite_files
from bot.store.engine import Database
from bot.store.files import STAMP
from bot.store.tables import metadata
from bot.store.words import SEARCH_TABLE_PREFIX

if sys.platform != "win32":
    import fcntl

_BESIDE: Final = ("-wal", "-shm", "-journal")


@contextmanager
def in_use(file: Path | None, *, alone: bool = False) -> Iterator[None]:
    """Hold the lock of a database meanwhile; it ends with the process, however that ends.

    Args:
        file: of the database; None: it does not live in one. Of what is not there yet, and where
            the system has no such locks, nothing is held.
        alone: nobody else may use it, either.

    Raises:
        DatabaseError: somebody uses it and it is to be held alone, or somebody holds it alone.
    """
    if sys.platform == "win32" or file is None or not (alone or file.exists()):
        yield
        return
    try:
        lock = os.open(file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # whoever cannot write there is told so when the database is opened
        yield
        return
    try:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError(_used(file) if alone else _being_restored(file)) from error
        yield
    finally:
        os.close(lock)


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Let nobody else use a database meanwhile.

    Raises:
        DatabaseError: somebody uses it.
    """
    if database.file is None:
        async with database.alone():
            yield
    else:
        with in_use(database.file, alone=True):
            yield


@asynccontextmanager
async def upgraded(database: Database, *, now: datetime) -> AsyncIterator[Path | None]:
    """Bring a database to the newest schema, and hold its lock meanwhile.

    Yields:
        The copy that was made before, if one was needed.

    Raises:
        DatabaseError: it is to be changed while somebody uses it, or is of a newer version.
    """
    changes = await migrate.is_due(database)
    copy = None
    if changes:
        async with alone(database):
            copy = await migrate.upgrade(database, now=now)
    with in_use(database.file):
        if not changes:
            copy = await migrate.upgrade(database, now=now)
        yield copy


async def restore(copy: Path, database: Database, *, now: datetime) -> Path | None:
    """Put a copy in the place of a database of the same kind; return where the former one is kept.

    The copy stays where it is. The snapshot of the former one is removed; the next start makes it.

    Raises:
        DatabaseError: the copy is missing, damaged, none of ours, of the other kind or of a newer
            version; or somebody uses the database. It is as it was then.
    """
    if not copy.is_file():  # noqa: ASYNC240
        raise DatabaseError(f"There is no file {copy}: name the copy to put back.")
    if database.file is not None:
        return restore_file(copy, database.file, now=now)
    if not backups.is_dump(copy):
        raise DatabaseError(
            f"{copy} is no copy of a database of PostgreSQL. One of SQLite is moved to it with "
            "`bside db copy`."
        )
    async with database.alone():
        problems, revision = await dumps.examine(copy)
        _judge(problems, revision, called=copy)
        former = None
        if await migrate.current_revision(database) is not None:
            former = database.named(f"former-{now:{STAMP}}")
            await migrate.backup(database, former, now=now)
        await dumps.restore(database.engine.url, copy, await _own_tables(database))
    shutil.rmtree(snapshot.snapshot_folder(database.beside), ignore_errors=True)
    return former


async def _own_tables(database: Database) -> list[str]:
    """Return the tables that are ours, of whatever version; one database may serve others too."""
    async with database.read() as conn:
        found = await conn.run_sync(lambda c: inspect(c).get_table_names())
    own = {*metadata.tables, "alembic_version"}
    return [name for name in found if name in own or name.startswith(SEARCH_TABLE_PREFIX)]


def restore_file(copy: Path, file: Path, *, now: datetime) -> Path | None:
    """Do what `restore` does, with a database file.

    Raises:
        DatabaseError: the copy is missing, damaged, none of ours or of a newer version; or somebody
            uses the database. It is as it was then.
    """
    if not copy.is_file():
        raise DatabaseError(f"There is no file {copy}: name the copy to put back.")
    if backups.is_dump(copy):
        raise DatabaseError(
            f"{copy} is a copy of a database of PostgreSQL. Put it back where DATABASE_URL names "
            "one; `bside db copy` moves that to a file."
        )
    if file.exists() and copy.samefile(file):
        raise DatabaseError(f"{copy} is the database itself: name the copy to put back.")
    part = file.with_name(f"{file.name}.restore.part")
    with in_use(file, alone=True):
        try:
            sqlite_files.copy_file(copy, part)
            _check(part, called=copy)
            former = _kept_aside(file, now) if file.exists() else None
            for ending in _BESIDE:
                file.with_name(file.name + ending).unlink(missing_ok=True)
            shutil.rmtree(snapshot.snapshot_folder(file), ignore_errors=True)
            part.replace(file)
            _sync_folder(file.parent)
        finally:
            for ending in ("", *_BESIDE):
                part.with_name(part.name + ending).unlink(missing_ok=True)
        _check(file, called=file)
    return former


def _check(file: Path, *, called: Path) -> None:
    """Make sure that a file is a database of ours, sound and of a known version."""
    found = sqlite_files.examine_file(file)
    _judge(found.problems, found.revision, called=called)


def _judge(problems: list[str], revision: str | None, *, called: Path) -> None:
    if problems:
        raise DatabaseError(
            f"{called} is damaged ({problems[0]}). Name another copy; `bside db backup` "
            "makes sound ones."
        )
    if revision is None:
        raise DatabaseError(f"{called} is no database of B-Side. Name a copy of one.")
    if revision not in migrate.known_revisions():
        raise DatabaseError(
            f"{called} is of a newer B-Side (schema {revision}). Install the newest B-Side, "
            "then put it back."
        )


def _kept_aside(file: Path, now: datetime) -> Path:
    """Give a database that nobody uses another name besides; its own is free to be replaced."""
    former = file.with_name(f"{file.name}.former-{now:{STAMP}}")
    if former.exists():
        raise DatabaseError(f"{former} exists already: try again in a second.")
    logs = [Path(f"{former}{ending}") for ending in _BESIDE]
    for ending, log in zip(_BESIDE, logs, strict=True):
        with suppress(FileNotFoundError):
            shutil.copy2(file.with_name(file.name + ending), log)
    state = sqlite_files.fold_log(file)
    if state is not sqlite_files.Folded.DAMAGED:  # else only its log knows what can be saved
        for log in logs:
            log.unlink(missing_ok=True)
    if state is sqlite_files.Folded.IN_USE:
        raise DatabaseError(_used(file))
    try:
        os.link(file, former)
    except OSError:  # this file system has no second names
        shutil.copy2(file, former)
    return former


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _used(file: Path) -> str:
    return (
        f"{file} is in use. Stop the bot and whatever else has it open (an import, a database "
        "browser), then try again; nothing was changed."
    )


def _being_restored(file: Path) -> str:
    return f"{file} is being put back from a copy at this moment. Try again when that is done."
