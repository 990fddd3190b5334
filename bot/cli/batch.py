"""`bside recommend`: recommendations for lists of seeds, for scripts."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli.console import CatalogOption, catalog_url, counting_bar, first_names
from bot.cli.wiring import check_output, open_database
from bot.core.ranking import DeepCuts
from bot.services.bench import BatchOptions, BatchReport
from bot.services.bench import recommend as recommend_lists
from bot.services.catalog import LiveCatalog, read_seeds
from bot.ui import text


def recommend(
    seeds: Annotated[
        Path,
        typer.Argument(
            help="A CSV with the columns list (optional), and track_id or artist and title."
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The CSV to write; an existing file is replaced.")],
    top: Annotated[int, typer.Option(min=1, max=10_000, help="Tracks per list.")] = 100,
    obscurity: Annotated[
        int,
        typer.Option(
            min=0,
            max=100,
            help="0: fame does not matter; 70: no stars; 100: only artists that few know.",
        ),
    ] = 0,
    new_artists: Annotated[
        bool, typer.Option("--new-artists", help="Only artists that are not in the list.")
    ] = False,
    per_artist: Annotated[
        int | None,
        typer.Option(min=1, help="At most this many tracks of an artist. [default: any number]"),
    ] = None,
    deep_cuts: Annotated[
        DeepCuts | None,
        typer.Option(
            help="Little-known songs by famous artists. [default: also, above obscurity 50 no]",
        ),
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Recommend tracks for every list of a table of seeds.

    The answer has the columns list, rank, track_id, artist, title, popularity (as its source gave
    it) and score. Seeds that the catalogue does not know are skipped, and reported at the end.
    """
    options = BatchOptions(
        top=top,
        obscurity=obscurity,
        new_artists=new_artists,
        per_artist=per_artist,
        deep_cuts=deep_cuts,
    )
    report = asyncio.run(_recommend(catalog_url(catalog), seeds, out, options))
    _tell(report, out)


async def _recommend(url: str | None, path: Path, out: Path, options: BatchOptions) -> BatchReport:
    seeds = read_seeds(path)  # first: a wrong name leaves no database behind
    async with open_database(url) as database:
        check_output(out, inputs=[path], database=database)
        with counting_bar() as bar:
            task = bar.add_task("Lists", total=None)
            return await recommend_lists(
                database,
                LiveCatalog(database),
                seeds,
                out,
                options,
                progress=lambda done, lists: bar.update(task, completed=done, total=lists),
            )


def _tell(report: BatchReport, out: Path) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if report.unknown:
        console.print(
            f"[yellow]The catalogue does not hold {len(report.unknown):,} of {report.seeds:,} "
            "seeds:[/] " + escape(first_names([str(seed) for seed in report.unknown]))
        )
    if report.unanswered:
        console.print(
            f"[yellow]{len(report.unanswered):,} of {report.lists:,} lists have no known seed, "
            "so they get no recommendations:[/] " + escape(first_names(report.unanswered))
        )
    answered = report.lists - len(report.unanswered)
    console.print(
        f"{text.count(report.rows, 'recommendation')} for {text.count(answered, 'list')}: "
        f"{escape(str(out))}"
    )
