"""Trains a scene from lists that the operator supplies, and looks after the one there is.

Nothing but the given files and the catalogue is read: what users of the bot like, play or say has
no part in it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.clock import Clock
from bot.core.catalog import Catalog
from bot.core.ranking import uncrowded, weighed
from bot.core.scene import DIMENSIONS, Scene, coverage, train_scene
from bot.errors import SeedsError, SetupError
from bot.services.catalog import LiveCatalog
from bot.services.scene.dumps import read_dumps
from bot.services.scene.files import Kind, find_files
from bot.services.scene.gathering import Gathered, Gatherer
from bot.services.scene.reading import read_pieces
from bot.store import scene_files
from bot.store.engine import Database
from bot.store.scene_files import SceneMark


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How to train."""

    dimensions: int = DIMENSIONS
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TrainingReport:
    """What a training found and made."""

    mark: SceneMark
    gathered: Gathered
    weights: NDArray[np.float32]
    """`Scene.part_weights`."""
    covered: int
    """Tracks of the catalogue that are versions of a song in the lists."""
    tracks: int
    """All tracks of the catalogue."""
    reading_s: float
    training_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SceneState:
    """The scene that is used, beside the catalogue of this moment."""

    mark: SceneMark
    weights: NDArray[np.float32]
    """`Scene.part_weights`."""
    covered: int
    tracks: int
    crowding: int
    """Songs that pay for coming up for many."""


async def train(
    database: Database,
    live: LiveCatalog,
    paths: Sequence[Path],
    options: TrainingOptions,
    *,
    clock: Clock,
    timer: Callable[[], float],
    progress: Callable[[str, int, int], None] = lambda step, done, all_: None,
) -> TrainingReport:
    """Learn a scene from files and folders and make it the current one.

    Args:
        timer: seconds from any fixed moment on, such as `time.perf_counter`.
        progress: is called with what is being done, how much of it is done, and how much it is.

    Raises:
        SetupError: the catalogue is empty, or a scene cannot be kept beside this database.
        SeedsError: a file cannot be read, or the catalogue knows too little of what is in them.
    """
    _folder(database)
    files = find_files(paths)
    start = timer()
    catalog = await live.get()
    if not len(catalog):
        raise SetupError("The catalogue is empty. Fill it first: bside catalog import FILE")
    gatherer = Gatherer(database, catalog)
    dumps = [file.path for file in files if file.kind is Kind.DUMP]
    if dumps:
        gatherer.add_sampled(*await read_dumps(database, catalog, dumps, progress))
    lists = [file for file in files if file.kind is not Kind.DUMP]
    pieces = read_pieces(lists, lambda done, whole: progress("Reading", done, whole))
    while (piece := await asyncio.to_thread(lambda: next(pieces, None))) is not None:
        await gatherer.add(piece)
    gathered = await asyncio.to_thread(gatherer.gathered)
    names = tuple(sorted({file.path.name for file in files}))
    return await learn(
        database,
        catalog,
        gathered,
        options,
        names=names,
        reading_s=timer() - start,
        clock=clock,
        timer=timer,
        progress=progress,
    )


async def learn(
    database: Database,
    catalog: Catalog,
    gathered: Gathered,
    options: TrainingOptions,
    *,
    names: tuple[str, ...],
    reading_s: float,
    clock: Clock,
    timer: Callable[[], float],
    progress: Callable[[str, int, int], None],
) -> TrainingReport:
    """Learn a scene from what was gathered, and make it the current one.

    Args:
        names: of the files it was gathered from, which took `reading_s`.

    Raises:
        SetupError: a scene cannot be kept beside this database.
        SeedsError: the catalogue knows too little of what was gathered.
    """
    folder = _folder(database)
    start = timer()
    scene = await asyncio.to_thread(_trained, catalog, gathered, options, progress)
    try:
        mark = await asyncio.to_thread(
            scene_files.save, folder, scene, trained_at=clock.now(), files=names
        )
    except OSError as error:
        raise SetupError(
            f"The scene cannot be written to {folder}: {error.strerror or error}."
        ) from error
    return TrainingReport(
        mark=mark,
        weights=scene.part_weights,
        gathered=gathered,
        covered=coverage(catalog, scene),
        tracks=len(catalog),
        reading_s=reading_s,
        training_s=timer() - start,
    )


async def current(database: Database, live: LiveCatalog) -> SceneState | None:
    """Return the scene there is; None when there is none that can be used.

    Raises:
        SetupError: a scene cannot be kept beside this database.
    """
    stored = await asyncio.to_thread(scene_files.load, _folder(database))
    if stored is None:
        return None
    catalog = await live.get()
    scene = stored.scene
    covered = coverage(catalog, scene)
    paying = len(scene.crowding.song_ids)
    return SceneState(stored.mark, scene.part_weights, covered, len(catalog), paying)


def remove(database: Database) -> bool:
    """Remove the scene; return whether there was one.

    Raises:
        SetupError: it cannot be removed, or none can be kept beside this database.
    """
    folder = _folder(database)
    try:
        return scene_files.remove(folder)
    except OSError as error:
        raise SetupError(
            f"The scene in {folder} cannot be removed: {error.strerror or error}."
        ) from error


def _folder(database: Database) -> Path:
    return scene_files.scene_folder(database.beside)


def _trained(
    catalog: Catalog,
    gathered: Gathered,
    options: TrainingOptions,
    progress: Callable[[str, int, int], None],
) -> Scene:
    try:
        scene = train_scene(
            catalog,
            gathered.lists,
            dimensions=options.dimensions,
            seed=options.seed,
            progress=lambda done, whole: progress("Training", done, whole),
        )
    except ValueError as error:
        raise SeedsError(
            f"No scene can be learned from these files: {error}. {_holds(gathered)}"
        ) from error
    scene = weighed(
        catalog,
        scene,
        gathered.lists,
        seed=options.seed,
        progress=lambda done, whole: progress("Weighing what counts", done, whole),
    )
    return uncrowded(
        catalog,
        scene,
        gathered.lists,
        seed=options.seed,
        progress=lambda done, whole: progress("Looking for what comes up for many", done, whole),
    )


def _holds(gathered: Gathered) -> str:
    """Say how much of what was gathered the catalogue holds."""
    said = []
    different = gathered.known_tracks + gathered.unknown_tracks
    if different or gathered.sampled is None:
        said.append(
            f"The catalogue holds {gathered.known_tracks:,} of their {different:,} different "
            "tracks."
        )
    if gathered.sampled is not None:
        of = gathered.sampled
        said.append(f"Of the {of.listens:,} listens in dumps {of.known:,} are to what it holds.")
    if gathered.examples:
        said.append(f"The catalogue does not hold: {'; '.join(gathered.examples)}.")
    return " ".join(said)
