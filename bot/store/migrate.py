"""Brings a database to the schema of this version, by the migrations."""

import glob
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import migrations
from bot.errors import DatabaseError
from bot.store import dumps, jobs, rekeying
from bot.store.engine import Database
from bot.store.files import STAMP

log = logging.getLogger(__name__)

COPIES_STAY: Final = timedelta(days=30)
"""A copy from before a migration holds what was deleted since: it stays so long."""
OLD_COPIES: Final = "copies"
"""The kind of the job that removes such copies."""
_STAMP_LENGTH: Final = 15
_OVERWRITES_SINCE: Final = "0015"
"""Before this schema a deletion left its bytes in the file."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings, for a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Return the revision that this version of the bot needs."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def known_revisions() -> set[str]:
    """Return every revision that this version of the bot can bring up to date."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return {script.revision for script in scripts}


async def current_revision(database: Database) -> str | None:
    """Return the revision of the database; None for an empty one."""
    async with database.read() as conn:
        return await conn.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())


async def is_due(database: Database) -> bool:
    """Say whether `upgrade` would change a database that is there."""
    current = await current_revision(database)
    return current is not None and (current != head_revision() or await _has_old_keys(database))


async def _has_old_keys(database: Database) -> bool:
    async with database.read() as conn:
        return await rekeying.is_due(conn)


async def upgrade(database: Database, *, now: datetime) -> Path | None:
    """Migrate to the newest schema and keys; return the copy that was made before, if needed.

    Raises:
        DatabaseError: the database was made by a newer version of the bot.
    """
    current = await current_revision(database)
    if current == head_revision() and not await _has_old_keys(database):
        return None
    if current is not None and current not in known_revisions():
        raise DatabaseError(
            f"The database was made by a newer B-Side (schema {current}). Install the newest "
            "B-Side, or set DATABASE_URL to another file."
        )
    copy = None
    if current is not None and database.can_be_copied:
        copy = await backup(database, _copy_of(database, current, now), now=now)
    elif current is not None:
        log.warning("no copy is made before the upgrade: %s", dumps.MISSING)
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(alembic_config(c), "head"))
        await rekeying.rekey(conn)
        if copy is not None:
            await jobs.plan(conn, OLD_COPIES, 0, now + COPIES_STAY)
    if current is not None and current < _OVERWRITES_SINCE:
        await database.rewrite()
    return copy


def _copy_of(database: Database, revision: str, now: datetime) -> Path:
    return database.named(f"before-{revision}-{now:{STAMP}}")


def remove_old_copies(database: Database, *, now: datetime) -> datetime | None:
    """Remove copies from before a migration that are older than `COPIES_STAY`.

    What `bside db backup` made is the operator's own and stays.

    Returns:
        When the next of them is to be removed; None when there is none.
    """
    ends = []
    beside = database.beside
    for file in beside.parent.glob(f"{glob.escape(beside.name)}.before-*"):
        stamp = file.name.removesuffix(".dump")[-_STAMP_LENGTH:]
        try:
            made = datetime.strptime(stamp, STAMP).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue  # somebody else's
        if made + COPIES_STAY <= now:
            file.unlink(missing_ok=True)
        else:
            ends.append(made + COPIES_STAY)
    return min(ends, default=None)


async def backup(database: Database, target: Path | None = None, *, now: datetime) -> Path:
    """Copy the database beside itself, or to `target`.

    Raises:
        DatabaseError: the target exists already, the disk is full, or this machine cannot copy the
            database of a server.
    """
    if target is None:
        target = database.named(f"backup-{now:{STAMP}}")
    if target.exists():
        raise DatabaseError(f"{target} exists already: name another file for the backup.")
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)  # private from its first byte on
        await database.copy_to(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
