"""Examines the database, the catalogue, its snapshot and the scene; changes nothing."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.exc import ArgumentError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.scene import coverage
from bot.errors import DatabaseError
from bot.sandbox import Barrier
from bot.services.accounts import Sealed, Vault, count_sealed
from bot.store import (
    backups,
    census,
    columns,
    dialect,
    dumps,
    guild_settings,
    migrate,
    scene_files,
    snapshot,
    versions,
)
from bot.store.engine import Database
from bot.store.files import file_problem

_MB: Final = 1_000_000
_FREE_AT_LEAST: Final = 100 * _MB
_FREE_SHOULD: Final = 1000 * _MB
_POPULARITY_OLD_DAYS: Final = 2 * 365
_BACKUP_OLD: Final = timedelta(days=3)
_SHOWN_PROBLEMS: Final = 3
_PUT_BACK: Final = "Stop the bot and put back a backup: `bside db restore FILE`."


class State(StrEnum):
    """How something is."""

    FINE = "✓"
    LOOK = "!"
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    state: State
    what: str
    found: str
    advice: str = ""
    """What to do about it; empty when it is fine."""


async def examine_storage(
    url: str, vault: Vault | None, *, folder: Path = Path(), now: datetime
) -> list[Finding]:
    """Examine the database at an address with everything that belongs to it; create nothing.

    Args:
        folder: where that lies which does not live in the database of a server.
        vault: what opens the secrets in it; None: that is not known.
        now: by which the age of the backups is told.
    """
    try:
        database = Database(url, folder=folder, busy_timeout_ms=2000)
    except ModuleNotFoundError:
        return [
            Finding(
                State.BROKEN, "database", "of PostgreSQL, without its driver", dialect.NO_DRIVER
            )
        ]
    except (ArgumentError, InvalidRequestError):
        found = "DATABASE_URL is not the address of a usable database"
        return [Finding(State.BROKEN, "database", found, dialect.ADDRESS_WAY)]
    async with database:
        findings = []
        if database.file is not None:
            findings += _folder(database.file, "DATABASE_URL")
            if findings[0].state is State.BROKEN:
                return findings
            if not database.file.exists():
                return [*findings, _not_made_yet(str(database.file))]
        else:
            findings += _folder(database.beside, "DATA_FOLDER")
            if findings[0].state is State.BROKEN:
                return findings
        if database.can_be_copied:
            findings.append(judge_backups(backups.copies(database.beside), now=now))
        else:
            findings.append(Finding(State.LOOK, "backups", "cannot be made here", dumps.MISSING))
        try:
            findings += [finding async for finding in _database(database, vault, now)]
        except DatabaseError as error:
            findings.append(Finding(State.BROKEN, "database", "cannot be used", str(error)))
        return findings


async def configured_channels(url: str, *, folder: Path = Path()) -> list[tuple[int, int]]:
    """Return the server and the id of each channel that something is to be posted in.

    Nothing when the database cannot be used; `examine_storage` says why.
    """
    try:
        async with Database(url, folder=folder, busy_timeout_ms=2000) as database:
            if database.file is not None and not database.file.exists():
                return []
            if await migrate.current_revision(database) != migrate.head_revision():
                return []
            async with database.read() as conn:
                return await guild_settings.channels(conn)
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError, DatabaseError):
        return []


def judge_barriers(can: Mapping[Barrier, bool]) -> Finding:
    """Judge what this machine can put around the processes that open strangers' files."""
    has = [str(one) for one, is_there in can.items() if is_there]
    lacks = [str(one) for one, is_there in can.items() if not is_there]
    found = f"opened in processes of their own, behind {' and '.join(has) or 'limits alone'}"
    if not lacks:
        return Finding(State.FINE, "files of others", found)
    advice = (
        f"This machine has no {' and no '.join(lacks)}: use Linux 5.13 or newer on x86-64 or ARM, "
        "with both allowed in a container. Until then run the bot as a user of its own, which may "
        "read nothing but its folder."
    )
    return Finding(State.LOOK, "files of others", found, advice)


