"""`bside catalog`: bring track tables into the catalogue, and see what is in it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

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
from bot.cli.scene import print_training
from bot.cli.wiring import check_output, open_database
from bot.clock import SystemClock
from bot.core.catalog import FameCoverage, fame_coverage
from bot.errors import OperatorError
from bot.services import scene as scenes
from bot.services.catalog import (
    OTHER_TABLE,
    Built,
    CatalogImporter,
    ImportReport,
    LiveCatalog,
    OpenData,
    Releases,
    parse_mapping,
)
from bot.services.catalog import Progress as Report
from bot.store import catalog_sources
from bot.store.catalog_sources import Source
from bot.store.catalog_stats import CatalogStats, catalog_stats

app = typer.Typer(name="catalog", help="The tracks the bot chooses from.", no_args_is_help=True)
app.command()(enrich)

_SOURCES: Final = {"fma": "Free Music Archive listens"}
"""What a source of popularity is called, where its short name would say little."""


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


@app.command("open-data")
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


@app.command()
def stats() -> None:
    """Show how many tracks there are, and how much is known about them."""
    Console().print(_stats_table(*asyncio.run(_stats())))


@app.command()
def forget(
    source: Annotated[
        str, typer.Argument(help="whose: as `bside catalog stats` calls it", metavar="SOURCE")
    ],
    sure: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Remove all that one source said of the catalogue; the tracks stay."""
    asyncio.run(_forget(source, Console(), sure=sure))


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


async def _forget(source: str, console: Console, *, sure: bool) -> None:
    async with open_database(must_exist=True) as database:
        async with database.read() as conn:
            known = {one.name: one for one in await catalog_sources.sources(conn)}
        if source not in known:
            names = ", ".join(known) or "nobody"
            raise OperatorError(f"{source} has said nothing of this catalogue; {names} did.")
        told = known[source]
        console.print(
            f"{escape(source)} told the popularity of {told.popularity:,} tracks, and how "
            f"{told.features:,} sound."
        )
        if not sure and not typer.confirm("Remove all of it?"):
            console.print("Nothing was changed.")
            return
        async with database.write() as conn:
            done = await catalog_sources.forget(conn, source)
        console.print(
            f"✓ Removed the popularity of {done.popularity:,} tracks and what was measured of "
            f"{done.features:,}. Copies of the database that were made before still hold it."
        )


async def _stats() -> tuple[CatalogStats, list[Source], FameCoverage]:
    async with open_database(must_exist=True) as database:
        async with database.read() as conn:
            stats = await catalog_stats(conn)
            told = await catalog_sources.sources(conn)
        return stats, told, fame_coverage(await LiveCatalog(database).get())


def _stats_table(stats: CatalogStats, told: list[Source], fame: FameCoverage) -> Table:
    table = facts("Catalogue")
    for text, count in {
        "tracks": stats.tracks, "artists": stats.artists, "albums": stats.albums,
        "genres": stats.genres, "version": stats.version,
    }.items():  # fmt: skip
        table.add_row(text, f"{count:,}")
    if stats.first_year is not None:
        table.add_row("years", f"{stats.first_year} – {stats.last_year}")
    table.add_section()
    for feature, share in stats.feature_shares.items():
        table.add_row(f"{feature} known", f"{share:.1%}")
    table.add_row("year known", f"{stats.year_share:.1%}")
    table.add_row("duration known", f"{stats.duration_share:.1%}")
    table.add_row("popularity known", f"{stats.popularity_share:.1%}")
    table.add_section()
    for one in told:
        name = _SOURCES.get(one.name, one.name)
        if one.popularity:
            table.add_row(f"popularity from {name}", f"{one.popularity:,}{_age(one)}")
        if one.features:
            table.add_row(f"sound measured by {name}", f"{one.features:,}")
    for namespace, count in stats.external_ids.items():
        table.add_row(f"ids: {namespace}", f"{count:,}")
    table.add_section()
    _add_fame(table, fame)
    return table


def _age(told: Source) -> str:
    """Return of when the popularity of a source is."""
    if told.newest is None:
        return ""
    if told.oldest == told.newest:
        return f" ({told.newest})"
    return f" ({told.oldest} – {told.newest})"


def _add_fame(table: Table, fame: FameCoverage) -> None:
    """Say how many artists somebody counts: what the dial of obscurity goes by."""
    share = f" ({fame.counted / fame.artists:.1%})" if fame.artists else ""
    table.add_row("artists whom somebody counts", f"{fame.counted:,}{share}")
    for source, count in fame.by_source.items():
        table.add_row(f"  by {_SOURCES.get(source, source)}", f"{count:,}")
    table.add_row("  in lists of the scene", f"{fame.in_lists:,}")
    table.add_row("  in lists alone", f"{fame.by_lists_alone:,}")
    table.add_row("artists nobody counts: their fame is a guess", f"{fame.uncounted:,}")
