"""`bside db`: bring the database up to date, copy it, put a copy back, check it."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import DBAPIError

from bot import settings
from bot.cli.wiring import connect, existing_file
from bot.clock import SystemClock
from bot.errors import DatabaseError
from bot.store import dialect, migrate, restoring
from bot.store.engine import Database

_NO_FILE: Final = (
    "This database does not live in a file: use the tools of its server (pg_dump, pg_restore)."
)

app = typer.Typer(name="db", help="Look after the database.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest schema; a copy is made first."""
    _on_database(_upgrade, held=False)


@app.command()
def backup(
    path: Annotated[
        Path | None, typer.Argument(help="The new file, or a folder; default: beside the database.")
    ] = None,
) -> None:
    """Copy the database to a file; the bot may be running."""
    _on_database(lambda database: _backup(database, path))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The copy to put back.", metavar="FILE")],
) -> None:
    """Put a copy in the place of the database, which is kept under another name.

    The bot must be stopped. The copy is checked before, and stays where it is.
    """
    database = connect(settings.load().database_url)
    if database.file is None:
        raise DatabaseError(_NO_FILE)
    try:
        former = restoring.restore(file, database.file, now=SystemClock().now())
    except OSError as error:
        raise _unusable(error) from error
    _say(f"Put {file} in the place of {database.file}; it is sound.")
    if former is not None:
        _say(f"The former database is in {former}")


@app.command()
def check() -> None:
    """Check every page and every reference of the database; exit code 1 when it is damaged."""
    _on_database(_check)


def _on_database(
    work: Callable[[Database], Coroutine[Any, Any, None]], *, held: bool = True
) -> None:
    """Do something with the database of the settings; its failures become sentences.

    Args:
        work: what to do.
        held: whether to hold the lock of whoever uses the database meanwhile.
    """

    async def run() -> None:
        async with connect(settings.load().database_url) as database:
            with restoring.in_use(database.file) if held else nullcontext():
                await work(database)

    try:
        asyncio.run(run())
    except DBAPIError as error:
        raise dialect.translate_error(error) or error from error
    except OSError as error:
        raise _unusable(error) from error


def _unusable(error: OSError) -> DatabaseError:
    where = f"{error.filename} " if error.filename else ""
    return DatabaseError(f"{where}cannot be used: {error.strerror or error}.")


async def _upgrade(database: Database) -> None:
    before, head = await migrate.current_revision(database), migrate.head_revision()
    async with restoring.upgraded(database, now=SystemClock().now()) as copy:
        pass
    if before == head:
        _say(f"The database has the newest schema already ({head}); nothing to do.")
    elif before is None:
        _say(f"Made the database: schema {head}.")
    else:
        _say(f"Upgraded the database from schema {before} to {head}.")
    if copy is not None:
        _say(f"The database from before is in {copy}")


async def _backup(database: Database, path: Path | None) -> None:
    file = _existing_file(database)
    now = SystemClock().now()
    target = _target(file, path, now)
    copy = await migrate.backup(database, target, now=now)
    if copy is not None:
        _say(f"Copied {file} to {copy} ({copy.stat().st_size / 1e6:,.1f} MB).")


def _target(file: Path, path: Path | None, now: datetime) -> Path | None:
    """Return the file to copy to; None leaves the choice to the backup."""
    if path is None:
        return None
    if path.is_dir():
        return path / f"{file.name}.backup-{now:%Y%m%d-%H%M%S}"
    if not path.absolute().parent.is_dir():
        raise DatabaseError(f"There is no folder {path.absolute().parent}: create it first.")
    return path


async def _check(database: Database) -> None:
    if database.file is not None:
        _existing_file(database)
    async with database.read() as conn:
        problems = await dialect.integrity_problems(conn)
    if problems:
        console = Console(stderr=True)
        for problem in problems:
            console.print(f"[red]✗[/] {escape(problem)}", highlight=False, soft_wrap=True)
        raise DatabaseError(
            f"The database is damaged ({len(problems)} found). Stop the bot and put back a backup: "
            "`bside db restore FILE`."
        )
    _say("The database is sound: every page and every reference was checked.")


def _existing_file(database: Database) -> Path:
    file = existing_file(database)
    if file is None:
        raise DatabaseError(_NO_FILE)
    return file


def _say(text: str) -> None:
    Console().print(f"[green]✓[/] {escape(text)}", highlight=False, soft_wrap=True)
