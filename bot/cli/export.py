"""`bside catalog export`: one's own catalogue back, as a table."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.console import counting_bar, facts, until_interrupted
from bot.cli.wiring import check_output, open_database
from bot.core.catalog import terms_of
from bot.services.catalog import CatalogExporter, Exported, ending_of


def export(
    file: Annotated[
        Path,
        typer.Argument(help="the table to write: .csv, .csv.gz or .parquet", metavar="FILE"),
    ],
    own_use: Annotated[
        bool,
        typer.Option(
            "--own-use", help="write everything, for a copy that stays with you: do not pass it on"
        ),
    ] = False,
) -> None:
    """Write the catalogue into a table: all tracks, and what is known of them.

    What its source does not let you pass on is left out, and told. `bside catalog import` reads
    the table again. A file of that name is replaced; Ctrl+C leaves it as it is.
    """
    if not asyncio.run(_export(file, Console(), own_use=own_use)):
        raise typer.Exit(130)


async def _export(file: Path, console: Console, *, own_use: bool) -> bool:
    ending_of(file)
    async with open_database(must_exist=True) as database:
        check_output(file, inputs=[], database=database)
        with counting_bar() as bar:
            task = bar.add_task("Writing tracks", total=None)

            def tell(done: int, size: int) -> None:
                bar.update(task, completed=done, total=size)

            exporter = CatalogExporter(database)
            work = await until_interrupted(exporter.export(file, own_use=own_use, progress=tell))
    if work.cancelled():
        console.print("Stopped; nothing was written.")
        return False
    exported = work.result()
    console.print(_table(file, exported))
    if own_use:
        console.print("This copy holds what may not be passed on: keep it to yourself.")
    elif left_out(exported):
        console.print("`--own-use` writes that, too, for a copy that stays with you.")
    return True


def left_out(exported: Exported) -> bool:
    """Return whether something was left out that `--own-use` would write."""
    left = exported.left_out
    return bool(left.popularity or left.features or left.labels or left.genres)


def _table(file: Path, exported: Exported) -> Table:
    table, left = facts(escape(str(file))), exported.left_out
    table.add_row("tracks written", f"{exported.tracks:,}")
    table.add_row("columns", f"{len(exported.columns):,}")
    if left.tracks:
        table.add_row("tracks left out: uploaded by artists, or removed", f"{left.tracks:,}")
    if left_out(exported):
        table.add_section()
    told = {"popularity": left.popularity, "sound": left.features, "who released it": left.labels}
    for what, counts in told.items():
        for source, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            why = f"left out: {what} by {escape(source)} ({terms_of(source)})"
            table.add_row(why, f"{count:,} values")
    if left.genres:
        why = "left out: genres (nobody noted who named them)"
        table.add_row(why, f"of {left.genres:,} tracks")
    return table
