"""`bside lab path`: how smooth paths from hits to the little known are."""

import asyncio
import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.console import CatalogOption, JsonOption, catalog_url, counting_bar
from bot.cli.filled import filled
from bot.cli.wiring import check_output, write_whole
from bot.core.bench import WAYS, PathPair, WayFigures, figures_of, judged_pairs
from bot.core.catalog import Catalog
from bot.core.lists import FEWEST_STEPS, MOST_STEPS
from bot.errors import SetupError
from bot.services.catalog import LiveCatalog
from bot.ui import text


def path(
    *,
    pairs: Annotated[int, typer.Option(min=1, max=10_000, help="How many paths.")] = 100,
    steps: Annotated[
        int, typer.Option(min=FEWEST_STEPS, max=MOST_STEPS, help="Tracks of each, with both ends.")
    ] = 8,
    catalog: CatalogOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed takes other pairs.")] = 0,
    json_file: JsonOption = None,
) -> None:
    """Compare paths from hits to artists few know with simpler ways to go.

    Each way starts and ends with the same tracks. Nothing is stored.
    """
    figures, starter = asyncio.run(
        _judged(catalog_url(catalog), json_file, pairs=pairs, steps=steps, seed=seed)
    )
    _tell(figures, pairs, starter=starter)
    if json_file is not None:
        write_whole(json_file, as_json(figures).encode())


async def _judged(
    url: str | None, json_file: Path | None, *, pairs: int, steps: int, seed: int
) -> tuple[dict[str, WayFigures], bool]:
    async with filled(url) as (database, starter):
        if json_file is not None:
            check_output(json_file, inputs=[], database=database)
        catalog = await LiveCatalog(database).get()
        return await asyncio.to_thread(_figures, catalog, pairs, steps, seed), starter


def _figures(catalog: Catalog, pairs: int, steps: int, seed: int) -> dict[str, WayFigures]:
    def counted() -> Iterator[PathPair]:
        with counting_bar() as bar:
            task = bar.add_task("Paths", total=pairs)
            for one in judged_pairs(catalog, pairs=pairs, steps=steps, seed=seed):
                yield one
                bar.advance(task)

    try:
        judged = list(counted())
    except ValueError as error:
        raise SetupError(
            "The catalogue needs artists that many know and artists that few know. Fill it first: "
            "bside catalog import FILE"
        ) from error
    return {name: figures_of(catalog, judged, name) for name in WAYS}


def as_json(figures: dict[str, WayFigures]) -> str:
    """Return all figures as JSON; what has no value is null."""
    document = {
        way: {
            name: None if math.isnan(value) else round(value, 4)
            for name, value in asdict(one).items()
        }
        for way, one in figures.items()
    }
    return json.dumps(document, indent=2) + "\n"


def _tell(figures: dict[str, WayFigures], pairs: int, *, starter: bool) -> None:
    where = "the starter catalogue" if starter else "the catalogue"
    table = Table(
        title=f"{text.count(pairs, 'path')} from a hit to an artist few know, in {where}",
        title_justify="left",
    )
    table.add_column("way")
    for name in ("found", "tracks", "hop", "worst hop", "nearer", "better known", "ms"):
        table.add_column(name, justify="right")
    for way, one in figures.items():
        table.add_row(
            way,
            f"{100 * one.found:.0f} %",
            f"{one.tracks:.1f}",
            f"{one.hop:.2f}",
            f"{one.worst_hop:.2f}",
            f"{100 * one.nearer:.0f} %",
            f"{100 * one.better_known:.0f} %",
            f"{one.cpu_ms:.0f}",
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "hop: how near a track is to the one before (a cosine); nearer: steps that are nearer to "
        "the end; better known: steps by somebody better known than the one before."
    )
