"""Database files of SQLite that nobody uses: copied, examined, made complete."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from bot.errors import DatabaseError


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database file is."""

    problems: list[str]
    revision: str | None
    """Of its schema; None: it has none of ours."""


class Folded(Enum):
    """Whether a database file is complete without its log."""

    COMPLETE = auto()
    IN_USE = auto()
    DAMAGED = auto()


def copy_file(source: Path, target: Path) -> None:
    """Copy a database file, with its log if there is one; the source is only read.

    Raises:
        DatabaseError: it is no database, damaged, or the target cannot be written.
    """
    target.unlink(missing_ok=True)
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as old, closing(connected(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise DatabaseError(
            f"{source} cannot be copied ({error}). It is damaged, no database of B-Side, or there "
            "is no room for another one."
        ) from error


def examine_file(file: Path) -> Examined:
    """Look at a database file that nobody uses."""
    try:
        with closing(connected(file)) as conn:
            problems = [str(row[0]) for row in conn.execute("PRAGMA integrity_check")]
            problems = [line for line in problems if line != "ok"]
            problems += [
                f"row {rowid} of {table} points to a missing row of {parent}"
                for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check")
            ]
            names = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "app_state", "tracks"} <= names:
                return Examined(problems, None)
            row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
            return Examined(problems, None if row is None else str(row[0]))
    except sqlite3.DatabaseError as error:
        return Examined([str(error)], None)


def fold_log(file: Path) -> Folded:
    """Write the log of a database file into it, if nobody has it open."""
    try:
        with closing(connected(file)) as conn:
            # Only who is alone may leave the log behind: it is written into the file before.
            conn.execute("PRAGMA journal_mode = DELETE").fetchone()
            conn.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        return Folded.IN_USE if "locked" in str(error) else Folded.DAMAGED
    except sqlite3.DatabaseError:
        return Folded.DAMAGED
    return Folded.COMPLETE


def connected(file: Path) -> sqlite3.Connection:
    """Return a connection to a database file that waits for nobody."""
    return sqlite3.connect(file, timeout=0, isolation_level=None)
