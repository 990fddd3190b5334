"""`bside catalog grow`: get to know artists around what listeners love, an artist or a genre."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot import settings
from bot.cli.console import facts, until_interrupted
from bot.cli.wiring import open_database, open_sources
from bot.clock import SystemClock
from bot.errors import OperatorError, SetupError, SourceError, UserError
from bot.services import ask_outside
from bot.services.catalog import LiveCatalog
from bot.services.growth import Around, AroundKind, Grown, Growth, Meetings

_WAYS: Final = 'Write --around listeners, --around "artist Low" or --around "genre slowcore".'


def grow(
    around: Annotated[
        str,
        typer.Option(help='What: listeners, "artist NAME" or "genre NAME".', metavar="listeners|…"),
    ] = "listeners",
    limit: Annotated[int, typer.Option(min=1, help="About so many new tracks.")] = 1000,
) -> None:
    """Get to know artists around what listeners love, with their songs; the lesser-known first.

    Only names of artists are asked for, at services that want no key. It may be stopped with Ctrl+C
    and started again. The running bot does the same by itself, a little every day (GROW).
    """
    if not asyncio.run(_grow(_read(around), limit, Console())):
        raise typer.Exit(130)


def _read(around: str) -> Around:
    """Read what to grow around.

    Raises:
        SetupError: it is nothing of that kind.
    """
    if any("\ud800" <= one <= "\udfff" for one in around):  # bytes that are no UTF-8
        raise SetupError(f"--around holds a character that cannot be read. {_WAYS}")
    word, _, name = " ".join(around.split()).partition(" ")
    try:
        kind = AroundKind(word.lower())
    except ValueError as error:
        raise SetupError(f"--around cannot be {around}. {_WAYS}") from error
    if (kind is AroundKind.LISTENERS) == bool(name):
        raise SetupError(f"--around {around} names {'too much' if name else 'nobody'}. {_WAYS}")
    return Around(kind, name)


async def _grow(around: Around, limit: int, console: Console) -> bool:
    config, clock = settings.load(), SystemClock()
    async with (
        open_database(config.database_url) as database,
        open_sources(config, database, clock) as sources,
    ):
        outside = ask_outside(database, sources, clock)
        meetings = Meetings(database, outside, clock)
        growth = Growth(database, meetings, LiveCatalog(database), clock, None)
        return await grow_shown(growth, around, limit, console)


async def grow_shown(growth: Growth, around: Around, limit: int, console: Console) -> bool:
    """Grow under a progress bar, and show what came of it; return False when interrupted.

    Raises:
        OperatorError: nobody knows what to grow around, or no service answers.
    """
    with _progress(console, limit) as progress:
        work = await until_interrupted(growth.grow(around, limit=limit, progress=progress))
    if work.cancelled():
        console.print("Stopped; everybody whom we met so far is there, with their songs.")
        return False
    error = work.exception()
    if isinstance(error, UserError | SourceError):
        raise OperatorError(str(error)) from error
    if error is not None:
        raise error
    console.print(summary(work.result()))
    return True


@contextmanager
def _progress(console: Console, limit: int) -> Iterator[Callable[[int, str], None]]:
    """Show a bar; give what is called with the new tracks, and whom we met last."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Asking around", total=limit)

        def tell(tracks: int, artist: str) -> None:
            bar.update(task, completed=min(tracks, limit), description=f"Met {artist[:40]}")

        yield tell


def summary(grown: Grown) -> Table:
    """Return what came of it."""
    table = facts("Grown")
    table.add_row("artists met", f"{grown.artists:,}")
    table.add_row("artists whom no service knows", f"{grown.strangers:,}")
    table.add_row("new tracks", f"{len(grown.tracks):,}")
    table.add_row("of these measured", f"{grown.measured:,}")
    if grown.ended:
        table.add_row("ended early", escape(grown.ended))
    return table
