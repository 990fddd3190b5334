"""`bside catalog`: bring track tables into the catalogue, and see what is in it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
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
from bot.cli.enrich import enrich
from bot.cli.export import export
from bot.cli.grow import grow
from bot.cli.open_data import open_data
from bot.cli.rising import rising
from bot.cli.stats import forget, stats
from bot.cli.wiring import check_output, open_database
from bot.errors import OperatorError
from bot.services.catalog import (
    OTHER_TABLE,
    CatalogImporter,
    ImportReport,
    parse_mapping,
)
from bot.services.catalog import Progress as Report

app = typer.Typer(name="catalog", help="The tracks the bot chooses from.", no_args_is_help=True)
app.command()(enrich)
app.command()(grow)
app.command()(rising)
app.command()(export)
app.command("open-data")(open_data)
app.command()(stats)
app.command()(forget)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="csv (also .gz, .zst, .bz2, .xz), zip, tar (packed or not) or parquet files",
            metavar="PATH…",
        ),
    ],
    column_map: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=FIELD", help="say what a column holds; may be repeated"
        ),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="write every skipped row and why to this csv file")
    ] = None,
) -> None:
    """Add the tracks of one or more tables; importing the same file twice changes nothing.

    Each file is stored whole or not at all. The known tables (TidyTuesday spotify_songs, the
    Kaggle ones, FMA, Music Info, Exportify) are recognised by their columns; any other needs a
    title and an artist column.
    """
    mapping = parse_mapping(column_map or [])
    asyncio.run(_import(paths, mapping, rejects, Console()))


async def _import(
    paths: list[Path], mapping: dict[str, str], rejects: Path | None, console: Console
) -> None:
    async with open_database() as database:
        own_rejects = [rejects and _numbered(rejects, place) for place in range(1, len(paths) + 1)]
        for file in own_rejects:
            if file is not None:
                check_output(file, inputs=paths, database=database)
        importer = CatalogImporter(database)
        failed: list[tuple[Path, OperatorError]] = []
        for path, own in zip(paths, own_rejects, strict=True):
            try:
                with import_progress(console, path) as progress:
                    report = await importer.import_file(
                        path, mapping=mapping, rejects=own, progress=progress
                    )
                print_report(console, report)
                if report.rows == report.skipped:
                    raise OperatorError(f"{path}: no row could be used; see the reasons above.")
            except OperatorError as error:
                failed.append((path, error))
    if len(failed) == 1:
        raise failed[0][1]
    if failed:
        sentences = "\n".join(str(error) for _, error in failed)
        raise OperatorError(f"{len(failed)} of {len(paths)} files were not imported.\n{sentences}")


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


def print_report(console: Console, report: ImportReport) -> None:
    """Show what an import did."""
    console.print(_report_table(report))


@contextmanager
def import_progress(console: Console, path: Path) -> Iterator[Report]:
    """Show a bar while a file is imported; give what the importer calls with the bytes read."""
    name = path.name
    columns = (
        SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(),
        DownloadColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"Reading {name}", total=None)

        def report_progress(done: int, size: int) -> None:
            step = f"Storing {name}" if done >= size else f"Reading {name}"
            bar.update(task, completed=done, total=size, description=step)

        yield report_progress


def _report_table(report: ImportReport) -> Table:
    table = facts(report.file)
    known = True
    for line in report.tables:
        name, _, layout = line.rpartition(": ")
        known &= layout != OTHER_TABLE
        table.add_row(f"recognised {name} as", layout)
    unused = [name for name in report.unused if name]
    if unused:
        more = f" and {len(unused) - 12} more" if len(unused) > 12 else ""
        hint = "" if known else " (say what a column holds with --map COLUMN=FIELD)"
        table.add_row(f"columns not used{hint}", escape(", ".join(unused[:12]) + more))
    if report.ignored:
        table.add_row("left out, not track tables", ", ".join(report.ignored))
    rows = {
        "rows read": report.rows,
        "different ids": report.distinct_ids,
        "new tracks": report.new,
        "rows of tracks whose id was known": report.known,
        "rows merged as the same recording": report.merged,
        "earlier tracks with something new": report.updated_tracks,
        "earlier tracks, unchanged": report.unchanged_tracks,
        "rows skipped": report.skipped,
    }
    for text, count in rows.items():
        table.add_row(text, f"{count:,}")
    for reason, count in report.reasons.most_common():
        table.add_row(f"  {reason}", f"{count:,}")
    for reject in report.examples:
        table.add_row(f"  for example {reject.table}, row {reject.row}", reject.reason)
    for field, count in report.dropped_values.most_common():
        table.add_row(f"values of {field} out of range, left unknown", f"{count:,}")
    return table
