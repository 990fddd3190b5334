"""`bside catalog enrich`: ask the music services for what tracks lack."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from bot import settings
from bot.cli.console import facts, until_interrupted
from bot.cli.wiring import open_database, open_sources
from bot.clock import SystemClock
from bot.errors import OperatorError, SourceUnavailableError
from bot.services.finding import Enrichment, EnrichmentReport, KeptAnswers
from bot.services.finding import Progress as Report
from bot.store.measures import Gap


def enrich(
    missing: Annotated[
        Gap | None, typer.Option(help="Fill in only this; without the option, both.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many tracks for each of the two.")
    ] = None,
) -> None:
    """Ask the music services for features and popularity that tracks lack.

    It may be stopped with Ctrl+C and started again: what was found is stored, and what a service
    does not know is not asked again for a week.
    """
    gaps = [missing] if missing else list(Gap)
    if not asyncio.run(_enrich(gaps, limit, Console())):
        raise typer.Exit(130)


async def _enrich(gaps: list[Gap], limit: int | None, console: Console) -> bool:
    config, clock = settings.load(), SystemClock()
    async with (
        open_database(config.database_url, must_exist=True) as database,
        open_sources(config, database, clock) as sources,
    ):
        enrichment = Enrichment(database, sources, KeptAnswers(database, clock), clock)
        return await fill_gaps(enrichment, gaps, limit, console)


async def fill_gaps(
    enrichment: Enrichment, gaps: list[Gap], limit: int | None, console: Console
) -> bool:
    """Fill gaps under a progress bar, and show what became of it; return False when interrupted.

    Raises:
        OperatorError: a service does not answer for long.
    """
    report = EnrichmentReport()
    with _progress(console) as progress:
        work = await until_interrupted(
            enrichment.fill_gaps(gaps, report, limit=limit, progress=progress)
        )
    console.print(_table(gaps, report))
    if work.cancelled():
        console.print("Stopped; what was found is stored. The same command goes on from here.")
        return False
    error = work.exception()
    if isinstance(error, SourceUnavailableError):
        raise OperatorError(
            f"{error} What was found is stored; the same command goes on from there."
        )
    if error is not None:
        raise error
    return True


@contextmanager
def _progress(console: Console) -> Iterator[Report]:
    """Show a bar; give what is called with the tracks done."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Asking the music services", total=None)

        def report_progress(done: int, size: int) -> None:
            bar.update(task, completed=done, total=size)

        yield report_progress


def _table(gaps: list[Gap], report: EnrichmentReport) -> Table:
    table = facts("Enriched")
    for gap in gaps:
        table.add_row(f"tracks that got {gap}", f"{report.learned[gap]:,}")
        table.add_row(f"tracks whose {gap} no service knows", f"{report.unknown[gap]:,}")
        table.add_row(f"tracks without a usable answer ({gap})", f"{report.refused[gap]:,}")
    table.add_section()
    for source, answers in sorted(report.sources.items(), key=lambda one: (-one[1], one[0])):
        table.add_row(f"answers from {source}", f"{answers:,}")
    return table
