"""`bside catalog open-data`: make a catalogue of open dumps, and a scene with it."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from bot.cli.console import facts
from bot.cli.scene import print_training
from bot.cli.wiring import open_database
from bot.clock import SystemClock
from bot.errors import OperatorError
from bot.services import scene as scenes
from bot.services.catalog import Built, OpenData, Releases


def open_data(
    folder: Annotated[Path, typer.Argument(help="the folder that holds the dumps")],
    min_listeners: Annotated[
        int, typer.Option(min=1, help="keep recordings with so many listeners, and all measured")
    ] = 10,
    work: Annotated[
        Path | None,
        typer.Option(help="where to put things aside meanwhile [default: beside the database]"),
    ] = None,
    scene: Annotated[
        bool, typer.Option("--scene", help="also learn from the listens what belongs together")
    ] = False,
) -> None:
    """Make a catalogue of open dumps: MusicBrainz, AcousticBrainz, ListenBrainz, Discogs.

    The dumps are read as they are downloaded. Stop it with Ctrl+C; the next time it goes on from
    there. With --scene a scene is trained on the same listens, as `bside scene train` does; the
    former one is replaced.
    """
    asyncio.run(_open_data(folder, min_listeners, work, Console(), with_scene=scene))


async def _open_data(
    folder: Path, min_listeners: int, work: Path | None, console: Console, *, with_scene: bool
) -> None:
    async with open_database() as database:
        own = work or database.named("open-data")
        columns = (
            SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(),
            DownloadColumn(), TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("Looking for dumps", total=None)

            def tell(what: str, done: int, size: int) -> None:
                bar.update(task, description=what, completed=done, total=size)

            if with_scene:
                made = await scenes.build(
                    database,
                    folder,
                    own,
                    scenes.TrainingOptions(),
                    min_listeners=min_listeners,
                    clock=SystemClock(),
                    timer=time.perf_counter,
                    progress=tell,
                )
            else:
                builder = OpenData(database, own, min_listeners=min_listeners)
                made = scenes.CatalogAndScene(await builder.build(folder, tell))
        console.print(_built_table(made.built))
        if made.training is not None:
            print_training(made.training)
        if made.why_none:
            raise OperatorError(f"The catalogue is made. {made.why_none}")


def _built_table(built: Built) -> Table:
    table = facts(f"open data{', gone on' if built.is_resumed else ''}")
    rows = {
        "listens read": built.counted.listens,
        "of no known recording": built.counted.unmapped,
        "listens that could not be read": built.counted.unreadable,
        "recordings with enough listeners": built.played,
        "recordings that were measured": built.measured,
        **_discogs(built.releases),
        "recordings with a name": built.chosen.rows,
        **{f"left out: {why}": count for why, count in built.chosen.left.items() if count},
        "kept": built.chosen.kept,
        **({"kept, with genres": built.chosen.with_genres} if built.releases.read else {}),
        "new tracks": built.report.new,
        "rows of tracks whose id was known": built.report.known,
        "rows merged as the same recording": built.report.merged,
        "rows skipped": built.report.skipped,
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    if built.left_out:
        shown = ", ".join(escape(name) for name in built.left_out[:5])
        more = f" and {len(built.left_out) - 5} more" if len(built.left_out) > 5 else ""
        table.add_row("left out, none of these dumps", shown + more)
    return table


def _discogs(releases: Releases) -> dict[str, int]:
    if not releases.read:
        return {}
    left = {f"left out of Discogs: {why}": count for why, count in releases.left.items()}
    return {"records of Discogs": releases.read, "records whose genres count": releases.used} | left
