"""`bside lab`: experiments on the bot itself."""

import asyncio
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bot.cli.console import JsonOption, catalog_url, counting_bar
from bot.cli.exposure import exposure
from bot.cli.filled import filled
from bot.cli.lab_path import path
from bot.cli.wiring import check_output, write_whole
from bot.core.bench import BLEND, Difference, Simulation, SimulationOptions
from bot.services.bench import run_simulation

app = typer.Typer(name="lab", help="Experiments on the bot itself.", no_args_is_help=True)

_SPANS: Final = ((1, 3), (4, 10), (11, None))
"""First and last round of the columns; None is the last of all."""


app.command()(exposure)
app.command()(path)


@app.command()
def simulate(
    *,
    catalog: Annotated[
        str | None,
        typer.Option(
            help="A database file or its address; default: that of the settings, or the starter "
            "catalogue when it is empty."
        ),
    ] = None,
    listeners: Annotated[int, typer.Option(min=2, max=1000, help="Listeners per family.")] = 30,
    rounds: Annotated[int, typer.Option(min=1, max=200, help="Rounds per listener.")] = 20,
    picks: Annotated[int, typer.Option(min=1, max=100, help="Recommendations per round.")] = 10,
    tracks: Annotated[
        int, typer.Option(min=100, help="Cut a larger catalogue down to about this many tracks.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives other listeners.")] = 0,
    json_file: JsonOption = None,
) -> None:
    """Let simulated listeners judge the recommendations of several ways to learn a taste.

    Each listener starts with five likes, is recommended tracks round after round, and says (not
    always truthfully) which are liked. Nothing is stored.
    """
    options = SimulationOptions(listeners=listeners, rounds=rounds, picks=picks, seed=seed)
    result, starter = asyncio.run(_simulate(catalog_url(catalog), options, tracks, json_file))
    _tell(result, options, starter=starter)
    if json_file is not None:
        write_whole(json_file, as_json(result, options).encode())


async def _simulate(
    url: str | None, options: SimulationOptions, tracks: int, json_file: Path | None
) -> tuple[Simulation, bool]:
    async with filled(url) as (database, starter):
        if json_file is not None:
            check_output(json_file, inputs=[], database=database)
        with counting_bar() as bar:
            task = bar.add_task("Listeners", total=None)
            result = await run_simulation(
                database,
                options,
                tracks=tracks,
                progress=lambda family, done, whole: bar.update(
                    task, description=family, completed=done, total=whole
                ),
            )
    return result, starter


def as_json(result: Simulation, options: SimulationOptions) -> str:
    """Return every like rate as JSON, with the differences to the blend."""
    document = {
        **asdict(options),
        "picks": result.picks,
        "tracks": result.tracks,
        "families": [
            {
                "family": family or "all",
                "learners": [
                    {
                        "learner": learner,
                        "rate": result.rate(learner, 1, options.rounds, family),
                        "difference": asdict(result.difference(learner, BLEND, family)),
                        "rates": [
                            result.rate(learner, place, place, family)
                            for place in range(1, options.rounds + 1)
                        ],
                    }
                    for learner in result.learners
                ],
            }
            for family in (*result.families, None)
        ],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _tell(result: Simulation, options: SimulationOptions, *, starter: bool) -> None:
    if starter:
        Console(stderr=True, soft_wrap=True).print(
            "There is no catalogue yet, so this is the starter catalogue. It is so small that a "
            "listener likes only few tracks: all learners run out of them, and hardly differ.",
            style="yellow",
        )
    out = Console(highlight=False)
    out.print(
        f"Share of picks that are liked: {result.tracks:,} tracks, {options.listeners} listeners "
        f"per family, {options.rounds} rounds of {result.picks}.",
        soft_wrap=True,
    )
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("learner by round", no_wrap=True)
    right: dict[str, Any] = {"justify": "right", "no_wrap": True}
    for name in (*(f"{first}–{last or ''}" for first, last in _SPANS), "all", f"to the {BLEND}"):
        table.add_column(name, **right)
    for family in (*result.families, None):
        table.add_row(f"[bold]{family or 'all listeners'}[/]")
        for learner in result.learners:
            rates = [
                result.rate(learner, first, last or options.rounds, family)
                for first, last in (*_SPANS, (1, None))
            ]
            table.add_row(
                f"  {learner}",
                *map(_rate, rates),
                "" if learner == BLEND else _change(result.difference(learner, BLEND, family)),
                end_section=learner == result.learners[-1],
            )
    out.print(table)
    out.print("In brackets: 95 % confidence interval of the mean over listeners.")


def _rate(rate: float) -> str:
    return "–" if math.isnan(rate) else f"{rate:.3f}"


def _change(change: Difference) -> str:
    return f"{change.mean:+.3f} \\[{change.low:+.3f}, {change.high:+.3f}]"
