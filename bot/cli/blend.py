"""`bside lab blend`: how fair lists for several listeners are."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bot.cli.console import JsonOption, catalog_url, counting_bar
from bot.cli.filled import FilledOption, filled_catalog
from bot.cli.wiring import check_output, write_whole
from bot.core.bench import SIZES, GroupOptions, GroupSimulation, Overlap
from bot.services.bench import run_groups
from bot.ui import text


def blend(
    *,
    catalog: FilledOption = None,
    groups: Annotated[
        int, typer.Option(min=2, max=1000, help="Groups of each size and kind.")
    ] = 40,
    lists: Annotated[int, typer.Option(min=1, max=50, help="Lists per group.")] = 4,
    obscurity: Annotated[int, typer.Option(min=0, max=100, help="The dial, as in /blend.")] = 0,
    tracks: Annotated[
        int, typer.Option(min=100, help="Cut a larger catalogue down to about this many tracks.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives other groups.")] = 0,
    json_file: JsonOption = None,
) -> None:
    """Make lists for groups of simulated listeners, and see what the worst-off of each likes.

    Each listener has said 15 likes and 15 dislikes, not always truthfully. In half of the groups
    nobody likes what another likes; in the others all like one kind of music, too. Nothing is
    stored.
    """
    options = GroupOptions(groups=groups, lists=lists, obscurity=obscurity, seed=seed)
    result, starter = asyncio.run(_simulate(catalog_url(catalog), options, tracks, json_file))
    _tell(result, options, starter=starter)
    if json_file is not None:
        write_whole(json_file, as_json(result, options).encode())


async def _simulate(
    url: str | None, options: GroupOptions, tracks: int, json_file: Path | None
) -> tuple[GroupSimulation, bool]:
    async with filled_catalog(url) as (database, starter):
        if json_file is not None:
            check_output(json_file, inputs=[], database=database)
        with counting_bar() as bar:
            task = bar.add_task("Groups", total=None)
            result = await run_groups(
                database,
                options,
                tracks=tracks,
                progress=lambda kind, done, whole: bar.update(
                    task, description=kind, completed=done, total=whole
                ),
            )
    return result, starter


def as_json(result: GroupSimulation, options: GroupOptions) -> str:
    """Return every like rate as JSON."""
    document = {
        **asdict(options),
        "tracks": result.tracks,
        "groups_of": [
            {
                "tastes": kind,
                "size": size,
                "methods": [
                    {
                        "method": name,
                        "worst": result.worst(kind, size, place),
                        "mean": result.mean(kind, size, place),
                        "gain": asdict(result.gain(kind, size, place)),
                    }
                    for place, name in enumerate(result.methods)
                ],
            }
            for kind in Overlap
            for size in SIZES
        ],
        "worst_over_averaged": {
            name: result.ratio(place) for place, name in enumerate(result.methods)
        },
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _tell(result: GroupSimulation, options: GroupOptions, *, starter: bool) -> None:
    if starter:
        Console(stderr=True, soft_wrap=True).print(
            "There is no catalogue yet, so this is the starter catalogue. It is so small that a "
            "listener likes only few tracks, and all ways to make a list run out of them.",
            style="yellow",
        )
    out = Console(highlight=False)
    out.print(
        f"Share of picks that are liked: {result.tracks:,} tracks, {options.groups} groups of each "
        f"kind, {text.count(options.lists, 'list')} of {options.picks} for each group.",
        soft_wrap=True,
    )
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("groups of", no_wrap=True)
    right: dict[str, Any] = {"justify": "right", "no_wrap": True}
    for name in ("worst off", "all", "worst off ÷ averaged"):
        table.add_column(name, **right)
    methods = list(enumerate(result.methods))
    for kind in Overlap:
        for size in SIZES:
            table.add_row(f"[bold]{size}, {kind} tastes[/]")
            first = result.worst(kind, size, 0)
            for place, name in methods:
                worst, mean = result.worst(kind, size, place), result.mean(kind, size, place)
                numbers = (f"{worst:.3f}", f"{mean:.3f}", _times(worst, first))
                table.add_row(f"  {name}", *numbers, end_section=place == methods[-1][0])
    table.add_row("[bold]all[/]")
    for place, name in methods:
        table.add_row(f"  {name}", "", "", f"× {result.ratio(place):.2f}")
    out.print(table)
    gain = result.gain_of_all(methods[-1][0])
    out.print(
        f"Worst off: whoever of a group likes least. By {result.methods[-1]} they like "
        f"{gain.mean:+.3f} more than by the averaged taste; 95 % confidence interval "
        f"{gain.low:+.3f} to {gain.high:+.3f}.",
        soft_wrap=True,
    )


def _times(worst: float, first: float) -> str:
    return f"× {worst / first:.2f}" if first else "–"