def _folder(file: Path, setting: str) -> list[Finding]:
    folder = file.absolute().parent
    problem = file_problem(file, setting)
    if problem is not None:
        return [Finding(State.BROKEN, "folder", "not usable for the database", problem)]
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        found = f"{folder} cannot be written: {error.strerror or error}"
        advice = f"Free some space, or change {setting}."
        return [Finding(State.BROKEN, "folder", found, advice)]
    fine = Finding(State.FINE, "folder", f"{folder} can be written")
    size = file.stat().st_size if file.is_file() else 0
    return [fine, disk_room(shutil.disk_usage(folder).free, size)]


def disk_room(free: int, size: int) -> Finding:
    """Judge the free bytes beside a database of `size` bytes: a backup needs room for one more."""
    found = f"{free / _MB:,.0f} MB free"
    if free < _FREE_AT_LEAST + size:
        advice = "Free some space: the database and its backups need more."
        return Finding(State.BROKEN, "disk", found, advice)
    if free < _FREE_SHOULD + 2 * size:
        advice = "Free some space soon: every migration makes a backup."
        return Finding(State.LOOK, "disk", found, advice)
    return Finding(State.FINE, "disk", found)


def judge_backups(made: Collection[datetime], *, now: datetime, failed: int = 0) -> Finding:
    """Judge when the database was last copied by itself.

    Args:
        made: when each copy was made.
        now: by which their age is told.
        failed: how often the next one was tried in vain.
    """
    advice = (
        "The running bot makes them, as often as BACKUP_EVERY says; its log tells what went "
        "wrong. `bside db backup` makes one now."
    )
    if not made and failed:
        return Finding(State.LOOK, "backups", "none: the attempt failed", advice)
    if not made:
        found = "none yet; the running bot makes them, as often as BACKUP_EVERY says"
        return Finding(State.FINE, "backups", found)
    age = now - max(made)
    found = f"{len(made)}, the newest from {max(made):%Y-%m-%d %H:%M} UTC"
    if age > _BACKUP_OLD:
        return Finding(State.LOOK, "backups", f"{found}, {age.days} days ago", advice)
    return Finding(State.FINE, "backups", found)


def _not_made_yet(name: str) -> Finding:
    return Finding(
        State.LOOK,
        "database",
        f"{name} does not exist yet",
        "Nothing to do: `bside run` makes it. Import music with `bside catalog import FILE`.",
    )


async def _database(
    database: Database, vault: Vault | None, now: datetime
) -> AsyncIterator[Finding]:
    current, head = await migrate.current_revision(database), migrate.head_revision()
    if current is None:
        yield _not_made_yet("its schema")
        return
    if current != head:
        found = f"has the schema {current}, this version needs {head}"
        yield Finding(
            State.BROKEN, "schema", found, "Run `bside db upgrade`; it makes a backup first."
        )
        return
    yield Finding(State.FINE, "schema", f"{head}, the newest")
    async with database.read() as conn:
        yield await _integrity(conn)
        if vault is not None:
            yield _secrets(await count_sealed(conn, vault))
        yield await _catalog(conn, now)
        mark = await columns.catalog_mark(conn)
        folder = snapshot.snapshot_folder(database.beside)
        held = await asyncio.to_thread(snapshot.load, folder) if mark.tracks else None
        yield _snapshot(held, mark, is_there=versions.is_there(folder))
        yield await asyncio.to_thread(_scene, scene_files.scene_folder(database.beside), held)


async def _integrity(conn: AsyncConnection) -> Finding:
    problems = await dialect.integrity_problems(conn)
    if not problems:
        return Finding(
            State.FINE, "database", "sound: all of it was read, and every reference was checked"
        )
    shown = "; ".join(problems[:_SHOWN_PROBLEMS])
    more = len(problems) - _SHOWN_PROBLEMS
    found = shown + (f"; and {more:,} more" if more > 0 else "")
    return Finding(State.BROKEN, "database", found, _PUT_BACK)


