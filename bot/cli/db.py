"""`bside db`: bring the database up to date, copy it, put a copy back, check it."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from sqlalchemy.exc import DBAPIError

from bot import settings
from bot.cli.wiring import connect, existing_file
from bot.clock import SystemClock
from bot.errors import DatabaseError
from bot.store import dialect, migrate, moving, restoring
from bot.store.engine import Database
from bot.store.files import STAMP

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
    _on_database(lambda database: _restore(database, file), held=False)


@app.command()
def copy(
    source: Annotated[
        str, typer.Argument(help="The database to copy: an address, or a file.", metavar="FROM")
    ],
    target: Annotated[
        str | None,
        typer.Argument(
            help="An empty database; default: DATABASE_URL, so that no password is typed here.",
            metavar="[TO]",
        ),
    ] = None,
) -> None:
    """Move everything to another database, from SQLite to PostgreSQL or back.

    The bot must be stopped. Every table is read again and compared; the source stays as it is. Set
    DATABASE_URL to the new one afterwards.
    """
    configured = settings.load().database_url
    new = _address(target or configured)
    _told(_copy(_address(source), new, is_set=new == configured))


def _address(given: str) -> str:
    return given if "://" in given else f"sqlite+aiosqlite:///{Path(given).absolute()}"


async def _copy(source: str, target: str, *, is_set: bool) -> None:
    bar = Progress(
        TextColumn("Copying"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    async with connect(source) as old, connect(target) as new:
        existing_file(old)
        if old.beside.absolute() == new.beside.absolute() and old.engine.url == new.engine.url:
            raise DatabaseError("FROM and TO are the same database: name another one.")
        async with restoring.alone(old), restoring.upgraded(new, now=SystemClock().now()):
            total = await moving.count_all(old)
            with bar:
                task = bar.add_task("", total=total)
                copied = await moving.copy_all(old, new, lambda rows: bar.advance(task, rows))
            scenes = moving.copy_scenes(old, new)
    rows = sum(tally.rows for tally in copied.values())
    held = sum(1 for tally in copied.values() if tally.rows)
    _say(f"Copied {rows:,} rows of {held} tables, and compared every one of them.")
    if scenes is not None:
        _say(f"Copied the scene to {scenes}")
    _say("Start the bot." if is_set else "Set DATABASE_URL to the new database and start the bot.")


@app.command()
def check() -> None:
    """Check every row and every reference of the database; exit code 1 when it is damaged."""
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

    _told(run())


def _told(work: Coroutine[Any, Any, None]) -> None:
    """Do something; the failures of a database and of files become sentences."""
    try:
        asyncio.run(work)
    except DBAPIError as error:
        raise dialect.translate_error(error) or error from error
    except OSError as error:
        raise _unusable(error) from error


def _unusable(error: OSError) -> DatabaseError:
    where = f"{error.filename} " if error.filename else ""
    return DatabaseError(f"{where}cannot be used: {error.strerror or error}.")


async def _upgrade(database: Database) -> None:
    before, head = await migrate.current_revision(database), migrate.head_revision()
    due = await migrate.is_due(database)
    async with restoring.upgraded(database, now=SystemClock().now()) as copy:
        pass
    if before == head and due:
        _say("Names are compared in a new way now: the database was brought up to date.")
    elif before == head:
        _say(f"The database has the newest schema already ({head}); nothing to do.")
    elif before is None:
        _say(f"Made the database: schema {head}.")
    else:
        _say(f"Upgraded the database from schema {before} to {head}.")
    if copy is not None:
        _say(f"The database from before is in {copy}")


async def _restore(database: Database, file: Path) -> None:
    former = await restoring.restore(file, database, now=SystemClock().now())
    _say(f"Put {file} in the place of {_called(database)}; it is sound.")
    if former is not None:
        _say(f"The former database is in {former}")


async def _backup(database: Database, path: Path | None) -> None:
    existing_file(database)
    now = SystemClock().now()
    copy = await migrate.backup(database, _target(database, path, now), now=now)
    _say(f"Copied {_called(database)} to {copy} ({copy.stat().st_size / 1e6:,.1f} MB).")


def _called(database: Database) -> str:
    return str(database.file or f"the database {database.beside.name}")


def _target(database: Database, path: Path | None, now: datetime) -> Path | None:
    """Return the file to copy to; None leaves the choice to the backup."""
    if path is None:
        return None
    if path.is_dir():
        return path / database.named(f"backup-{now:{STAMP}}").name
    if not path.absolute().parent.is_dir():
        raise DatabaseError(f"There is no folder {path.absolute().parent}: create it first.")
    return path


async def _check(database: Database) -> None:
    existing_file(database)
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
    _say("The database is sound: every row and every reference was checked.")


def _say(text: str) -> None:
    Console().print(f"[green]✓[/] {escape(text)}", highlight=False, soft_wrap=True)
