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

from bot.errors import DatabaseError
from bot.store import dialect, migrate, snapshot
from bot.store.engine import Database

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
async def upgraded(database: Database, *, now: datetime) -> AsyncIterator[Path | None]:
    """Bring a database to the newest schema, and hold its lock meanwhile.

    Yields:
        The copy that was made before, if one was needed.

    Raises:
        DatabaseError: it is to be changed while somebody uses it, or is of a newer version.
    """
    current = await migrate.current_revision(database)
    changes = current is not None and current != migrate.head_revision()
    copy = None
    if changes:
        with in_use(database.file, alone=True):
            copy = await migrate.upgrade(database, now=now)
    with in_use(database.file):
        if not changes:
            copy = await migrate.upgrade(database, now=now)
        yield copy


def restore(copy: Path, file: Path, *, now: datetime) -> Path | None:
    """Put a copy in the place of a database; return where the former one is kept, if there was one.

    The copy stays where it is. The snapshot of the former one is removed; the next start makes it.

    Raises:
        DatabaseError: the copy is missing, damaged, none of ours or of a newer version; or somebody
            uses the database. It is as it was then.
    """
    if not copy.is_file():
        raise DatabaseError(f"There is no file {copy}: name the copy to put back.")
    if file.exists() and copy.samefile(file):
        raise DatabaseError(f"{copy} is the database itself: name the copy to put back.")
    part = file.with_name(f"{file.name}.restore.part")
    with in_use(file, alone=True):
        try:
            dialect.copy_file(copy, part)
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
    found = dialect.examine_file(file)
    if found.problems:
        raise DatabaseError(
            f"{called} is damaged ({found.problems[0]}). Name another copy; `bside db backup` "
            "makes sound ones."
        )
    if found.revision is None:
        raise DatabaseError(f"{called} is no database of B-Side. Name a copy of one.")
    if found.revision not in migrate.known_revisions():
        raise DatabaseError(
            f"{called} is of a newer B-Side (schema {found.revision}). Install the newest B-Side, "
            "then put it back."
        )


def _kept_aside(file: Path, now: datetime) -> Path:
    """Give a database that nobody uses another name besides; its own is free to be replaced."""
    former = file.with_name(f"{file.name}.former-{now:%Y%m%d-%H%M%S}")
    if former.exists():
        raise DatabaseError(f"{former} exists already: try again in a second.")
    logs = [Path(f"{former}{ending}") for ending in _BESIDE]
    for ending, log in zip(_BESIDE, logs, strict=True):
        with suppress(FileNotFoundError):
            shutil.copy2(file.with_name(file.name + ending), log)
    state = dialect.fold_log(file)
    if state is not dialect.Folded.DAMAGED:  # else only its log may know what can still be saved
        for log in logs:
            log.unlink(missing_ok=True)
    if state is dialect.Folded.IN_USE:
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