def _secrets(sealed: Sealed) -> Finding:
    found = f"{sealed.total:,} kept for linked accounts"
    if sealed.lost:
        advice = (
            "Put the missing key back into SECRET_KEYS, behind the others. Otherwise listeners "
            "must link again."
        )
        return Finding(
            State.BROKEN,
            "tokens",
            f"{found}; {sealed.lost:,} cannot be opened with any key",
            advice,
        )
    if sealed.older:
        advice = "Put them under the newest with `bside secrets rotate`."
        return Finding(State.LOOK, "tokens", f"{found}; {sealed.older:,} under an old key", advice)
    return Finding(State.FINE, "tokens", found)


async def _catalog(conn: AsyncConnection, now: datetime) -> Finding:
    counts = await census.catalog_counts(conn)
    noun = "track" if counts.tracks == 1 else "tracks"
    found = (
        f"{counts.tracks:,} {noun}, {_share(counts.measured, counts.tracks)} measured, "
        f"{_share(counts.with_popularity, counts.tracks)} with popularity"
    )
    if not counts.tracks:
        advice = "Import music: `bside catalog import FILE`."
        return Finding(State.LOOK, "catalogue", "empty", advice)
    if not counts.measured:
        return Finding(
            State.BROKEN, "catalogue", found, "Nothing can be compared: import measured tracks."
        )
    if counts.starter == counts.tracks:
        advice = "Import a larger one: `bside catalog import FILE`."
        return Finding(State.LOOK, "catalogue", f"{found}; only the starter catalogue", advice)
    age = None if counts.popularity_on is None else (now.date() - counts.popularity_on).days
    if counts.with_popularity and age is not None and age > _POPULARITY_OLD_DAYS:
        advice = (
            "What is popular changes: `bside catalog enrich --missing popularity`, or import a "
            "newer table. The running bot asks for gaps only."
        )
        return Finding(State.LOOK, "catalogue", f"{found}, {age // 30} months old", advice)
    if not counts.with_popularity:
        advice = "Import a table with popularity; without it, the obscurity dial has no effect."
        return Finding(State.LOOK, "catalogue", found, advice)
    return Finding(State.FINE, "catalogue", found)


def _share(part: int, whole: int) -> str:
    """Return a share in words that never rounds to all or to none."""
    if part in (0, whole):
        return "none" if part == 0 else "all"
    return f"{min(99.9, max(0.1, 100 * part / whole)):.1f} %"


def _snapshot(held: Catalog | None, wanted: columns.CatalogMark, *, is_there: bool) -> Finding:
    soon = "Nothing to do: the next `bside run` makes it; that start takes a little longer."
    if wanted.tracks == 0:
        return Finding(State.FINE, "snapshot", "none needed for an empty catalogue")
    if held is None and is_there:
        return Finding(State.LOOK, "snapshot", "damaged or of another version, so not used", soon)
    if held is None:
        return Finding(State.LOOK, "snapshot", "there is none yet", soon)
    if snapshot.mark(held) != wanted:
        found = f"of catalogue {held.version}, the database has {wanted.version}"
        return Finding(State.LOOK, "snapshot", found, soon)
    return Finding(State.FINE, "snapshot", f"fresh and whole: catalogue {wanted.version}")


def _scene(folder: Path, held: Catalog | None) -> Finding:
    """Look at the scene, and at how much of the catalogue in the snapshot it covers."""
    if not versions.is_there(folder):
        found = "none: music is compared by sound and artist (`bside scene train` learns one)"
        return Finding(State.FINE, "scene", found)
    stored = scene_files.load(folder)
    again = "Train it again: `bside scene train PATH…`."
    if stored is None:
        return Finding(State.LOOK, "scene", "damaged or of another version, so not used", again)
    found = f"of {stored.mark.trained_at:%Y-%m-%d}, {stored.mark.lists:,} lists"
    if held is None or not len(held):
        return Finding(State.FINE, "scene", found)
    covered = coverage(held, stored.scene)
    found += f"; {_share(covered, len(held))} of the catalogue's tracks stand in them"
    if not covered:
        advice = f"It was trained on other music. {again}"
        return Finding(State.LOOK, "scene", found, advice)
    return Finding(State.FINE, "scene", found)
