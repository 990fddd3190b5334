"""Copies of the database that are made by themselves, are checked, and stay for a while.

They lie in `<database file>.backups/`, each with its moment in its name.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import DatabaseError
from bot.store import dumps, migrate, sqlite_files
from bot.store.engine import Database
from bot.store.files import STAMP

_DUMP: Final = b"PGDMP"
_NAMED: Final = re.compile(r"(\d{8}-\d{6})\.(?:db|dump)")


@dataclass(frozen=True, slots=True)
class Keep:
    """Which copies stay: the newest of each of so many days, and of so many weeks."""

    days: int = 7
    weeks: int = 4

    def chosen(self, made: Iterable[datetime]) -> set[datetime]:
        """Return the moments of the copies that stay; the newest of all is one of them.

        Days and weeks in which none was made do not count, but what is older than all of these
        periods together goes in any case: it holds what was deleted since.
        """
        longest = timedelta(days=max(self.days, 7 * self.weeks))
        ordered = sorted(made, reverse=True)
        ordered = [one for one in ordered if ordered[0] - one <= longest]
        days = _newest_of_each(ordered, lambda one: one.date())[: self.days]
        weeks = _newest_of_each(ordered, lambda one: one.isocalendar()[:2])[: self.weeks]
        return {*ordered[:1], *days, *weeks}


def _newest_of_each(
    ordered: Iterable[datetime], period: Callable[[datetime], object]
) -> list[datetime]:
    """Return the first moment of each period."""
    first: dict[object, datetime] = {}
    for one in ordered:
        first.setdefault(period(one), one)
    return list(first.values())


def folder_of(beside: Path) -> Path:
    """Return where the copies of a database lie."""
    return beside.with_name(f"{beside.name}.backups")


def copies(beside: Path) -> dict[datetime, Path]:
    """Return the copies of a database by their moment; files of others are none."""
    found = {}
    folder = folder_of(beside)
    for one in folder.iterdir() if folder.is_dir() else ():
        named = _NAMED.fullmatch(one.name)
        if named is not None:
            try:
                found[datetime.strptime(named[1], STAMP).replace(tzinfo=UTC)] = one
            except ValueError:  # 99 October
                continue
    return found


async def make(database: Database, keep: Keep, *, now: datetime) -> Path:
    """Copy the database, check the copy, and remove the copies that need not stay.

    Raises:
        DatabaseError: there is no room, the copy is damaged, or this machine cannot copy the
            database of a server. Every earlier one stays.
    """
    ending = "db" if database.file else "dump"
    target = folder_of(database.beside) / f"{now:{STAMP}}.{ending}"
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not target.exists():
            await migrate.backup(database, target, now=now)
    except OSError as error:
        raise DatabaseError(f"{target} cannot be written: {error.strerror or error}.") from error
    problems, _revision = await examined(target)
    if problems:
        target.unlink(missing_ok=True)
        raise DatabaseError(
            f"The database is damaged ({problems[0]}): no backup was made, and the earlier "
            "ones stay. Stop the bot and run `bside db check`."
        )
    made = copies(database.beside)
    stays = keep.chosen(made)
    for moment, copy in made.items():
        if moment not in stays:
            copy.unlink(missing_ok=True)
    return target


def is_dump(copy: Path) -> bool:
    """Tell whether a file is a copy of a database of PostgreSQL."""
    with copy.open("rb") as file:
        return file.read(len(_DUMP)) == _DUMP


async def examined(copy: Path) -> tuple[list[str], str | None]:
    """Examine a copy of either kind.

    Returns:
        What is wrong with it, and the revision of its schema; None: it has none of ours.
    """
    if is_dump(copy):
        return await dumps.examine(copy)
    found = await asyncio.to_thread(sqlite_files.examine_file, copy)
    return found.problems, found.revision
