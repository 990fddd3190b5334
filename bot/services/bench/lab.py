"""Runs simulated listeners on a catalogue: what `bside lab simulate` and `lab blend` do."""

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.bench import (
    FAMILIES,
    SEEDS,
    SIZES,
    GroupOptions,
    GroupSimulation,
    Overlap,
    Simulation,
    SimulationOptions,
    World,
    all_learners,
    group_methods,
    possible_picks,
    simulate,
    simulate_groups,
    songs_of_artists,
    world_of,
)
from bot.core.catalog import RawTracks, build_catalog
from bot.core.ranking import Query
from bot.errors import SetupError
from bot.store import columns
from bot.store.engine import Database

_LEAST: Final = 10 * SEEDS


async def run_simulation(
    database: Database,
    options: SimulationOptions,
    *,
    tracks: int,
    progress: Callable[[str, int, int], None] = lambda family, done, all_: None,
) -> Simulation:
    """Simulate every family of listeners with every learner on the database's catalogue.

    The same catalogue and options give the same numbers. Nothing is stored.

    Args:
        tracks: a larger catalogue is cut down to some artists with about so many tracks.
        progress: is called with the family's name, listeners done and listeners in all.

    Raises:
        SetupError: the catalogue has too few measured songs.
    """
    async with database.read() as conn:
        raw = await columns.read_raw(conn)
    world = await asyncio.to_thread(_world, raw, tracks, options.seed)
    learners = all_learners(world, affinity=Query().affinity)
    names = tuple(learner.name for learner in learners)
    rates = np.zeros((len(FAMILIES), options.listeners, len(names), options.rounds))
    listeners = simulate(world, learners, options)
    done, families = 0, tuple(FAMILIES)
    while (step := await asyncio.to_thread(next, listeners, None)) is not None:
        family, listener, found = step
        rates[family, listener] = found
        done += 1
        progress(families[family], done, len(families) * options.listeners)
    return Simulation(
        families=families,
        learners=names,
        rates=rates,
        picks=possible_picks(world, options),
        tracks=len(world.catalog),
    )


async def run_groups(
    database: Database,
    options: GroupOptions,
    *,
    tracks: int,
    progress: Callable[[str, int, int], None] = lambda kind, done, all_: None,
) -> GroupSimulation:
    """Make lists for groups of simulated listeners in every way, on the database's catalogue.

    The same catalogue and options give the same numbers. Nothing is stored.

    Args:
        database: holds the catalogue.
        options: how many groups and lists.
        tracks: a larger catalogue is cut down to some artists with about so many tracks.
        progress: is called with the kind of group, groups done and groups in all.

    Raises:
        SetupError: the catalogue has too few measured songs.
    """
    async with database.read() as conn:
        raw = await columns.read_raw(conn)
    world = await asyncio.to_thread(_world, raw, tracks, options.seed)
    methods = group_methods(world.catalog)
    rates: dict[tuple[Overlap, int], list[NDArray[np.float64]]] = {}
    groups = simulate_groups(world, methods, options)
    done, whole = 0, len(Overlap) * len(SIZES) * options.groups
    while (step := await asyncio.to_thread(next, groups, None)) is not None:
        kind, size, found = step
        rates.setdefault((kind, size), []).append(found)
        done += 1
        progress(kind, done, whole)
    return GroupSimulation(
        methods=tuple(one.name for one in methods),
        rates={cell: np.array(found) for cell, found in rates.items()},
        tracks=len(world.catalog),
    )


def _world(raw: RawTracks, tracks: int, seed: int) -> World:
    measured = np.isfinite(raw.audio).any(axis=1)
    if np.count_nonzero(measured) < _LEAST:
        raise SetupError(
            f"The catalogue has fewer than {_LEAST} measured tracks: too few to simulate anything. "
            "Fill it first: bside catalog import FILE"
        )
    chosen = songs_of_artists(raw, tracks, seed=seed)
    return world_of(build_catalog(chosen, version=1), seed=seed)
