"""`bside scene`: what belongs together, learned from playlists or listens."""

import asyncio
import time
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from bot.cli.console import CatalogOption, catalog_url, facts, first_names
from bot.cli.wiring import open_database
from bot.clock import SystemClock
from bot.core.catalog import OPEN, UPPER, PartWeights, shipped_weights
from bot.core.scene import DIMENSIONS
from bot.errors import SetupError
from bot.services import scene as scenes
from bot.services.catalog import LiveCatalog
from bot.services.scene import TrainingOptions, TrainingReport
from bot.store.scene_files import SceneMark
from bot.ui import text

_WEIGHED: Final = {
    "what counts, few likes": (0, OPEN),
    "… in the upper half of the dial": (0, UPPER),
    "what counts, many likes": (1, OPEN),
    "… in the upper half of the dial ": (1, UPPER),
}

app = typer.Typer(
    name="scene", help="What belongs together, learned from playlists.", no_args_is_help=True
)


@app.command()
def train(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="CSV (list, and track_id or artist and title), playlist slices (.json), listens "
            "(.listens, .jsonl); also gzipped; dumps of ListenBrainz as downloaded; or a folder of "
            "them",
            metavar="PATH…",
        ),
    ],
    *,
    dimensions: Annotated[
        int, typer.Option(min=1, max=512, help="How long the learned vectors are.")
    ] = DIMENSIONS,
    seed: Annotated[
        int, typer.Option(min=0, help="The same files and seed give the same scene.")
    ] = 0,
    catalog: CatalogOption = None,
) -> None:
    """Learn from playlists or listens which tracks belong together; a running bot picks it up.

    Listens are cut into sessions where 30 minutes lie between two. Only these files are learned
    from, never what users of the bot do. The former scene is replaced.
    """
    options = TrainingOptions(dimensions, seed)
    print_training(asyncio.run(_train(catalog_url(catalog), paths, options)))


@app.command()
def show(catalog: CatalogOption = None) -> None:
    """Show what the scene was learned from, and how much of the catalogue it covers."""
    state = asyncio.run(_show(catalog_url(catalog)))
    if state is None:
        raise SetupError("There is no usable scene. Train one: bside scene train PATH…")
    table = _table(state.mark, state.weights)
    table.add_row("tracks in its lists", _of(state.covered, state.tracks))
    table.add_row("songs that pay for coming up for many", f"{state.crowding:,}")
    _print(table)
    if not state.covered:
        _warn(
            "The catalogue holds none of its songs: it was trained on other music. Train one on "
            "lists of what you have (bside scene train PATH…), or remove it (bside scene remove)."
        )


@app.command()
def remove(catalog: CatalogOption = None) -> None:
    """Remove the scene; tracks are then compared by sound and artist alone."""
    gone = asyncio.run(_remove(catalog_url(catalog)))
    _print("The scene is removed." if gone else "There is no scene; nothing to do.")


async def _train(url: str | None, paths: list[Path], options: TrainingOptions) -> TrainingReport:
    async with open_database(url, must_exist=True) as database:
        with _progress() as bar:
            task = bar.add_task("Reading", total=None)
            return await scenes.train(
                database,
                LiveCatalog(database),
                paths,
                options,
                clock=SystemClock(),
                timer=time.perf_counter,
                progress=lambda step, done, whole: bar.update(
                    task, description=step, completed=done, total=whole
                ),
            )


async def _show(url: str | None) -> scenes.SceneState | None:
    async with open_database(url, must_exist=True) as database:
        return await scenes.current(database, LiveCatalog(database))


async def _remove(url: str | None) -> bool:
    async with open_database(url, must_exist=True) as database:
        return scenes.remove(database)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def print_training(report: TrainingReport) -> None:
    """Show what a training found and made."""
    gathered = report.gathered
    if gathered.skipped:
        _warn(f"{text.count(gathered.skipped, 'line')} without a time or names skipped.")
    different = gathered.known_tracks + gathered.unknown_tracks
    if gathered.unknown_tracks:
        _warn(
            f"The catalogue does not hold {gathered.unknown_tracks:,} of {different:,} different "
            f"tracks, such as: {'; '.join(gathered.examples)}"
        )
    table = _table(report.mark, report.weights)
    if gathered.playlists:
        table.add_row("lists read", f"{gathered.playlists:,}")
    if gathered.sessions:
        table.add_row("listening sessions read", f"{gathered.sessions:,}")
    if gathered.sampled is not None:
        of = gathered.sampled
        table.add_row("listens of dumps", f"{of.listens:,}")
        table.add_row("to what the catalogue holds", _of(of.known, of.listens))
        table.add_row("their sessions with two known tracks", f"{of.sessions:,}")
        table.add_row("learned from, the listeners in turn", _of(of.taken, of.sessions))
    if different:
        table.add_row("their tracks in the catalogue", _of(gathered.known_tracks, different))
    table.add_row("tracks of the catalogue in them", _of(report.covered, report.tracks))
    table.add_row(
        "seconds to read and to train", f"{report.reading_s:.1f} + {report.training_s:.1f}"
    )
    _print(table)


def _table(mark: SceneMark, weights: NDArray[np.float32]) -> Table:
    table = facts("Scene")
    table.add_row("trained", f"{mark.trained_at:%Y-%m-%d %H:%M} UTC")
    table.add_row("from", escape(first_names(mark.files)))
    table.add_row("lists with two known songs", f"{mark.lists:,}")
    table.add_row("songs with a vector", f"{mark.songs:,}")
    table.add_row("dimensions", f"{mark.dimensions:,}")
    table.add_row("share that sound, artist and genre predict", f"{100 * mark.fit:.0f} %")
    for name, one in _WEIGHED.items():
        table.add_row(name, _weights(PartWeights(*weights[one].tolist())))
    if np.array_equal(weights, shipped_weights()):
        table.add_row("", "the shipped ones: these lists taught none")
    return table


def _weights(weights: PartWeights) -> str:
    """Say how much each part counts beside the sound, which counts 1."""
    return (
        f"sound 1, company {weights.company:.2g}, a liked artist {weights.artist:.2g}, "
        f"an artist in many lists {weights.listing:+.2g}, a known song {weights.renown:+.2g}"
    )


def _of(part: int, whole: int) -> str:
    """Return "3 of 4 (75 %)"; rounded down, so that 100 % is all."""
    return f"{part:,} of {whole:,}" + (f" ({100 * part // whole} %)" if whole else "")


def _print(what: Table | str) -> None:
    Console(highlight=False).print(what)


def _warn(sentence: str) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(sentence, style="yellow", markup=False)
