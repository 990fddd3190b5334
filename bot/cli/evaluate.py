"""`bside eval`: judges recommendations on lists that somebody really made."""

import asyncio
import json
import math
import shlex
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.console import CatalogOption, JsonOption, catalog_url, counting_bar, first_names
from bot.cli.wiring import check_output, open_database, write_whole
from bot.core.bench import Evaluation
from bot.errors import SetupError
from bot.services.bench import DIAL, EvaluationOptions
from bot.services.bench import evaluate as evaluate_lists
from bot.services.catalog import LiveCatalog, read_seeds
from bot.store.engine import Database
from bot.ui.evaluation import markdown as as_markdown
from bot.ui.evaluation import sections, summary

_WIDEST: Final = 132
"""Columns that the widest table needs."""


def evaluate(
    playlists: Annotated[Path, typer.Argument(help="CSV: list, and track_id or artist and title.")],
    *,
    catalog: CatalogOption = None,
    seeds: Annotated[
        int,
        typer.Option(
            min=1, max=100, help="How many times to cut every list in two, each time differently."
        ),
    ] = 3,
    lists: Annotated[
        int | None,
        typer.Option(
            min=1, help="Judge only this many lists, drawn at random; all are still learned from."
        ),
    ] = None,
    obscurity: Annotated[
        list[int] | None,
        typer.Option(
            min=0,
            max=100,
            help="A position of the obscurity dial; you may name several. [default: 0 50 70 90]",
        ),
    ] = None,
    under: Annotated[
        int,
        typer.Option(
            min=1,
            max=99,
            help="An artist who is better known than at most this % of artists is little known.",
        ),
    ] = 40,
    seeds_per_list: Annotated[
        int | None,
        typer.Option(min=1, help="Take at most this many seeds of each list. [default: all]"),
    ] = None,
    json_file: JsonOption = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", help="Write the tables to this file.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw recall against popularity into this PNG.")
    ] = None,
) -> None:
    """Measure how well held-out tracks of real lists are found, beside simple methods.

    Every list is cut 80/20; methods that learn never see the list they are judged on. Tracks the
    catalogue does not know are skipped, and reported at the end. Nothing is stored.
    """
    options = EvaluationOptions(
        splits=seeds,
        lists=lists,
        dial=tuple(DIAL if obscurity is None else obscurity),
        under=under,
        seeds_per_list=seeds_per_list,
    )
    outputs = [file for file in (json_file, markdown_file, plot) if file is not None]
    result = asyncio.run(_evaluate(catalog_url(catalog), playlists, outputs, options))
    _tell(result)
    if json_file is not None:
        _write(json_file, as_json(result, options).encode())
    if markdown_file is not None:
        _write(markdown_file, as_markdown(result, _command(playlists, options)).encode())
    if plot is not None:
        from bot.ui.evaluation_plot import recall_against_popularity  # noqa: PLC0415 - matplotlib would slow every command

        _write(plot, recall_against_popularity(result))


async def _evaluate(
    url: str | None, playlists: Path, outputs: Sequence[Path], options: EvaluationOptions
) -> Evaluation:
    read = read_seeds(playlists)  # first: a wrong name leaves no database behind
    async with open_database(url) as database:
        _check_outputs(outputs, playlists, database)
        with counting_bar() as bar:
            task = bar.add_task("Reading", total=None)
            return await evaluate_lists(
                database,
                LiveCatalog(database),
                read,
                options,
                timer=time.perf_counter,
                progress=lambda name, done, whole: bar.update(
                    task, description=escape(name), completed=done, total=whole
                ),
            )


def _command(playlists: Path, options: EvaluationOptions) -> str:
    """Return the command that makes the same table again."""
    words = ["bside", "eval", str(playlists), "--seeds", str(options.splits)]
    words += [] if options.lists is None else ["--lists", str(options.lists)]
    for place in options.dial:
        words += ["--obscurity", str(place)]
    words += ["--under", str(options.under)]
    if options.seeds_per_list is not None:
        words += ["--seeds-per-list", str(options.seeds_per_list)]
    return shlex.join(words)


def as_json(result: Evaluation, options: EvaluationOptions) -> str:
    """Return everything that was measured as JSON; what has no value is null."""
    document = asdict(result) | {
        "dial": sorted(set(options.dial)),
        "seeds_per_list": options.seeds_per_list,
    }
    document["lines"] = [
        {
            "name": line.name,
            "measures": {
                one.measure: {
                    "mean": _number(one.mean),
                    "error": _number(one.error),
                    "count": one.count,
                }
                for one in line.estimates
            },
        }
        for line in result.lines
    ]
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _tell(result: Evaluation) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if result.unknown:
        console.print(
            f"[yellow]The catalogue does not hold {len(result.unknown):,} of "
            f"{result.entries:,} tracks:[/] " + escape(first_names(result.unknown))
        )
    if result.too_short:
        console.print(
            f"[yellow]{len(result.too_short):,} of {result.lists:,} lists have fewer than two "
            "known songs and cannot be judged:[/] " + escape(first_names(result.too_short))
        )
    for note in result.notes:
        console.print(note, style="yellow", markup=False)
    out = Console(highlight=False)
    out.print(summary(result), markup=False, soft_wrap=True)
    wide = Console(highlight=False, width=max(out.width, _WIDEST))  # a value cut off is worse
    for section in sections(result):
        table = Table(title=section.title, title_justify="left")
        for place, column in enumerate(section.columns):
            options: dict[str, Any] = {} if place == 0 else {"justify": "right"}
            table.add_column(column, no_wrap=True, **options)
        for row in section.rows:
            table.add_row(*map(escape, row))
        wide.print(table)


def _check_outputs(outputs: Sequence[Path], playlists: Path, database: Database) -> None:
    for out in outputs:
        check_output(out, inputs=[playlists], database=database)
    if len({out.resolve() for out in outputs}) < len(outputs):
        raise SetupError("--json, --markdown and --plot name the same file: give each its own.")


def _write(file: Path, content: bytes) -> None:
    write_whole(file, content)
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"{escape(str(file))} is written.")
